//! The promises of the server, from outside: the real router on a real port, and browsers that
//! keep cookies.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected should fail there and then"
)]

mod app;
#[path = "../../../kit/auth/tests/it/bad_tokens/mod.rs"]
mod bad_tokens;
mod browser;
#[path = "../../../kit/auth/tests/it/forge.rs"]
mod forge;
#[path = "../../../kit/auth/tests/pace.rs"]
mod pace;
mod postgres;
mod process;
mod wire;

mod architecture;
mod bad_cookies;
mod connections;
mod cookie_check;
mod cookies;
mod database_gone;
mod double_click;
mod faults;
mod fifty_at_once;
mod foreign_cookies;
mod forms_without_script;
mod guards;
mod hooks;
mod learn;
mod learn_compare;
mod learn_session;
mod limits;
mod logs;
mod malformed;
mod next;
mod nodes;
mod operator;
mod own_app;
mod page_requests;
mod readiness;
mod readme;
mod response_headers;
mod rest;
mod roles;
mod same_origin;
mod schedules;
mod sessions;
mod settings;
mod sign_in;
mod sign_out;
mod sign_up;
mod silent_refresh;
mod site_files;
mod start;
mod stop;
mod theft;
mod tls;
mod well_known;
