//! Defaults, then the file, then the variables, then the flags.

use std::{path::Path, time::Duration};

use super::{
    super::{load::definitions, *},
    *,
};

#[test]
fn silence_gives_the_defaults() {
    let settings = nothing().settings();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(settings.server.base_url.origin(), "http://localhost:3000");
    assert_eq!(settings.server.data_dir, Path::new("data"));
    assert_eq!(
        settings.database.database_url.expose(),
        "sqlite://data/monban.db"
    );
    assert_eq!(settings.sessions.access_ttl, Duration::from_mins(5));
    assert_eq!(
        settings.sessions.refresh_idle_ttl,
        Duration::from_hours(30 * 24)
    );
    assert_eq!(
        settings.sessions.refresh_absolute_ttl,
        Duration::from_hours(90 * 24)
    );
    assert_eq!(settings.sessions.refresh_window, Duration::from_secs(30));
    assert_eq!(
        settings.sessions.refresh_unseen_cap,
        Duration::from_mins(10)
    );
    assert_eq!(
        settings.sessions.refresh_unseen_cap_bearer,
        Duration::from_hours(24)
    );
    assert_eq!(settings.sessions.session_idle_ttl, Duration::from_hours(12));
    assert_eq!(settings.password.password_min, 15);
    assert_eq!(settings.password.argon2_memory, 19_456);
    assert_eq!(settings.password.argon2_iterations, 2);
    assert_eq!(settings.password.argon2_parallelism, 1);
    assert_eq!(settings.password.hash_wait, Duration::from_secs(5));
    assert_eq!(settings.connections.body_limit.bytes(), 65_536);
    assert_eq!(
        settings.connections.request_timeout,
        Duration::from_secs(30)
    );
    assert_eq!(settings.connections.header_timeout, Duration::from_secs(10));
    assert_eq!(settings.server.shutdown_delay, Duration::ZERO);
    assert_eq!(settings.server.shutdown_timeout, Duration::from_secs(10));
    assert!(settings.proxies.trusted_proxies.networks().is_empty());
    assert_eq!(settings.rest.cors_origins, []);
    assert_eq!(settings.log.log.as_str(), "info");
    assert_eq!(settings.log.log_format, LogFormat::Text);
}

#[test]
fn each_source_overrides_the_one_below() {
    let seconds = |sources: Sources| {
        let loaded = sources.load();
        (
            loaded.settings.sessions.access_ttl.as_secs(),
            loaded.origins["access_ttl"].to_string(),
        )
    };
    let sources = nothing();
    assert_eq!(seconds(sources.clone()), (300, "default".to_owned()));
    let sources = sources.file("access_ttl = '1s'");
    assert_eq!(seconds(sources.clone()), (1, "monban.toml".to_owned()));
    let sources = sources.variable("MONBAN_ACCESS_TTL", "2s");
    assert_eq!(seconds(sources.clone()), (2, "environment".to_owned()));
    let sources = sources.flag("access_ttl", "3s");
    assert_eq!(seconds(sources), (3, "flag".to_owned()));
}

#[test]
fn a_flag_overrides_the_file_without_a_variable_between() {
    let settings = nothing()
        .file("log = 'warn'")
        .flag("log", "debug")
        .settings();
    assert_eq!(settings.log.log.as_str(), "debug");
}

#[test]
fn sources_add_up_where_they_speak_of_different_settings() {
    let settings = nothing()
        .file("password_min = 20")
        .variable("MONBAN_LOG_FORMAT", "json")
        .flag("log", "warn")
        .settings();
    assert_eq!(settings.password.password_min, 20);
    assert_eq!(settings.log.log_format, LogFormat::Json);
    assert_eq!(settings.log.log.as_str(), "warn");
}

#[test]
fn the_database_lies_in_the_data_directory() {
    for (data_dir, expected) in [
        ("/var/lib/monban", "sqlite:///var/lib/monban/monban.db"),
        ("state/", "sqlite://state/monban.db"),
        ("100%?", "sqlite://100%25%3F/monban.db"),
    ] {
        let loaded = nothing().variable("MONBAN_DATA_DIR", data_dir).load();
        assert_eq!(loaded.settings.database.database_url.expose(), expected);
        assert_eq!(loaded.origins["database_url"], Origin::Default);
    }
}

#[test]
fn a_database_that_is_named_does_not_follow_the_data_directory() {
    let sources = nothing()
        .file("database_url = 'sqlite:other.db'")
        .flag("data_dir", "state");
    assert_eq!(
        sources.settings().database.database_url.expose(),
        "sqlite:other.db"
    );
}

#[test]
fn the_highest_data_directory_decides_about_the_database() {
    let sources = nothing().file("data_dir = 'low'").flag("data_dir", "high");
    assert_eq!(
        sources.settings().database.database_url.expose(),
        "sqlite://high/monban.db"
    );
}

#[test]
fn variables_that_are_no_settings_of_ours_are_not_read() {
    nothing()
        .variable("MONBAN_CONFIG", "elsewhere.toml")
        .variable("MONBAN_BIN", "target/release/monban")
        .variable("PATH", "/bin")
        .load();
}

/// As the kubelet of Kubernetes writes them for the Services `monban`, with two ports of which one
/// has a name, and `monban-db`, with one of each other protocol.
const SERVICE_LINKS: [(&str, &str); 22] = [
    ("MONBAN_SERVICE_HOST", "10.96.0.11"),
    ("MONBAN_SERVICE_PORT", "3000"),
    ("MONBAN_SERVICE_PORT_HTTP", "3000"),
    ("MONBAN_SERVICE_PORT_HTTP_METRICS", "9000"),
    ("MONBAN_PORT", "tcp://10.96.0.11:3000"),
    ("MONBAN_PORT_3000_TCP", "tcp://10.96.0.11:3000"),
    ("MONBAN_PORT_3000_TCP_PROTO", "tcp"),
    ("MONBAN_PORT_3000_TCP_PORT", "3000"),
    ("MONBAN_PORT_3000_TCP_ADDR", "10.96.0.11"),
    ("MONBAN_DB_SERVICE_HOST", "fd00::11"),
    ("MONBAN_DB_SERVICE_PORT", "5432"),
    ("MONBAN_DB_SERVICE_PORT_POSTGRES", "5432"),
    ("MONBAN_DB_PORT", "udp://[fd00::11]:5432"),
    ("MONBAN_DB_PORT_5432_UDP", "udp://[fd00::11]:5432"),
    ("MONBAN_DB_PORT_5432_UDP_PROTO", "udp"),
    ("MONBAN_DB_PORT_5432_UDP_PORT", "5432"),
    ("MONBAN_DB_PORT_5432_UDP_ADDR", "fd00::11"),
    ("MONBAN_DB_PORT_5433_SCTP", "sctp://[fd00::11]:5433"),
    ("MONBAN_DB_PORT_5433_SCTP_PROTO", "sctp"),
    ("MONBAN_DB_PORT_5433_SCTP_PORT", "5433"),
    ("MONBAN_DB_PORT_5433_SCTP_ADDR", "fd00::11"),
    ("MONBAN_PORT_FORWARD_PORT_80_TCP", "tcp://10.96.0.12:80"),
];

#[test]
fn the_services_of_a_kubernetes_namespace_may_be_called_monban() {
    for (name, value) in SERVICE_LINKS {
        let loaded = load(&nothing().variable(name, value));
        assert!(loaded.is_ok(), "{name}: {}", loaded.unwrap_err());
    }
}

#[test]
fn every_setting_can_be_given_by_every_source() {
    for definition in definitions::<()>() {
        let text = definition.default.replace("<data_dir>", "data");
        let origin = |sources: Sources| sources.load().origins[definition.key].clone();
        let file = nothing().file(&format!("{} = '{text}'", definition.key));
        assert_eq!(
            origin(file),
            Origin::File("monban.toml".to_owned()),
            "{}",
            definition.key
        );
        let variable = nothing().variable(&definition.variable(Names::default()), &text);
        assert_eq!(origin(variable), Origin::Environment, "{}", definition.key);
        let flag = nothing().flag(definition.key, &text);
        assert_eq!(origin(flag), Origin::Flag, "{}", definition.key);
    }
}
