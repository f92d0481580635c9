//! The client behind every server function: renews a stale session and calls again.
//!
//! A call that is answered 401 is held back, the pair is renewed once, however many calls wait for
//! it, and the call is sent again. Callers never see it. Where a 401 is about something else, as at
//! sign-in, the function does not go through here.
//!
//! Only an explicit `session_…` in answer to the renewal ends the signed-in state. A server that
//! cannot be reached, or is busy, leaves it alone: the call fails, the person stays signed in.

use std::future::Future;

use send_wrapper::SendWrapper;
use server_fn::{
    Bytes,
    client::{Client, browser::BrowserClient},
    error::FromServerFnError,
    request::browser::BrowserRequest,
    response::browser::BrowserResponse,
};

/// Sends server functions from the browser.
#[derive(Clone, Copy, Debug)]
pub struct SessionClient;

impl<E, I, O> Client<E, I, O> for SessionClient
where
    E: FromServerFnError,
    I: FromServerFnError,
    O: FromServerFnError,
{
    type Request = BrowserRequest;
    type Response = BrowserResponse;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<BrowserResponse, E>> + Send {
        SendWrapper::new(async move {
            #[cfg(feature = "hydrate")]
            return renewal::send::<E, I, O>(request).await;
            #[cfg(not(feature = "hydrate"))]
            return <BrowserClient as Client<E, I, O>>::send(request).await;
        })
    }

    fn open_websocket(
        path: &str,
    ) -> impl Future<
        Output = Result<
            (
                impl futures_core::Stream<Item = Result<Bytes, Bytes>> + Send + 'static,
                impl futures_sink::Sink<Bytes> + Send + 'static,
            ),
            E,
        >,
    > + Send {
        <BrowserClient as Client<E, I, O>>::open_websocket(path)
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        <BrowserClient as Client<E, I, O>>::spawn(future);
    }
}

#[cfg(feature = "hydrate")]
pub(crate) use renewal::on_signed_out;

#[cfg(feature = "hydrate")]
mod renewal {
    use std::{
        cell::{Cell, RefCell},
        mem,
        time::Duration,
    };

    use futures::{
        FutureExt,
        future::{LocalBoxFuture, Shared},
    };
    use gloo_net::http::Request;
    use gloo_timers::future::sleep;
    use server_fn::{
        client::{Client, browser::BrowserClient},
        error::{FromServerFnError, IntoAppError, ServerFnErrorErr},
        request::{ClientReq, browser::BrowserRequest},
        response::{ClientRes, browser::BrowserResponse},
    };

    use super::super::refresh::refresh;
    use crate::error::AppError;

    /// Waits before the second, third and fourth try at a server that does not answer.
    const BACK_OFF: [Duration; 3] = [
        Duration::from_millis(300),
        Duration::from_secs(1),
        Duration::from_secs(3),
    ];

    /// What became of a renewal.
    #[derive(Clone, Copy, PartialEq)]
    enum Renewal {
        /// The cookies are fresh.
        Fresh,
        /// The person is signed out.
        Over,
        /// Nobody knows: the server did not answer.
        Unanswered,
    }

    thread_local! {
        /// The one renewal under way in this tab.
        static UNDER_WAY: RefCell<Option<Shared<LocalBoxFuture<'static, Renewal>>>> =
            const { RefCell::new(None) };
        /// How many have brought fresh cookies.
        static DONE: Cell<u32> = const { Cell::new(0) };
        /// What is done when the session is over.
        static SIGNED_OUT: Cell<fn()> = const { Cell::new(|| ()) };
    }

    /// Sets what is done when an answer says that nobody is signed in any more.
    pub(crate) fn on_signed_out(act: fn()) {
        SIGNED_OUT.set(act);
    }

    pub(super) async fn send<E, I, O>(mut request: BrowserRequest) -> Result<BrowserResponse, E>
    where
        E: FromServerFnError,
        I: FromServerFnError,
        O: FromServerFnError,
    {
        let spare = copy(&mut request);
        let done = DONE.get();
        let response = <BrowserClient as Client<E, I, O>>::send(request).await?;
        if <BrowserResponse as ClientRes<E>>::status(&response) != 401 {
            return Ok(response);
        }
        // One that came to its end while this call was under way serves it, too.
        let renewal = if DONE.get() == done {
            renew().await
        } else {
            Renewal::Fresh
        };
        match (renewal, spare) {
            (Renewal::Fresh, Some(spare)) => {
                let mut again = empty::<E>()?;
                *again = spare;
                <BrowserClient as Client<E, I, O>>::send(again).await
            }
            (Renewal::Over, _) => {
                SIGNED_OUT.get()();
                Ok(response)
            }
            (Renewal::Fresh | Renewal::Unanswered, _) => {
                Err(ServerFnErrorErr::Request("no answer to the renewal".into()).into_app_error())
            }
        }
    }

    /// Joins the renewal under way, or starts one.
    async fn renew() -> Renewal {
        let renewal = UNDER_WAY.with_borrow_mut(|under_way| {
            under_way
                .get_or_insert_with(|| renew_once().boxed_local().shared())
                .clone()
        });
        let outcome = renewal.clone().await;
        UNDER_WAY.with_borrow_mut(|under_way| {
            if under_way
                .as_ref()
                .is_some_and(|other| other.ptr_eq(&renewal))
            {
                *under_way = None;
                DONE.set(DONE.get() + u32::from(outcome == Renewal::Fresh));
            }
        });
        outcome
    }

    async fn renew_once() -> Renewal {
        for wait in BACK_OFF.map(Some).into_iter().chain([None]) {
            match refresh().await {
                Ok(()) => return Renewal::Fresh,
                Err(AppError::SessionRequired | AppError::SessionEnded { .. }) => {
                    return Renewal::Over;
                }
                // Neither will the next one be answered otherwise.
                Err(AppError::CookieConflict) => break,
                Err(_) => match wait {
                    Some(wait) => sleep(wait).await,
                    None => break,
                },
            }
        }
        Renewal::Unanswered
    }

    /// A second copy of a request that was not sent yet. The copy is made of the browser's own
    /// request, which can only be taken out while another stands in its place.
    fn copy(request: &mut BrowserRequest) -> Option<Request> {
        let placeholder = Request::get("/").build().ok()?;
        let inner: web_sys::Request = mem::replace(&mut **request, placeholder).into();
        let copy = inner.clone().ok();
        **request = inner.into();
        copy.map(Request::from)
    }

    /// A request to put another one into: the type cannot be built around one.
    fn empty<E: FromServerFnError>() -> Result<BrowserRequest, E> {
        ClientReq::<E>::try_new_req_query("/", "", "", "", http::Method::GET)
    }
}
