//! Defaults stand twice, in the settings and in the core: here they are compared.

use monban_auth::{Rules, StoreOptions};

use super::{
    super::{CookieName, ProxyHeader},
    *,
};

#[test]
fn rules_of_the_default_settings_are_the_default_rules() {
    assert_eq!(Rules::from(&nothing().settings()), Rules::default());
}

#[test]
fn what_else_has_a_default_has_the_one_of_the_settings() {
    let settings = nothing().settings();
    let (given, default) = (
        StoreOptions::from(&settings.database),
        StoreOptions::default(),
    );
    assert_eq!(given.allow_plaintext, default.allow_plaintext);
    assert_eq!(settings.server.cookie_name, CookieName::default());
    assert_eq!(settings.proxies.proxy_header, ProxyHeader::default());
}
