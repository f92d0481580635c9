//! Hearing of what other nodes change.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use tokio::time::{Instant, sleep_until, timeout_at};
use uuid::Uuid;

use super::{ACQUIRE_TIMEOUT, CHANNEL};
use crate::store::{
    error::{StoreError, with_timeout},
    watch::{Signal, Watch},
};

/// How often a watch proves to itself that it hears; and, if it cannot hear, how often it looks.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long it waits for its own word.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(2);
/// Words that come in quick succession are one: at most so often is it said that something changed.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(50);
/// The most words that are taken for one. What has not been read waits in the socket, and then at
/// the server, and never in this process.
const MOST_WORDS: usize = 10_000;

/// Hears what is announced, on a connection of its own: however busy the pool is, it hears and
/// proves that it does.
pub(super) struct ChannelWatch {
    listener: PgListener,
    /// Where it hears itself, and nobody else does.
    own: String,
    beat: Beat,
    /// It has heard itself, and has not said so yet.
    heard_itself: bool,
    changed_at: Instant,
}

/// Where the proof stands. Changes do not put it off.
#[derive(Clone, Copy)]
enum Beat {
    /// To be said then.
    Due(Instant),
    /// Said. If it is not heard until then, the watch is deaf.
    Said(Instant),
}

enum Word {
    Own,
    Change,
}

impl ChannelWatch {
    pub(super) async fn start(options: PgConnectOptions) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_lazy_with(options);
        let own = format!("{CHANNEL}_{}", Uuid::new_v4().simple());
        with_timeout(async {
            let mut listener = PgListener::connect_with(&pool).await?;
            // What was said while a connection was lost is lost: that is for another watch.
            listener.eager_reconnect(false);
            listener.listen_all([CHANNEL, &own]).await?;
            Ok(Self {
                listener,
                own,
                beat: Beat::Due(Instant::now()),
                heard_itself: false,
                changed_at: Instant::now(),
            })
        })
        .await
    }

    /// The next word until then, if there is one.
    async fn hear(&mut self, until: Instant) -> Result<Option<Word>, StoreError> {
        match timeout_at(until, self.listener.try_recv()).await {
            Err(_) => Ok(None),
            Ok(heard) => match heard? {
                Some(word) if word.channel() == self.own => {
                    self.beat = Beat::Due(Instant::now() + HEARTBEAT);
                    Ok(Some(Word::Own))
                }
                Some(_) => Ok(Some(Word::Change)),
                None => Err(StoreError::Hung),
            },
        }
    }

    /// Takes what else has come, so that whoever looks now need not look again for it.
    async fn gather(&mut self) -> Result<(), StoreError> {
        let until = self.changed_at + LOOK_AT_MOST_EVERY;
        for _ in 0..MOST_WORDS {
            match self.hear(until).await? {
                Some(Word::Own) => self.heard_itself = true,
                Some(Word::Change) => {}
                None => break,
            }
        }
        self.changed_at = Instant::now();
        Ok(())
    }

    async fn say(&mut self) -> Result<(), StoreError> {
        let say = sqlx::query("SELECT pg_notify($1, '')").bind(&self.own);
        with_timeout(say.execute(&mut self.listener)).await?;
        self.beat = Beat::Said(Instant::now() + HEARTBEAT_TIMEOUT);
        Ok(())
    }
}

#[async_trait]
impl Watch for ChannelWatch {
    async fn next(&mut self) -> Result<Signal, StoreError> {
        if std::mem::take(&mut self.heard_itself) {
            return Ok(Signal::Idle);
        }
        loop {
            let (Beat::Due(until) | Beat::Said(until)) = self.beat;
            match (self.hear(until).await?, self.beat) {
                (Some(Word::Own), _) => return Ok(Signal::Idle),
                (Some(Word::Change), _) => {
                    self.gather().await?;
                    return Ok(Signal::Changed);
                }
                (None, Beat::Due(_)) => self.say().await?,
                (None, Beat::Said(_)) => return Err(StoreError::Hung),
            }
        }
    }
}

/// Hears nothing, and looks every second.
pub(super) struct PollWatch {
    due: Instant,
}

impl PollWatch {
    pub(super) fn start() -> Self {
        Self {
            due: Instant::now() + HEARTBEAT,
        }
    }
}

#[async_trait]
impl Watch for PollWatch {
    async fn next(&mut self) -> Result<Signal, StoreError> {
        sleep_until(self.due).await;
        self.due = Instant::now() + HEARTBEAT;
        Ok(Signal::PollDue)
    }
}
