//! Every setting: one list, four sources, one reference.
//!
//! A value comes from its default, then `monban.toml`, then a `MONBAN_*` variable, then a flag;
//! the last one that speaks wins. Every value given is checked, also one that a later source
//! overrides, and all faults are reported together before anything starts.
//!
//! - [`Settings`]: the typed values. Their list, in `list.rs`, is the only place that names a
//!   setting; variables, flags, messages and the reference follow from it.
//! - [`load()`]: a pure function from [`Sources`] to [`Loaded`] or to a [`SettingsError`].
//! - [`reference()`] and [`markdown`]: `monban settings` and the table in `docs/settings.md`.

mod base_url;
mod cli;
mod cookie_name;
mod database_url;
mod definition;
mod fault;
mod kubernetes;
mod layers;
mod list;
mod load;
mod optional_path;
mod origin;
mod outside;
mod reference;
mod sources;
#[cfg(test)]
mod tests;
mod value;

pub use base_url::BaseUrl;
pub use cli::{config_flag, flags, from_matches};
pub use cookie_name::CookieName;
pub use database_url::DatabaseUrl;
pub use definition::Definition;
pub use fault::{Fault, SettingsError};
pub use list::{DEFINITIONS, Settings};
pub use load::{Loaded, load};
pub use optional_path::OptionalPath;
pub use origin::Origin;
pub use outside::{Contact, CorsOrigin, ProxyHeader, TrustedProxies, unnamed_proxy};
pub use reference::{markdown, reference};
pub use sources::{ConfigFile, Sources};
pub use value::{ByteSize, LogFilter, LogFormat, Optional, RedisUrl, Secret, SignUp};
