//! TLS of the server's own, and what browsers are told of it.

use std::time::Duration;

use super::super::{OptionalPath, Settings, Together};

crate::settings_section! {
    /// The certificate, and how long browsers insist on one.
    pub struct TlsSettings in "TLS" {
        /// Certificate for Monban to serve TLS itself, in PEM, followed by any intermediate ones;
        /// read again when it changes and at SIGHUP.
        tls_cert: OptionalPath = "";

        /// Private key of that certificate, in PEM and unencrypted.
        tls_key: OptionalPath = "";

        /// Whether Monban serves TLS with a self-signed certificate, which it makes in the data
        /// directory; meant for `https://localhost`, because browsers warn of it.
        tls_self_signed: bool = "false";

        /// How long browsers are told to use TLS only (HSTS, RFC 6797), where the base URL is
        /// `https` and not on the loopback; `0s` makes them forget it.
        hsts_max_age: Duration = "730d" in "0s"..="3650d";

        /// Whether that covers all subdomains, too, none of which can then be reached without TLS.
        hsts_include_subdomains: bool = "false";
    }
    together: together;
}

impl TlsSettings {
    /// Whether the server speaks TLS by itself.
    pub fn is_spoken(&self) -> bool {
        self.tls_cert.get().is_some() || self.tls_self_signed
    }
}

fn together(tls: &TlsSettings, kit: &Settings) -> Vec<Together> {
    let (cert, key) = (tls.tls_cert.get(), tls.tls_key.get());
    let https = kit.server.base_url.is_https();
    vec![
        Together {
            key: "tls_cert",
            rule: "be set together with",
            other: "tls_key",
            kept: cert.is_some() == key.is_some(),
        },
        Together {
            key: "tls_self_signed",
            rule: "be false where there is a",
            other: "tls_cert",
            kept: !tls.tls_self_signed || cert.is_none(),
        },
        Together {
            key: "base_url",
            rule: "be https:// where there is a",
            other: "tls_cert",
            kept: https || cert.is_none(),
        },
        Together {
            key: "base_url",
            rule: "be https:// together with",
            other: "tls_self_signed",
            kept: https || !tls.tls_self_signed,
        },
    ]
}
