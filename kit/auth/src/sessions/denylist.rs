//! What a node must remember because it checks access tokens without the database.
//!
//! Sessions that were ended while their access tokens may still live, by `sid` and never by a
//! token's hash; and accounts whose roles or status changed, by `sub` and version. It forgets them
//! once the last access token from before must have expired.
//!
//! Access tokens from before accounts had a version carry none. Those go by time: one that was issued
//! no later than the second of the change is stale.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    accounts::AccountId,
    clock::Timestamp,
    sessions::{EndReason, Lifetimes, SessionId},
    token::AccessClaims,
    version::AccountVersion,
};

/// The access tokens that this node must refuse though they have not expired.
#[derive(Debug, Default)]
pub struct Denylist {
    lists: RwLock<Lists>,
    /// Lets the common case, an empty list, pass without the lock.
    any: AtomicBool,
}

#[derive(Debug, Default)]
struct Lists {
    sessions: HashMap<SessionId, (EndReason, Timestamp)>,
    accounts: HashMap<AccountId, Change>,
}

#[derive(Clone, Copy, Debug)]
struct Change {
    version: AccountVersion,
    at: Timestamp,
    disabled: bool,
}

/// Why an access token is refused though it has not expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Its session is over.
    Ended(EndReason),
    /// It says what was true before its account changed. Refreshing brings what is true now.
    Stale,
}

impl Denylist {
    /// Refuses the session's access tokens from now on.
    pub fn add(&self, session: SessionId, reason: EndReason, ended_at: Timestamp) {
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        lists.sessions.entry(session).or_insert((reason, ended_at));
        self.any.store(true, Ordering::Release);
    }

    /// Refuses the account's access tokens from before the change, and while it is disabled all. The
    /// newest version counts, in whatever order the changes are heard of.
    pub fn add_change(
        &self,
        account: AccountId,
        version: AccountVersion,
        disabled: bool,
        at: Timestamp,
    ) {
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        let change = Change {
            version,
            at,
            disabled,
        };
        let known = lists.accounts.entry(account).or_insert(change);
        if known.version <= version {
            *known = change;
        }
        self.any.store(true, Ordering::Release);
    }

    /// Why an access token that says this is refused; `None` if it is not.
    pub fn find(&self, claims: &AccessClaims) -> Option<Denial> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((reason, _)) = lists.sessions.get(&claims.sid) {
            return Some(Denial::Ended(*reason));
        }
        let change = lists.accounts.get(&claims.sub)?;
        if change.disabled {
            return Some(Denial::Ended(EndReason::AccountDisabled));
        }
        let stale = match claims.version {
            Some(version) => version < change.version,
            None => claims.iat <= change.at.as_seconds(),
        };
        stale.then_some(Denial::Stale)
    }

    /// Forgets what can no longer matter.
    pub fn purge(&self, now: Timestamp) {
        let matters = |at: Timestamp| at + Lifetimes::MAX_ACCESS > now;
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        lists.sessions.retain(|_, (_, ended_at)| matters(*ended_at));
        lists.accounts.retain(|_, change| matters(change.at));
        let any = !lists.sessions.is_empty() || !lists.accounts.is_empty();
        self.any.store(any, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use uuid::Uuid;

    use super::*;
    use crate::sessions::Generation;

    const AT: Timestamp = Timestamp::from_millis(1_500);
    const FIRST: AccountVersion = AccountVersion::FIRST;

    #[test]
    fn an_ended_session_is_refused_until_its_last_access_token_has_expired() {
        let (list, token) = (Denylist::default(), token(Some(FIRST)));
        assert_eq!(list.find(&token), None);

        list.add(token.sid, EndReason::SignedOut, AT);
        list.purge(AT + Lifetimes::MAX_ACCESS - Duration::from_millis(1));
        let ended = Some(Denial::Ended(EndReason::SignedOut));
        assert_eq!(list.find(&token), ended);
        let other = AccessClaims {
            sid: SessionId::generate(),
            ..token.clone()
        };
        assert_eq!(list.find(&other), None);

        list.purge(AT + Lifetimes::MAX_ACCESS);
        assert_eq!(list.find(&token), None);
    }

    #[test]
    fn the_first_reason_stands() {
        let (list, token) = (Denylist::default(), token(Some(FIRST)));
        list.add(token.sid, EndReason::Reused, AT);
        list.add(token.sid, EndReason::SignedOut, AT);
        assert_eq!(list.find(&token), Some(Denial::Ended(EndReason::Reused)));
    }

    #[test]
    fn a_token_from_before_a_change_is_stale_and_one_from_after_is_not_whatever_the_clock_says() {
        let (list, before) = (Denylist::default(), token(Some(FIRST)));
        add(&list, &before, FIRST.next(), false);
        for iat in [0, 1, i64::MAX] {
            let before = AccessClaims {
                iat,
                ..before.clone()
            };
            assert_eq!(list.find(&before), Some(Denial::Stale));
            let after = AccessClaims {
                version: Some(FIRST.next()),
                ..before
            };
            assert_eq!(list.find(&after), None);
        }
        assert_eq!(list.find(&token(Some(FIRST))), None, "of another account");
    }

    #[test]
    fn a_token_without_a_version_goes_by_time() {
        let (list, before) = (Denylist::default(), token(None));
        assert_eq!(list.find(&before), None);
        add(&list, &before, FIRST.next(), false);
        assert_eq!(list.find(&before), Some(Denial::Stale));
        let after = AccessClaims { iat: 2, ..before };
        assert_eq!(list.find(&after), None);
    }

    #[test]
    fn a_disabled_account_is_refused_until_it_is_enabled_whatever_order_the_news_comes_in() {
        let (list, token) = (Denylist::default(), token(Some(FIRST.next().next())));
        let disabled = Some(Denial::Ended(EndReason::AccountDisabled));
        let disabling = || add(&list, &token, FIRST.next(), true);
        disabling();
        assert_eq!(list.find(&token), disabled);
        add(&list, &token, FIRST.next().next(), false);
        assert_eq!(list.find(&token), None);
        disabling();
        assert_eq!(list.find(&token), None);
    }

    fn add(list: &Denylist, of: &AccessClaims, version: AccountVersion, disabled: bool) {
        list.add_change(of.sub, version, disabled, AT);
    }

    /// A token of somebody, issued in the second of [`AT`].
    fn token(version: Option<AccountVersion>) -> AccessClaims {
        AccessClaims {
            iss: String::new(),
            aud: String::new(),
            sub: AccountId::generate(),
            sid: SessionId::generate(),
            generation: Generation::FIRST,
            iat: AT.as_seconds(),
            exp: i64::MAX,
            jti: Uuid::nil(),
            roles: Vec::new(),
            auth_time: 0,
            amr: Vec::new(),
            version,
            app: serde_json::Map::new(),
        }
    }
}
