//! What is known of requests and responses, for handlers of an app's own and for clients inside its
//! process.

pub use crate::http::{
    cookie_check::KeepsCookies,
    headers::is_on_every_response,
    request::{text, text_of},
};
