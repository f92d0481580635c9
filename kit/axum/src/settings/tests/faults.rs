//! What stops a start, in the words that the operator reads.

use super::*;

#[test]
fn a_bad_value_is_named_as_its_source_spells_it_with_what_is_allowed() {
    let advice = r#""5 parsecs" is not allowed; give a duration from 1s to 1h, such as 5m"#;
    assert_eq!(
        nothing()
            .variable("MONBAN_ACCESS_TTL", "5 parsecs")
            .faults(),
        format!("MONBAN_ACCESS_TTL: {advice}")
    );
    assert_eq!(
        nothing().flag("access_ttl", "5 parsecs").faults(),
        format!("--access-ttl: {advice}")
    );
    assert_eq!(
        nothing().file("access_ttl = '5 parsecs'").faults(),
        format!("monban.toml: access_ttl: {advice}")
    );
}

#[test]
fn an_unknown_key_is_named_with_the_one_that_was_meant() {
    assert_eq!(
        nothing().file("acces_ttl = '5m'").faults(),
        r#"monban.toml: unknown key "acces_ttl"; did you mean "access_ttl"?"#
    );
    assert_eq!(
        nothing().file("access-ttl = '5m'").faults(),
        r#"monban.toml: unknown key "access-ttl"; did you mean "access_ttl"?"#
    );
}

#[test]
fn of_several_names_that_are_alike_the_nearest_is_offered() {
    for (name, meant) in [
        ("requst_timeout", "request_timeout"),
        ("headr_timeout", "header_timeout"),
    ] {
        assert_eq!(
            nothing().file(&format!("{name} = '5s'")).faults(),
            format!("monban.toml: unknown key {name:?}; did you mean {meant:?}?")
        );
    }
}

#[test]
fn an_unknown_variable_is_named_with_the_one_that_was_meant() {
    assert_eq!(
        nothing().variable("MONBAN_ACCES_TTL", "5m").faults(),
        r#"unknown variable "MONBAN_ACCES_TTL"; did you mean "MONBAN_ACCESS_TTL"?"#
    );
    assert_eq!(
        nothing().variable("MONBAN_access_ttl", "5m").faults(),
        r#"unknown variable "MONBAN_access_ttl"; did you mean "MONBAN_ACCESS_TTL"?"#
    );
}

#[test]
fn what_only_looks_like_a_kubernetes_service_is_still_an_unknown_variable() {
    for (name, value) in [
        ("MONBAN_PORT", "8080"),
        ("MONBAN_LISTEN_PORT", "8080"),
        ("MONBAN_PORT", ""),
        ("MONBAN_HOST", "10.96.0.11"),
        ("MONBAN_PORTS", "tcp://10.96.0.11:3000"),
        ("MONBAN_SERVICE", "10.96.0.11"),
        ("MONBAN_SERVICE_NAME", "monban"),
        ("MONBAN_SERVICE_PORT_", "3000"),
        ("MONBAN_PORT_HTTP_TCP", "tcp://10.96.0.11:3000"),
        ("MONBAN_PORT_3000_TLS", "tcp://10.96.0.11:3000"),
        ("MONBAN_PORT_3000_TCP_HOST", "10.96.0.11"),
        ("MONBAN_PORT_3000_TCP_ADDR_", "10.96.0.11"),
        ("MONBAN_PORT_70000_TCP", "tcp://10.96.0.11:70000"),
        ("MONBAN_DBSERVICE_HOST", "10.96.0.11"),
        ("MONBAN_service_host", "10.96.0.11"),
    ] {
        let faults = nothing().variable(name, value).faults();
        assert!(
            faults.starts_with(&format!("unknown variable {name:?}; ")),
            "{faults}"
        );
    }
}

#[test]
fn an_unknown_name_that_resembles_none_gets_the_list() {
    let faults = nothing().file("[server]\nport = 1").faults();
    assert!(
        faults.starts_with(
            r#"monban.toml: unknown key "server"; known names are listen, base_url, "#
        ),
        "{faults}"
    );
    let faults = nothing().variable("MONBAN_", "").faults();
    assert!(
        faults.starts_with(r#"unknown variable "MONBAN_"; known names are MONBAN_LISTEN, "#),
        "{faults}"
    );
}

#[test]
fn an_unknown_flag_stops_the_start_too() {
    assert_eq!(
        nothing().flag("acces-ttl", "5m").faults(),
        r#"unknown flag "acces-ttl"; did you mean "--access-ttl"?"#
    );
}

#[test]
fn all_faults_come_at_once() {
    let sources = nothing()
        .file("colour = 'red'\nlog_format = 'xml'")
        .variable("MONBAN_LISTEN", "3000")
        .flag("argon2_parallelism", "0")
        .flag("refresh_absolute_ttl", "1d");
    let error = sources.error();
    let lines: Vec<_> = error.faults.iter().map(ToString::to_string).collect();
    assert!(
        lines[0].starts_with(r#"monban.toml: unknown key "colour"; "#),
        "{}",
        lines[0]
    );
    assert_eq!(
        lines[1..],
        [
            r#"MONBAN_LISTEN: "3000" is not allowed; give an IP address and a port, such as 127.0.0.1:3000 or [::]:3000"#,
            r#"--argon2-parallelism: "0" is not allowed; give a whole number from 1 to 16, such as 1"#,
            r#"monban.toml: log_format: "xml" is not allowed; give text or json"#,
            "refresh_absolute_ttl must not be shorter than refresh_idle_ttl, but refresh_absolute_ttl is 1d (flag) and refresh_idle_ttl is 30d (default)",
        ]
    );
    assert_eq!(error.to_string(), lines.join("\n"));
}

#[test]
fn a_bad_value_is_a_fault_even_where_it_is_overridden() {
    assert_eq!(
        nothing()
            .file("log_format = 'xml'")
            .flag("log_format", "json")
            .faults(),
        r#"monban.toml: log_format: "xml" is not allowed; give text or json"#
    );
}

#[test]
fn a_value_of_the_wrong_kind_in_the_file_is_a_fault() {
    let advice = "is not allowed; give a duration from 1s to 1h, such as 5m";
    for (value, shown) in [
        ("true", "this boolean"),
        ("0.5", "this float"),
        ("['5m']", "this array"),
        ("{ minutes = 5 }", "this table"),
        ("07:32:00", "this datetime"),
        ("300", "\"300\""),
    ] {
        assert_eq!(
            nothing().file(&format!("access_ttl = {value}")).faults(),
            format!("monban.toml: access_ttl: {shown} {advice}")
        );
    }
}

#[test]
fn a_yes_or_no_in_the_file_is_a_boolean_and_nothing_that_is_only_like_one() {
    for (value, allowed) in [
        ("true", true),
        ("false", false),
        ("'true'", true),
        ("'false'", false),
    ] {
        let settings = nothing()
            .file(&format!("allow_plaintext = {value}"))
            .settings();
        assert_eq!(settings.database.allow_plaintext, allowed, "{value}");
    }
    let advice = "is not allowed; give `true` or `false`";
    for (value, shown) in [
        ("0", r#""0""#),
        ("1.0", "this float"),
        ("nan", "this float"),
        ("'no'", r#""no""#),
        ("[false]", "this array"),
        ("{ enabled = false }", "this table"),
        ("1979-05-27", "this datetime"),
    ] {
        assert_eq!(
            nothing()
                .file(&format!("allow_plaintext = {value}"))
                .faults(),
            format!("monban.toml: allow_plaintext: {shown} {advice}")
        );
    }
    let faults = nothing()
        .file("False = 1\nallow_plaintext = False")
        .faults();
    assert!(faults.starts_with("monban.toml, line 2: "), "{faults}");
}

#[test]
fn a_boolean_is_no_text() {
    for key in ["data_dir", "master_key_command", "log"] {
        let faults = nothing().file(&format!("{key} = true")).faults();
        assert!(
            faults.starts_with(&format!("monban.toml: {key}: this boolean is not allowed")),
            "{faults}"
        );
    }
}

#[test]
fn a_file_that_an_editor_marked_as_unicode_is_read() {
    let settings = nothing()
        .file("\u{feff}allow_plaintext = true\r\nlog = 'warn'\r\n")
        .settings();
    assert!(settings.database.allow_plaintext);
    assert_eq!(settings.log.log.as_str(), "warn");
}

#[test]
fn a_file_that_is_not_toml_is_a_fault_with_its_line_and_without_its_text() {
    let faults = nothing()
        .file("log = 'info'\n\ndatabase_url = 'sqlite:hunter2\n")
        .faults();
    assert!(faults.starts_with("monban.toml, line 3: "), "{faults}");
    assert!(!faults.contains("hunter2"), "{faults}");
    let faults = nothing().file("database_url = hunter2").faults();
    assert!(faults.starts_with("monban.toml, line 1: "), "{faults}");
    assert!(!faults.contains("hunter2"), "{faults}");
}

#[test]
fn a_key_that_is_given_twice_in_the_file_is_a_fault() {
    let faults = nothing().file("log = 'info'\nlog = 'warn'").faults();
    assert_eq!(faults, "monban.toml, line 2: duplicate key");
}

#[test]
fn a_secret_is_in_no_fault() {
    let secret = "mysql://monban:hunter2@db/monban";
    let error = nothing()
        .file(&format!("database_url = '{secret}'"))
        .variable("MONBAN_DATABASE_URL", secret)
        .flag("database_url", secret)
        .variable("MONBAN_DATABSE_URL", secret)
        .error();
    assert_eq!(error.faults.len(), 4);
    let advice = "the value is not allowed; give sqlite://data/monban.db, or postgres://user:password@host/database";
    let told = error.to_string();
    assert!(
        told.contains(&format!("MONBAN_DATABASE_URL: {advice}")),
        "{told}"
    );
    assert!(
        told.contains(&format!("--database-url: {advice}")),
        "{told}"
    );
    assert!(
        told.contains(&format!("monban.toml: database_url: {advice}")),
        "{told}"
    );
    assert!(!format!("{told} {error:?}").contains("hunter2"), "{told}");
}

#[test]
fn http_away_from_the_loopback_is_refused_with_the_reason() {
    let faults = nothing()
        .variable("MONBAN_BASE_URL", "http://example.com")
        .faults();
    assert!(
        faults
            .starts_with(r#"MONBAN_BASE_URL: "http://example.com" is not allowed; give https://"#),
        "{faults}"
    );
    assert!(
        faults.ends_with("browsers drop Secure cookies elsewhere"),
        "{faults}"
    );
}

#[test]
fn control_characters_in_a_value_do_not_reach_the_terminal() {
    let faults = nothing()
        .variable("MONBAN_LOG_FORMAT", "\u{1b}[2Jjson")
        .faults();
    assert!(
        faults.starts_with(r#"MONBAN_LOG_FORMAT: "\u{1b}[2Jjson" is"#),
        "{faults}"
    );
}

#[test]
fn an_empty_variable_is_a_value_like_any_other() {
    assert_eq!(
        nothing().variable("MONBAN_DATA_DIR", "").faults(),
        r#"MONBAN_DATA_DIR: "" is not allowed; give a path that is not empty"#
    );
}
