-- What the placeholders of the message stood for when the job was confirmed, as a JSON object; NULL where the message is the same
-- for everyone and is sent as it is.
ALTER TABLE deliveries ADD COLUMN params TEXT;
-- The audience as an expression, so that a message can be taken up again with it; NULL in jobs of older versions and in retries.
ALTER TABLE jobs ADD COLUMN terms TEXT;

-- Messages being written, saved as they are typed.
CREATE TABLE drafts (
    -- Given by the screen that began it: microseconds since 1970.
    id          INTEGER PRIMARY KEY,
    account     INTEGER NOT NULL REFERENCES accounts (id),
    -- What the operator calls it; empty while it has no name.
    name        TEXT    NOT NULL,
    template_id TEXT    NOT NULL,
    -- Title of the template, as it was then.
    title       TEXT    NOT NULL,
    -- The texts of the form, the audience, and where the cursor stands: JSON.
    texts       TEXT    NOT NULL,
    audience    TEXT    NOT NULL,
    place       TEXT    NOT NULL,
    updated_at  INTEGER NOT NULL,
    -- Deleted, and still to be had back for a while.
    deleted_at  INTEGER
) STRICT;

CREATE INDEX drafts_newest ON drafts (account, updated_at);
