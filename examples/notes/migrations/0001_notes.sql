CREATE TABLE notes (
    id         INTEGER NOT NULL PRIMARY KEY,
    account_id BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    text       TEXT    NOT NULL
) STRICT;

CREATE INDEX notes_by_account ON notes (account_id, id);
