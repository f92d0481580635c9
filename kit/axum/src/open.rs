//! From settings to an open account system: the database, Redis, the master key.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, sync::Arc};

use monban_auth::{
    Auth, AuthOptions, Clock, Redis, Store, StoreError, StoreOptions, SystemClock,
    store::DatabaseFileError,
};

use crate::{error::RunError, master, settings::Settings};

/// The account system by that clock, and the store behind it. Makes what is not there.
pub async fn open(
    settings: &Settings,
    clock: Arc<dyn Clock>,
) -> Result<(Arc<Auth>, Store), RunError> {
    open_where(settings, clock, true).await
}

/// The same for a command, which works with what a server has made: it makes no database, and so no
/// master key, wherever it happens to be called.
pub async fn open_existing(settings: &Settings) -> Result<(Arc<Auth>, Store), RunError> {
    open_where(settings, Arc::new(SystemClock), false).await
}

/// Opens the database, made where there is none, and brings its schema up to date.
pub async fn open_store(settings: &Settings) -> Result<Store, RunError> {
    open_store_where(settings, open_redis(settings)?, true).await
}

async fn open_where(
    settings: &Settings,
    clock: Arc<dyn Clock>,
    create: bool,
) -> Result<(Arc<Auth>, Store), RunError> {
    let redis = open_redis(settings)?;
    let store = open_store_where(settings, redis.clone(), create).await?;
    if let Some(redis) = &redis
        && let Err(error) = redis.ping().await
    {
        tracing::warn!(%error, "Redis does not answer; until it does, nodes look for changes every second");
    }
    let auth = open_auth(settings, store.clone(), redis, clock).await?;
    Ok((auth, store))
}

async fn open_store_where(
    settings: &Settings,
    redis: Option<Redis>,
    create: bool,
) -> Result<Store, RunError> {
    if create {
        let directory = &settings.server.data_dir;
        // Password hashes are in it: for its owner only.
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|error| RunError::DataDirectory(directory.display().to_string(), error))?;
    }
    let database = &settings.database;
    let options = StoreOptions {
        create,
        signal: redis.map(|redis| Arc::new(redis) as _),
        ..database.into()
    };
    let opened = Store::open_with(database.database_url.expose(), options).await;
    opened.map_err(|error| match error {
        StoreError::File(DatabaseFileError::Absent(path)) => RunError::NoDatabase(path),
        error => error.into(),
    })
}

fn open_redis(settings: &Settings) -> Result<Option<Redis>, RunError> {
    let database = &settings.database;
    let open = |url| Redis::open(url, database.allow_plaintext);
    let redis = database.redis_url.expose().map(open).transpose();
    redis.map_err(|error| RunError::Redis(error.to_string()))
}

async fn open_auth(
    settings: &Settings,
    store: Store,
    redis: Option<Redis>,
    clock: Arc<dyn Clock>,
) -> Result<Arc<Auth>, RunError> {
    let master = master::read(settings, &store).await?;
    let issuer = settings.server.base_url.origin();
    let options = AuthOptions {
        rules: settings.into(),
        clock,
        redis,
    };
    let auth = Auth::new(store, master, issuer, options).await?;
    Ok(Arc::new(auth))
}
