//! One integration binary, a module per behaviour.
