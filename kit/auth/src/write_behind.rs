//! What is kept in memory for a while: evidence of use, and audit entries that stand alone.

use std::time::Duration;

use crate::{audit::AuditEntry, auth::Auth, error::AuthError};

/// How much is written at a time: a slow database gets through with that many in its time.
const BATCH: usize = 100;
/// Whoever brings an audit entry when so many wait waits for the write.
const AUDIT_IN_MEMORY: usize = 1_000;

/// What waits to be written. With the database away it grows to its bounds; what comes beyond is
/// dropped, and counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// How many sessions have evidence that is not written.
    pub evidence: usize,
    /// For how long the oldest of it has waited. The [verdict](crate::rotation) of other nodes is
    /// right about theft only while this is less than [`Grace::window`](crate::Grace).
    pub evidence_waits: Option<Duration>,
    /// How many uses were not noted, since the start.
    pub evidence_dropped: u64,
    /// How many audit entries wait.
    pub audit: usize,
    /// How many were lost, since the start.
    pub audit_dropped: u64,
}

impl Auth {
    /// Writes what is kept in memory for a while, and forgets what is no longer needed. Call it
    /// every few seconds and before stopping. What fails stops nothing else; the first fault is
    /// the answer.
    pub async fn write_behind(&self) -> Result<(), AuthError> {
        let evidence = self.write_evidence().await;
        let now = self.now();
        self.evidence.purge(now);
        self.denylist.purge(now);
        let audit = self.write_audit().await;
        evidence.and(audit)
    }

    /// What waits to be written.
    pub fn backlog(&self) -> Backlog {
        let (evidence, since) = self.evidence.waiting();
        Backlog {
            evidence,
            evidence_waits: since.map(|since| self.now().since(since)),
            evidence_dropped: self.evidence.dropped(),
            audit: self.audit_queue.len(),
            audit_dropped: self.audit_queue.dropped(),
        }
    }

    async fn write_evidence(&self) -> Result<(), AuthError> {
        let _alone = self.evidence_writer.lock().await;
        for batch in self.evidence.unwritten().chunks(BATCH) {
            self.store.write_evidence(batch).await?;
            self.evidence.written(batch);
        }
        Ok(())
    }

    /// Writes an audit entry behind: it stands alone, and whoever floods must not make the disk
    /// wait for each.
    pub(crate) async fn note(&self, entry: AuditEntry) -> Result<(), AuthError> {
        if self.audit_queue.push(entry) >= AUDIT_IN_MEMORY {
            self.write_audit().await?;
        }
        Ok(())
    }

    async fn write_audit(&self) -> Result<(), AuthError> {
        // One at a time. Whoever is given up while it writes leaves the entries where they are.
        let _alone = self.audit_writer.lock().await;
        loop {
            let entries = self.audit_queue.oldest(BATCH);
            if entries.is_empty() {
                return Ok(());
            }
            self.store.record(&entries).await?;
            self.audit_queue.written(entries.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{audit::AuditEvent, auth::AuthOptions, keys::MasterKeys, store::Store};

    #[tokio::test]
    async fn an_audit_entry_that_comes_when_too_many_wait_is_written_before_the_answer() {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/monban.db", data.path().display());
        let store = Store::open(&url).await.unwrap();
        let master = MasterKeys::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let (issuer, options) = ("https://example.com", AuthOptions::default());
        let auth = Auth::new(store, master, issuer, options).await.unwrap();
        let note = async || {
            let entry = AuditEntry::new(auth.now(), AuditEvent::SignInRefused, None);
            auth.note(entry).await.unwrap();
            auth.backlog().audit
        };
        for count in 1..AUDIT_IN_MEMORY {
            assert_eq!(note().await, count);
        }
        assert_eq!(note().await, 0, "all are written");
    }
}
