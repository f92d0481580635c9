//! What a node must remember because it checks access tokens without the database.
//!
//! Sessions that were ended while their access tokens may still live, by `sid` and never by a
//! token's hash; and accounts whose roles or standing changed, by `sub` and time. It forgets them
//! once the last access token from before must have expired.

use std::{
    collections::HashMap,
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    account::AccountId,
    clock::Timestamp,
    session::{EndReason, Lifetimes, SessionId},
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

    /// Refuses the account's access tokens from before `changed_at`, and while it is disabled all.
    pub fn add_change(&self, account: AccountId, changed_at: Timestamp, disabled: bool) {
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        let change = Change {
            at: changed_at,
            disabled,
        };
        let known = lists.accounts.entry(account).or_insert(change);
        if known.at <= changed_at {
            *known = change;
        }
        self.any.store(true, Ordering::Release);
    }

    /// Why an access token of that session and account, issued at `iat` seconds, is refused;
    /// `None` if it is not.
    pub fn find(&self, session: SessionId, account: AccountId, iat: i64) -> Option<Denial> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((reason, _)) = lists.sessions.get(&session) {
            return Some(Denial::Ended(*reason));
        }
        let change = lists.accounts.get(&account)?;
        if change.disabled {
            return Some(Denial::Ended(EndReason::AccountDisabled));
        }
        (iat <= change.at.as_seconds()).then_some(Denial::Stale)
    }

    /// The first second in which a token of that account may be issued. `iat` counts whole seconds,
    /// so a token of the very second of a change would pass for one from before it.
    pub fn earliest_iat(&self, account: AccountId) -> i64 {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        let change = lists.accounts.get(&account);
        change.map_or(0, |change| change.at.as_seconds() + 1)
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

    use super::*;

    const AT: Timestamp = Timestamp::from_millis(1_500);

    #[test]
    fn an_ended_session_is_refused_until_its_last_access_token_has_expired() {
        let (list, session, account) = everybody();
        assert_eq!(list.find(session, account, 1), None);

        list.add(session, EndReason::SignedOut, AT);
        list.purge(AT + Lifetimes::MAX_ACCESS - Duration::from_millis(1));
        let ended = Some(Denial::Ended(EndReason::SignedOut));
        assert_eq!(list.find(session, account, 1), ended);
        assert_eq!(list.find(SessionId::generate(), account, 1), None);

        list.purge(AT + Lifetimes::MAX_ACCESS);
        assert_eq!(list.find(session, account, 1), None);
    }

    #[test]
    fn the_first_reason_stands() {
        let (list, session, account) = everybody();
        list.add(session, EndReason::Reused, AT);
        list.add(session, EndReason::SignedOut, AT);
        let ended = Some(Denial::Ended(EndReason::Reused));
        assert_eq!(list.find(session, account, 1), ended);
    }

    #[test]
    fn a_token_from_before_a_change_is_stale_and_one_from_after_is_not() {
        let (list, session, account) = everybody();
        list.add_change(account, AT, false);
        assert_eq!(list.find(session, account, 1), Some(Denial::Stale));
        let earliest = list.earliest_iat(account);
        assert_eq!(list.find(session, account, earliest), None);
        assert_eq!(list.find(session, AccountId::generate(), 1), None);
    }

    #[test]
    fn a_disabled_account_is_refused_until_it_is_enabled_whatever_order_the_news_comes_in() {
        let (list, session, account) = everybody();
        let later = AT + Duration::from_secs(1);
        let disabled = Some(Denial::Ended(EndReason::AccountDisabled));
        list.add_change(account, AT, true);
        assert_eq!(list.find(session, account, 100), disabled);
        list.add_change(account, later, false);
        assert_eq!(list.find(session, account, 100), None);
        list.add_change(account, AT, true);
        assert_eq!(list.find(session, account, 100), None);
    }

    fn everybody() -> (Denylist, SessionId, AccountId) {
        (
            Denylist::default(),
            SessionId::generate(),
            AccountId::generate(),
        )
    }
}
