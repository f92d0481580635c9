//! The installation's own key in other hands: tokens with a good signature, whatever they say.

use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use monban_auth::{AccessToken, MasterKeys, RefreshToken, Store, TokenKind};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

/// A forger who has the private key.
pub struct Forge {
    pub kid: String,
    pair: Ed25519KeyPair,
}

/// What a token says, unverified.
pub fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

impl Forge {
    /// Takes the one key from the installation's database, with the master key beside it.
    pub async fn read(data: &Path) -> Self {
        let master = MasterKeys::read(&data.join("master.key")).unwrap();
        let url = format!("sqlite://{}/monban.db", data.display());
        let sealed = Store::open(&url).await.unwrap().list_keys().await.unwrap();
        let key = master.open(&sealed[0]).unwrap();
        Self {
            kid: key.kid().to_owned(),
            pair: Ed25519KeyPair::from_pkcs8(key.private().expose_secret()).unwrap(),
        }
    }

    /// A genuine access token of these claims.
    pub fn access(&self, claims: &Value) -> AccessToken {
        AccessToken::new(self.seal(&self.header(TokenKind::Access), claims))
    }

    /// A genuine refresh token of these claims.
    pub fn refresh(&self, claims: &Value) -> RefreshToken {
        RefreshToken::new(self.seal(&self.header(TokenKind::Refresh), claims))
    }

    /// Another key under the same name.
    pub fn imposter(&self) -> Self {
        Self {
            kid: self.kid.clone(),
            pair: Ed25519KeyPair::generate().unwrap(),
        }
    }

    /// The 32 bytes that everybody may know.
    pub fn public_key(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub fn header(&self, kind: TokenKind) -> Value {
        json!({ "alg": "EdDSA", "kid": self.kid, "typ": kind.typ() })
    }

    pub fn header_with(&self, kind: TokenKind, name: &str, value: Value) -> Value {
        with(&self.header(kind), name, value)
    }

    pub fn seal(&self, header: &Value, claims: &Value) -> String {
        self.seal_text(&header.to_string(), &claims.to_string())
    }

    pub fn seal_text(&self, header: &str, claims: &str) -> String {
        let unsigned = format!(
            "{}.{}",
            encode(header.as_bytes()),
            encode(claims.as_bytes())
        );
        let signature = self.pair.sign(unsigned.as_bytes());
        format!("{unsigned}.{}", encode(signature.as_ref()))
    }
}

pub fn signed_part(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        encode(header.to_string().as_bytes()),
        encode(claims.to_string().as_bytes())
    )
}

pub fn signature_of(token: &str) -> &str {
    token.rsplit('.').next().unwrap()
}

pub fn with(object: &Value, name: &str, value: Value) -> Value {
    let mut members: Map<String, Value> = object.as_object().unwrap().clone();
    members.insert(name.to_owned(), value);
    members.into()
}

pub fn without(object: &Value, name: &str) -> Value {
    let mut members: Map<String, Value> = object.as_object().unwrap().clone();
    members.remove(name);
    members.into()
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
