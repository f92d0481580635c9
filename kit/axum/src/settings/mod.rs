//! Every setting: one list, four sources, one reference.
//!
//! A value comes from its default, then `monban.toml`, then a `MONBAN_*` variable, then a flag;
//! the last one that speaks wins. A program of another name has a file and variables of that name. Every value given is checked, also one that a later source
//! overrides, and all faults are reported together before anything starts.
//!
//! - [`Settings`]: the typed values, a section for each capability. Its section is the only place that
//!   names a setting; variables, flags, messages and the reference follow from it.
//! - [`settings_section!`](crate::settings_section): how a section is declared, the kit's and an app's
//!   own alike.
//! - [`Names`]: whose settings they are.
//! - [`load()`] and [`load_with()`]: pure functions from [`Sources`] to [`Loaded`] or to a
//!   [`SettingsError`].
//! - `reference` and `markdown`: `monban settings` and the tables in `docs/settings.md`.

mod cli;
mod definition;
mod fault;
mod kubernetes;
mod layers;
mod load;
mod names;
mod origin;
mod reference;
mod section;
mod sections;
mod sources;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use self::{
    cli::{config_flag, flags, from_matches},
    reference::{markdown, reference},
    sections::{other_port, unnamed_proxy},
};
pub use self::{
    definition::Definition,
    fault::{Fault, SettingsError},
    layers::Layers,
    load::{Loaded, load, load_with},
    names::Names,
    origin::Origin,
    section::{Outline, Section, Together},
    sections::{
        ConnectionSettings, Contact, CorsOrigin, DatabaseSettings, KeySettings, LogFilter,
        LogFormat, LogSettings, MasterKeyText, PasswordSettings, ProxyHeader, ProxySettings,
        RedisUrl, RestSettings, ServerSettings, SessionSettings, Settings, SignInSettings, SignUp,
        SignUpSettings, TlsSettings, TrustedProxies,
    },
    sources::{ConfigFile, Sources},
    values::{
        BaseUrl, ByteSize, CookieName, DatabaseUrl, OptionalPath, OptionalText, Secret, Value,
    },
};
