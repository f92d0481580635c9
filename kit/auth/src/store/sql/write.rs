//! The unit of work: what has to happen together.
//!
//! A promise that changes something begins a [`Write`], runs its statements on it, and says beside
//! each what the audit keeps of it and what other nodes have to hear. All of that is in the one
//! transaction; the other nodes are woken by the commit. A `Write` that is dropped has never been.

use std::ops::{Deref, DerefMut};

use sqlx::{Database, QueryBuilder, Transaction};

use super::{Db, EngineStore, begin_write};
use crate::{
    audit::AuditEntry,
    changes::{Change, ChangeRow},
};

/// How many rows go in one statement: each has eight values, and SQLite takes 32,766.
const AT_A_TIME: usize = 1_000;

/// A transaction that writes, with its audit and what other nodes have to hear of it.
pub(super) struct Write<'a> {
    store: &'a EngineStore,
    transaction: Transaction<'static, Db>,
    audit: Vec<AuditEntry>,
    changes: Vec<Change>,
    wakes: bool,
}

impl<'a> Write<'a> {
    /// Begins it.
    pub(super) async fn begin(store: &'a EngineStore) -> Result<Self, sqlx::Error> {
        Ok(Self {
            store,
            transaction: begin_write(&store.writer).await?,
            audit: Vec::new(),
            changes: Vec::new(),
            wakes: false,
        })
    }

    /// Says it in the audit.
    pub(super) fn audit(&mut self, entry: AuditEntry) {
        self.audit.push(entry);
    }

    /// Tells the other nodes.
    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(change);
        self.wakes = true;
    }

    /// Writes what was said so far. For a loop that says very much; a commit does it by itself.
    pub(super) async fn flush(&mut self) -> Result<(), sqlx::Error> {
        for entries in std::mem::take(&mut self.audit).chunks(AT_A_TIME) {
            insert_audit(&mut self.transaction, entries).await?;
        }
        for changes in std::mem::take(&mut self.changes).chunks(AT_A_TIME) {
            insert_changes(&mut self.transaction, changes).await?;
        }
        Ok(())
    }

    /// Commits, and wakes the other nodes if there is something to hear.
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        self.flush().await?;
        if self.wakes {
            self.store.commit_and_announce(self.transaction).await
        } else {
            self.transaction.commit().await
        }
    }
}

impl Deref for Write<'_> {
    type Target = <Db as Database>::Connection;

    fn deref(&self) -> &Self::Target {
        &self.transaction
    }
}

impl DerefMut for Write<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.transaction
    }
}

async fn insert_audit(
    write: &mut Transaction<'_, Db>,
    entries: &[AuditEntry],
) -> Result<(), sqlx::Error> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO audit (id, at, event, account_id, session_id, reason, actor, kid) ",
    );
    insert.push_values(entries, |mut row, entry| {
        row.push_bind(entry.id)
            .push_bind(entry.at)
            .push_bind(entry.event.code())
            .push_bind(entry.account_id)
            .push_bind(entry.session_id)
            .push_bind(entry.event.reason())
            .push_bind(entry.event.actor().map(|actor| actor.to_string()))
            .push_bind(entry.event.kid().map(|kid| kid.to_string()));
    });
    insert.push(" ON CONFLICT (id) DO NOTHING");
    run(insert, entries.len(), write).await
}

/// A trigger writes the same row where it can: for a version that does not.
async fn insert_changes(
    write: &mut Transaction<'_, Db>,
    changes: &[Change],
) -> Result<(), sqlx::Error> {
    let mut insert = QueryBuilder::<Db>::new("INSERT INTO changes (at, kind, subject, detail) ");
    insert.push_values(changes.iter().map(ChangeRow::from), |mut row, change| {
        row.push_bind(change.at)
            .push_bind(change.kind)
            .push_bind(change.subject)
            .push_bind(change.detail);
    });
    insert.push(" ON CONFLICT DO NOTHING");
    run(insert, changes.len(), write).await
}

/// One row is what nearly always is written. Each other number of rows is a statement of its own, not
/// worth remembering.
async fn run(
    mut insert: QueryBuilder<Db>,
    rows: usize,
    write: &mut Transaction<'_, Db>,
) -> Result<(), sqlx::Error> {
    let insert = insert.build().persistent(rows == 1);
    insert.execute(&mut **write).await?;
    Ok(())
}
