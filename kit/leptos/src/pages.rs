//! The pages, each with its server functions. Both stand in the folder of their capability.
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

pub use crate::{
    account::{AccountPage, UpdateAccount, update_account},
    components::NotFoundPage,
    keys::{KeysPage, ListKeys, RotateKeys, list_keys, rotate_keys},
    routes::AccountRoutes,
    sessions::{
        EndOtherSessions, EndSession, ListSessions, SessionsPage, end_other_sessions, end_session,
        list_sessions,
    },
    sign_in::{SignIn, SignInPage, sign_in},
    sign_up::{SignUp, SignUpPage, sign_up},
};
