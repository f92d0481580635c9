//! Work that is given up in the middle.

use std::{future::poll_fn, pin::Pin, task::Poll, time::Duration};

use tokio::time::Instant;

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
