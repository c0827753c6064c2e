-- What the operator calls users; WeChat gives no names since 2021. They are laid over the cache after each sync.
CREATE TABLE names (
    account INTEGER NOT NULL REFERENCES accounts (id),
    openid  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    PRIMARY KEY (account, openid)
) STRICT, WITHOUT ROWID;

-- What the operator calls templates.
CREATE TABLE template_aliases (
    account     INTEGER NOT NULL REFERENCES accounts (id),
    alias       TEXT    NOT NULL,
    template_id TEXT    NOT NULL,
    PRIMARY KEY (account, alias)
) STRICT, WITHOUT ROWID;

-- Audiences kept by name.
CREATE TABLE audiences (
    account    INTEGER NOT NULL REFERENCES accounts (id),
    name       TEXT    NOT NULL,
    -- The expression, as JSON.
    terms      TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
