//! The pages, each with its server functions beside it.
//!
//! An app may put a page of its own in the place of one of these, on the same server functions: a form
//! whose action is [`SignIn`], say, and whose fields are named as its arguments.
//!
//! ```
//! use leptos::{form::ActionForm, prelude::*};
//! use monban_leptos::{form::Once, pages::SignIn};
//!
//! #[component]
//! fn MySignInPage() -> impl IntoView {
//!     let action = ServerAction::<SignIn>::new();
//!     view! {
//!         <ActionForm action=action>
//!             <Once/>
//!             <input name="email" type="email" autocomplete="username"/>
//!             <input name="password" type="password" autocomplete="current-password"/>
//!             <button type="submit">"Open the gate"</button>
//!         </ActionForm>
//!     }
//! }
//! ```

mod account;
mod keys;
mod not_found;
mod routes;
mod sessions;
mod sign_in;
mod sign_up;

pub use self::{
    account::{AccountPage, UpdateAccount, update_account},
    keys::{KeysPage, ListKeys, RotateKeys, list_keys, rotate_keys},
    not_found::NotFoundPage,
    routes::AccountRoutes,
    sessions::{
        EndOtherSessions, EndSession, ListSessions, SessionsPage, end_other_sessions, end_session,
        list_sessions,
    },
    sign_in::{SignIn, SignInPage, sign_in},
    sign_up::{SignUp, SignUpPage, sign_up},
};
