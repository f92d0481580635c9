//! The promises of the core, through its door: [`Auth`](monban_auth::Auth) on a real database,
//! with a clock that only the test moves.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected should fail there and then"
)]

mod account_version;
mod bad_tokens;
mod channels;
mod claims;
mod clock_set_back;
mod evidence;
mod expiry;
mod forge;
mod keys;
mod life;
mod refresh;
mod sign_in;
mod sign_out;
mod sign_up;
mod stage;
mod store_gone;
mod tokens;
