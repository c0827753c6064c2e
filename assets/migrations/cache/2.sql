-- Files of recipients that were read. What they say is kept here, so that a file is read once and can change afterwards.
CREATE TABLE files (
    id       INTEGER PRIMARY KEY,
    account  INTEGER NOT NULL,
    -- Of what was read, and how: the same bytes read in the same way are the same file.
    digest   TEXT    NOT NULL,
    -- Where it was when it was read last.
    path     TEXT    NOT NULL,
    -- Names of the columns beside the openid, as placeholders write them: a JSON list.
    columns  TEXT    NOT NULL,
    -- Rows, those without an openid among them; and different openids.
    rows     INTEGER NOT NULL DEFAULT 0,
    blank    INTEGER NOT NULL DEFAULT 0,
    people   INTEGER NOT NULL DEFAULT 0,
    began_at INTEGER NOT NULL,
    -- NULL while its rows are still being written.
    read_at  INTEGER
) STRICT;

CREATE UNIQUE INDEX files_read ON files (account, digest) WHERE read_at IS NOT NULL;

-- A recipient can stand in several rows of a file; the first of them counts.
CREATE TABLE file_rows (
    file   INTEGER NOT NULL REFERENCES files (id),
    -- As the file has it, whatever it looks like; empty for a row that has none.
    openid TEXT    NOT NULL,
    -- As the program shows it that made the file, from 1.
    row    INTEGER NOT NULL,
    -- The other columns that hold anything, by name: a JSON object. NULL if none does.
    params TEXT,
    PRIMARY KEY (file, openid, row)
) STRICT, WITHOUT ROWID;
