//! How values are written, and where their ranges end.

use std::time::Duration;

use super::{
    super::{ByteSize, LogFilter, TrustedProxies, Value, load::definitions},
    *,
};

#[test]
fn durations_are_read_as_people_write_them() {
    for (text, milliseconds) in [
        ("0", 0),
        ("0s", 0),
        ("100ms", 100),
        ("2s", 2_000),
        ("15m", 900_000),
        ("12h", 43_200_000),
        ("30d", 2_592_000_000),
        ("1h 30m", 5_400_000),
        ("1h30m", 5_400_000),
        ("5 minutes", 300_000),
    ] {
        assert_eq!(
            Duration::read(text),
            Some(Duration::from_millis(milliseconds)),
            "{text}"
        );
    }
    for text in ["", "5", "-5s", "5 parsecs", "s", "99999999999999999999d"] {
        assert_eq!(Duration::read(text), None, "{text}");
    }
}

#[test]
fn durations_are_shown_in_their_short_form() {
    for text in [
        "0s", "100ms", "2s", "15m", "12h", "30d", "90d", "400d", "1h 30m", "1d 1ms",
    ] {
        assert_eq!(Duration::read(text).unwrap().show(), text);
    }
    assert_eq!(Duration::from_mins(61).show(), "1h 1m");
    assert_eq!(Duration::from_nanos(1_001).show(), "1us 1ns");
}

#[test]
fn sizes_are_bytes_kib_or_mib() {
    for (text, bytes, shown) in [
        ("0", 0, "0"),
        ("1000", 1_000, "1000"),
        ("65536", 65_536, "64KiB"),
        ("64KiB", 65_536, "64KiB"),
        ("64 KiB", 65_536, "64KiB"),
        ("1025KiB", 1_049_600, "1025KiB"),
        ("1MiB", 1_048_576, "1MiB"),
    ] {
        let size = ByteSize::read(text).unwrap();
        assert_eq!(
            (size.bytes(), size.show().as_str()),
            (bytes, shown),
            "{text}"
        );
    }
    for text in [
        "",
        "KiB",
        "64KB",
        "64k",
        "64kib",
        "-1",
        "1.5MiB",
        "18446744073709551615KiB",
    ] {
        assert_eq!(ByteSize::read(text), None, "{text}");
    }
}

#[test]
fn a_size_in_the_file_may_be_a_bare_number() {
    assert_eq!(
        nothing()
            .file("body_limit = 2048")
            .settings()
            .connections
            .body_limit
            .bytes(),
        2_048
    );
}

#[test]
fn proxies_are_addresses_or_networks() {
    let networks = |text: &str| TrustedProxies::read(text).map(|networks| networks.show());
    for (text, shown) in [
        ("", ""),
        ("127.0.0.1", "127.0.0.1/32"),
        ("::1", "::1/128"),
        ("10.1.2.3/8, 2001:db8::/32", "10.0.0.0/8,2001:db8::/32"),
    ] {
        assert_eq!(networks(text).as_deref(), Some(shown), "{text}");
    }
    for text in [
        "localhost",
        "10.0.0.0/33",
        "10.0.0.0/8,",
        ",",
        "10.0.0.0/8 ::1",
    ] {
        assert_eq!(networks(text), None, "{text}");
    }
}

#[test]
fn proxies_in_the_file_are_an_array_or_a_text_with_commas() {
    let shown = |text: &str| {
        nothing()
            .file(text)
            .settings()
            .proxies
            .trusted_proxies
            .show()
    };
    assert_eq!(
        shown("trusted_proxies = ['10.0.0.0/8', '::1']"),
        "10.0.0.0/8,::1/128"
    );
    assert_eq!(
        shown("trusted_proxies = '10.0.0.0/8, ::1'"),
        "10.0.0.0/8,::1/128"
    );
    assert_eq!(shown("trusted_proxies = []"), "");
    assert_eq!(
        nothing()
            .file("trusted_proxies = ['10.0.0.0/8', 1]")
            .faults(),
        "monban.toml: trusted_proxies: this array is not allowed; give IP addresses or networks \
         separated by commas, such as 127.0.0.1,10.0.0.0/8, or `none`"
    );
}

#[test]
fn log_directives_are_checked() {
    for text in ["info", "warn,monban=debug", "off"] {
        assert_eq!(LogFilter::read(text).unwrap().as_str(), text);
    }
    assert_eq!(LogFilter::read("monban=loud"), None);
}

#[test]
fn every_range_holds_its_ends_and_nothing_beyond() {
    for (key, below, from, to, above) in [
        ("access_ttl", "999ms", "1s", "1h", "3601s"),
        ("refresh_window", "", "0s", "5m", "301s"),
        ("refresh_unseen_cap", "", "0s", "24h", "86401s"),
        ("refresh_unseen_cap_bearer", "", "0s", "7d", "604801s"),
        ("refresh_idle_ttl", "999ms", "1s", "400d", "401d"),
        ("refresh_absolute_ttl", "999ms", "1s", "3650d", "3651d"),
        ("session_idle_ttl", "999ms", "1s", "400d", "401d"),
        ("password_min", "7", "8", "128", "129"),
        ("argon2_memory", "7", "8", "4194304", "4194305"),
        ("argon2_iterations", "0", "1", "100", "101"),
        ("argon2_parallelism", "0", "1", "16", "17"),
        ("hash_wait", "99ms", "100ms", "60s", "61s"),
        ("sign_in_window", "999ms", "1s", "24h", "25h"),
        ("body_limit", "1023", "1KiB", "16MiB", "16777217"),
        ("request_timeout", "999ms", "1s", "5m", "301s"),
        ("header_timeout", "999ms", "1s", "5m", "301s"),
        ("shutdown_delay", "", "0s", "5m", "301s"),
        ("shutdown_timeout", "", "0s", "5m", "301s"),
    ] {
        let refused = |text: &str| {
            let error = load(&nothing().flag(key, text))
                .err()
                .map(|error| error.to_string());
            error.is_some_and(|error| error.contains("is not allowed"))
        };
        assert!(refused(below), "{key} {below}");
        assert!(!refused(from), "{key} {from}");
        assert!(!refused(to), "{key} {to}");
        assert!(refused(above), "{key} {above}");
    }
}

#[test]
fn every_default_is_shown_as_it_is_written() {
    let loaded = nothing().load();
    for definition in definitions::<()>() {
        let written = definition.default.replace("<data_dir>", "data");
        assert_eq!(loaded.shown[definition.key], written, "{}", definition.key);
    }
}
