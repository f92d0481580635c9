//! The HTTP edge: one module for each thing that happens to every request, from the outside in.

pub mod authenticate;
pub mod body;
pub mod client_address;
pub mod connections;
pub mod cookie_check;
pub mod cookies;
pub mod errors;
pub mod forwarded;
pub mod headers;
pub mod health;
pub mod jwks;
pub mod log;
mod observed;
pub mod once;
pub mod request;
pub mod same_origin;
pub mod session;
pub mod shape;
pub mod well_formed;
pub mod well_known;
