//! What bounds a sandbox.

use super::*;
use crate::settings::{Sources, load};

/// A sandbox with other bounds than usual.
fn sandbox(bounds: Bounds) -> SharedSandbox {
    SharedSandbox {
        bounds,
        ..SharedSandbox::new(&load(&Sources::default()).unwrap().settings)
    }
}

impl SharedSandbox {
    /// How many runs the world has seen that the next visitor finds.
    async fn runs(&self) -> Option<u32> {
        self.place.lock().await.as_ref().map(|used| used.runs)
    }
}

#[tokio::test]
async fn a_world_lasts_so_many_runs() {
    let sandbox = sandbox(Bounds {
        runs: 2,
        ..Bounds::USUAL
    });
    let mut left = Vec::new();
    for _ in 0..3 {
        sandbox.run(FlowName::SignUp).await.unwrap();
        left.push(sandbox.runs().await);
    }
    assert_eq!(left, [Some(1), None, Some(1)]);
}

#[tokio::test]
async fn a_world_lasts_so_long() {
    let age = Duration::from_mins(1);
    let mut sandbox = sandbox(Bounds {
        age,
        ..Bounds::USUAL
    });
    sandbox.run(FlowName::SignUp).await.unwrap();
    // Nobody came for as long as a world lasts; then somebody comes.
    if let Some(used) = sandbox.place.lock().await.as_mut() {
        used.since -= age;
    }
    sandbox.run(FlowName::SignUp).await.unwrap();
    assert_eq!(sandbox.runs().await, Some(1), "in a new world");

    sandbox.bounds.age = Duration::ZERO;
    sandbox.run(FlowName::SignUp).await.unwrap();
    assert_eq!(sandbox.runs().await, None);
}

#[tokio::test]
async fn whose_key_was_changed_lasts_no_longer() {
    let sandbox = sandbox(Bounds::USUAL);
    sandbox.run(FlowName::KeyRotation).await.unwrap();
    assert_eq!(sandbox.runs().await, None);
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_given_up_and_the_next_one_finds_a_new_world() {
    let mut sandbox = sandbox(Bounds::USUAL);
    sandbox.run(FlowName::SignUp).await.unwrap();
    sandbox.bounds.run = Duration::ZERO;
    let refused = sandbox.run(FlowName::SignUp).await.unwrap_err();
    assert_eq!((refused, sandbox.runs().await), (AppError::Busy, None));
    sandbox.bounds = Bounds::USUAL;
    sandbox.run(FlowName::SignUp).await.unwrap();
    assert_eq!(sandbox.runs().await, Some(1));
}

#[tokio::test]
async fn who_would_wait_too_long_is_told_so_and_changes_nothing() {
    let sandbox = sandbox(Bounds {
        wait: Duration::ZERO,
        ..Bounds::USUAL
    });
    let busy = Arc::clone(&sandbox.place).lock_owned().await;
    let refused = sandbox.run(FlowName::SignUp).await.unwrap_err();
    drop(busy);
    assert_eq!((refused, sandbox.runs().await), (AppError::Busy, None));
    sandbox.run(FlowName::SignUp).await.unwrap();
}
