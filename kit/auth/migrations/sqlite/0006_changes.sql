-- What a node has to hear of because it checks access tokens without the database: one row a change,
-- written with its cause. Kept for as long as an access token may live.
CREATE TABLE changes (
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    subject BLOB    NOT NULL,
    detail  TEXT,
    PRIMARY KEY (at, kind, subject)
) STRICT, WITHOUT ROWID;

-- What a process of the version before changes, and a person by SQL.
CREATE TRIGGER session_ended AFTER UPDATE OF ended_at ON sessions
WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL
BEGIN
    INSERT INTO changes (at, kind, subject, detail)
    VALUES (NEW.ended_at, 'session_ended', NEW.id, NEW.end_reason) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER account_changed AFTER UPDATE OF version ON accounts
WHEN NEW.version > OLD.version
BEGIN
    INSERT INTO changes (at, kind, subject, detail)
    VALUES (coalesce(NEW.changed_at, CAST(unixepoch('subsec') * 1000 AS INTEGER)),
            CASE WHEN NEW.disabled_at IS NULL THEN 'account_changed' ELSE 'account_disabled' END,
            NEW.id, CAST(NEW.version AS TEXT)) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER key_added AFTER INSERT ON signing_keys
BEGIN
    INSERT INTO changes (at, kind, subject)
    VALUES (CAST(unixepoch('subsec') * 1000 AS INTEGER), 'keys_changed', zeroblob(16)) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER key_changed AFTER UPDATE ON signing_keys
BEGIN
    INSERT INTO changes (at, kind, subject)
    VALUES (CAST(unixepoch('subsec') * 1000 AS INTEGER), 'keys_changed', zeroblob(16)) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER key_deleted AFTER DELETE ON signing_keys
BEGIN
    INSERT INTO changes (at, kind, subject)
    VALUES (CAST(unixepoch('subsec') * 1000 AS INTEGER), 'keys_changed', zeroblob(16)) ON CONFLICT DO NOTHING;
END;

-- What was changed lately.
INSERT INTO changes (at, kind, subject, detail)
SELECT ended_at, 'session_ended', id, end_reason FROM sessions
WHERE ended_at >= (unixepoch() - 7200) * 1000;

INSERT INTO changes (at, kind, subject, detail)
SELECT changed_at, CASE WHEN disabled_at IS NULL THEN 'account_changed' ELSE 'account_disabled' END,
       id, CAST(version AS TEXT)
FROM accounts WHERE changed_at >= (unixepoch() - 7200) * 1000;
