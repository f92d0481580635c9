//! One statement for all requests that are made at once.
//!
//! A database answers thirty lookups in one statement for little more than the price of one, and makes
//! what it changed durable with one write to the disk. So requests that are made while others are in
//! flight wait, and are sent together in the next statement. A single request is sent at once; batching
//! happens only behind one in flight.
//!
//! A panic while a statement is made fails its requests and nothing else: the worker goes on with the
//! next.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::error::{StoreError, TIMEOUT};

/// How many statements may be under way at once.
const WORKERS: usize = 2;
/// The most questions in one statement.
const MAX_BATCH: usize = 128;

/// Asks one kind of question, each with one answer.
#[derive(Debug)]
pub(super) struct Coalescer<Q, A>(mpsc::Sender<Asked<Q, A>>);

impl<Q, A> Clone for Coalescer<Q, A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Debug)]
struct Asked<Q, A> {
    question: Q,
    answer: oneshot::Sender<Result<A, StoreError>>,
}

impl<Q: Send + 'static, A: Send + 'static> Coalescer<Q, A> {
    /// `ask` answers all questions of one statement, in their order, or fails for all of them.
    pub(super) fn new<F, S>(ask: F) -> Self
    where
        F: Fn(Vec<Q>) -> S + Clone + Send + Sync + 'static,
        S: Future<Output = Result<Vec<A>, StoreError>> + Send + 'static,
    {
        let (sender, queue) = mpsc::channel(MAX_BATCH);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..WORKERS {
            tokio::spawn(answer_all(Arc::clone(&queue), ask.clone()));
        }
        Self(sender)
    }

    /// The answer to that question, given within [`TIMEOUT`], as every answer is.
    pub(super) async fn submit(&self, question: Q) -> Result<A, StoreError> {
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.0.send(Asked { question, answer }).await.ok()?;
            answered.await.ok()
        };
        let answered = tokio::time::timeout(TIMEOUT, asked).await;
        answered.ok().flatten().unwrap_or(Err(StoreError::Hung))
    }
}

/// Answers until nobody is left who could ask.
async fn answer_all<Q, A, F, S>(queue: Arc<Mutex<mpsc::Receiver<Asked<Q, A>>>>, ask: F)
where
    F: Fn(Vec<Q>) -> S,
    S: Future<Output = Result<Vec<A>, StoreError>>,
{
    let mut asked = Vec::new();
    while queue.lock().await.recv_many(&mut asked, MAX_BATCH).await > 0 {
        // Whoever has given up must not be acted for any more.
        asked.retain(|asked| !asked.answer.is_closed());
        if asked.is_empty() {
            continue;
        }
        let (questions, waiting): (Vec<_>, Vec<_>) = asked
            .drain(..)
            .map(|Asked { question, answer }| (question, answer))
            .unzip();
        // The call itself may panic, too, so it is made inside.
        let asking = AssertUnwindSafe(async { ask(questions).await }).catch_unwind();
        match asking
            .await
            .unwrap_or_else(|panic| Err(broken_off(&*panic)))
        {
            Ok(answers) => {
                for (waiting, answer) in waiting.into_iter().zip(answers) {
                    // Nobody waits any more: whoever asked will ask again.
                    let _ = waiting.send(Ok(answer));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for waiting in waiting {
                    let _ = waiting.send(Err(StoreError::Shared(Arc::clone(&error))));
                }
            }
        }
    }
}

fn broken_off(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(
        panic = text.unwrap_or_default(),
        "the work on a statement broke off"
    );
    StoreError::BrokenOff
}

#[cfg(test)]
mod tests {
    use std::{future, sync::Mutex as Cell, time::Duration};

    use tokio::{sync::Semaphore, time::sleep};

    use super::*;

    /// A database that answers `question + 1` whenever it is allowed to, and remembers its batches.
    #[derive(Clone)]
    struct Slow {
        allowed: Arc<Semaphore>,
        batches: Arc<Cell<Vec<Vec<u32>>>>,
    }

    impl Slow {
        fn new(allowed: usize) -> (Self, Coalescer<u32, u32>) {
            let slow = Self {
                allowed: Arc::new(Semaphore::new(allowed)),
                batches: Arc::default(),
            };
            let here = slow.clone();
            let batch = Coalescer::new(move |questions| here.clone().answer(questions));
            (slow, batch)
        }

        async fn answer(self, questions: Vec<u32>) -> Result<Vec<u32>, StoreError> {
            self.batches.lock().unwrap().push(questions.clone());
            self.allowed.acquire().await.unwrap().forget();
            if questions.contains(&13) {
                return Err(StoreError::Hung);
            }
            Ok(questions.into_iter().map(|number| number + 1).collect())
        }

        fn batches(&self) -> Vec<Vec<u32>> {
            self.batches.lock().unwrap().clone()
        }
    }

    /// Asks, and lets the workers take what was asked.
    async fn ask_now(
        batch: &Coalescer<u32, u32>,
        question: u32,
    ) -> tokio::task::JoinHandle<Result<u32, StoreError>> {
        let batch = batch.clone();
        let asking = tokio::spawn(async move { batch.submit(question).await });
        sleep(Duration::from_millis(1)).await;
        asking
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_asks_while_others_are_answered_goes_with_the_next() {
        let (slow, batch) = Slow::new(0);
        let mut asking = Vec::new();
        for question in 1..=6 {
            asking.push(ask_now(&batch, question).await);
        }
        slow.allowed.add_permits(3);
        for (question, asking) in (1..).zip(asking) {
            assert_eq!(asking.await.unwrap().unwrap(), question + 1);
        }
        assert_eq!(slow.batches(), [vec![1], vec![2], vec![3, 4, 5, 6]]);
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_is_acted_for_who_has_given_up() {
        let (slow, batch) = Slow::new(0);
        let [_one, _two, gone, here] = [
            ask_now(&batch, 1).await,
            ask_now(&batch, 2).await,
            ask_now(&batch, 3).await,
            ask_now(&batch, 4).await,
        ];
        gone.abort();
        slow.allowed.add_permits(3);
        assert_eq!(here.await.unwrap().unwrap(), 5);
        assert_eq!(slow.batches(), [vec![1], vec![2], vec![4]]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_is_told_to_all_of_the_batch_and_to_nobody_else() {
        let (slow, batch) = Slow::new(0);
        let mut asking = Vec::new();
        for question in [1, 2, 3, 13] {
            asking.push(ask_now(&batch, question).await);
        }
        slow.allowed.add_permits(4);
        let mut told = Vec::new();
        for asking in asking {
            told.push(asking.await.unwrap().map_err(|error| error.is_busy()));
        }
        assert_eq!(told, [Ok(2), Ok(3), Err(true), Err(true)]);
        assert_eq!(batch.submit(5).await.unwrap(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn however_often_the_work_panics_whoever_asks_next_is_answered() {
        let batch: Coalescer<u32, u32> = Coalescer::new(|questions: Vec<u32>| {
            assert!(!questions.contains(&13), "before there is any future");
            async move {
                assert!(!questions.contains(&14), "while it is polled");
                Ok(questions.iter().map(|question| question + 1).collect())
            }
        });
        let asked = tokio::time::Instant::now();
        for unlucky in [13, 14, 13, 14, 13, 14] {
            let answer = batch.submit(unlucky).await;
            assert!(matches!(answer, Err(StoreError::Shared(error)) if error.is_busy()));
            assert_eq!(batch.submit(1).await.unwrap(), 2);
        }
        assert!(asked.elapsed().is_zero(), "nobody waited");
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_hangs_is_given_up() {
        let batch: Coalescer<u32, u32> = Coalescer::new(|_| future::pending());
        let asked = tokio::time::Instant::now();
        assert!(matches!(batch.submit(1).await, Err(StoreError::Hung)));
        assert_eq!(asked.elapsed(), TIMEOUT);
    }
}
