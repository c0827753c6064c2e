//! A WeChat server on loopback.
