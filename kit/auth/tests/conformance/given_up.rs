//! Work that is given up in the middle.

use std::{future::poll_fn, pin::Pin, task::Poll, time::Duration};

use tokio::time::Instant;

use crate::pace::PATIENCE;

/// Lets it go on for so long, to the microsecond, which no timer keeps. Whether it is done.
pub async fn goes_on_for<F: Future + ?Sized>(time: Duration, mut future: Pin<&mut F>) -> bool {
    let gone = Instant::now() + time;
    poll_fn(|task| {
        task.waker().wake_by_ref();
        let done = future.as_mut().poll(task).is_ready();
        if done || Instant::now() >= gone {
            Poll::Ready(done)
        } else {
            Poll::Pending
        }
    })
    .await
}

/// Lets it go on until something is so, and no further.
pub async fn until<F: Future + ?Sized>(mut future: Pin<&mut F>, so: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !so().await {
        assert!(start.elapsed() < PATIENCE, "it never came to that");
        let done = goes_on_for(Duration::from_millis(5), future.as_mut()).await;
        assert!(!done, "it was done before");
    }
}
