//! TLS of the server's own: the handshake, a certificate that is renewed, and files that do not fit.

use std::{fs, io, net::SocketAddr, path::Path, process::Command, sync::Arc, time::Duration};

use rcgen::{CertificateParams, KeyPair};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{
    app::{Setting, TestApp},
    browser::Answer,
    process::{self, Process},
    wire,
};

const ORIGIN: &str = "https://localhost:3000";

/// For what takes no time, but on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A certificate and its key, as an operator has them.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        files.renew();
        files
    }

    fn renew(&self) {
        self.write(&make());
    }

    fn write(&self, (cert, key): &(String, String)) {
        fs::write(self.path("cert.pem"), cert).unwrap();
        fs::write(self.path("key.pem"), key).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn settings(&self) -> Setting {
        TestApp::with("BASE_URL", ORIGIN)
            .with("TLS_CERT", &self.path("cert.pem"))
            .with("TLS_KEY", &self.path("key.pem"))
    }

    /// Asks for a page, and trusts nothing but the certificate that is in the file now.
    async fn ask(&self, address: SocketAddr) -> io::Result<Answer> {
        ask(address, Path::new(&self.path("cert.pem"))).await
    }

    async fn is_in_use(&self, address: SocketAddr) -> bool {
        self.ask(address).await.is_ok()
    }

    /// Waits until the server shows it.
    async fn comes_into_use(&self, address: SocketAddr) {
        let waiting = async {
            while !self.is_in_use(address).await {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(PATIENCE, waiting).await.unwrap();
    }
}

#[tokio::test]
async fn a_page_comes_through_tls() {
    let files = Files::new();
    let app = files.settings().start().await;
    let answer = files.ask(app.address).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("Monban"), "{}", answer.body);
    // One version of HTTP is spoken, and said.
    let stream = connect(app.address, Path::new(&files.path("cert.pem")))
        .await
        .unwrap();
    assert_eq!(
        stream.get_ref().1.alpn_protocol(),
        Some(b"http/1.1".as_slice())
    );
}

#[tokio::test]
async fn a_request_without_tls_is_told_where_to_go() {
    let files = Files::new();
    let app = files.settings().start().await;
    for request in [
        wire::request("GET", "/", &[], ""),
        wire::request("POST", "/api/sign_in", &[], &"x".repeat(5000)),
    ] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = wire::read_answer(&mut stream).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (
                400,
                "This port speaks TLS. Please go to https://localhost:3000\n"
            )
        );
    }
}

#[tokio::test]
async fn what_is_no_handshake_leaves_no_line_in_the_log() {
    let files = Files::new();
    let (cert, key) = (files.path("cert.pem"), files.path("key.pem"));
    let process = Process::start(&[
        ("MONBAN_BASE_URL", ORIGIN),
        ("MONBAN_TLS_CERT", &cert),
        ("MONBAN_TLS_KEY", &key),
    ]);
    let before = process.log();
    for bytes in [
        "",
        "G",
        "GET / HTTP/1.1\r\n\r\n",
        "\x16\x03\x01\x00\x05hello",
    ] {
        let mut stream = TcpStream::connect(process.address).await.unwrap();
        stream.write_all(bytes.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut rest = Vec::new();
        let _ = timeout(PATIENCE, stream.read_to_end(&mut rest))
            .await
            .unwrap();
    }
    assert_eq!(process.log(), before);
}

#[tokio::test]
async fn a_client_that_never_ends_its_handshake_is_cut_off() {
    let files = Files::new();
    let app = files.settings().with("HEADER_TIMEOUT", "1s").start().await;
    for start in ["", "\x16\x03\x01\x02\x00\x01"] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        let closed = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "{start:?}: still open");
    }
    // And one that ends it says what it wants in time.
    let mut stream = connect(app.address, Path::new(&files.path("cert.pem")))
        .await
        .unwrap();
    let closed = timeout(PATIENCE, stream.read_to_end(&mut Vec::new())).await;
    assert!(closed.is_ok(), "still open after the handshake");
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_without_a_restart() {
    let files = Files::new();
    let app = files.settings().start().await;
    let old = make_root(&files);
    assert!(files.is_in_use(app.address).await);

    files.renew();
    files.comes_into_use(app.address).await;

    // What cannot be used is not taken.
    let good = make_root(&files);
    assert_ne!(old, good);
    let (another, _) = make();
    fs::write(files.path("cert.pem"), another).unwrap();
    sleep(Duration::from_secs(6)).await;
    assert!(ask_trusting(app.address, &good).await.is_ok());
}

#[tokio::test]
async fn sighup_reads_the_certificate_and_ends_nothing() {
    let files = Files::new();
    let (cert, key) = (files.path("cert.pem"), files.path("key.pem"));
    let process = Process::start(&[
        ("MONBAN_BASE_URL", ORIGIN),
        ("MONBAN_TLS_CERT", &cert),
        ("MONBAN_TLS_KEY", &key),
    ]);
    assert!(files.is_in_use(process.address).await);
    // Read because it was asked for: what is read in between is said only if it is new.
    hang_up(&process);
    let is_said =
        |line: &str| line.contains("TLS certificate read") && line.contains("\"changed\":false");
    let read = async {
        while !process.log().lines().any(is_said) {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, read).await.unwrap();
    files.renew();
    hang_up(&process);
    files.comes_into_use(process.address).await;

    // Asked for, it is said at once what is wrong.
    fs::write(&key, "no key").unwrap();
    hang_up(&process);
    let said = async {
        while !process.log().contains("holds no private key") {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, said).await.unwrap();
    assert!(files.is_in_use(process.address).await);
}

#[test]
fn files_that_do_not_fit_stop_the_start_and_are_named() {
    let files = Files::new();
    let other = Files::new();
    let write = |name: &str, text: &str| {
        fs::write(files.path(name), text).unwrap();
        files.path(name)
    };
    let (cert, key) = (files.path("cert.pem"), files.path("key.pem"));
    let empty = write("empty.pem", "");
    let encrypted = write(
        "encrypted.pem",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
    );
    let broken = write(
        "broken.pem",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );
    let missing = files.path("missing.pem");
    for (cert, key, said) in [
        (
            &missing,
            &key,
            "tls_cert: {missing} cannot be read: No such file",
        ),
        (
            &cert,
            &missing,
            "tls_key: {missing} cannot be read: No such file",
        ),
        (&empty, &key, "tls_cert: {empty} holds no certificate"),
        (&key, &cert, "tls_cert: {key} holds no certificate"),
        (&cert, &empty, "tls_key: {empty} holds no private key"),
        (&cert, &encrypted, "tls_key: {encrypted} is encrypted"),
        (&broken, &key, "{broken}"),
        (
            &other.path("cert.pem"),
            &key,
            "tls_key: {key} is not the key of the certificate in",
        ),
    ] {
        let output = process::run(
            &["serve"],
            &[
                ("MONBAN_LISTEN", "127.0.0.1:0"),
                ("MONBAN_BASE_URL", ORIGIN),
                ("MONBAN_TLS_CERT", cert),
                ("MONBAN_TLS_KEY", key),
            ],
        );
        let error = String::from_utf8(output.stderr).unwrap();
        let said = [
            ("{missing}", &missing),
            ("{empty}", &empty),
            ("{encrypted}", &encrypted),
            ("{broken}", &broken),
            ("{key}", &files.path("key.pem")),
        ]
        .iter()
        .fold(said.to_owned(), |said, (name, path)| {
            said.replace(name, path)
        });
        assert!(!output.status.success(), "{said}");
        assert!(error.contains(&said), "{said}\n{error}");
    }
}

#[tokio::test]
async fn a_certificate_of_its_own_making_is_there_at_the_first_start_and_stays() {
    let mut process = Process::start(&[
        ("MONBAN_BASE_URL", ORIGIN),
        ("MONBAN_TLS_SELF_SIGNED", "true"),
    ]);
    let path = process.data().join("data/tls-cert.pem");
    assert_eq!(ask(process.address, &path).await.unwrap().status, 200);
    assert!(process.log().contains("tls-cert.pem"), "{}", process.log());
    let made = fs::read(&path).unwrap();
    // A closed terminal ends it, as it does without TLS.
    hang_up(&process);
    process.wait();
    process.start_again();
    assert_eq!(ask(process.address, &path).await.unwrap().status, 200);
    assert_eq!(fs::read(&path).unwrap(), made);
}

/// A certificate for this machine, and its key, in PEM.
fn make() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let cert = params.self_signed(&key).unwrap();
    (cert.pem(), key.serialize_pem())
}

fn make_root(files: &Files) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(files.path("cert.pem")).unwrap()
}

fn hang_up(process: &Process) {
    let id = process.id().to_string();
    let told = Command::new("kill").args(["-HUP", &id]).status();
    assert!(told.unwrap().success());
}

async fn ask(address: SocketAddr, trusted: &Path) -> io::Result<Answer> {
    ask_through(connect(address, trusted).await?).await
}

async fn ask_trusting(
    address: SocketAddr,
    trusted: &CertificateDer<'static>,
) -> io::Result<Answer> {
    ask_through(connect_trusting(address, trusted.clone()).await?).await
}

async fn ask_through(mut stream: TlsStream<TcpStream>) -> io::Result<Answer> {
    let request = wire::request("GET", "/sign-in", &[("sec-fetch-site", "none")], "");
    stream.write_all(request.as_bytes()).await?;
    Ok(wire::read_answer(&mut stream).await)
}

async fn connect(address: SocketAddr, trusted: &Path) -> io::Result<TlsStream<TcpStream>> {
    connect_trusting(address, CertificateDer::from_pem_file(trusted).unwrap()).await
}

async fn connect_trusting(
    address: SocketAddr,
    trusted: CertificateDer<'static>,
) -> io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config))
        .connect("localhost".try_into().unwrap(), stream)
        .await
}
