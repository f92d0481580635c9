//! What every request must say before anybody looks at it.

use axum::{
    extract::Request,
    http::{Method, Version, header, uri::Authority},
};

use super::{errors::Refusal, request::text};

/// What forms are sent as, and with them every server function that changes something.
const FORM: &str = "application/x-www-form-urlencoded";

/// RFC 9112 §3.2: a request of HTTP/1.1 names its host, once, and in a way that can be read. And it
/// names a path: the pages' router takes that for granted.
pub fn check_host(request: &Request) -> Result<(), Refusal> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next();
    let is_name = |host: &[u8]| {
        host.is_empty() || Authority::try_from(host).is_ok_and(|name| !name.as_str().contains('@'))
    };
    let kept = match host {
        None => request.version() != Version::HTTP_11,
        Some(host) => hosts.next().is_none() && is_name(host.as_bytes()),
    };
    // Only CONNECT names no path (§3.2.3), and this is no proxy.
    if kept && request.uri().path_and_query().is_some() {
        Ok(())
    } else {
        Err(Refusal::Malformed)
    }
}

/// A server function is sent as a form. Another site's page can send `text/plain` without asking
/// (Fetch §2.2.2), and a body without a type is not read. `also` are the types that an app takes
/// besides.
pub fn check_content_type(request: &Request, also: &[String]) -> Result<(), Refusal> {
    if *request.method() != Method::POST {
        return Ok(());
    }
    let sent = text(request.headers(), header::CONTENT_TYPE);
    let sent = sent.and_then(|sent| sent.split(';').next()).map(str::trim);
    let mut taken = also.iter().map(String::as_str).chain([FORM]);
    if sent.is_some_and(|sent| taken.any(|taken| taken.eq_ignore_ascii_case(sent))) {
        Ok(())
    } else {
        Err(Refusal::UnsupportedMediaType)
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::HeaderValue};

    use super::*;

    #[test]
    fn a_form_is_taken_and_what_an_app_takes_besides() {
        let taken = |sent: Option<&str>, also: &[&str]| {
            let mut request = Request::post("/api/notes");
            if let Some(sent) = sent {
                request = request.header(header::CONTENT_TYPE, sent);
            }
            let also: Vec<_> = also.iter().map(|&also| also.to_owned()).collect();
            check_content_type(&request.body(Body::empty()).unwrap(), &also).is_ok()
        };
        assert!(taken(Some(FORM), &[]));
        assert!(taken(
            Some("Application/JSON; charset=utf-8"),
            &["application/json"]
        ));
        assert!(taken(Some(FORM), &["application/json"]));
        for sent in [None, Some("text/plain"), Some(""), Some("application/json")] {
            assert!(!taken(sent, &[]), "{sent:?}");
        }
        assert!(!taken(Some("text/plain"), &["application/json"]));
        assert!(!taken(None, &["application/json"]));
    }

    fn host(version: Version, hosts: &[&[u8]]) -> bool {
        let mut request = Request::new(Body::empty());
        *request.version_mut() = version;
        for host in hosts {
            let host = HeaderValue::from_bytes(host).unwrap();
            request.headers_mut().append(header::HOST, host);
        }
        check_host(&request).is_ok()
    }

    #[test]
    fn one_host_is_named_and_can_be_read() {
        for name in [
            "example.com",
            "localhost:3000",
            "[::1]:3000",
            "127.0.0.1",
            "",
        ] {
            assert!(host(Version::HTTP_11, &[name.as_bytes()]), "{name}");
        }
        assert!(host(Version::HTTP_10, &[]));
        assert!(!host(Version::HTTP_11, &[]));
        for version in [Version::HTTP_10, Version::HTTP_11] {
            assert!(!host(version, &[b"a.example", b"b.example"]));
            assert!(!host(version, &[b"a.example", b"a.example"]));
            for name in [
                &b"a b"[..],
                b"a.example/",
                b"user@a.example",
                b"a.example\xff",
                b"a,b c",
            ] {
                assert!(!host(version, &[name]), "{name:?}");
            }
        }
    }
}
