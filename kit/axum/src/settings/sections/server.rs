//! Where the server is, and who may reach it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use url::Url;

use super::super::{BaseUrl, CookieName, Settings, Value};

crate::settings_section! {
    /// The server itself: its addresses, its data, its end.
    pub struct ServerSettings in "Server" {
        /// Address and port the server listens on.
        listen: SocketAddr = "127.0.0.1:3000";

        /// Origin at which browsers reach Monban (RFC 6454); used in links, as the tokens' issuer
        /// and for the same-origin check.
        base_url: BaseUrl = "http://localhost:3000";

        /// Directory of the database and the keys, relative to the working directory.
        data_dir: PathBuf = "data";

        /// What the names of all cookies begin with, after any `__Host-`; instances on different
        /// ports of one host need different ones, because browsers keep one set of cookies for all
        /// ports.
        cookie_name: CookieName = "monban";

        /// Where to report a vulnerability (`/.well-known/security.txt`, RFC 9116); without it
        /// there is no such file.
        security_contact: Vec<Contact> = "";

        /// How long the server keeps serving after it was told to stop, while `/readyz` says that
        /// it is stopping, so that a load balancer sees it and sends requests elsewhere.
        shutdown_delay: Duration = "0s" in "0s"..="5m";

        /// How long open requests may take to finish after that; `0s` cuts them off.
        shutdown_timeout: Duration = "10s" in "0s"..="5m";
    }
}

/// An address that takes reports of vulnerabilities (RFC 9116 §2.5.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact(String);

impl Contact {
    /// The address, a URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for Vec<Contact> {
    const NOUN: &'static str = "addresses separated by commas, each beginning with `mailto:`, \
        `https://` or `tel:`";
    const LIST: bool = true;

    fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(Self::new());
        }
        text.split(',')
            .map(|part| {
                let part = part.trim();
                let named = ["mailto:", "https://", "tel:"]
                    .iter()
                    .any(|scheme| part.len() > scheme.len() && part.starts_with(scheme));
                let url =
                    part.bytes().all(|byte| byte.is_ascii_graphic()) && Url::parse(part).is_ok();
                (named && url).then(|| Contact(part.to_owned()))
            })
            .collect()
    }

    fn show(&self) -> String {
        let contacts: Vec<_> = self.iter().map(Contact::as_str).collect();
        contacts.join(",")
    }
}

/// Why browsers may not reach the server by its base URL, which names another port of this machine than
/// the one that it listens on: `None` if it does not, or if a proxy is named that may stand between.
/// Whoever goes to the port itself can read the pages, and each form is refused as one of another site.
pub fn other_port(settings: &Settings, listening: SocketAddr) -> Option<String> {
    let base_url = &settings.server.base_url;
    let direct = base_url.is_loopback()
        && listening.ip().is_loopback()
        && settings.proxies.trusted_proxies.networks().is_empty();
    let port = listening.port();
    (direct && base_url.port() != Some(port)).then(|| {
        format!(
            "base_url is {}, and the server listens on port {port}: forms are refused from any other \
             address than base_url. Unless something passes that port on to this one, set base_url to \
             the address in the browser",
            base_url.origin()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::{
        super::super::{Sources, load},
        *,
    };

    #[test]
    fn a_base_url_on_another_port_of_this_machine_is_noticed() {
        let noticed = |base_url: &str, listening: &str, proxies: &str| {
            let sources = Sources::default()
                .variable("MONBAN_BASE_URL", base_url)
                .variable("MONBAN_TRUSTED_PROXIES", proxies);
            let settings = load(&sources).unwrap().settings;
            other_port(&settings, listening.parse().unwrap()).is_some()
        };
        assert!(noticed("http://localhost:3000", "127.0.0.1:3001", ""));
        assert!(noticed("http://localhost", "[::1]:3000", "none"));
        assert!(noticed("https://localhost:8443", "127.0.0.1:3000", "none"));
        for (base_url, listening, proxies) in [
            ("http://localhost:3000", "127.0.0.1:3000", ""),
            ("http://localhost", "127.0.0.1:80", ""),
            // In a container, whose port has another number outside.
            ("http://localhost:8080", "0.0.0.0:3000", ""),
            ("http://localhost:8080", "127.0.0.1:3000", "127.0.0.1"),
            ("https://app.example", "127.0.0.1:3000", "127.0.0.1"),
        ] {
            assert!(
                !noticed(base_url, listening, proxies),
                "{base_url} {listening}"
            );
        }
    }

    #[test]
    fn a_contact_is_an_address_that_one_can_use() {
        let read = |text| Vec::<Contact>::read(text).map(|contacts| contacts.show());
        assert_eq!(
            read("mailto:security@example.com, https://example.com/report").as_deref(),
            Some("mailto:security@example.com,https://example.com/report")
        );
        assert_eq!(read("").as_deref(), Some(""));
        for text in [
            "security@example.com",
            "mailto:",
            "http://example.com",
            "mailto:a@b\nX: y",
            "https://",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
