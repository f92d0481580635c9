//! axum-login with the SQLite store of tower-sessions, as its `sqlite` example sets it up.
//!
//! `PORT` is the port to listen on, `DATABASE` the path of the SQLite file.

use std::{env, error::Error};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    routing::{get, post},
};
use axum_login::{
    AuthManagerLayerBuilder, AuthUser, AuthnBackend, UserId, login_required,
    tower_sessions::SessionManagerLayer,
};
use serde::{Deserialize, Serialize};
use sqlx::{
    FromRow, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use tokio::{net::TcpListener, task::spawn_blocking};
use tower_sessions_sqlx_store::SqliteStore;

type AuthSession = axum_login::AuthSession<Accounts>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let pool = open(&env::var("DATABASE")?).await?;
    let store = SqliteStore::new(pool.clone());
    store.migrate().await?;
    let accounts = Accounts { pool };
    let sessions = SessionManagerLayer::new(store).with_secure(false);
    let router = Router::new()
        .route("/who_am_i", get(who_am_i))
        .route_layer(login_required!(Accounts))
        .route("/sign_in", post(sign_in))
        .route("/sign_up", post(sign_up))
        .layer(AuthManagerLayerBuilder::new(accounts.clone(), sessions).build())
        .with_state(accounts);
    let listener = TcpListener::bind(("127.0.0.1", env::var("PORT")?.parse()?)).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn open(path: &str) -> sqlx::Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePool::connect_with(options).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS users
         (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL)",
    )
    .execute(&pool)
    .await?;
    Ok(pool)
}

async fn who_am_i(session: AuthSession) -> Result<Json<User>, StatusCode> {
    session.user.map(Json).ok_or(StatusCode::UNAUTHORIZED)
}

async fn sign_in(
    mut session: AuthSession,
    Form(credentials): Form<Credentials>,
) -> Result<(), StatusCode> {
    let found = session.authenticate(credentials).await.map_err(failed)?;
    let user = found.ok_or(StatusCode::UNAUTHORIZED)?;
    session.login(&user).await.map_err(failed)
}

async fn sign_up(
    State(accounts): State<Accounts>,
    Form(credentials): Form<Credentials>,
) -> Result<(), StatusCode> {
    let Credentials { email, password } = credentials;
    let hash = spawn_blocking(move || hash(&password))
        .await
        .map_err(failed)?;
    sqlx::query("INSERT INTO users (email, password) VALUES ($1, $2)")
        .bind(email)
        .bind(hash.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?)
        .execute(&accounts.pool)
        .await
        .map_err(failed)?;
    Ok(())
}

fn failed<E>(_: E) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

/// Argon2id at the library's default costs: 19 MiB, two passes, one lane.
fn hash(password: &str) -> Option<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash: PasswordHash| hash.to_string()).ok()
}

fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

#[derive(Clone, Debug, Serialize, FromRow)]
struct User {
    id: i64,
    email: String,
    #[serde(skip)]
    password: String,
}

impl AuthUser for User {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }

    fn session_auth_hash(&self) -> &[u8] {
        self.password.as_bytes()
    }
}

#[derive(Clone, Debug)]
struct Accounts {
    pool: SqlitePool,
}

#[derive(Clone, Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

impl AuthnBackend for Accounts {
    type User = User;
    type Credentials = Credentials;
    type Error = sqlx::Error;

    async fn authenticate(&self, credentials: Credentials) -> sqlx::Result<Option<User>> {
        let found: Option<User> = sqlx::query_as("SELECT * FROM users WHERE email = $1")
            .bind(&credentials.email)
            .fetch_optional(&self.pool)
            .await?;
        let check = move || found.filter(|user| verify(&credentials.password, &user.password));
        Ok(spawn_blocking(check).await.unwrap_or_default())
    }

    async fn get_user(&self, id: &UserId<Self>) -> sqlx::Result<Option<User>> {
        sqlx::query_as("SELECT * FROM users WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await
    }
}
