//! Where the server is, and who may reach it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use url::Url;

use super::super::{BaseUrl, CookieName, Value};

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

#[cfg(test)]
mod tests {
    use super::*;

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
