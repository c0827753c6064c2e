-- What WeChat can tell again. `account` is the account's number in ledger.db.

CREATE TABLE templates (
    account          INTEGER NOT NULL,
    template_id      TEXT    NOT NULL,
    title            TEXT    NOT NULL,
    content          TEXT    NOT NULL,
    example          TEXT    NOT NULL,
    primary_industry TEXT    NOT NULL,
    deputy_industry  TEXT    NOT NULL,
    position         INTEGER NOT NULL,
    -- When a sync no longer found it; NULL while it can be sent.
    gone_at          INTEGER,
    PRIMARY KEY (account, template_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    account INTEGER NOT NULL,
    tag     INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (account, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id              INTEGER PRIMARY KEY,
    account         INTEGER NOT NULL,
    openid          TEXT    NOT NULL,
    unionid         TEXT,
    nickname        TEXT    NOT NULL DEFAULT '',
    remark          TEXT    NOT NULL DEFAULT '',
    language        TEXT    NOT NULL DEFAULT '',
    -- Milliseconds since 1970; 0 until the details are known.
    subscribe_time  INTEGER NOT NULL DEFAULT 0,
    subscribe_scene TEXT    NOT NULL DEFAULT '',
    subscribed      INTEGER NOT NULL,
    blacklisted     INTEGER NOT NULL DEFAULT 0,
    -- The full sync that saw this user last.
    generation      INTEGER NOT NULL,
    -- The full sync that fetched the details last; 0 for never.
    detailed        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE UNIQUE INDEX users_openid ON users (account, openid);
-- The list is shown newest first and paged by this key.
CREATE INDEX users_newest ON users (account, subscribe_time, id);

CREATE TABLE user_tags (
    account INTEGER NOT NULL,
    tag     INTEGER NOT NULL,
    user    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (account, tag, user)
) STRICT, WITHOUT ROWID;

-- Replacing one user's tags must not scan the table.
CREATE INDEX user_tags_user ON user_tags (user);

-- Where the user sync of an account stands, so that one cut off midway goes on.
CREATE TABLE user_syncs (
    account     INTEGER PRIMARY KEY,
    -- The full sync under way, or the last one.
    generation  INTEGER NOT NULL,
    -- Last openid of the last page that was stored; NULL before the first.
    next_openid TEXT,
    -- 'list' while pages of openids come in, 'details' after, 'done' at the end.
    stage       TEXT    NOT NULL CHECK (stage IN ('list', 'details', 'done')),
    -- When the last full sync ended; NULL if none ever did.
    finished_at INTEGER,
    added        INTEGER NOT NULL DEFAULT 0,
    returned     INTEGER NOT NULL DEFAULT 0,
    unsubscribed INTEGER NOT NULL DEFAULT 0
) STRICT;
