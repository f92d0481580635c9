//! Rules between two settings.

use super::*;

#[test]
fn a_session_may_not_end_before_its_access_token() {
    assert_eq!(
        nothing().variable("MONBAN_REFRESH_IDLE_TTL", "2s").faults(),
        "refresh_idle_ttl must not be shorter than access_ttl, but refresh_idle_ttl is 2s \
         (environment) and access_ttl is 5m (default)"
    );
    assert_eq!(
        nothing()
            .file("session_idle_ttl = '1m'")
            .flag("access_ttl", "2m")
            .faults(),
        "session_idle_ttl must not be shorter than access_ttl, but session_idle_ttl is 1m \
         (monban.toml) and access_ttl is 2m (flag)"
    );
}

#[test]
fn the_absolute_life_may_not_be_shorter_than_the_idle_one() {
    assert_eq!(
        nothing().flag("refresh_idle_ttl", "91d").faults(),
        "refresh_absolute_ttl must not be shorter than refresh_idle_ttl, but \
         refresh_absolute_ttl is 90d (default) and refresh_idle_ttl is 91d (flag)"
    );
}

#[test]
fn argon2_gets_eight_blocks_of_memory_for_each_lane() {
    assert_eq!(
        nothing()
            .flag("argon2_memory", "31")
            .flag("argon2_parallelism", "4")
            .faults(),
        "argon2_memory must be at least 8 times argon2_parallelism, but \
         argon2_memory is 31 (flag) and argon2_parallelism is 4 (flag)"
    );
}

#[test]
fn a_certificate_comes_with_its_key_and_for_a_base_url_of_https() {
    let https = || nothing().flag("base_url", "https://example.com");
    assert_eq!(
        https().flag("tls_cert", "cert.pem").faults(),
        "tls_cert must be set together with tls_key, but tls_cert is cert.pem (flag) and tls_key is \
         nothing (default)"
    );
    assert_eq!(
        https().variable("MONBAN_TLS_KEY", "key.pem").faults(),
        "tls_cert must be set together with tls_key, but tls_cert is nothing (default) and tls_key \
         is key.pem (environment)"
    );
    let pair = |url| {
        let given = nothing().flag("base_url", url).flag("tls_cert", "cert.pem");
        given.flag("tls_key", "key.pem")
    };
    pair("https://example.com").load();
    assert_eq!(
        pair("http://localhost:3000").faults(),
        "base_url must be https:// where there is a tls_cert, but base_url is \
         http://localhost:3000 (flag) and tls_cert is cert.pem (flag)"
    );
    assert_eq!(
        pair("https://example.com")
            .flag("tls_self_signed", "true")
            .faults(),
        "tls_self_signed must be false where there is a tls_cert, but tls_self_signed is true \
         (flag) and tls_cert is cert.pem (flag)"
    );
    assert_eq!(
        nothing().flag("tls_self_signed", "true").faults(),
        "base_url must be https:// together with tls_self_signed, but base_url is \
         http://localhost:3000 (default) and tls_self_signed is true (flag)"
    );
}

#[test]
fn equal_lives_and_just_enough_memory_are_allowed() {
    nothing()
        .flag("access_ttl", "1h")
        .flag("session_idle_ttl", "1h")
        .flag("refresh_idle_ttl", "1h")
        .flag("refresh_absolute_ttl", "1h")
        .flag("argon2_memory", "32")
        .flag("argon2_parallelism", "4")
        .load();
}

#[test]
fn a_rule_is_silent_about_a_value_that_is_already_refused() {
    assert_eq!(
        nothing()
            .flag("refresh_idle_ttl", "91d")
            .flag("refresh_absolute_ttl", "9999d")
            .faults(),
        r#"--refresh-absolute-ttl: "9999d" is not allowed; give a duration from 1s to 3650d, such as 90d"#
    );
    assert_eq!(
        nothing()
            .flag("access_ttl", "2h")
            .flag("refresh_idle_ttl", "2s")
            .faults(),
        r#"--access-ttl: "2h" is not allowed; give a duration from 1s to 1h, such as 5m"#
    );
}
