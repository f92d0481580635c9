//! What stops a start, and a start and stop as an operator sees them.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};
use tokio::time::Instant;

use crate::{
    app::{EMAIL, NAME, PASSWORD},
    browser::Browser,
    pace::PATIENCE,
    process::{self, Process},
};

#[test]
fn a_setting_that_is_no_setting_stops_the_start_with_its_name() {
    for (name, value, said) in [
        ("MONBAN_ACCESS_TTL", "soon", "MONBAN_ACCESS_TTL"),
        ("MONBAN_BASE_URL", "http://example.com", "MONBAN_BASE_URL"),
        ("MONBAN_LISTEN", "everywhere", "MONBAN_LISTEN"),
        ("MONBAN_ACESS_TTL", "5m", "MONBAN_ACCESS_TTL"),
        ("MONBAN_REFRESH_IDLE_TTL", "2s", "refresh_idle_ttl"),
    ] {
        let output = process::run(&["serve"], &[(name, value)]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{name}");
        assert!(error.contains(said), "{name}: {error}");
        assert!(output.stdout.is_empty(), "{name}");
    }
}

#[test]
fn a_proxy_that_nobody_has_named_stops_the_start_and_the_message_says_what_to_set() {
    let started = |proxies: &str| {
        // So that one that would start stops at the next thing.
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap().to_string();
        let output = process::run(
            &["serve"],
            &[
                ("MONBAN_BASE_URL", "https://app.example"),
                ("MONBAN_LISTEN", &address),
                ("MONBAN_TRUSTED_PROXIES", proxies),
                ("MONBAN_LOG", "error"),
            ],
        );
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        if error.contains(&address) {
            return true;
        }
        for said in ["trusted_proxies", "10.0.0.0/8", "`none`"] {
            assert!(error.contains(said), "{error}");
        }
        false
    };
    assert!(!started(""));
    assert!(started("none"));
    assert!(started("10.0.0.0/8"));
}

#[test]
fn an_address_that_is_taken_stops_the_start_with_the_address() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = process::run(
        &["serve"],
        &[("MONBAN_LISTEN", &address), ("MONBAN_LOG", "error")],
    );
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(error.contains(&address), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_makes_what_is_needed_and_sigterm_ends_it_cleanly() {
    use std::os::unix::fs::PermissionsExt;
    let mut process = Process::start(&[]);
    member(&process).await;
    let key = std::fs::File::open(process.data().join("data/master.key")).unwrap();
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let directory = std::fs::metadata(process.data().join("data")).unwrap();
    assert_eq!(directory.permissions().mode() & 0o777, 0o700);
    assert!(process.data().join("data/monban.db").exists());

    assert!(process.terminate().success());
    assert!(process.log().contains("stopped"), "{}", process.log());
}

#[test]
fn told_to_stop_while_a_secret_manager_hangs_it_ends() {
    for signal in ["TERM", "INT", "HUP"] {
        let mut process =
            Process::begin(&[("MONBAN_MASTER_KEY_COMMAND", "touch asked; exec sleep 60")]);
        while !process.data().join("asked").exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
        process.signal(signal);
        let told = Instant::now();
        assert!(process.wait().success(), "{}", process.log());
        assert!(told.elapsed() < Duration::from_secs(30));
        assert!(!process.log().contains("serving"), "{}", process.log());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_is_written_before_the_end() {
    let mut process = Process::start(&[]);
    let mut browser = member(&process).await;
    assert_eq!(browser.ask("who_am_i").await.status, 200);
    assert!(process.terminate().success());

    assert_eq!(seen(&process).await, [(true,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_says_so_and_serves_until_balancers_know() {
    let process = Process::start(&[("MONBAN_SHUTDOWN_DELAY", "5m")]);
    let mut browser = member(&process).await;
    assert_eq!(browser.navigate("/readyz").await.status, 200);

    process.tell_to_stop();
    let told = Instant::now();
    while browser.navigate("/readyz").await.status == 200 {
        assert!(told.elapsed() < PATIENCE);
    }
    let answer = browser.navigate("/readyz").await;
    assert_eq!((answer.status, answer.body.as_str()), (503, "stopping\n"));
    assert_eq!(browser.ask("who_am_i").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn told_to_stop_it_ends_after_its_delay_and_no_earlier() {
    let mut process = Process::start(&[("MONBAN_SHUTDOWN_DELAY", "1s")]);
    let told = Instant::now();
    assert!(process.terminate().success());
    assert!(told.elapsed() >= Duration::from_secs(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn told_twice_to_stop_it_waits_for_nothing_and_still_writes_what_it_knows() {
    let mut process = Process::start(&[("MONBAN_SHUTDOWN_DELAY", "5m")]);
    let mut browser = member(&process).await;
    assert_eq!(browser.ask("who_am_i").await.status, 200);
    process.tell_to_stop();
    // A signal that comes before the one before was heard is one with it.
    while !process.log().contains("stopping") {
        tokio::task::yield_now().await;
    }
    let told = Instant::now();
    assert!(process.terminate().success(), "{}", process.log());
    assert!(told.elapsed() < Duration::from_mins(2));
    assert!(process.log().contains("stopped"), "{}", process.log());
    assert_eq!(seen(&process).await, [(true,)]);
}

/// SQLite's log stays beside the database file as long as somebody has it open.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_at_the_end_keeps_no_database_open() {
    let mut process = Process::start(&[]);
    let mut browser = member(&process).await;
    let mut database = database(&process).await;
    sqlx::query("ALTER TABLE sessions RENAME TO hidden")
        .execute(&mut database)
        .await
        .unwrap();
    database.close().await.unwrap();
    // Needs no row, and is evidence that waits to be written.
    assert_eq!(browser.ask("who_am_i").await.status, 200);

    assert!(!process.terminate().success());
    assert!(process.log().contains("is lost"), "{}", process.log());
    assert!(!process.data().join("data/monban.db-wal").exists());
}

async fn database(process: &Process) -> SqliteConnection {
    let path = process.data().join("data/monban.db");
    SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap()
}

/// Of each session, whether its generation was seen in use.
async fn seen(process: &Process) -> Vec<(bool,)> {
    sqlx::query_as("SELECT generation_seen_at IS NOT NULL FROM sessions")
        .fetch_all(&mut database(process).await)
        .await
        .unwrap()
}

/// A browser in which somebody new is signed in.
async fn member(process: &Process) -> Browser {
    let mut browser = process.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    assert_eq!(browser.call("sign_up", &form).await.status, 200);
    browser
}
