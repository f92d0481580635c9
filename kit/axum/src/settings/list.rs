//! The list of settings.
//!
//! A line reads: meaning, key, type, default, and the range where the type alone is too wide. A
//! field's documentation is the setting's meaning in the reference, so it is one sentence for an
//! operator.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use monban_auth::Algorithm;

use super::{
    BaseUrl, ByteSize, Contact, CookieName, CorsOrigin, DatabaseUrl, LogFilter, LogFormat,
    Optional, OptionalPath, ProxyHeader, RedisUrl, Secret, SignUp, TrustedProxies,
    definition::define_settings,
};

define_settings! {
    /// Address and port the server listens on.
    listen: SocketAddr = "127.0.0.1:3000";

    /// Origin at which browsers reach Monban (RFC 6454); used in links, as the tokens' issuer and for
    /// the same-origin check.
    base_url: BaseUrl = "http://localhost:3000";

    /// Certificate for Monban to serve TLS itself, in PEM, followed by any intermediate ones; read
    /// again when it changes and at SIGHUP.
    tls_cert: OptionalPath = "";

    /// Private key of that certificate, in PEM and unencrypted.
    tls_key: OptionalPath = "";

    /// Whether Monban serves TLS with a self-signed certificate, which it makes in the data directory;
    /// meant for `https://localhost`, because browsers warn of it.
    tls_self_signed: bool = "false";

    /// Directory of the database and the keys, relative to the working directory.
    data_dir: PathBuf = "data";

    /// Database of the accounts; as its URL may contain a password, prefer the file or the variable to
    /// the flag, which other users of the machine can read.
    database_url: DatabaseUrl = "sqlite://<data_dir>/monban.db";

    /// File with the master key that seals the signing keys at rest: 32 bytes in base64 on a line,
    /// followed by any older ones that are still needed to open keys; created on the first start on
    /// SQLite.
    master_key_file: PathBuf = "<data_dir>/master.key";

    /// The master key itself, instead of the file.
    master_key: Secret = "";

    /// Command that prints the master key, instead of both: that of any secret manager.
    master_key_command: Optional = "";

    /// Algorithm of new signing keys (RFC 7518 §3.1, RFC 8037 §3.1); after a change, the next start
    /// rotates to a key of the new one.
    key_algorithm: Algorithm = "EdDSA";

    /// How long a signing key signs before the next one takes over.
    key_rotation: Duration = "30d" in "1m"..="3650d";

    /// How long others may keep a copy of the JWKS, and so how long a key is published before it
    /// signs.
    jwks_max_age: Duration = "5m" in "1s"..="24h";

    /// After hearing nothing from other nodes for this long, a node asks the database on each request
    /// whether its session has ended.
    revocation_staleness: Duration = "5s" in "3s"..="1m";

    /// How long ended sessions and audit entries are kept.
    retention: Duration = "90d" in "1d"..="3650d";

    /// Lifetime of an access token (`exp`, RFC 7519 §4.1.4).
    access_ttl: Duration = "5m" in "1s"..="1h";

    /// Lifetime of an unused session when "Keep me signed in" is on or the client is a native one, at
    /// least `access_ttl`; browsers keep no cookie longer than 400 days (RFC 6265bis §5.5).
    refresh_idle_ttl: Duration = "30d" in "1s"..="400d";

    /// Lifetime of a session however much it is used, at least `refresh_idle_ttl`; after that, the
    /// person has to sign in again.
    refresh_absolute_ttl: Duration = "90d" in "1s"..="3650d";

    /// How long after a refresh the previous refresh token still gets the same answer, so that
    /// racing tabs agree; `0s` is strict.
    refresh_window: Duration = "30s" in "0s"..="5m";

    /// How long the previous refresh token stays good for a browser that never used the new one,
    /// because the reply was lost; `0s` is strict.
    refresh_unseen_cap: Duration = "10m" in "0s"..="24h";

    /// The same for a native or machine client of the REST API, which may lose the network for
    /// hours; `0s` is strict.
    refresh_unseen_cap_bearer: Duration = "1d" in "0s"..="7d";

    /// Lifetime of an unused session when "Keep me signed in" is off, at least `access_ttl`.
    session_idle_ttl: Duration = "12h" in "1s"..="400d";

    /// Minimum length of a password, in characters (NIST SP 800-63B-4 §3.1.1.2 asks for 15).
    password_min: usize = "15" in "8"..="128";

    /// Memory for one password hash, in KiB, at least 8 for each lane (`m`, RFC 9106 §3.1).
    argon2_memory: u32 = "19456" in "8"..="4194304";

    /// Passes over the memory for one password hash (`t`, RFC 9106 §3.1).
    argon2_iterations: u32 = "2" in "1"..="100";

    /// Lanes for one password hash (`p`, RFC 9106 §3.1).
    argon2_parallelism: u32 = "1" in "1"..="16";

    /// How long a sign-in waits for its turn to hash before it is answered with 503.
    hash_wait: Duration = "5s" in "100ms"..="60s";

    /// Failed sign-ins from one network at one account before further ones are answered with 429; five
    /// times as many are allowed from one network at all accounts, and ten times as many at one
    /// account from everywhere before strangers wait up to a minute each time; `0` for no limit.
    sign_in_failures: u32 = "10" in "0"..="1000";

    /// Length of the window in which failed sign-ins are counted.
    sign_in_window: Duration = "15m" in "1s"..="24h";

    /// Whether anybody may create an account: `open`, or `closed` so that only operators can (`monban
    /// users create`).
    sign_up: SignUp = "open";

    /// Sign-ups from one network, an IPv4 address or an IPv6 /64 (four times as many from a /48),
    /// before further ones are answered with 429; refused ones count, too; `0` for no limit.
    sign_up_attempts: u32 = "60" in "0"..="100000";

    /// Length of the window in which sign-ups are counted.
    sign_up_window: Duration = "1h" in "1s"..="24h";

    /// Redis server that notifies the nodes in place of PostgreSQL's `LISTEN` and counts sign-ups and
    /// failed sign-ins for all of them, such as `rediss://cache.example`; it holds nothing that must
    /// not be lost.
    redis_url: RedisUrl = "";

    /// Whether PostgreSQL and Redis on other machines may be reached without TLS, for networks that
    /// themselves protect what is sent: passwords, sealed keys, sessions.
    allow_plaintext: bool = "false";

    /// Largest request body; a larger one is answered with 413.
    body_limit: ByteSize = "64KiB" in "1KiB"..="16MiB";

    /// How long a request may take before it is abandoned.
    request_timeout: Duration = "30s" in "1s"..="5m";

    /// How long a client may take to send the headers of a request that it has begun, and for the TLS
    /// handshake before the first one.
    header_timeout: Duration = "10s" in "1s"..="5m";

    /// How long a connection may wait for its next request; make it longer than load balancers reuse
    /// one (60 s and more), or now and then a request meets a connection that is just closing.
    keep_alive_timeout: Duration = "1m 15s" in "1s"..="1h";

    /// How long a client may read nothing of what is sent to it before its connection is closed.
    write_timeout: Duration = "30s" in "1s"..="10m";

    /// Most connections open at a time, never more than the limit on open files allows (`ulimit -Hn`);
    /// any more are answered with 503.
    max_connections: usize = "4096" in "1"..="1000000";

    /// Most of these from one network, an IPv4 address or an IPv6 /64 (four times as many from a /48);
    /// `trusted_proxies` count only towards the total.
    max_connections_per_network: usize = "512" in "1"..="1000000";

    /// How long the server keeps serving after it was told to stop, while `/readyz` says that it is
    /// stopping, so that a load balancer sees it and sends requests elsewhere.
    shutdown_delay: Duration = "0s" in "0s"..="5m";

    /// How long open requests may take to finish after that; `0s` cuts them off.
    shutdown_timeout: Duration = "10s" in "0s"..="5m";

    /// Proxies whose word on the client's address is believed (`X-Forwarded-For`, `Forwarded`); anyone
    /// else's is ignored, and with an `https` base URL the server starts only if this is set or it
    /// serves TLS itself.
    trusted_proxies: TrustedProxies = "";

    /// Header in which these proxies put the client's address; the other one is not read, as they pass
    /// it on the way the client sent it; with `auto` both are read, and neither is believed where they
    /// disagree.
    proxy_header: ProxyHeader = "auto";

    /// How long browsers are told to use TLS only (HSTS, RFC 6797), where the base URL is `https` and
    /// not on the loopback; `0s` makes them forget it.
    hsts_max_age: Duration = "730d" in "0s"..="3650d";

    /// Whether that covers all subdomains, too, none of which can then be reached without TLS.
    hsts_include_subdomains: bool = "false";

    /// Where to report a vulnerability (`/.well-known/security.txt`, RFC 9116); without it there is no
    /// such file.
    security_contact: Vec<Contact> = "";

    /// What the names of all cookies begin with, after any `__Host-`; instances on different ports of
    /// one host need different ones, because browsers keep one set of cookies for all ports.
    cookie_name: CookieName = "monban";

    /// Origins whose pages may call the REST API from a browser (CORS, Fetch §3.2), matched exactly
    /// and never with cookies; without any, no page of another origin may.
    cors_origins: Vec<CorsOrigin> = "";

    /// Whether there are learning pages (`/learn`), which explain the running system on the visitor's
    /// own session and on throwaway accounts; by default only where `base_url` is on the loopback, as
    /// a site for real users can do without.
    learn: bool = "<true on the loopback>";

    /// What is logged, as `tracing` filter directives: a level, or a level for each target.
    log: LogFilter = "info";

    /// Format of a log line: `text` for people, `json` for machines.
    log_format: LogFormat = "text";
}
