//! The document against the server: what it describes is there, and what is there it describes.

use std::collections::BTreeSet;

use axum::http::Method;
use monban_axum::rest::{self, Code};
use serde_json::{Value, json};

use super::{Api, assert_problem};
use crate::app::{EMAIL, PASSWORD, TestApp};

#[tokio::test]
async fn every_operation_is_documented_and_every_document_answers() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], app.origin());
    let operations: Vec<_> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(
        operations,
        [
            "GET /account",
            "PATCH /account",
            "POST /accounts",
            "GET /keys",
            "GET /session",
            "GET /sessions",
            "POST /sessions",
            "DELETE /sessions",
            "DELETE /sessions/current",
            "POST /sessions/refresh",
            "DELETE /sessions/{id}",
        ]
    );
    assert_eq!(document, serde_json::to_value(with_server(&app)).unwrap());
}

/// Each operation in each of these ways: what comes back is described, status, type and shape.
#[tokio::test]
async fn no_answer_is_undocumented() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let mut met = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let good = example(&document, schema);
        for (what, token, body, kind) in [
            ("as described", true, Some(good.clone()), "application/json"),
            (
                "without a token",
                false,
                Some(good.clone()),
                "application/json",
            ),
            (
                "unknown field",
                true,
                Some(json!({ "no": 1 })),
                "application/json",
            ),
            ("no object", true, Some(json!([])), "application/json"),
            ("another type", true, Some(good.clone()), "text/plain"),
            (
                "too large",
                true,
                Some(json!("x".repeat(70_000))),
                "application/json",
            ),
            ("nothing", true, None, "application/json"),
        ] {
            let mut api = Api::stranger(&app);
            let new = json!({ "email": EMAIL, "password": PASSWORD, "name": "Ann" });
            api.post("/accounts", &new).await;
            api.sign_in("Ann's phone").await;
            let path = path.replace("{id}", api.session_id());
            let path = if operation["parameters"][0]["name"] == "except" && what != "nothing" {
                format!("{path}?except=current")
            } else {
                path
            };
            let mut request = api.request(method.clone(), &path);
            if token {
                request = request.bearer_auth(api.access_token());
            }
            if let Some(body) = &body {
                let mut body = body.clone();
                if body.get("refresh_token").is_some() {
                    body["refresh_token"] = json!(api.refresh_token());
                }
                request = request.header("content-type", kind).body(body.to_string());
            }
            let answer = api.send(request).await;
            let what = format!("{method} {path} {what}: {answer:?}");
            assert!(![404, 405].contains(&answer.status), "{what}");
            let described = &operation["responses"][answer.status.to_string()];
            assert!(described.is_object(), "{what}");
            met.insert((method.to_string(), answer.status));
            if answer.status == 204 {
                assert!(
                    answer.body.is_empty() && described.get("content").is_none(),
                    "{what}"
                );
                continue;
            }
            let schema = &described["content"][answer.header("content-type")]["schema"];
            assert!(schema.is_object(), "{what}");
            assert_fits(&document, schema, &answer.json(), &what);
            if answer.status >= 400 {
                assert_problem(&answer);
                let code = answer.json()["code"].as_str().unwrap().to_owned();
                let meaning = described["description"].as_str().unwrap();
                assert!(
                    meaning.contains(&format!("`{code}`")),
                    "{what} in {meaning:?}"
                );
            }
        }
    }
    let statuses: BTreeSet<_> = met.iter().map(|(_, status)| *status).collect();
    assert_eq!(
        statuses,
        BTreeSet::from([200, 201, 204, 400, 401, 403, 413, 415])
    );
}

#[tokio::test]
async fn the_reference_is_a_page_without_script_that_names_every_operation_and_code() {
    let app = TestApp::start().await;
    let document = document(&app).await;
    let page = app.browser().navigate("/api/docs").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(!page.shows("<script") && !page.shows("style=") && !page.shows("`"));
    assert!(page.shows("<title>Monban API 0.1.0</title>"));
    for (method, path, operation) in operations(&document) {
        assert!(
            page.shows(&format!("{method} /api/v1{path}")),
            "{method} {path}"
        );
        assert!(page.shows(operation["summary"].as_str().unwrap()));
    }
    for code in Code::ALL {
        assert!(page.shows(&format!("id=\"{}\"", code.name())), "{code:?}");
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(page.shows(&format!("id=\"schema-{name}\"")), "{name}");
    }
}

async fn document(app: &TestApp) -> Value {
    let answer = app.browser().navigate("/api/openapi.json").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json")
    );
    answer.json()
}

/// The document as the router's own list makes it.
fn with_server(app: &TestApp) -> utoipa::openapi::OpenApi {
    let mut document = rest::openapi();
    document.servers = Some(vec![utoipa::openapi::Server::new(app.origin())]);
    document
}

/// Method, path below the root, and operation.
fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        for method in ["get", "post", "patch", "put", "delete"] {
            if let Some(operation) = item.get(method) {
                let method = method.to_uppercase().parse().unwrap();
                operations.push((method, path.to_owned(), operation.clone()));
            }
        }
    }
    operations
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => document.pointer(path.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// An object of each property's example.
fn example(document: &Value, schema: &Value) -> Value {
    let properties = resolve(document, schema)["properties"].as_object();
    let members = properties.into_iter().flatten();
    members
        .map(|(name, schema)| {
            let example = schema.get("example").cloned();
            (name.clone(), example.unwrap_or_else(|| json!("x")))
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// As much of JSON Schema as the document uses.
fn assert_fits(document: &Value, schema: &Value, value: &Value, what: &str) {
    let schema = resolve(document, schema);
    let kinds: Vec<_> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(kinds.contains(&kind), "{value} is not {kinds:?} in {what}");
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{value} in {what}");
    }
    for item in value.as_array().into_iter().flatten() {
        assert_fits(document, &schema["items"], item, what);
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(
            value.get(name.as_str().unwrap()).is_some(),
            "{name} in {what}"
        );
    }
    for (name, member) in value.as_object().into_iter().flatten() {
        let schema = schema["properties"].get(name);
        assert_fits(
            document,
            schema.unwrap_or_else(|| panic!("{name} in {what}")),
            member,
            what,
        );
    }
}
