-- When roles or standing changed: access tokens from before are stale.
ALTER TABLE accounts ADD COLUMN changed_at INTEGER;
CREATE INDEX accounts_by_change ON accounts (changed_at);

CREATE INDEX sessions_by_absolute_expiry ON sessions (absolute_expires_at);
CREATE INDEX audit_by_age ON audit (at);

-- `follows` is unique, so that a key has one successor however many nodes rotate at once.
CREATE TABLE signing_keys (
    kid          TEXT    NOT NULL PRIMARY KEY,
    alg          TEXT    NOT NULL,
    follows      TEXT    NOT NULL UNIQUE,
    sealed       BLOB    NOT NULL,
    published_at INTEGER NOT NULL,
    signs_at     INTEGER NOT NULL,
    retired_at   INTEGER
) STRICT;
