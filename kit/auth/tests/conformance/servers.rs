//! Servers of a test's own, and certificates for them. They are ended with the test.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
};
use uuid::Uuid;

/// A port that is free.
pub fn free_port() -> u16 {
    let probe = TcpListener::bind("127.0.0.1:0").unwrap();
    probe.local_addr().unwrap().port()
}

/// A PostgreSQL with a configuration of its own.
pub struct Postgres {
    pub folder: PathBuf,
    pub port: u16,
}

impl Postgres {
    pub fn start() -> Self {
        let name = Uuid::new_v4().simple().to_string();
        let mut server = Self {
            folder: std::env::temp_dir().join(format!("monban-pg-{}", &name[..8])),
            port: 0,
        };
        server.ask("start");
        // The script has picked it.
        let port = fs::read_to_string(server.folder.join("port")).unwrap();
        server.port = port.trim().parse().unwrap();
        server
    }

    /// A copy that follows it, and takes no writes.
    pub fn standby(&self) -> Self {
        let server = Self {
            folder: self.folder.with_extension("standby"),
            port: free_port(),
        };
        fs::create_dir(&server.folder).unwrap();
        let owner = fs::metadata(&self.folder).unwrap();
        chown(&server.folder, Some(owner.uid()), Some(owner.gid())).unwrap();
        let (data, port) = (server.folder.join("data"), self.port.to_string());
        let source = ["-h", "127.0.0.1", "-p", &port, "-U", "postgres"];
        let mut copy = self.program("pg_basebackup");
        copy.args(source).args(["-R", "-c", "fast", "-D"]).arg(data);
        run(&mut copy);
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={} -c max_connections=400",
            server.port,
            server.folder.display()
        );
        let mut start = self.program("pg_ctl");
        start.arg("--pgdata").arg(server.folder.join("data"));
        start.arg("--log").arg(server.folder.join("log"));
        start.args(["--wait", "--options", &options, "start"]);
        run(&mut start);
        server
    }

    pub fn url(&self, host: &str, query: &str) -> String {
        format!("postgres://postgres@{host}:{}/postgres{query}", self.port)
    }

    /// Puts a file into the folder of its data, for its owner only.
    pub fn write(&self, name: &str, text: &str) {
        let (data, file) = (
            self.folder.join("data"),
            self.folder.join("data").join(name),
        );
        let owner = fs::metadata(data).unwrap();
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }

    pub fn restart(&self) {
        self.ask("restart");
    }

    fn ask(&self, what: &str) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
        let mut ask = Command::new(script);
        ask.arg(what).arg(&self.folder);
        run(&mut ask);
    }

    /// One of PostgreSQL's programs, as the owner of the data.
    fn program(&self, name: &str) -> Command {
        let versions = fs::read_dir("/usr/lib/postgresql").unwrap();
        let newest = versions.map(|version| version.unwrap().path()).max();
        let mut program = Command::new(newest.unwrap().join("bin").join(name));
        as_owner_of(&mut program, &self.folder);
        program.current_dir("/");
        program
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres.sh");
        let _ = Command::new(script).arg("stop").arg(&self.folder).status();
    }
}

/// A process of a server, listening on a port. It is ended with its test.
pub struct Process(Child);

impl Process {
    pub fn start(command: &mut Command, port: u16) -> Self {
        let mut process = Self(command.stdout(Stdio::null()).spawn().unwrap());
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(process.0.try_wait().unwrap().is_none(), "{command:?} ended");
            std::thread::yield_now();
        }
        process
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Root runs it as the owner of that path.
pub fn as_owner_of(command: &mut Command, path: &Path) {
    let (owner, here) = (
        fs::metadata(path).unwrap(),
        fs::metadata("/proc/self").unwrap(),
    );
    if here.uid() == 0 && owner.uid() != 0 {
        command.uid(owner.uid()).gid(owner.gid());
    }
}

/// Without its output: what a server inherits stays open for as long as it runs.
fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.unwrap().success(), "{command:?}");
}

/// Who signs certificates.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, as PEM.
pub struct Signed {
    pub certificate: String,
    pub key: String,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub fn certificate(&self) -> String {
        self.0.pem()
    }

    /// A certificate for a server, or a client, of that name.
    pub fn sign(&self, name: &str) -> Signed {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        Signed {
            certificate: params.signed_by(&key, &self.0).unwrap().pem(),
            key: key.serialize_pem(),
        }
    }
}
