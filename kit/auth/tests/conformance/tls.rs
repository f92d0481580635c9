//! TLS to PostgreSQL and to Redis: with the right server, and with no other.

use std::{fs, path::PathBuf, process::Command};

use monban_auth::{Redis, RedisAddressError, Store};
use tempfile::TempDir;

use crate::servers::{Authority, Postgres, Process, free_port};

/// Files for this side of a connection.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

async fn refusal(url: &str) -> String {
    match Store::open(url).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_takes_tls_only_is_reached_and_no_other_passes_for_it() {
    let (authority, stranger, files) = (
        Authority::new("ours"),
        Authority::new("theirs"),
        Files::new(),
    );
    let (server, signed) = (Postgres::start(), authority.sign("localhost"));
    server.write("server.crt", &signed.certificate);
    server.write("server.key", &signed.key);
    server.write("root.crt", &authority.certificate());
    server.write(
        "postgresql.auto.conf",
        "ssl = on\nssl_ca_file = 'root.crt'\n",
    );
    server.write("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\n");
    server.restart();
    let root = files.write("root.crt", &authority.certificate());
    let wrong = files.write("wrong.crt", &stranger.certificate());
    let full = format!("?sslmode=verify-full&sslrootcert={}", root.display());

    let store = Store::open(&server.url("localhost", &full)).await.unwrap();
    store.ping().await.unwrap();
    let mut watch = store.watch().await.unwrap();
    watch.next().await.unwrap();

    let in_clear = refusal(&server.url("localhost", "?sslmode=disable")).await;
    assert!(in_clear.contains("no encryption"), "{in_clear}");
    let of_another = refusal(&server.url("127.0.0.1", &full)).await;
    assert!(of_another.contains("not valid for name"), "{of_another}");
    let by_a_stranger = format!("?sslmode=verify-full&sslrootcert={}", wrong.display());
    let by_a_stranger = refusal(&server.url("localhost", &by_a_stranger)).await;
    assert!(by_a_stranger.contains("UnknownIssuer"), "{by_a_stranger}");

    // It may ask who comes.
    server.write("pg_hba.conf", "hostssl all all 127.0.0.1/32 cert\n");
    server.restart();
    let nobody = refusal(&server.url("localhost", &full)).await;
    assert!(nobody.contains("certificate"), "{nobody}");
    let client = authority.sign("postgres");
    let certificate = files.write("client.crt", &client.certificate);
    let key = files.write("client.key", &client.key);
    let shown = format!(
        "{full}&sslcert={}&sslkey={}",
        certificate.display(),
        key.display()
    );
    let store = Store::open(&server.url("localhost", &shown)).await.unwrap();
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_takes_tls_only_is_reached_and_no_other_passes_for_it() {
    let (authority, stranger, files) = (
        Authority::new("ours"),
        Authority::new("theirs"),
        Files::new(),
    );
    let root = files.write("root.crt", &authority.certificate());
    let wrong = files.write("wrong.crt", &stranger.certificate());
    let signed = authority.sign("localhost");
    let certificate = files.write("server.crt", &signed.certificate);
    let key = files.write("server.key", &signed.key);
    let start = |ask_clients: &str| {
        let port = free_port();
        let mut server = Command::new("redis-server");
        server.args(["--port", "0", "--save", "", "--bind", "127.0.0.1"]);
        server.args(["--tls-port", &port.to_string()]);
        server.args(["--tls-auth-clients", ask_clients]);
        server.arg("--tls-cert-file").arg(&certificate);
        server.arg("--tls-key-file").arg(&key);
        server.arg("--tls-ca-cert-file").arg(&root);
        (Process::start(&mut server, port), port)
    };
    let (_server, port) = start("no");
    let ping = async |url: &str| Redis::open(url, false).unwrap().ping().await;

    let good = format!("rediss://localhost:{port}/?sslrootcert={}", root.display());
    ping(&good).await.unwrap();
    let of_another = good.replace("localhost", "127.0.0.1");
    let by_a_stranger = format!("rediss://localhost:{port}/?sslrootcert={}", wrong.display());
    let unknown_here = format!("rediss://localhost:{port}/");
    let in_clear = format!("redis://localhost:{port}/");
    for url in [of_another, by_a_stranger, unknown_here, in_clear] {
        assert!(ping(&url).await.is_err(), "{url}");
    }

    // It may ask who comes.
    let (_server, port) = start("yes");
    let nobody = format!("rediss://localhost:{port}/?sslrootcert={}", root.display());
    assert!(ping(&nobody).await.is_err());
    let client = authority.sign("monban");
    let certificate = files.write("client.crt", &client.certificate);
    let key = files.write("client.key", &client.key);
    let shown = format!(
        "{nobody}&sslcert={}&sslkey={}",
        certificate.display(),
        key.display()
    );
    ping(&shown).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_elsewhere_is_reached_neither_in_clear_nor_by_trusting_everybody() {
    let refused = |url: &str| Redis::open(url, false).unwrap_err();
    let in_clear = refused("redis://:secret@cache.example/");
    assert!(matches!(in_clear, RedisAddressError::Plaintext(_)));
    let said = in_clear.to_string();
    assert!(
        said.contains("cache.example") && said.contains("rediss://") && !said.contains("secret"),
        "{said}"
    );
    assert!(Redis::open("redis://cache.example/", true).is_ok());

    assert!(Redis::open("rediss://cache.example/", false).is_ok());
    let by_anybody = refused("rediss://cache.example/#insecure");
    assert!(matches!(by_anybody, RedisAddressError::Insecure));
}
