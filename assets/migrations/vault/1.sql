-- Secrets. This file is shared by every process of this home and never handed on.

CREATE TABLE secrets (
    appid  TEXT PRIMARY KEY,
    secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    appid      TEXT    NOT NULL,
    -- Host and endpoint that issued it: a simulator's token is of no use at WeChat.
    source     TEXT    NOT NULL,
    token      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (appid, source)
) STRICT, WITHOUT ROWID;
