//! What an operator does from the command line while the server runs: it follows by itself.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use sqlx::{Connection, SqliteConnection};
use tokio::time::{Instant, sleep};

use crate::{
    app::{EMAIL, NAME, PASSWORD},
    pace::within,
    process::Process,
};

/// A change is promised to reach the running server in this time.
const SOON: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_is_out_within_a_second() {
    let process = Process::start(&[]);
    let mut browser = process.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    assert_eq!(browser.call("sign_up", &form).await.status, 200);
    assert_eq!(browser.ask("who_am_i").await.status, 200);

    let answer = told(&process, &["users", "disable", EMAIL]);
    assert_eq!(answer, "done\n");
    let start = Instant::now();
    while browser.ask("who_am_i").await.status == 200 {
        assert!(start.elapsed() < within(SOON));
        sleep(Duration::from_millis(20)).await;
    }
    let refused = process.browser().sign_in(EMAIL, PASSWORD).await;
    assert_eq!(refused.status, 401);
    assert_eq!(told(&process, &["users", "enable", EMAIL]), "done\n");
    assert_eq!(
        told(&process, &["users", "enable", EMAIL]),
        "nothing to change\n"
    );
    assert_eq!(process.browser().sign_in(EMAIL, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_in_the_next_token_and_nobody_notices() {
    let process = Process::start(&[]);
    let mut browser = process.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    browser.call("sign_up", &form).await;
    assert_eq!(
        told(&process, &["users", "grant", EMAIL, "admin"]),
        "done\n"
    );
    let start = Instant::now();
    while browser.ask("who_am_i").await.status == 200 {
        assert!(start.elapsed() < within(SOON));
        sleep(Duration::from_millis(20)).await;
    }
    assert!(browser.navigate("/account").await.shows(NAME));
    assert_eq!(browser.access()["roles"], serde_json::json!(["admin"]));
    assert!(told(&process, &["users", "show", EMAIL]).contains("roles    admin"));
    assert_eq!(
        told(&process, &["users", "revoke", EMAIL, "admin"]),
        "done\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_rotate_and_retire_while_it_runs() {
    let process = Process::start(&[("MONBAN_JWKS_MAX_AGE", "1s")]);
    let mut browser = process.browser();
    let form = [("name", NAME), ("email", EMAIL), ("password", PASSWORD)];
    browser.call("sign_up", &form).await;
    let first = kids(&process).await;
    assert_eq!(first.len(), 1);

    let second = told(&process, &["keys", "rotate", "--now"]);
    let start = Instant::now();
    while kids(&process).await.len() < 2 {
        assert!(start.elapsed() < within(SOON));
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(browser.ask("who_am_i").await.status, 200);
    assert_eq!(told(&process, &["keys", "retire", &first[0]]), "retired\n");
    let start = Instant::now();
    while kids(&process).await.len() > 1 {
        assert!(start.elapsed() < within(SOON));
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(kids(&process).await, [second.trim()]);
    // What the retired key signed is stale, and renews.
    assert_eq!(browser.ask("who_am_i").await.status, 401);
    assert!(browser.navigate("/account").await.shows(NAME));
    assert_eq!(browser.ask("who_am_i").await.status, 200);
    let listed = told(&process, &["keys", "list"]);
    assert!(
        listed.contains("retired") && listed.contains("signing"),
        "{listed}"
    );

    let refused = command(&process, &["keys", "retire", second.trim()], "");
    assert!(!refused.status.success());
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("rotate first")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_from_the_command_line_and_can_sign_in() {
    let process = Process::start(&[]);
    let made = command(
        &process,
        &["users", "create", EMAIL, NAME],
        &format!("{PASSWORD}\n"),
    );
    assert!(made.status.success(), "{made:?}");
    assert!(told(&process, &["users", "list"]).contains(EMAIL));
    assert_eq!(process.browser().sign_in(EMAIL, PASSWORD).await.status, 200);

    let weak = command(
        &process,
        &["users", "create", "b@example.com", NAME],
        "short\n",
    );
    assert!(!weak.status.success());
    assert!(!told(&process, &["users", "list"]).contains("b@example.com"));
    let nobody = command(&process, &["users", "show", "nobody@example.com"], "");
    assert!(
        String::from_utf8(nobody.stderr)
            .unwrap()
            .contains("there is no account")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_of_before_that_share_a_mailbox_are_listed_and_one_gets_another_address() {
    let process = Process::start(&[]);
    assert_eq!(
        told(&process, &["users", "collisions"]),
        "no accounts share a mailbox\n"
    );
    let create = |email| {
        let made = command(
            &process,
            &["users", "create", email, NAME],
            &format!("{PASSWORD}\n"),
        );
        assert!(made.status.success(), "{made:?}");
    };
    create("one@example.com");
    create("two@example.com");
    // As a version left them that knew no folded addresses.
    let path = process.data().join("data/monban.db");
    let mut database = SqliteConnection::connect(path.to_str().unwrap())
        .await
        .unwrap();
    sqlx::raw_sql(
        "UPDATE accounts SET email = 'Ann@example.com', email_folded = NULL WHERE email = 'one@example.com';
         UPDATE accounts SET email = 'ann@example.com', email_folded = NULL WHERE email = 'two@example.com';",
    )
    .execute(&mut database)
    .await
    .unwrap();

    let listed = told(&process, &["users", "collisions"]);
    let lines: Vec<_> = listed.lines().skip(1).collect();
    assert!(lines[0].starts_with("Ann@example.com "), "{listed}");
    assert!(lines[1].starts_with("ann@example.com "), "{listed}");
    assert!(
        lines.iter().all(|line| line.contains("this spelling")),
        "{listed}"
    );

    let set = |from, to| command(&process, &["users", "set-email", from, to], "");
    let refused = set("Ann@example.com", "ANN@example.com");
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("another account has"), "{said}");
    assert!(
        set("Ann@example.com", "ann.old@example.com")
            .status
            .success()
    );
    assert_eq!(
        told(&process, &["users", "collisions"]),
        "no accounts share a mailbox\n"
    );
    for email in ["ANN@example.com", "Ann.Old@example.com"] {
        assert_eq!(process.browser().sign_in(email, PASSWORD).await.status, 200);
    }
    let audit: Vec<(String, String)> =
        sqlx::query_as("SELECT event, actor FROM audit WHERE actor IS NOT NULL ORDER BY at, event")
            .fetch_all(&mut database)
            .await
            .unwrap();
    let by_cli = ["account_created", "account_created", "email_changed"];
    assert_eq!(
        audit,
        by_cli.map(|event| (event.to_owned(), "cli".to_owned()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_master_key_it_does_not_start_and_makes_no_other() {
    let mut process = Process::start(&[]);
    assert!(process.terminate().success());
    let master = process.data().join("data/master.key");
    let kept = std::fs::read(&master).unwrap();
    std::fs::remove_file(&master).unwrap();
    let refused = command(&process, &["keys", "list"], "");
    assert!(!refused.status.success());
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("master.key is missing")
    );
    assert!(!master.exists());

    let given = String::from_utf8(kept).unwrap();
    let mut list = at(&process, &["keys", "list"]);
    list.env(
        "MONBAN_MASTER_KEY_COMMAND",
        format!("echo {}", given.trim()),
    );
    assert!(list.output().unwrap().status.success());
    let mut wrong = at(&process, &["keys", "list"]);
    wrong.env(
        "MONBAN_MASTER_KEY",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    );
    assert!(!wrong.output().unwrap().status.success());
}

#[test]
fn where_there_is_no_database_a_command_says_so_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().canonicalize().unwrap();
    let place = format!("no database at {}", here.join("data/monban.db").display());
    for arguments in [["keys", "list"], ["users", "list"], ["keys", "rotate"]] {
        let refused = in_folder(&here, &arguments).output().unwrap();
        assert!(!refused.status.success());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains(&place) && said.contains("data_dir"), "{said}");
        assert_eq!(std::fs::read_dir(&here).unwrap().count(), 0);
    }
    // Whoever is asked to make one makes it.
    assert!(in_folder(&here, &["migrate"]).status().unwrap().success());
    assert!(here.join("data/monban.db").exists());
    let listed = in_folder(&here, &["users", "list"]).output().unwrap();
    assert!(listed.status.success(), "{listed:?}");
}

/// The names of the keys in the JWKS.
async fn kids(process: &Process) -> Vec<String> {
    let url = format!("http://{}/.well-known/jwks.json", process.address);
    let answer = reqwest::get(url).await.unwrap();
    let type_ = answer.headers()["content-type"].clone();
    assert_eq!(type_, "application/jwk-set+json");
    let set: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let keys = set["keys"].as_array().unwrap().iter();
    keys.map(|key| {
        assert!(key.get("d").is_none());
        key["kid"].as_str().unwrap().to_owned()
    })
    .collect()
}

/// What the command says.
fn told(process: &Process, arguments: &[&str]) -> String {
    let output = command(process, arguments, "");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn command(process: &Process, arguments: &[&str], input: &str) -> Output {
    let mut child = at(process, arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// The binary, where the running one has its data.
fn at(process: &Process, arguments: &[&str]) -> Command {
    in_folder(process.data(), arguments)
}

fn in_folder(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_monban"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MONBAN_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .env("MONBAN_ARGON2_MEMORY", "64")
        .args(arguments);
    command
}
