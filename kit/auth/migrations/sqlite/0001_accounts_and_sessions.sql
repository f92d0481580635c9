-- Instants are integers: milliseconds since 1970-01-01T00:00:00Z.
-- A nullable instant stands where others keep a boolean: it also says when.

CREATE TABLE accounts (
    id            BLOB    NOT NULL PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    roles         TEXT    NOT NULL DEFAULT '',
    created_at    INTEGER NOT NULL,
    disabled_at   INTEGER
) STRICT;

-- One row a session, for ever: a refresh moves the generation on and adds no row.
CREATE TABLE sessions (
    id                  BLOB    NOT NULL PRIMARY KEY,
    account_id          BLOB    NOT NULL REFERENCES accounts (id),
    generation          INTEGER NOT NULL,
    rotated_at          INTEGER NOT NULL,
    generation_seen_at  INTEGER,
    seen_at             INTEGER NOT NULL,
    persistence         TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    idle_expires_at     INTEGER NOT NULL,
    absolute_expires_at INTEGER NOT NULL,
    ended_at            INTEGER,
    end_reason          TEXT,
    ip                  TEXT    NOT NULL,
    user_agent          TEXT    NOT NULL
) STRICT;

CREATE INDEX sessions_by_account ON sessions (account_id, ended_at);
CREATE INDEX sessions_by_end ON sessions (ended_at);

CREATE TABLE audit (
    id         BLOB    NOT NULL PRIMARY KEY,
    at         INTEGER NOT NULL,
    event      TEXT    NOT NULL,
    account_id BLOB,
    session_id BLOB,
    reason     TEXT
) STRICT;

CREATE INDEX audit_by_session ON audit (session_id, at);
