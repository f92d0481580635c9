//! `/learn/token`: what a JWT is, and is not.

mod claims;
mod forgeries;
mod jws;
mod signing;
mod workbench;

use leptos::{either::Either, prelude::*};
use serde::{Deserialize, Serialize};

use self::{forgeries::Forgeries, signing::Signing, workbench::Workbench};
use super::{Lesson, Prose, Source, Topic};
use monban_leptos::{components::Failure, error::AppError};

/// What the server's verifier says of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictView {
    /// Which check refused it; `None` if it is good.
    pub refused_by: Option<Check>,
    /// Where that check stands.
    pub source: Option<Source>,
}

/// The checks, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// It is a strict compact JWS.
    Form,
    /// It is of the kind that is due.
    Typ,
    /// Its header asks for nothing.
    Header,
    /// Its key is known.
    Kid,
    /// Its algorithm is the key's.
    Alg,
    /// The signature holds.
    Signature,
    /// It says what such a token must say.
    Claims,
    /// It was issued here.
    Issuer,
    /// It is meant for here.
    Audience,
    /// It was not issued in the future.
    IssuedAt,
    /// Its time is not over.
    Expiry,
    /// Its session is alive.
    Denylist,
}

/// A token that was forged, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeryView {
    /// How.
    pub how: ForgeryKind,
    /// The forged token.
    pub token: String,
    /// What the verifier says.
    pub verdict: VerdictView,
}

/// What can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForgeryKind {
    /// The payload is another than was signed.
    ChangedPayload,
    /// "No signature needed".
    AlgNone,
    /// HMAC with the public key.
    PublicKeyAsSecret,
    /// Signed by somebody else's key.
    ForeignKid,
    /// Its time is over.
    Expired,
    /// A refresh token.
    RefreshAsAccess,
}

/// A key made to be thrown away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Its private half in base64url: PKCS #8, or the secret itself.
    pub private: String,
    /// Its public half as a JWK, laid out.
    pub public: Option<String>,
}

/// What signing gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureView {
    /// The signature, encoded.
    pub signature: String,
    /// How HMAC came to it, each step in hexadecimal.
    pub hmac: Option<[String; 5]>,
}

/// Each forgery, made anew, with the verifier's answer.
#[server(prefix = "/api/learn", endpoint = "forge_tokens", input = server_fn::codec::GetUrl)]
pub async fn forge_tokens() -> Result<Vec<ForgeryView>, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::forge_all(&request.auth).await)
}

/// Shows a token to the verifier that every request passes.
#[server(prefix = "/api/learn", endpoint = "try_token")]
pub async fn try_token(token: String) -> Result<VerdictView, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::verdict(&request.auth, &token).await)
}

/// Makes a key to throw away.
#[server(prefix = "/api/learn", endpoint = "make_key")]
pub async fn make_key(alg: String) -> Result<KeyView, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::make_key(&alg))
}

/// Signs `header.payload` with such a key.
#[server(prefix = "/api/learn", endpoint = "sign_text")]
pub async fn sign_text(
    alg: String,
    private: String,
    signed: String,
) -> Result<SignatureView, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::sign(&alg, &private, &signed))
}

/// Whether the token's signature is that key's.
#[server(prefix = "/api/learn", endpoint = "verify_text")]
pub async fn verify_text(alg: String, private: String, token: String) -> Result<bool, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::verify(&alg, &private, &token))
}

#[component]
pub(super) fn TokenPage() -> impl IntoView {
    view! {
        <Lesson topic=Topic::Token>
            <Prose topic=Topic::Token section=""/>
            <Live/>
        </Lesson>
    }
}

/// What is alive, between its explanations: one token on the bench, for all of them.
#[component]
fn Live() -> impl IntoView {
    let forged = Resource::new_blocking(|| (), |()| forge_tokens());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match forged.await {
                    Ok(forged) => Either::Left(view! { <Bench forged/> }),
                    Err(error) => Either::Right(view! { <Failure error/> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Bench(forged: Vec<ForgeryView>) -> impl IntoView {
    let genuine = forged
        .iter()
        .find(|forged| forged.how == ForgeryKind::Expired)
        .map(|forged| forged.token.clone());
    let bench = workbench::Token::new(&genuine.unwrap_or_default());
    view! {
        <Workbench bench/>
        <Prose topic=Topic::Token section="claims"/>
        <claims::Claims bench/>
        <Prose topic=Topic::Token section="sign"/>
        <Signing bench/>
        <Prose topic=Topic::Token section="forge"/>
        <Forgeries forged bench/>
        <Prose topic=Topic::Token section="sources"/>
    }
}
