-- What only this program knows.

CREATE TABLE accounts (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT    NOT NULL,
    appid          TEXT    NOT NULL,
    -- Where the AppSecret comes from, as JSON; never the secret itself.
    secret         TEXT    NOT NULL,
    api_base       TEXT    NOT NULL,
    token          TEXT    NOT NULL CHECK (token IN ('stable', 'legacy')),
    rate           INTEGER NOT NULL,
    concurrency    INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    last_synced_at INTEGER,
    -- Removed accounts stay, for the history of their jobs.
    removed_at     INTEGER
) STRICT;

CREATE UNIQUE INDEX accounts_name ON accounts (name) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX accounts_appid ON accounts (appid) WHERE removed_at IS NULL;

CREATE TABLE jobs (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- 64 random bits, written as a signed number.
    nonce        INTEGER NOT NULL,
    account      INTEGER NOT NULL REFERENCES accounts (id),
    message      TEXT    NOT NULL,
    title        TEXT    NOT NULL,
    audience     TEXT    NOT NULL,
    -- Account, message and audience in one text: the same again is asked about.
    fingerprint  TEXT    NOT NULL,
    excluded     TEXT    NOT NULL,
    rate         INTEGER NOT NULL,
    concurrency  INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled')),
    reason       TEXT,
    -- Codes that stopped it by coming too often in succession, and that the operator has seen: a JSON list.
    seen_codes   TEXT    NOT NULL DEFAULT '[]',
    -- What another process asks of the one at work: 'pause' or 'cancel'.
    wish         TEXT    CHECK (wish IN ('pause', 'cancel')),
    retry_of     INTEGER REFERENCES jobs (id),
    total        INTEGER NOT NULL DEFAULT 0,
    accepted     INTEGER NOT NULL DEFAULT 0,
    failed       INTEGER NOT NULL DEFAULT 0,
    unknown      INTEGER NOT NULL DEFAULT 0,
    skipped      INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    finished_at  INTEGER,
    running_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX jobs_fingerprint ON jobs (fingerprint, id);

-- One row a recipient. `id` is the job's number shifted left by 32 bits plus the row from 0, so that the rows of a job are one
-- range of the primary key and no other index is needed to claim, settle or page them.
CREATE TABLE deliveries (
    id            INTEGER PRIMARY KEY,
    openid        TEXT    NOT NULL,
    -- 0 queued, 1 sending, 2 accepted, 3 failed, 4 unknown, 5 skipped
    state         INTEGER NOT NULL DEFAULT 0,
    attempts      INTEGER NOT NULL DEFAULT 0,
    ambiguous     INTEGER NOT NULL DEFAULT 0,
    -- When the first request that may count was about to leave.
    first_sent_at INTEGER,
    errcode       INTEGER,
    errmsg        TEXT,
    -- Unsigned 64 bits, written as a signed number.
    msgid         INTEGER,
    updated_at    INTEGER
) STRICT;

-- Only the rows that somebody looks for; accepted ones would cost a page write each.
CREATE INDEX deliveries_trouble ON deliveries (state, id) WHERE state IN (3, 4, 5);

-- One row a request. All of them in small jobs; in larger ones those that did not end in accepted at the first try.
CREATE TABLE attempts (
    id          INTEGER PRIMARY KEY,
    delivery    INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    started_at  INTEGER NOT NULL,
    elapsed_ms  INTEGER NOT NULL,
    http_status INTEGER,
    errcode     INTEGER,
    -- Raw reply or what went wrong on the way, the token taken out.
    reply       TEXT    NOT NULL
) STRICT;

CREATE INDEX attempts_delivery ON attempts (delivery);
