//! Counts that last for a while and may be lost.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;

use crate::redis::Redis;

/// What is counted, as a hash: no address goes to Redis.
pub(crate) type Key = [u8; 16];

/// The key of those words.
pub(crate) fn key(stretch: i64, words: &[&str]) -> Key {
    let text = format!("{stretch}\n{}", words.join("\n"));
    let mut key = Key::default();
    let hash = digest(&SHA256, text.as_bytes());
    key.copy_from_slice(&hash.as_ref()[..16]);
    key
}

/// The counts of this node, and of all nodes where they have a Redis.
#[derive(Debug)]
pub(crate) struct Counts {
    own: Cache<Key, Arc<AtomicU32>>,
    redis: Option<Redis>,
}

impl Counts {
    /// The most counts in memory, at 50 bytes or so each.
    const CAPACITY: usize = 100_000;

    pub(crate) fn new(redis: Option<Redis>) -> Self {
        Self {
            own: Cache::new(Self::CAPACITY),
            redis,
        }
    }

    /// How often each of those was counted. What Redis says goes before what this node remembers,
    /// which may have been forgiven elsewhere.
    pub(crate) async fn read(&self, keys: &[Key]) -> Vec<u32> {
        let shared = match &self.redis {
            Some(redis) if !keys.is_empty() => redis.counts(keys).await,
            _ => None,
        };
        shared.unwrap_or_else(|| keys.iter().map(|key| self.own(key)).collect())
    }

    /// Counts each of those once more, and remembers it for that time.
    pub(crate) async fn add(&self, keys: &[Key], life: Duration) {
        for key in keys {
            let made = || Ok::<_, Infallible>(Arc::default());
            let count = self.own.get_or_insert_with(key, made);
            let count = count.unwrap_or_else(|never| match never {});
            // Four billion take longer than a window lasts.
            count.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(redis) = self.redis.as_ref().filter(|_| !keys.is_empty()) {
            redis.count(keys, life).await;
        }
    }

    /// Forgets those, whichever node has counted them.
    pub(crate) async fn forget(&self, keys: &[Key]) {
        for key in keys {
            self.own.remove(key);
        }
        if let Some(redis) = self.redis.as_ref().filter(|_| !keys.is_empty()) {
            redis.forget(keys).await;
        }
    }

    fn own(&self, key: &Key) -> u32 {
        let count = self.own.get(key);
        count.map_or(0, |count| count.load(Ordering::Relaxed))
    }
}
