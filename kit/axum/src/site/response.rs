//! How a file is answered: whole, in part, or not at all to whoever has it already (RFC 9110 §13 and
//! §14).

use std::ops::Bound;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use headers::{AcceptRanges, ContentRange, ETag, HeaderMapExt, IfNoneMatch, IfRange, Range};

use super::File;

/// What is asked of a file, besides which.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) headers: &'a HeaderMap,
}

/// What stands on the response to whoever asks for that file, whatever they are given of it.
pub(super) struct About {
    pub(super) content_type: Option<HeaderValue>,
    pub(super) cache_control: HeaderValue,
    /// How its bytes are encoded.
    pub(super) encoding: Option<&'static str>,
}

/// The file, or what is asked for of it.
pub(super) fn respond(asked: Asked<'_>, about: About, file: File) -> Response<Body> {
    let File { content, etag } = file;
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    // On a 304, too, whose headers replace those that were kept with the file.
    if let Some(content_type) = about.content_type {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    headers.insert(header::CACHE_CONTROL, about.cache_control);
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    headers.typed_insert(etag.clone());
    let condition = asked.headers.typed_get::<IfNoneMatch>();
    if condition.is_some_and(|condition| !condition.precondition_passes(&etag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }

    if let Some(encoding) = about.encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    headers.typed_insert(AcceptRanges::bytes());
    let bytes = content.len() as u64;
    match part(asked, &etag, bytes) {
        Part::Whole => *response.body_mut() = content.into(),
        Part::Of(first, last) => {
            if let Ok(range) = ContentRange::bytes(first..=last, bytes) {
                headers.typed_insert(range);
            }
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            *response.body_mut() = slice(&content, first, last).into();
        }
        Part::Beyond => {
            headers.typed_insert(ContentRange::unsatisfied_bytes(bytes));
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
        }
    }
    response
}

/// How much of a file is asked for.
enum Part {
    Whole,
    /// From this byte to that one.
    Of(u64, u64),
    /// What stands behind its end.
    Beyond,
}

/// Several ranges at once are answered by the whole, as a range is that was asked for of another
/// version of the file.
fn part(asked: Asked<'_>, etag: &ETag, bytes: u64) -> Part {
    let condition = asked.headers.typed_try_get::<IfRange>();
    let is_of_this_version = match condition {
        Ok(condition) => condition.is_none_or(|condition| !condition.is_modified(Some(etag), None)),
        Err(_) => false,
    };
    let range = asked.headers.typed_get::<Range>();
    let (Some(range), true, &Method::GET) = (range, is_of_this_version, asked.method) else {
        return Part::Whole;
    };
    let mut ranges = range.satisfiable_ranges(bytes);
    let (Some((Bound::Included(first), last)), None) = (ranges.next(), ranges.next()) else {
        return Part::Whole;
    };
    let end = bytes.saturating_sub(1);
    match last {
        Bound::Included(last) if last < first => Part::Whole,
        _ if first >= bytes => Part::Beyond,
        Bound::Included(last) => Part::Of(first, last.min(end)),
        Bound::Excluded(_) | Bound::Unbounded => Part::Of(first, end),
    }
}

fn slice(content: &Bytes, first: u64, last: u64) -> Bytes {
    // Both lie within the content, whose length fits.
    let at = |byte: u64| usize::try_from(byte).unwrap_or(content.len());
    content.slice(at(first)..=at(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &str = "0123456789";

    fn answer(method: &Method, headers: &[(&'static str, &str)]) -> Response<Body> {
        let headers = headers.iter().map(|(name, value)| {
            let name = header::HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).unwrap())
        });
        let asked = Asked {
            method,
            headers: &headers.collect(),
        };
        let about = About {
            content_type: Some(HeaderValue::from_static("text/css")),
            cache_control: HeaderValue::from_static("no-cache"),
            encoding: Some("br"),
        };
        let file = File {
            content: CONTENT.into(),
            etag: "\"one\"".parse().unwrap(),
        };
        respond(asked, about, file)
    }

    async fn body(response: Response<Body>) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 100).await;
        String::from_utf8(bytes.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_file_comes_whole_and_says_which_version_it_is() {
        for method in [Method::GET, Method::HEAD] {
            let response = answer(&method, &[]);
            assert_eq!(response.status(), 200);
            assert_eq!(response.headers()["etag"], "\"one\"");
            assert_eq!(response.headers()["accept-ranges"], "bytes");
            assert_eq!(response.headers()["content-encoding"], "br");
            assert_eq!(body(response).await, CONTENT);
        }
    }

    #[tokio::test]
    async fn whoever_has_it_is_told_so_and_sent_nothing() {
        for has in ["\"one\"", "W/\"one\"", "\"none\", \"one\"", "*"] {
            let response = answer(&Method::GET, &[("if-none-match", has)]);
            assert_eq!(response.status(), 304, "{has}");
            let headers = response.headers();
            assert_eq!(headers["etag"], "\"one\"");
            assert_eq!(headers["cache-control"], "no-cache");
            assert_eq!(headers["vary"], "Accept-Encoding");
            assert_eq!(headers["content-type"], "text/css");
            assert!(!headers.contains_key("content-encoding"));
            assert_eq!(body(response).await, "");
        }
        for has in ["\"two\"", "one", ""] {
            let response = answer(&Method::GET, &[("if-none-match", has)]);
            assert_eq!(
                (response.status().as_u16(), body(response).await),
                (200, CONTENT.into())
            );
        }
    }

    #[tokio::test]
    async fn a_part_is_sent_if_it_is_one_and_there() {
        for (range, status, part, content_range) in [
            ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
            ("bytes=0-", 206, CONTENT, Some("bytes 0-9/10")),
            ("bytes=8-99", 206, "89", Some("bytes 8-9/10")),
            ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
            ("bytes=10-", 416, "", Some("bytes */10")),
            ("bytes=-0", 416, "", Some("bytes */10")),
            ("bytes=4-2", 200, CONTENT, None),
            ("bytes=-", 200, CONTENT, None),
            ("bytes=0-1,4-5", 200, CONTENT, None),
            ("lines=1-2", 200, CONTENT, None),
        ] {
            let response = answer(&Method::GET, &[("range", range)]);
            assert_eq!(response.status(), status, "{range}");
            let said = response.headers().get("content-range");
            let said = said.map(|said| str::from_utf8(said.as_bytes()).unwrap());
            assert_eq!(said, content_range, "{range}");
            assert_eq!(body(response).await, part, "{range}");
        }
        assert_eq!(
            answer(&Method::HEAD, &[("range", "bytes=2-4")]).status(),
            200
        );
    }

    #[test]
    fn a_part_of_another_version_is_not_mixed_with_this_one() {
        for (version, status) in [
            ("\"one\"", 206),
            ("W/\"one\"", 200),
            ("\"two\"", 200),
            ("Tue, 01 Dec 2026 00:00:00 GMT", 200),
            ("nonsense", 200),
        ] {
            let asked = [("range", "bytes=2-4"), ("if-range", version)];
            assert_eq!(answer(&Method::GET, &asked).status(), status, "{version}");
        }
    }
}
