-- Files of recipients that were read. What they say is kept here, so that a file is read once and can change afterwards.
CREATE TABLE files (
    id      INTEGER PRIMARY KEY,
    account INTEGER NOT NULL,
    -- Of what was read: the same recipients with the same columns are the same file.
    digest  TEXT    NOT NULL,
    -- Names of the columns beside the openid, as placeholders write them: a JSON list.
    columns TEXT    NOT NULL,
    -- Rows that hold anything.
    rows    INTEGER NOT NULL,
    -- Those of them without an openid.
    blank   INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    UNIQUE (account, digest)
) STRICT;

-- A recipient can stand in several rows of a file; the first of them counts.
CREATE TABLE file_rows (
    file   INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    -- As the file has it, whatever it looks like.
    openid TEXT    NOT NULL,
    -- As the program shows it that made the file, from 1.
    row    INTEGER NOT NULL,
    -- The other columns that hold anything, by name: a JSON object. NULL if none does.
    params TEXT,
    PRIMARY KEY (file, openid, row)
) STRICT, WITHOUT ROWID;

-- The list by name. Few users have one, and the others cost nothing here.
CREATE INDEX users_named ON users (account, (CASE WHEN remark <> '' THEN remark ELSE nickname END), id)
    WHERE remark <> '' OR nickname <> '';
