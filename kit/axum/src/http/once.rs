//! A form that is posted twice is answered once.
//!
//! A double click on a button without script posts the same form twice; the browser drops the
//! first response and shows the second. Run twice, a sign-in would leave a session behind that no browser
//! holds, and a sign-up would say that the address is taken. So the forms carry what names the page
//! they stand on, and a post that is the same in every byte, cookies included, while another is under
//! way or just over, gets the response of that one. This opens nothing to others: a client that can
//! repeat cookies and password has what the response would give.

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
/// How long a response is kept for a second click.
const KEEP: Duration = Duration::from_secs(5);
/// The most posts that are remembered. One more is handled by itself.
const MAX_POSTS: usize = 1_000;

/// What two posts have in common that are one: a keyed hash, so that nothing typed is kept.
type Key = [u64; 2];
type Work = Shared<BoxFuture<'static, StoredResponse>>;

/// The posts that are under way, or whose response was just sent.
#[derive(Clone, Default)]
pub struct Posts {
    responses: Arc<Mutex<HashMap<Key, Work>>>,
    hashers: [RandomState; 2],
}

/// A response that can be sent twice.
#[derive(Clone)]
struct StoredResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    refusal: Option<Refusal>,
}

impl Posts {
    /// Does `work` on the request, within that time, or joins the work on the same post.
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
        let response = {
            let mut responses = self.responses();
            if let Some(same) = responses.get(&key) {
                Ok(same.clone())
            } else if responses.len() < MAX_POSTS {
                let work = self.start(key, attempt(within, work(request)));
                responses.insert(key, work.clone());
                Ok(work)
            } else {
                Err(work(request))
            }
        };
        match response {
            Ok(response) => response.await.into_response(),
            Err(work) => work.await,
        }
    }

    /// Goes on if the first request is cancelled: a browser cancels it at the second click.
    fn start(&self, key: Key, work: impl Future<Output = Response<Body>> + Send + 'static) -> Work {
        let posts = self.clone();
        let work = async move {
            let response = StoredResponse::of(work.await).await;
            // What failed may succeed at the next try.
            let kept = if response.status.is_redirection() {
                KEEP
            } else {
                Duration::ZERO
            };
            tokio::spawn(async move {
                sleep(kept).await;
                posts.responses().remove(&key);
            });
            response
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

    fn responses(&self) -> MutexGuard<'_, HashMap<Key, Work>> {
        self.responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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

impl StoredResponse {
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

    fn into_response(self) -> Response<Body> {
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

    fn empty(status: StatusCode) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
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
                    empty(status)
                }
                .boxed()
            }
        }
    }

    #[tokio::test]
    async fn work_goes_on_when_the_first_request_is_gone_and_the_second_click_gets_its_answer() {
        let (posts, held) = (Posts::default(), Held::default());
        let mut first = Box::pin(posts.once(post(), WITHIN, held.work(StatusCode::FOUND)));
        assert!(first.as_mut().now_or_never().is_none());
        drop(first);
        while held.runs() == 0 {
            tokio::task::yield_now().await;
        }
        held.0.1.notify_one();
        let second = posts
            .once(post(), WITHIN, |_| async { empty(StatusCode::IM_A_TEAPOT) })
            .await;
        assert_eq!(second.status(), StatusCode::FOUND);
        assert_eq!(held.runs(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_failed_is_tried_anew_and_what_succeeded_is_remembered_for_a_while() {
        let posts = Posts::default();
        let ask = async |status| {
            let work = move |_: Request| async move { empty(status) };
            let status = posts.once(post(), WITHIN, work).await.status();
            sleep(Duration::from_millis(1)).await;
            status
        };
        let (refused, moved) = (StatusCode::UNAUTHORIZED, StatusCode::FOUND);
        assert_eq!(ask(refused).await, refused);
        assert_eq!(ask(moved).await, moved, "the refusal was not kept");
        assert_eq!(ask(refused).await, moved, "the same click");
        sleep(KEEP).await;
        assert_eq!(ask(refused).await, refused, "another one");
    }
}
