//! The columns of each row that is read, once.
//!
//! By name, and never `*`: a newer version adds columns while this one runs, and PostgreSQL then
//! refuses the statement that it has prepared ("cached plan must not change result type").

/// What [`Account`](crate::Account) is made of.
macro_rules! account_columns {
    () => {
        "id, email, name, roles, created_at, disabled_at"
    };
}

/// What [`Session`](crate::Session) is made of, from `sessions s JOIN accounts a`.
macro_rules! session_columns {
    () => {
        "s.id, s.account_id, s.generation, s.rotated_at, s.generation_seen_at, s.seen_at,
         s.persistence, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.ended_at,
         s.end_reason, s.ip, s.user_agent,
         coalesce(s.authenticated_at, s.created_at) AS authenticated_at,
         coalesce(s.amr, 'pwd') AS amr,
         a.disabled_at AS account_disabled_at, a.version AS account_version, a.roles"
    };
}

/// What [`SealedKey`](crate::keys::SealedKey) is made of.
macro_rules! key_columns {
    () => {
        "kid, alg, follows, sealed, published_at, signs_at, retired_at, token_ttl"
    };
}

pub(crate) use {account_columns, key_columns, session_columns};
