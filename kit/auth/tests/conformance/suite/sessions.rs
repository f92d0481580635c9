//! About sessions.

use std::time::Duration;

use monban_auth::{
    EndReason, Persistence, SessionId,
    store::{Change, Use, What},
};
use tokio::task::JoinSet;

use super::{NOW, SECOND, account, end, generation, rotate, rotation, session, session_with};
use crate::engine::Stage;

pub async fn of_many_rotations_of_one_generation_one_wins(stage: Stage) {
    let session = session(&stage.store).await;
    let mut rotating = JoinSet::new();
    for _ in 0..16 {
        let (store, id) = (stage.store.clone(), session.id);
        rotating.spawn(async move { rotate(&store, id, 1).await });
    }
    let won = rotating.join_all().await.into_iter().filter(|won| *won);
    assert_eq!(won.count(), 1);
    let row = stage.store.find_session(session.id).await.unwrap().unwrap();
    assert_eq!(row.generation, generation(2));
    assert_eq!(row.rotated_at, NOW + SECOND);
    assert_eq!(row.ip, "2001:db8::1");
}

pub async fn a_session_that_is_over_does_not_rotate(stage: Stage) {
    let session = session(&stage.store).await;
    end(&stage.store, &session, EndReason::SignedOut, NOW).await;
    assert!(!rotate(&stage.store, session.id, 1).await);
    assert!(!rotate(&stage.store, SessionId::generate(), 1).await);
}

pub async fn each_in_a_batch_rotates_by_itself(stage: Stage) {
    let store = &stage.store;
    let [good, other, moved, ended] = [
        session(store).await,
        session(store).await,
        session(store).await,
        session(store).await,
    ];
    rotate(store, moved.id, 1).await;
    end(store, &ended, EndReason::SignedOut, NOW).await;
    let batch = [good.id, moved.id, ended.id, SessionId::generate(), other.id];
    let batch = batch.map(|session| rotation(session, 1));
    let mut rotated = store.rotate_sessions(&batch).await.unwrap();
    rotated.sort();
    assert_eq!(rotated, [good.id, other.id]);
    for (session, stands_at) in [(good, 2), (other, 2), (moved, 2), (ended, 1)] {
        let row = store.find_session(session.id).await.unwrap().unwrap();
        assert_eq!(row.generation, generation(stands_at));
    }
}

pub async fn two_nodes_that_rotate_many_at_once_do_not_wait_for_each_other(stage: Stage) {
    const SESSIONS: usize = 60;
    let other = stage.another().await;
    let mut ids = Vec::new();
    for _ in 0..SESSIONS {
        ids.push(session(&stage.store).await.id);
    }
    for from in 1..=10 {
        let mut batch: Vec<_> = ids.iter().map(|id| rotation(*id, from)).collect();
        let here = batch.clone();
        batch.reverse();
        let (here, there) = tokio::join!(
            stage.store.rotate_sessions(&here),
            other.rotate_sessions(&batch)
        );
        assert_eq!(here.unwrap().len() + there.unwrap().len(), SESSIONS);
    }
}

pub async fn a_session_comes_back_as_it_was_started(stage: Stage) {
    for persistence in [Persistence::Kept, Persistence::Browser] {
        let session = session_with(&stage.store, |session| session.persistence = persistence).await;
        let found = stage.store.find_session(session.id).await.unwrap().unwrap();
        assert_eq!(format!("{found:?}"), format!("{session:?}"));
    }
}

pub async fn a_session_is_alive_until_the_very_millisecond(stage: Stage) {
    let session = session(&stage.store).await;
    let alive = async |at| {
        !stage
            .store
            .live_sessions(session.account_id, at, None, 1)
            .await
            .unwrap()
            .is_empty()
    };
    let last = session.idle_expires_at;
    assert!(alive(last - Duration::from_millis(1)).await);
    assert!(!alive(last).await);
}

pub async fn a_session_ends_once_and_the_first_reason_stands(stage: Stage) {
    let session = session(&stage.store).await;
    let stranger = account(&stage.store, "stranger@example.com").await;
    let reason = EndReason::Reused;
    assert!(
        !stage
            .store
            .end_session(stranger, session.id, reason, NOW)
            .await
            .unwrap()
    );
    assert!(end(&stage.store, &session, reason, NOW).await);
    assert!(!end(&stage.store, &session, EndReason::SignedOut, NOW + SECOND).await);
    let row = stage.store.find_session(session.id).await.unwrap().unwrap();
    assert_eq!((row.ended_at, row.end_reason), (Some(NOW), Some(reason)));
}

pub async fn everywhere_else_ends_all_but_one(stage: Stage) {
    let first = session(&stage.store).await;
    let account = first.account_id;
    let mut others = Vec::new();
    for _ in 0..3 {
        others.push(
            session_with(&stage.store, |session| session.account_id = account)
                .await
                .id,
        );
    }
    let (kept, reason) = (Some(first.id), EndReason::Revoked);
    let mut ended = stage
        .store
        .end_other_sessions(account, kept, reason, NOW)
        .await
        .unwrap();
    ended.sort();
    assert_eq!(ended, others);
    assert_eq!(
        stage
            .store
            .live_sessions(account, NOW, None, 9)
            .await
            .unwrap()[0]
            .id,
        first.id
    );
    assert_eq!(
        stage
            .store
            .end_other_sessions(account, None, reason, NOW)
            .await
            .unwrap(),
        [first.id]
    );
}

pub async fn what_was_ended_since_is_told(stage: Stage) {
    let session = session(&stage.store).await;
    end(&stage.store, &session, EndReason::Revoked, NOW).await;
    let what = What::SessionEnded {
        session: session.id,
        reason: EndReason::Revoked,
    };
    let changes = async |since| stage.store.changes_since(since).await.unwrap();
    assert_eq!(changes(NOW).await, [Change { at: NOW, what }]);
    assert_eq!(changes(NOW + Duration::from_millis(1)).await, []);
}

pub async fn a_use_counts_for_its_generation_only(stage: Stage) {
    let session = session(&stage.store).await;
    let seen = async |number, first_at, at| {
        let use_ = Use {
            session: session.id,
            generation: generation(number),
            first_at,
            at,
        };
        stage.store.write_evidence(&[use_]).await.unwrap();
        let row = stage.store.find_session(session.id).await.unwrap().unwrap();
        (row.generation_seen_at, row.seen_at)
    };
    assert_eq!(seen(2, NOW, NOW + SECOND).await, (None, NOW + SECOND));
    assert_eq!(
        seen(1, NOW + SECOND, NOW).await,
        (Some(NOW + SECOND), NOW + SECOND)
    );
    assert_eq!(
        seen(1, NOW + SECOND * 2, NOW).await,
        (Some(NOW + SECOND), NOW + SECOND)
    );
    rotate(&stage.store, session.id, 1).await;
    let row = stage.store.find_session(session.id).await.unwrap().unwrap();
    assert_eq!(row.generation_seen_at, None);
}

pub async fn two_nodes_that_write_many_uses_do_not_wait_for_each_other(stage: Stage) {
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(session(&stage.store).await.id);
    }
    let uses: Vec<_> = ids
        .iter()
        .map(|id| Use {
            session: *id,
            generation: generation(1),
            first_at: NOW,
            at: NOW,
        })
        .collect();
    let backwards: Vec<_> = uses.iter().rev().copied().collect();
    for _ in 0..10 {
        let (one, other) = tokio::join!(
            stage.store.write_evidence(&uses),
            stage.store.write_evidence(&backwards)
        );
        one.unwrap();
        other.unwrap();
    }
}

pub async fn long_and_odd_text_comes_back(stage: Stage) {
    for text in [
        "'; DROP TABLE sessions; --",
        "\\ \" % _ $1",
        "門番 🏯 e\u{301}",
        &"x".repeat(512),
    ] {
        let session = session_with(&stage.store, |session| {
            text.clone_into(&mut session.user_agent);
        })
        .await;
        let found = stage.store.find_session(session.id).await.unwrap().unwrap();
        assert_eq!(found.user_agent, text);
    }
}
