-- Instants are integers: milliseconds since 1970-01-01T00:00:00Z.
-- A nullable instant stands where others keep a boolean: it also says when.

CREATE TABLE accounts (
    id            UUID   NOT NULL PRIMARY KEY,
    email         TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    roles         TEXT   NOT NULL DEFAULT '',
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

-- One row a session, for ever: a refresh moves the generation on and adds no row. The row is
-- rewritten in place where the page has room for it.
CREATE TABLE sessions (
    id                  UUID   NOT NULL PRIMARY KEY,
    account_id          UUID   NOT NULL REFERENCES accounts (id),
    generation          BIGINT NOT NULL,
    rotated_at          BIGINT NOT NULL,
    generation_seen_at  BIGINT,
    seen_at             BIGINT NOT NULL,
    persistence         TEXT   NOT NULL,
    created_at          BIGINT NOT NULL,
    idle_expires_at     BIGINT NOT NULL,
    absolute_expires_at BIGINT NOT NULL,
    ended_at            BIGINT,
    end_reason          TEXT,
    ip                  TEXT   NOT NULL,
    user_agent          TEXT   NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX sessions_by_account ON sessions (account_id, ended_at);
CREATE INDEX sessions_by_end ON sessions (ended_at);

CREATE TABLE audit (
    id         UUID   NOT NULL PRIMARY KEY,
    at         BIGINT NOT NULL,
    event      TEXT   NOT NULL,
    account_id UUID,
    session_id UUID,
    reason     TEXT
);

CREATE INDEX audit_by_session ON audit (session_id, at);
