//! A form that is posted twice is answered once.
//!
//! Whoever double-clicks a button without script posts the same form twice; the browser drops the
//! first answer and shows the second. Run twice, a sign-in would leave a session behind that nobody
//! holds, and a sign-up would say that the address is taken. So the forms carry what names the page
//! they stand on, and a post that is the same in every byte, cookies included, while another is under
//! way or just over, gets the answer of that one. It is no way to anybody's cookies: who can repeat
//! cookies and passwords needs no answer to them.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts},
};
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio::time::sleep;
use tracing::Instrument;

use super::errors::{Refusal, attempt};

/// The field that names the page a form stands on.
const FIELD: &[u8] = b"once=";
/// How long an answer is kept for a second click.
const KEPT: Duration = Duration::from_secs(5);
/// The most posts that are remembered. Beyond, each is answered for itself.
const MOST: usize = 1_000;

/// What two posts have in common that are one: a keyed hash, so that nothing typed is kept.
type Key = [u64; 2];
type Work = Shared<BoxFuture<'static, Answer>>;

/// The posts that are under way, or were just answered.
#[derive(Clone, Default)]
pub struct Posts {
    answers: Arc<Mutex<HashMap<Key, Work>>>,
    hashers: [RandomState; 2],
}

/// An answer that can be given twice.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    refusal: Option<Refusal>,
}

impl Posts {
    /// Lets `work` answer the request, for so long, or whatever answers the same post already.
    pub async fn once<F>(
        &self,
        request: Request,
        within: Duration,
        work: impl FnOnce(Request) -> F + Send,
    ) -> Response<Body>
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        if !is_form(&request) {
            return work(request).await;
        }
        let (head, body) = request.into_parts();
        // It is in memory already, and limited.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let key = self.key_of(&head, &body);
        let request = Request::from_parts(head, Body::from(body));
        let Some(key) = key else {
            return work(request).await;
        };
        let answer = {
            let mut answers = self.answers();
            if let Some(same) = answers.get(&key) {
                Ok(same.clone())
            } else if answers.len() < MOST {
                let work = self.start(key, attempt(within, work(request)));
                answers.insert(key, work.clone());
                Ok(work)
            } else {
                Err(work(request))
            }
        };
        match answer {
            Ok(answer) => answer.await.give(),
            Err(work) => work.await,
        }
    }

    /// Works on even if whoever asked first is gone: who clicked twice is.
    fn start(&self, key: Key, work: impl Future<Output = Response<Body>> + Send + 'static) -> Work {
        let posts = self.clone();
        let work = async move {
            let answer = Answer::of(work.await).await;
            // What failed may succeed at the next try.
            let kept = if answer.status.is_redirection() {
                KEPT
            } else {
                Duration::ZERO
            };
            tokio::spawn(async move {
                sleep(kept).await;
                posts.answers().remove(&key);
            });
            answer
        };
        let work = work.in_current_span().boxed().shared();
        tokio::spawn(work.clone().map(drop));
        work
    }

    /// The key of a form that names its page.
    fn key_of(&self, head: &Parts, body: &Bytes) -> Option<Key> {
        let named = body
            .split(|byte| *byte == b'&')
            .any(|field| field.len() > FIELD.len() && field.starts_with(FIELD));
        let header = |name| -> Vec<&[u8]> {
            let values = head.headers.get_all(name).iter();
            values.map(HeaderValue::as_bytes).collect()
        };
        let same = (
            head.uri.path(),
            body,
            header(header::COOKIE),
            header(header::ACCEPT),
        );
        named.then(|| self.hashers.each_ref().map(|hasher| hasher.hash_one(&same)))
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<Key, Work>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    request.method() == Method::POST
        && kind.is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        })
}

impl fmt::Debug for Posts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Posts")
    }
}

impl Answer {
    async fn of(mut response: Response<Body>) -> Self {
        let refusal = response.extensions_mut().remove();
        let (head, body) = response.into_parts();
        Self {
            status: head.status,
            headers: head.headers,
            body: to_bytes(body, usize::MAX).await.unwrap_or_default(),
            refusal,
        }
    }

    fn give(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        if let Some(refusal) = self.refusal {
            response.extensions_mut().insert(refusal);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    const WITHIN: Duration = Duration::from_secs(60);

    fn post() -> Request {
        Request::post("/api/sign_in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("once=a&email=ann%40example.com"))
            .unwrap()
    }

    fn answer(status: StatusCode) -> Response<Body> {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = status;
        answer
    }

    /// Work that begins at once, counts itself, and answers when it is let go.
    #[derive(Clone, Default)]
    struct Held(Arc<(AtomicUsize, Notify)>);

    impl Held {
        fn runs(&self) -> usize {
            self.0.0.load(Ordering::SeqCst)
        }

        fn work(
            &self,
            status: StatusCode,
        ) -> impl FnOnce(Request) -> BoxFuture<'static, Response<Body>> + Send + use<> {
            let held = Arc::clone(&self.0);
            move |_| {
                async move {
                    held.0.fetch_add(1, Ordering::SeqCst);
                    held.1.notified().await;
                    answer(status)
                }
                .boxed()
            }
        }
    }

    #[tokio::test]
    async fn work_goes_on_when_whoever_asked_is_gone_and_the_second_click_gets_its_answer() {
        let (posts, held) = (Posts::default(), Held::default());
        let mut first = Box::pin(posts.once(post(), WITHIN, held.work(StatusCode::FOUND)));
        assert!(first.as_mut().now_or_never().is_none());
        drop(first);
        while held.runs() == 0 {
            tokio::task::yield_now().await;
        }
        held.0.1.notify_one();
        let second = posts
            .once(post(), WITHIN, |_| async {
                answer(StatusCode::IM_A_TEAPOT)
            })
            .await;
        assert_eq!(second.status(), StatusCode::FOUND);
        assert_eq!(held.runs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_failed_is_tried_anew_and_what_succeeded_is_remembered_for_a_while() {
        let posts = Posts::default();
        let ask = async |status| {
            let work = move |_: Request| async move { answer(status) };
            let status = posts.once(post(), WITHIN, work).await.status();
            sleep(Duration::from_millis(1)).await;
            status
        };
        let (refused, moved) = (StatusCode::UNAUTHORIZED, StatusCode::FOUND);
        assert_eq!(ask(refused).await, refused);
        assert_eq!(ask(moved).await, moved, "the refusal was not kept");
        assert_eq!(ask(refused).await, moved, "the same click");
        sleep(KEPT).await;
        assert_eq!(ask(refused).await, refused, "another one");
    }
}
