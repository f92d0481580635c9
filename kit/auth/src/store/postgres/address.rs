//! How a server is reached: by TLS, unless it is on this machine.
//!
//! | `sslmode` | on this machine | elsewhere |
//! |---|---|---|
//! | none, `prefer`, `allow` | TLS if the server has it | `verify-full` |
//! | `disable` | no TLS | refused |
//! | `require` | TLS, with anybody | the same; with an `sslrootcert`, `verify-ca`, as libpq has it |
//! | `verify-ca`, `verify-full` | as they say | as they say |
//!
//! Certificates are trusted if they lead to `sslrootcert`, or, where none is given, to what this
//! machine trusts. `sslcert` and `sslkey` are what this side shows. With `allow_plaintext`, every
//! mode is taken as sqlx has it.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::{
    store::StoreError,
    transport::{is_this_machine, require_this_machine},
};

/// The spellings of `sslrootcert` that sqlx knows.
const ROOT_CERT: [&str; 3] = ["sslrootcert=", "ssl-root-cert=", "ssl-ca="];

/// Poolers refuse `extra_float_digits` as a parameter of the start, and no column is a float.
pub(super) fn options(url: &str, allow_plaintext: bool) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("monban")
        .extra_float_digits(None);
    let on_socket = options.get_socket().is_some();
    if allow_plaintext || on_socket || is_this_machine(options.get_host()) {
        return Ok(options);
    }
    let has_root = ROOT_CERT.iter().any(|name| url.contains(name));
    let mode = match options.get_ssl_mode() {
        PgSslMode::Disable => {
            let remedy = "take sslmode=disable out of its address";
            require_this_machine(options.get_host(), remedy)?;
            PgSslMode::Disable
        }
        PgSslMode::Allow | PgSslMode::Prefer => PgSslMode::VerifyFull,
        PgSslMode::Require if has_root => PgSslMode::VerifyCa,
        said => said,
    };
    let options = options.ssl_mode(mode);
    Ok(match mode {
        PgSslMode::VerifyCa | PgSslMode::VerifyFull if !has_root => {
            options.ssl_root_cert_from_pem(trusted_here())
        }
        _ => options,
    })
}

/// The certificates that this machine trusts, beside those of the web that sqlx brings.
fn trusted_here() -> Vec<u8> {
    let found = rustls_native_certs::load_native_certs();
    for error in found.errors {
        tracing::warn!(%error, "a certificate that this machine trusts cannot be read");
    }
    let certificates = found.certs.into_iter();
    let text = certificates
        .map(|certificate| pem::encode(&pem::Pem::new("CERTIFICATE", certificate.as_ref())));
    text.collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> Result<String, StoreError> {
        options(url, false).map(|options| format!("{:?}", options.get_ssl_mode()))
    }

    #[test]
    fn another_machine_is_reached_by_tls_to_the_very_server_unless_less_is_said() {
        for (query, expected) in [
            ("", "VerifyFull"),
            ("?sslmode=prefer", "VerifyFull"),
            ("?sslmode=allow", "VerifyFull"),
            ("?sslmode=require", "Require"),
            ("?sslmode=require&sslrootcert=ca.pem", "VerifyCa"),
            ("?sslmode=verify-ca", "VerifyCa"),
            ("?sslmode=verify-full&sslrootcert=ca.pem", "VerifyFull"),
        ] {
            let url = format!("postgres://monban:secret@db.example/monban{query}");
            assert_eq!(mode(&url).unwrap(), expected, "{query}");
        }
    }

    #[test]
    fn no_tls_to_another_machine_is_refused_unless_the_operator_allows_it() {
        let url = "postgres://monban:secret@db.example/monban?sslmode=disable";
        let refused = mode(url).unwrap_err();
        assert!(matches!(refused, StoreError::Plaintext(_)));
        let said = refused.to_string();
        assert!(
            said.contains("db.example") && !said.contains("secret"),
            "{said}"
        );
        let allowed = options(url, true).unwrap();
        assert!(matches!(allowed.get_ssl_mode(), PgSslMode::Disable));
    }

    #[test]
    fn on_this_machine_the_address_stands_as_it_is() {
        for url in [
            "postgres://postgres@127.0.0.1:5432/monban",
            "postgres://postgres@[::1]/monban",
            "postgres://postgres@localhost/monban",
            "postgres:///monban?host=/var/run/postgresql",
        ] {
            assert_eq!(mode(url).unwrap(), "Prefer", "{url}");
        }
        let url = "postgres://postgres@localhost/monban?sslmode=disable";
        assert_eq!(mode(url).unwrap(), "Disable");
    }
}
