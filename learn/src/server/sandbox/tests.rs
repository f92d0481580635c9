//! The bounds of a sandbox.

use std::sync::atomic::{AtomicU64, Ordering};

use leptos_axum::LeptosRoutes;
use monban_axum::settings::{Sources, load};

use super::*;

/// A site with every server function, and one page for all addresses.
fn site(accounts: Accounts) -> Router {
    let pages = Router::new()
        .leptos_routes(accounts.state(), Vec::new(), || ())
        .fallback(async || "a page");
    accounts.into_router(pages)
}

const HERE: &str = "192.0.2.7";

/// A sandbox with those bounds.
fn sandbox(bounds: Bounds) -> SharedSandbox {
    SharedSandbox {
        bounds,
        ..SharedSandbox::new(&load(&Sources::default()).unwrap().settings, site)
    }
}

impl SharedSandbox {
    /// The number of runs that the current instance has served; `None` if the next run opens a new one.
    async fn runs(&self) -> Option<u32> {
        self.slot.lock().await.as_ref().map(|current| current.runs)
    }
}

#[tokio::test]
async fn an_instance_is_replaced_after_so_many_runs() {
    let sandbox = sandbox(Bounds {
        runs: 2,
        ..Bounds::USUAL
    });
    let mut runs = Vec::new();
    for _ in 0..3 {
        sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
        runs.push(sandbox.runs().await);
    }
    assert_eq!(runs, [Some(1), None, Some(1)]);
}

#[tokio::test]
async fn an_instance_is_replaced_at_that_age() {
    let age = Duration::from_mins(1);
    let mut sandbox = sandbox(Bounds {
        age,
        ..Bounds::USUAL
    });
    sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
    // No run for as long as an instance lasts, and then one.
    if let Some(current) = sandbox.slot.lock().await.as_mut() {
        current.opened_at -= age;
    }
    sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
    assert_eq!(sandbox.runs().await, Some(1), "in a new instance");

    sandbox.bounds.age = Duration::ZERO;
    sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
    assert_eq!(sandbox.runs().await, None);
}

#[tokio::test]
async fn an_instance_whose_key_was_rotated_is_replaced() {
    let sandbox = sandbox(Bounds::USUAL);
    sandbox.run_flow(FlowName::KeyRotation, HERE).await.unwrap();
    assert_eq!(sandbox.runs().await, None);
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_given_up_and_the_next_one_opens_a_new_instance() {
    let mut sandbox = sandbox(Bounds::USUAL);
    sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
    sandbox.bounds.run = Duration::ZERO;
    let refused = sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap_err();
    assert_eq!((refused, sandbox.runs().await), (AppError::Busy, None));
    sandbox.bounds = Bounds::USUAL;
    sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
    assert_eq!(sandbox.runs().await, Some(1));
}

#[tokio::test]
async fn a_run_that_would_wait_too_long_is_refused_and_changes_nothing() {
    let sandbox = sandbox(Bounds {
        wait: Duration::ZERO,
        ..Bounds::USUAL
    });
    let busy = Arc::clone(&sandbox.slot).lock_owned().await;
    let refused = sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap_err();
    drop(busy);
    assert_eq!((refused, sandbox.runs().await), (AppError::Busy, None));
    sandbox.run_flow(FlowName::SignUp, HERE).await.unwrap();
}

/// The seconds of work in an hour, by visitor, when ten tabs of each visitor repeat without pause a run
/// that takes a second, whatever the answer.
async fn worked_in_an_hour(visitors: &[&'static str]) -> Vec<u64> {
    let sandbox = Arc::new(sandbox(Bounds::USUAL));
    let worked: Vec<Arc<AtomicU64>> = visitors.iter().map(|_| Arc::default()).collect();
    let mut tabs = tokio::task::JoinSet::new();
    for (visitor, worked) in visitors.iter().zip(&worked) {
        for _ in 0..10 {
            let (sandbox, worked, visitor) = (Arc::clone(&sandbox), Arc::clone(worked), *visitor);
            tabs.spawn(async move {
                loop {
                    let worked = Arc::clone(&worked);
                    let run = sandbox.in_turn(visitor, move |turn| async move {
                        time::sleep(Duration::from_secs(1)).await;
                        worked.fetch_add(1, Ordering::SeqCst);
                        drop(turn);
                        Ok(())
                    });
                    match run.await {
                        Ok(()) | Err(AppError::Busy) => {}
                        Err(AppError::TooManyRequests { retry_after }) => {
                            assert!(retry_after <= 60);
                        }
                        Err(other) => unreachable!("{other:?}"),
                    }
                    time::sleep(Duration::from_millis(100)).await;
                }
            });
        }
    }
    time::sleep(Duration::from_hours(1)).await;
    let worked = worked.iter().map(|worked| worked.load(Ordering::SeqCst));
    worked.collect()
}

#[tokio::test(start_paused = true)]
async fn a_visitor_who_repeats_a_run_without_pause_gets_an_eighth_of_the_time() {
    let worked = worked_in_an_hour(&[HERE]).await[0];
    assert!((450..=465).contains(&worked), "{worked}");
}

#[tokio::test(start_paused = true)]
async fn all_visitors_together_get_a_fourth_of_the_time_and_none_more_than_an_eighth() {
    let visitors = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"];
    let worked = worked_in_an_hour(&visitors).await;
    let all: u64 = worked.iter().sum();
    assert!((890..=925).contains(&all), "{worked:?}");
    assert!(worked.iter().all(|&worked| worked <= 465), "{worked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_waited_is_refused_if_the_one_before_has_used_up_the_time() {
    let sandbox = sandbox(Bounds {
        wait: Duration::from_mins(1),
        ..Bounds::USUAL
    });
    let run = |seconds| {
        sandbox.in_turn(HERE, move |turn| async move {
            time::sleep(Duration::from_secs(seconds)).await;
            drop(turn);
            Ok(())
        })
    };
    // Both find a full budget when they come, and the first leaves a debt of more than the credit.
    let (first, second) = tokio::join!(run(20), run(1));
    first.unwrap();
    let refused = second.unwrap_err();
    assert!(
        matches!(refused, AppError::TooManyRequests { .. }),
        "{refused:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_run_that_panics_is_charged_too_and_ends_nobody_elses_turn() {
    let sandbox = sandbox(Bounds::USUAL);
    let mut refused = 0;
    for _ in 0..20 {
        let run = sandbox.in_turn(HERE, |turn| async move {
            time::sleep(Duration::from_secs(1)).await;
            assert!(turn.is_some(), "there is no instance yet");
            Ok(())
        });
        match run.await.unwrap_err() {
            AppError::TooManyRequests { .. } => refused += 1,
            error => assert_eq!(error, AppError::Internal),
        }
    }
    assert_eq!(refused, 10);
}
