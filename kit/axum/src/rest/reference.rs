//! The document as a page: no script, so it needs nothing that the policy forbids.

use leptos::prelude::*;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::code::Code;

/// The page. Made once, when the server starts.
pub fn page(document: &OpenApi, css: &str) -> String {
    let document = serde_json::to_value(document).unwrap_or_default();
    let info = &document["info"];
    let title = format!("{} API {}", text(&info["title"]), text(&info["version"]));
    let head = title.clone();
    let operations: Vec<_> = operations(&document).map(operation).collect();
    let schemas: Vec<_> = members(&document["components"]["schemas"])
        .map(|(name, schema)| schema_section(name, schema))
        .collect();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                // A title holds text only, and no markers of a renderer.
                <title inner_html=head></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css.to_owned()/>
                <link rel="stylesheet" href="/reference.css"/>
            </head>
            <body>
                <main class="page reference" id="main">
                    <h1>{title}</h1>
                    <p class="lead">{prose(&info["description"])}</p>
                    <p>"For machines: " <a href="/api/openapi.json">"/api/openapi.json"</a> " (OpenAPI 3.1)."</p>
                    <h2>"Operations"</h2>
                    {operations}
                    <h2>"Problems"</h2>
                    <p>"Every response with a status of 400 or above is a Problem. Its code is one of:"</p>
                    {Vec::from(Code::ALL.map(problem))}
                    <h2>"Schemas"</h2>
                    {schemas}
                </main>
            </body>
        </html>
    }
    .to_html()
}

/// Path, method and operation.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    members(&document["paths"]).flat_map(|(path, item)| {
        members(item).map(move |(method, operation)| (path, method, operation))
    })
}

fn operation((path, method, operation): (&str, &str, &Value)) -> AnyView {
    let id = text(&operation["operationId"]);
    let guarded = operation.get("security").is_some();
    let parameters: Vec<_> = list(&operation["parameters"])
        .map(|parameter| {
            let name = text(&parameter["name"]);
            let place = format!(" ({}) ", text(&parameter["in"]));
            let meaning = prose(&parameter["description"]);
            view! { <li><code>{name}</code>{place}{meaning}</li> }
        })
        .collect();
    let body = &operation["requestBody"]["content"];
    let body: Vec<_> = members(body)
        .map(|(kind, body)| content(kind, body))
        .collect();
    let responses: Vec<_> = members(&operation["responses"])
        .map(|(status, response)| {
            let meaning = prose(&response["description"]);
            let contents: Vec<_> = members(&response["content"])
                .map(|(kind, body)| content(kind, body))
                .collect();
            view! { <dt>{status.to_owned()}</dt><dd>{meaning} " " {contents}</dd> }
        })
        .collect();
    view! {
        <section id=id.clone() aria-labelledby=format!("{id}-title")>
            <h3 id=format!("{id}-title")><code>{format!("{} {path}", method.to_uppercase())}</code></h3>
            <p>{prose(&operation["summary"])}</p>
            {guarded.then(|| view! { <p>"Needs " <code>"Authorization: Bearer"</code> "."</p> })}
            {(!parameters.is_empty()).then(|| view! { <ul>{parameters}</ul> })}
            {(!body.is_empty()).then(|| view! { <p>"Body: " {body}</p> })}
            <dl class="facts">{responses}</dl>
        </section>
    }
    .into_any()
}

fn problem(code: Code) -> AnyView {
    view! {
        <section id=code.name()>
            <h3><code>{code.name()}</code></h3>
            <p>{format!("{} {}. ", code.status().as_u16(), code.title())} {prose(&code.detail().into())}</p>
        </section>
    }
    .into_any()
}

fn schema_section(name: &str, schema: &Value) -> AnyView {
    let fields: Vec<_> = members(&schema["properties"])
        .map(|(field, schema)| {
            view! { <dt><code>{field.to_owned()}</code></dt><dd>{kind(schema)} " " {prose(&schema["description"])}</dd> }
        })
        .collect();
    view! {
        <section id=format!("schema-{name}")>
            <h3>{name.to_owned()}</h3>
            <p>{prose(&schema["description"])}</p>
            {(!fields.is_empty()).then(|| view! { <dl class="facts">{fields}</dl> })}
        </section>
    }
    .into_any()
}

fn content(media_type: &str, body: &Value) -> AnyView {
    view! { <code>{media_type.to_owned()}</code> " " {kind(&body["schema"])} " " }.into_any()
}

/// The type of a schema, in words, with a link where it has a name.
fn kind(schema: &Value) -> AnyView {
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        view! { <a href=format!("#schema-{name}")>{name.to_owned()}</a> }.into_any()
    } else if schema["type"] == "array" {
        view! { "list of " {kind(&schema["items"])} }.into_any()
    } else {
        let names: Vec<_> = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        names.join(" or ").into_any()
    }
}

/// A text whose code stands in backticks.
fn prose(value: &Value) -> Vec<AnyView> {
    let text = text(value);
    let parts = text.split('`').map(str::to_owned).enumerate();
    parts
        .map(|(index, part)| match index % 2 {
            0 => part.into_any(),
            _ => view! { <code>{part}</code> }.into_any(),
        })
        .collect()
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
