//! What only the server has: the request that a server function works for, the document around a page,
//! and the core's types in the words of the wire.
//!
//! What the forms of one capability ask of the core stands with it, in its `server.rs`.

mod assets;
pub(crate) mod context;
mod document;
pub(crate) mod errors;
pub(crate) mod fields;
pub(crate) mod handle;
mod views;

pub use self::{
    assets::Assets,
    context::{
        Inner, Preference, RequestContext, ResponseExtras, extension, request, require_account,
        require_role, set_page_status,
    },
    document::{Head, PageError, PageHead, content_security_policy, error_document, page_language},
    errors::{fault, internal_error},
    fields::name_error,
    handle::{CookieChange, Identity, SessionHandle, if_has_role, map_refresh_error},
    views::{end_reason, instant_iso, instant_view},
};
