-- What a node has to hear of because it checks access tokens without the database: one row a change,
-- written with its cause. Kept for as long as an access token may live.
CREATE TABLE changes (
    at      BIGINT NOT NULL,
    kind    TEXT   NOT NULL,
    subject UUID   NOT NULL,
    detail  TEXT,
    PRIMARY KEY (at, kind, subject)
);

-- What a node of the version before changes, and a person by SQL.
CREATE FUNCTION note_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (at, kind, subject, detail)
    VALUES (NEW.ended_at, 'session_ended', NEW.id, NEW.end_reason) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER session_ended AFTER UPDATE OF ended_at ON sessions
FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
EXECUTE FUNCTION note_session_ended();

CREATE FUNCTION note_account_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (at, kind, subject, detail)
    VALUES (coalesce(NEW.changed_at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint),
            CASE WHEN NEW.disabled_at IS NULL THEN 'account_changed' ELSE 'account_disabled' END,
            NEW.id, NEW.version::text) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER account_changed AFTER UPDATE ON accounts
FOR EACH ROW WHEN (NEW.version > OLD.version)
EXECUTE FUNCTION note_account_changed();

CREATE FUNCTION note_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (at, kind, subject)
    VALUES ((extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'keys_changed',
            '00000000-0000-0000-0000-000000000000') ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER keys_changed AFTER INSERT OR UPDATE OR DELETE ON signing_keys
FOR EACH ROW EXECUTE FUNCTION note_keys_changed();

-- What was changed lately.
INSERT INTO changes (at, kind, subject, detail)
SELECT ended_at, 'session_ended', id, end_reason FROM sessions
WHERE ended_at >= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 7200000;

INSERT INTO changes (at, kind, subject, detail)
SELECT changed_at, CASE WHEN disabled_at IS NULL THEN 'account_changed' ELSE 'account_disabled' END,
       id, version::text
FROM accounts WHERE changed_at >= (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 7200000;
