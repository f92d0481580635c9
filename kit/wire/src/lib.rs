//! What crosses the wire between a page and its server.
//!
//! - [`error`] is everything that can go wrong, as a closed set that both sides know, each with a
//!   stable code and an HTTP status,
//! - [`view`] are the values that pages show. None holds a token, a hash or an id that opens anything.

pub mod error;
pub mod view;
