//! `/learn/token`: what a JWT is, and is not.

mod claims;
mod editor;
mod forgeries;
mod jws;
mod signing;

use leptos::{either::Either, prelude::*};
use serde::{Deserialize, Serialize};

use self::{
    editor::{EditedToken, TokenEditor},
    forgeries::Forgeries,
    signing::Signing,
};
use super::{Lesson, Prose, Source, Topic};
use monban_leptos::{components::Failure, error::AppError};

/// The verdict of the server's verifier on a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerdictView {
    /// The check that refused it; `None` if it is valid.
    pub refused_by: Option<Check>,
    /// The source of that check.
    pub source: Option<Source>,
}

/// The checks, in the order in which they are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// It is a strict compact JWS.
    Form,
    /// It is of the expected kind.
    Typ,
    /// Its header has no member that chooses the key or the rules.
    Header,
    /// Its key is known.
    Kid,
    /// Its algorithm is that of the key.
    Alg,
    /// The signature is valid.
    Signature,
    /// Its claims are complete and of the right types.
    Claims,
    /// Its issuer is this server.
    Issuer,
    /// Its audience is this server.
    Audience,
    /// It was not issued in the future.
    IssuedAt,
    /// It has not expired.
    Expiry,
    /// Its session has not ended.
    Denylist,
}

/// A forged token and the verdict on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeryView {
    /// The kind of forgery.
    pub kind: ForgeryKind,
    /// The forged token.
    pub token: String,
    /// The verdict of the verifier.
    pub verdict: VerdictView,
}

/// The kinds of forgeries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForgeryKind {
    /// Another payload under the original signature.
    ChangedPayload,
    /// A header that says that no signature is needed.
    AlgNone,
    /// HMAC with the public key as its secret.
    PublicKeyAsSecret,
    /// A signature by a key of the forger's own.
    ForeignKid,
    /// A genuine token that has expired.
    Expired,
    /// A genuine refresh token in place of an access token.
    RefreshAsAccess,
}

/// A throwaway key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Its private half in base64url: PKCS #8, or the secret itself.
    pub private: String,
    /// Its public half as a JWK, in indented JSON.
    pub public: Option<String>,
}

/// The result of signing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureView {
    /// The signature, encoded.
    pub signature: String,
    /// The steps of HMAC in hexadecimal, if the algorithm is HMAC.
    pub hmac: Option<[String; 5]>,
}

/// Makes a forgery of each kind and returns it with the verdict on it.
#[server(prefix = "/api/learn", endpoint = "forge_tokens", input = server_fn::codec::GetUrl)]
pub async fn forge_tokens() -> Result<Vec<ForgeryView>, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::forge_all(&request.auth).await)
}

/// Checks a token with the verifier that checks every request.
#[server(prefix = "/api/learn", endpoint = "try_token")]
pub async fn try_token(token: String) -> Result<VerdictView, AppError> {
    let request = monban_leptos::server::request()?;
    request.respond(crate::server::token::verdict(&request.auth, &token).await)
}

/// Makes a throwaway key.
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
            <InteractiveParts/>
        </Lesson>
    }
}

/// The interactive parts and the texts between them. All parts share one edited token.
#[component]
fn InteractiveParts() -> impl IntoView {
    let forged = Resource::new_blocking(|| (), |()| forge_tokens());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match forged.await {
                    Ok(forged) => Either::Left(view! { <Parts forged/> }),
                    Err(error) => Either::Right(view! { <Failure error/> }),
                }
            })}
        </Transition>
    }
}

#[component]
fn Parts(forged: Vec<ForgeryView>) -> impl IntoView {
    let genuine = forged
        .iter()
        .find(|forged| forged.kind == ForgeryKind::Expired)
        .map(|forged| forged.token.clone());
    let edited = EditedToken::new(&genuine.unwrap_or_default());
    view! {
        <TokenEditor edited/>
        <Prose topic=Topic::Token section="claims"/>
        <claims::Claims edited/>
        <Prose topic=Topic::Token section="sign"/>
        <Signing edited/>
        <Prose topic=Topic::Token section="forge"/>
        <Forgeries forged edited/>
        <Prose topic=Topic::Token section="sources"/>
    }
}
