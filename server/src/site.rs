//! The site's files: script, WASM, style. Inside the binary in a release build, read from disk in a
//! debug build.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use monban_leptos::server::Assets;
use rust_embed::{EmbeddedFile, RustEmbed};

use monban_axum::http::request::text;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
#[exclude = "*.d.ts"]
struct Site;

/// A hashed name never stands for other content (RFC 8246).
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A plain name stands for whatever was built last.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Encodings that files come in already, the best first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Where the script, the WASM and the style of this build are.
pub fn assets() -> Assets {
    Assets {
        css: find("css"),
        js: find("js"),
        wasm: find("wasm"),
        split: Site::iter()
            .find(|path| path.starts_with("pkg/__wasm_split.") && path.ends_with(".js"))
            .map(|path| format!("/{path}")),
    }
}

/// Whether the site is inside. A binary that was built before the site was has none.
pub fn is_built() -> bool {
    Site::iter().any(|path| path.ends_with(".wasm"))
}

/// The file that is asked for, encoded as the client likes it best; `None` if there is none.
pub fn answer(request: &Request) -> Option<Response<Body>> {
    request
        .method()
        .is_safe()
        .then(|| find_file(request.uri().path(), request.headers()))
        .flatten()
}

/// The file at this path.
pub fn find_file(path: &str, request: &HeaderMap) -> Option<Response<Body>> {
    let path = path.strip_prefix('/')?;
    if path.is_empty() || is_encoded(path) {
        return None;
    }
    let plain = Site::get(path)?;
    let encoded = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(request, encoding))
        .find_map(|(encoding, suffix)| Some((*encoding, Site::get(&format!("{path}.{suffix}"))?)));
    Some(match encoded {
        Some((encoding, file)) => respond(path, file, Some(encoding)),
        None => respond(path, plain, None),
    })
}

fn respond(path: &str, file: EmbeddedFile, encoding: Option<&'static str>) -> Response<Body> {
    let mut response = Response::new(Body::from(file.data));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    let mime = mime_guess::from_path(path).first_or_octet_stream();
    if let Ok(mime) = HeaderValue::from_str(mime.essence_str()) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    headers.insert(
        header::CACHE_CONTROL,
        if is_hashed(path) {
            IMMUTABLE
        } else {
            REVALIDATE
        },
    );
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The newest file `pkg/monban[.<hash>].<extension>`.
fn find(extension: &str) -> String {
    let suffix = format!(".{extension}");
    Site::iter()
        .filter(|path| path.starts_with("pkg/monban") && path.ends_with(&suffix))
        .max_by_key(|path| Site::get(path).and_then(|file| file.metadata.last_modified()))
        .map_or_else(
            || format!("/pkg/monban.{extension}"),
            |path| format!("/{path}"),
        )
}

/// Whether the name carries a hash of the content: `monban.<hash>.js`.
fn is_hashed(path: &str) -> bool {
    path.starts_with("pkg/")
        && path
            .rsplit('/')
            .next()
            .is_some_and(|name| name.split('.').count() > 2)
}

fn is_encoded(path: &str) -> bool {
    ENCODINGS
        .iter()
        .any(|(_, suffix)| path.rsplit('.').next() == Some(suffix))
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let accepted = text(request, header::ACCEPT_ENCODING);
    accepted.is_some_and(|accepted| {
        accepted.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next() == Some(encoding) && !parts.any(|part| part == "q=0")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_used_only_if_it_is_accepted() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        assert!(accepts(&headers("gzip, deflate, br;q=0.9"), "br"));
        assert!(!accepts(&headers("gzip, br;q=0"), "br"));
        assert!(!accepts(&headers("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn only_a_hashed_name_is_immutable() {
        assert!(is_hashed("pkg/monban.Abc123.wasm"));
        assert!(!is_hashed("pkg/monban.wasm"));
        assert!(!is_hashed("favicon.svg"));
    }
}
