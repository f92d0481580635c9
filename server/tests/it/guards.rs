//! Every page, server function and REST operation with its guard, in one snapshot: `docs/routes.md`.
//!
//! The guard is what the server does, not what the source says: a stranger and a member without roles
//! ask for each. `MONBAN_WRITE_ROUTES=1` writes the page anew.

use std::{env, fs, path::Path};

use axum::http::Method;
use monban::pages;
use serde_json::Value;
use server_fn::axum::server_fn_paths;

use crate::{
    app::TestApp,
    browser::{Answer, Browser, as_call},
    own_app,
    rest::{Api, with_json},
};

/// Arguments that every server function finds its own among. What runs for long is asked for by a name
/// that is none: it is for everybody, and says 400.
const ARGUMENTS: [(&str, &str); 16] = [
    ("name", "Ann"),
    ("email", "nobody@example.com"),
    ("password", "not the one, sorry"),
    ("id", "0198a6b2-0000-7000-8000-000000000000"),
    ("language", "en"),
    ("theme", "dark"),
    ("token", "a.b.c"),
    ("alg", "EdDSA"),
    ("private", "{}"),
    ("signed", "a.b"),
    ("after", "0"),
    ("attack", "none"),
    ("flow", "none"),
    ("kid", "none"),
    ("next", "/"),
    ("keep", "true"),
];
/// Those whose arguments no table can hold.
const UNREADABLE: [&str; 4] = [
    "/api/learn/run_attack",
    "/api/learn/run_flow",
    "/api/learn/sign_text",
    "/api/learn/verify_text",
];

#[tokio::test]
async fn the_page_of_routes_says_of_each_for_whom_it_is() {
    let app = TestApp::start().await;
    let member = app.member().await;
    let mut rows = Vec::new();
    let mut listed: Vec<_> = pages().iter().map(|page| page.path().to_owned()).collect();
    listed.sort();
    for path in listed {
        let here = path.replace("{page}", "flows").replace("{item}", "theft");
        let stranger = app.browser().navigate(&here).await;
        let theirs = member.clone().navigate(&here).await;
        let signed_in = is_sent_to_sign_in(&stranger);
        let guard = guard(signed_in, theirs.status == 403);
        rows.push(format!("| page | `GET {path}` | {guard} |"));
    }
    let functions = server_fn_paths().filter(|(path, _)| !path.starts_with(own_app::API));
    let mut functions: Vec<_> = functions.collect();
    functions.sort_by_key(|(path, _)| *path);
    for (path, method) in functions {
        // Each by a session of its own: some of them end it.
        let (mut stranger, mut member) = (app.browser(), app.admit().await);
        let asked = ask(&mut stranger, &method, path).await;
        let unreadable = asked.status == 400 && asked.code() != "invalid";
        let known = UNREADABLE.contains(&path);
        assert_eq!(unreadable, known, "{path}: {}", asked.body);
        let theirs = ask(&mut member, &method, path).await;
        let guard = guard(
            asked.status == 401 && is_guard(&asked),
            theirs.status == 403,
        );
        rows.push(format!("| server function | `{method} {path}` | {guard} |"));
    }
    let document = app.browser().navigate("/api/openapi.json").await.json();
    let api = Api::signed_in(&app).await;
    for (path, method) in operations(&document) {
        let short = path.strip_prefix("/api/v1").unwrap();
        let short = short
            .replace("{id}", ARGUMENTS[3].1)
            .replace("{kid}", "none");
        let asked = |bearer: bool| {
            let request = with_json(api.request(method.clone(), &short), &serde_json::json!({}));
            if bearer {
                request.bearer_auth(api.access_token())
            } else {
                request
            }
        };
        let stranger = api.send(asked(false)).await;
        let theirs = api.send(asked(true)).await;
        let guard = guard(stranger.status == 401, theirs.status == 403);
        rows.push(format!("| REST | `{method} {path}` | {guard} |"));
    }
    compare(&rows.join("\n"));
}

fn is_sent_to_sign_in(answer: &Answer) -> bool {
    let location = answer.headers.get("location");
    location.is_some_and(|location| location.as_bytes().starts_with(b"/sign-in?"))
}

/// Whether it is the guard who says no: not a password that does not match.
fn is_guard(answer: &Answer) -> bool {
    answer.code() == "session_required"
}

fn guard(signed_in: bool, role: bool) -> &'static str {
    match (signed_in, role) {
        (true, true) => "role `admin`",
        (true, false) => "signed in",
        (false, false) => "everybody",
        (false, true) => panic!("a member may not what a stranger may"),
    }
}

async fn ask(browser: &mut Browser, method: &Method, path: &str) -> Answer {
    let name = path.strip_prefix("/api/").unwrap();
    if method == Method::GET {
        let question = browser.question(&format!("{name}?after=0"));
        return browser.send(question).await;
    }
    let order = as_call(browser.order(name, &ARGUMENTS));
    browser.send(order).await
}

/// Each path and method of the API's own document.
fn operations(document: &Value) -> Vec<(String, Method)> {
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys();
        methods.filter_map(move |method| {
            let method = method.to_uppercase().parse::<Method>().ok()?;
            (method != Method::from_bytes(b"PARAMETERS").ok()?).then(|| (path.clone(), method))
        })
    });
    operations.collect()
}

fn compare(rows: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/routes.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- routes -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /routes -->").unwrap();
    let table = format!("| what | route | for |\n|---|---|---|\n{rows}\n");
    let wanted = format!("{before}<!-- routes -->\n{table}<!-- /routes -->{after}");
    if env::var_os("MONBAN_WRITE_ROUTES").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    assert_eq!(
        page, wanted,
        "MONBAN_WRITE_ROUTES=1 writes docs/routes.md anew"
    );
}
