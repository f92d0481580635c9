//! Redis, where there is one: it wakes the other nodes, and counts failed sign-ins for all of them.
//!
//! Nothing is in it that may not be lost. A node that hears of a change through Redis looks into the
//! database for what it is, and looks there every second anyway: a word that was lost, or a Redis
//! that is away, flushed or slow, costs a second and never a revocation. Nobody waits for it longer
//! than 100 ms.

use std::{fs, io, time::Duration};

use async_trait::async_trait;
use futures_util::{StreamExt, stream::BoxStream};
use redis::{
    AsyncTypedCommands, Client, ClientTlsConfig, RedisError, TlsCertificates,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use tokio::time::{Instant, timeout, timeout_at};

use crate::{
    store::{
        error::StoreError,
        watch::{ChangeSignal, Signal, Watch},
    },
    transport::{PlaintextError, require_this_machine},
};

/// The longest that anybody waits for an answer.
const REDIS_TIMEOUT: Duration = Duration::from_millis(100);
/// How long a connection may take to open, behind whoever waits.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// How often a watch looks without having heard anything.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// Where changes are announced.
const CHANNEL: &str = "monban";

/// A Redis that may be away.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    connection: ConnectionManager,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redis")
    }
}

/// Why an address is no Redis that can be used. For the operator.
#[derive(Debug, thiserror::Error)]
pub enum RedisAddressError {
    /// It is no address, or a certificate in it is none.
    #[error(transparent)]
    Invalid(#[from] RedisError),
    /// It is on another machine, and nothing would protect what goes there.
    #[error(transparent)]
    Plaintext(#[from] PlaintextError),
    /// A file that the address names cannot be read.
    #[error("{0}: {1}")]
    File(String, io::Error),
    /// It asks to trust everybody.
    #[error("#insecure trusts every server; name its certificate authority by ?sslrootcert=")]
    Insecure,
}

impl Redis {
    /// The Redis at that address. Connects when it is needed. Needs a runtime around it.
    ///
    /// With TLS (`rediss://`) it must show a certificate for its name, signed by whom this machine
    /// trusts, or by `?sslrootcert=`; what this side shows is in `sslcert` and `sslkey`. Without TLS
    /// it must be on this machine, unless `allow_plaintext`.
    pub fn open(url: &str, allow_plaintext: bool) -> Result<Self, RedisAddressError> {
        let client = client(url, allow_plaintext)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(REDIS_TIMEOUT))
            .set_number_of_retries(0);
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self { client, connection })
    }

    /// Whether it answers, and if not, why.
    pub async fn ping(&self) -> Result<(), RedisError> {
        let mut connection = self.connection.clone();
        connection.ping().await.map(|_| ())
    }

    /// What those counts are, if it answers.
    pub(crate) async fn counts(&self, keys: &[[u8; 16]]) -> Option<Vec<u32>> {
        let mut connection = self.connection.clone();
        let names: Vec<_> = keys.iter().map(name).collect();
        let found: Vec<Option<String>> = with_redis_timeout(connection.mget(names)).await?;
        let count = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or(0);
        Some(found.into_iter().map(count).collect())
    }

    /// Raises those counts by one, and forgets them after that time.
    pub(crate) async fn count(&self, keys: &[[u8; 16]], until: Duration) {
        let mut connection = self.connection.clone();
        let life = i64::try_from(until.as_millis()).unwrap_or(i64::MAX).max(1);
        let mut pipe = redis::pipe();
        for name in keys.iter().map(name) {
            pipe.incr(&name, 1).ignore().pexpire(&name, life).ignore();
        }
        with_redis_timeout(pipe.query_async::<()>(&mut connection)).await;
    }

    /// Forgets those counts.
    pub(crate) async fn forget(&self, keys: &[[u8; 16]]) {
        let mut connection = self.connection.clone();
        let names: Vec<_> = keys.iter().map(name).collect();
        with_redis_timeout(connection.del(names)).await;
    }
}

#[async_trait]
impl ChangeSignal for Redis {
    async fn announce(&self) {
        let mut connection = self.connection.clone();
        with_redis_timeout(connection.publish(CHANNEL, "")).await;
    }

    fn watch(&self) -> Box<dyn Watch> {
        Box::new(RedisWatch {
            client: self.client.clone(),
            words: None,
            due: Instant::now() + HEARTBEAT,
        })
    }
}

fn client(url: &str, allow_plaintext: bool) -> Result<Client, RedisAddressError> {
    let plain = || Client::open(url);
    let Some(address) = redis::parse_redis_url(url) else {
        return Ok(plain()?);
    };
    let host = address.host_str().unwrap_or("localhost");
    if !matches!(address.scheme(), "rediss" | "valkeys") {
        if !allow_plaintext {
            require_this_machine(host, "write rediss:// for TLS in the address of Redis")?;
        }
        return Ok(plain()?);
    }
    if address.fragment().is_some() {
        return Err(RedisAddressError::Insecure);
    }
    let file = |name: &str| {
        let named = address.query_pairs().find(|(key, _)| key == name);
        let read = |path: String| match fs::read(&path) {
            Ok(text) => Ok(text),
            Err(error) => Err(RedisAddressError::File(path, error)),
        };
        named.map(|(_, path)| read(path.into_owned())).transpose()
    };
    let client_tls = match (file("sslcert")?, file("sslkey")?) {
        (Some(client_cert), Some(client_key)) => Some(ClientTlsConfig {
            client_cert,
            client_key,
        }),
        _ => None,
    };
    let root_cert = file("sslrootcert")?;
    let certificates = TlsCertificates {
        client_tls,
        root_cert,
    };
    Ok(Client::build_with_tls(url, certificates)?)
}

/// Waits for Redis, but not for long. Its troubles are the operator's to hear of, and nobody else's.
async fn with_redis_timeout<T>(work: impl Future<Output = Result<T, RedisError>>) -> Option<T> {
    match timeout(REDIS_TIMEOUT, work).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::warn!(%error, "Redis");
            None
        }
        Err(_) => {
            tracing::warn!("Redis does not answer in time");
            None
        }
    }
}

fn name(key: &[u8; 16]) -> String {
    format!("monban:failed:{:032x}", u128::from_be_bytes(*key))
}

/// Hears what is announced, and looks every second.
struct RedisWatch {
    client: Client,
    /// `None` while Redis is away.
    words: Option<BoxStream<'static, redis::Msg>>,
    due: Instant,
}

#[async_trait]
impl Watch for RedisWatch {
    async fn next(&mut self) -> Result<Signal, StoreError> {
        if self.words.is_none() {
            let subscribed = timeout_at(self.due, subscribe(self.client.clone())).await;
            self.words = subscribed.ok().and_then(|subscribed| {
                subscribed
                    .inspect_err(|error| tracing::warn!(%error, "Redis"))
                    .ok()
            });
        }
        let word = async {
            match &mut self.words {
                Some(words) => words.next().await,
                None => std::future::pending().await,
            }
        };
        match timeout_at(self.due, word).await {
            Ok(Some(_)) => return Ok(Signal::Changed),
            // It is gone; the next call tries again.
            Ok(None) => {
                self.words = None;
                tokio::time::sleep_until(self.due).await;
            }
            Err(_) => {}
        }
        self.due = Instant::now() + HEARTBEAT;
        Ok(Signal::PollDue)
    }
}

async fn subscribe(client: Client) -> Result<BoxStream<'static, redis::Msg>, RedisError> {
    let mut subscription = client.get_async_pubsub().await?;
    subscription.subscribe(CHANNEL).await?;
    Ok(subscription.into_on_message().boxed())
}
