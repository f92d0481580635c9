//! About the database as a whole.

use std::time::Duration;

use monban_auth::{AccountId, EndReason, store::Signal};
use tokio::time::timeout;

use super::{
    NOW, SECOND, a_session, end, ended_since, entry, generation, rotate, session, session_with,
    start,
};
use crate::{engine::Stage, given_up::goes_on_for, pace::PATIENCE};

pub async fn old_rows_are_purged_in_batches_and_living_ones_stay(stage: Stage) {
    let alive = session(&stage.store).await;
    for _ in 0..3 {
        let over = session(&stage.store).await;
        end(&stage.store, &over, EndReason::SignedOut, NOW).await;
    }
    let expired = session_with(&stage.store, |session| session.absolute_expires_at = NOW).await;
    let later = NOW + Duration::from_millis(1);
    let purge = async |before, changes_before| {
        let mut total = 0;
        loop {
            match stage.store.purge(before, changes_before, 2).await.unwrap() {
                0 => break total,
                count => total += count,
            }
        }
    };
    let changes = async || {
        let found = stage.store.changes_since(NOW - SECOND).await;
        found.unwrap().len()
    };
    // Each goes by its own age.
    assert_eq!(purge(NOW, NOW).await, 0);
    assert_eq!(purge(NOW, later).await, 3);
    assert_eq!(changes().await, 0);
    let over = session(&stage.store).await;
    end(&stage.store, &over, EndReason::SignedOut, NOW).await;
    let total = purge(later, NOW).await;
    assert!(total >= 5, "{total}");
    assert_eq!(changes().await, 1);
    assert!(
        stage
            .store
            .find_session(expired.id)
            .await
            .unwrap()
            .is_none()
    );
    assert!(stage.store.find_session(alive.id).await.unwrap().is_some());
}

pub async fn a_change_of_another_process_is_seen(stage: Stage) {
    let session = session(&stage.store).await;
    let mut watch = stage.store.watch().await.unwrap();
    let other = stage.another().await;
    end(&other, &session, EndReason::Revoked, NOW).await;
    let seen = timeout(PATIENCE, async {
        while watch.next().await.unwrap() != Signal::Changed {}
    });
    seen.await.unwrap();
    let ended = [(session.id, EndReason::Revoked)];
    assert_eq!(ended_since(&stage.store, NOW).await, ended);
    let quiet = timeout(PATIENCE, async {
        while watch.next().await.unwrap() != Signal::Idle {}
    });
    quiet.await.unwrap();
}

pub async fn an_audit_entry_that_is_written_again_stands_there_once(stage: Stage) {
    let (first, second) = (entry(None), entry(None));
    stage.store.record(&[first]).await.unwrap();
    // As after a commit whose reply was lost.
    stage.store.record(&[first, second]).await.unwrap();
    assert_eq!(stage.count("SELECT count(*) FROM audit").await, 2);
}

pub async fn a_transaction_that_breaks_off_leaves_nothing(stage: Stage) {
    let (good, account) = (entry(None), AccountId::generate());
    stage.store.record(&[good]).await.unwrap();
    // No account has that id.
    let orphan = a_session(account);
    assert!(!start(&stage.store, &orphan).await);
    assert!(stage.store.find_session(orphan.id).await.unwrap().is_none());
    let work = stage.store.clone();
    let session = session(&work).await;
    for _ in 0..20 {
        let (store, session) = (work.clone(), session.clone());
        let ending =
            tokio::spawn(async move { end(&store, &session, EndReason::Revoked, NOW).await });
        tokio::task::yield_now().await;
        ending.abort();
        let _ = ending.await;
    }
    // Whatever became of the attempts, the store works, and the session is whole: over or alive.
    let row = work.find_session(session.id).await.unwrap().unwrap();
    assert_eq!(row.ended_at.is_some(), row.end_reason.is_some());
    end(&work, &session, EndReason::Revoked, NOW).await;
    assert!(
        work.find_session(session.id)
            .await
            .unwrap()
            .unwrap()
            .ended_at
            .is_some()
    );
}

pub async fn two_that_open_it_at_once_both_can(stage: Stage) {
    let (one, other) = tokio::join!(stage.another(), stage.another());
    one.ping().await.unwrap();
    other.ping().await.unwrap();
    one.close().await;
    assert!(one.ping().await.is_err());
    other.ping().await.unwrap();
}

pub async fn a_write_that_is_given_up_takes_no_later_write_along(stage: Stage) {
    let entries = [entry(None)];
    let other = stage.another().await;
    for micros in (0..1000).step_by(5) {
        let session = session(&other).await;
        let mut write = stage.store.record(&entries);
        // The caller goes, whether the write is done or not.
        goes_on_for(Duration::from_micros(micros), write.as_mut()).await;
        drop(write);
        assert!(rotate(&stage.store, session.id, 1).await);
        let row = other.find_session(session.id).await.unwrap().unwrap();
        assert_eq!(
            row.generation,
            generation(2),
            "answered as done, and not done"
        );
    }
}
