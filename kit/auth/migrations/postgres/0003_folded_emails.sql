-- The form of an address that all spellings of one mailbox share: one account a mailbox. An account
-- that cannot have it, because another has or claims the same, claims it until an operator has
-- resolved that. Both are empty in rows of a version that knows neither, until maintenance comes by.
ALTER TABLE accounts ADD COLUMN email_folded TEXT;
ALTER TABLE accounts ADD COLUMN email_claim TEXT;
CREATE UNIQUE INDEX accounts_by_folded_email ON accounts (email_folded);
CREATE INDEX accounts_by_email_claim ON accounts (email_claim) WHERE email_claim IS NOT NULL;
CREATE INDEX accounts_unfolded ON accounts (id) WHERE email_folded IS NULL AND email_claim IS NULL;

-- The longest life, in milliseconds, of a refresh token that a node may have signed by the key. Empty
-- where a version that did not say so made the key.
ALTER TABLE signing_keys ADD COLUMN token_ttl BIGINT;

-- Who did it (an account's id, `cli` or `server`), where it was not the account itself; and which
-- signing key it was done to.
ALTER TABLE audit ADD COLUMN actor TEXT;
ALTER TABLE audit ADD COLUMN kid TEXT;
