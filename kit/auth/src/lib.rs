//! The core of Monban: accounts, passwords, tokens, sessions and the store that keeps them.
//!
//! It knows no HTTP and no page. The door is [`Auth`], and what its methods take and answer stands here
//! at the root; the heart is [`rotation`]. [`store`] is the database's side of it, for those who open one
//! or test one, and [`specimen`] has tokens to look at.
//!
//! A whole life, from sign-up to sign-out:
//!
//! ```
//! use monban_auth::*;
//!
//! # #[tokio::main] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let data = tempfile::tempdir()?;
//! let store = Store::open(&format!("sqlite://{}/monban.db", data.path().display())).await?;
//! let master = MasterKeys::parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")?; // not this one
//! let options = AuthOptions::default();
//! # let mut options = options;
//! # options.rules.hashing.memory_kib = 64;
//! let auth = Auth::new(store, master, "https://app.example", options).await?;
//!
//! let here = Client::new("203.0.113.7".into(), "Mozilla/5.0");
//! let sign_up = SignUp {
//!     name: Name::parse("Ann")?,
//!     email: Email::parse("ann@example.com")?,
//!     password: Password::parse("kettle orbit plum sandal")?,
//! };
//! let pair = auth.sign_up(sign_up, &here).await?;                   // two cookies, say
//!
//! let claims = auth.check_access(pair.access.expose()).await?;           // on every request, no database
//! let pair = auth.refresh(&pair.refresh, Channel::Cookies, &here).await?;  // once the access token is stale
//! assert_eq!(pair.claims.generation, claims.generation.next());
//!
//! auth.sign_out(&pair.refresh).await?;
//! assert!(auth.check_access(pair.access.expose()).await.is_err());       // at once
//! # Ok(()) }
//! ```

mod accounts;
mod audit;
mod auth;
mod authentication;
mod changes;
mod claims;
mod clock;
mod emails;
mod error;
mod hashing;
mod keys;
mod limits;
mod network;
mod password;
mod redis;
mod roles;
mod rules;
mod sessions;
mod sign_in;
mod sign_up;
pub mod specimen;
pub mod store;
mod stored;
mod token;
mod transport;
mod version;
mod write_behind;

pub use self::{
    accounts::{Account, AccountId, Accounts, Name, NameError},
    audit::Actor,
    auth::{Auth, AuthOptions, TokenPair},
    authentication::{Authentication, Methods},
    claims::{AppClaims, ClaimSource, ClaimsError},
    clock::{Clock, ManualClock, SystemClock, Timestamp},
    emails::{Email, EmailError, Emails},
    error::AuthError,
    hashing::{HashingCost, HashingError},
    keys::{
        Algorithm, KeyChangeError, KeyError, KeyRules, KeyState, KeyView, Keys, MasterKeyError,
        MasterKeys, SigningError,
    },
    network::Network,
    password::{Password, PasswordError, PasswordPolicy, Weakness},
    redis::{Redis, RedisAddressError},
    roles::{AccountRoles, GrantError, Role, RoleError, Roles, TooManyRoles},
    rules::Rules,
    sessions::{
        AccessError, Channel, Client, EndReason, Generation, Lifetimes, Persistence, RefreshError,
        Session, SessionId, SessionPage, Sessions,
        rotation::{self, Grace},
    },
    sign_in::{AttemptRules, DeviceToken, SignIn, SignInError},
    sign_up::{SignUp, SignUpError, SignUpRules},
    store::{Store, StoreError, StoreOptions},
    token::{
        AccessClaims, AccessToken, MalformedToken, RefreshClaims, RefreshToken, TokenError,
        TokenKind,
    },
    transport::PlaintextError,
    version::{AccountVersion, CredentialVersion},
    write_behind::Backlog,
};
