-- Raised with every change that concerns the whole account. Access tokens carry it: one below is stale.
ALTER TABLE accounts ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
-- Raised when what a sign-in under way was checked against is void: the account's standing, its password.
ALTER TABLE accounts ADD COLUMN credential_version INTEGER NOT NULL DEFAULT 1;

-- When and how the person proved who they are. NULL: at sign-in, with the password.
ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER;
ALTER TABLE sessions ADD COLUMN amr TEXT;

-- A process of the version before changes roles and standing, and raises nothing.
CREATE TRIGGER account_version AFTER UPDATE OF roles, disabled_at ON accounts
WHEN NEW.version = OLD.version
     AND (NEW.roles IS NOT OLD.roles OR NEW.disabled_at IS NOT OLD.disabled_at)
BEGIN
    UPDATE accounts
    SET version = OLD.version + 1,
        credential_version = OLD.credential_version + (NEW.disabled_at IS NOT OLD.disabled_at)
    WHERE id = NEW.id;
END;
