-- Raised with every change that concerns the whole account. Access tokens carry it: one below is stale.
ALTER TABLE accounts ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- Raised when what a sign-in under way was checked against is void: the account's standing, its password.
ALTER TABLE accounts ADD COLUMN credential_version BIGINT NOT NULL DEFAULT 1;

-- When and how the person proved who they are. NULL: at sign-in, with the password.
ALTER TABLE sessions ADD COLUMN authenticated_at BIGINT;
ALTER TABLE sessions ADD COLUMN amr TEXT;

-- A node of the version before changes roles and standing, and raises nothing.
CREATE FUNCTION raise_account_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    IF NEW.disabled_at IS DISTINCT FROM OLD.disabled_at THEN
        NEW.credential_version := OLD.credential_version + 1;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER account_version BEFORE UPDATE OF roles, disabled_at ON accounts
FOR EACH ROW
WHEN (NEW.version = OLD.version
      AND (NEW.roles IS DISTINCT FROM OLD.roles OR NEW.disabled_at IS DISTINCT FROM OLD.disabled_at))
EXECUTE FUNCTION raise_account_version();
