//! "Who am I", checked by cookie and by Bearer, against a bare axum route that is sent the same
//! request, looks at nothing, and answers as much JSON.

use std::{error::Error, net::SocketAddr};

use axum::{Router, http::header, response::IntoResponse, routing::get};
use tokio::net::TcpListener;

use crate::{Figure, Promise, load::wrk, median, product::Product, report, wire::Connection};

const ROUNDS: usize = 5;
const SETTINGS: [(&str, &str); 2] = [("MONBAN_ACCESS_TTL", "1h"), ("MONBAN_ARGON2_MEMORY", "64")];
const BARE: &str =
    r#"{"account_id":"01234567-89ab-7def-8123-456789abcdef","roles":[],"expires_at":1800000000}"#;

pub async fn measure() -> Figure {
    let product = Product::start(&SETTINGS).await?;
    let [ttl, memory] = SETTINGS;
    let symmetric = Product::start(&[ttl, memory, ("MONBAN_KEY_ALGORITHM", "HS256")]).await?;
    symmetric.sign_up(0).await?;
    let [access, refresh] = product.sign_up(0).await?;
    let cookies = format!("{access}; {refresh}");
    let answer = Connection::open(product.address)
        .await?
        .get("/api/who_am_i", &cookies)
        .await?;
    if answer.status != 200 {
        return Err(format!("who_am_i answered {}", answer.status).into());
    }

    let bare = serve_bare().await?;
    let cookie = format!("Cookie: {cookies}");
    let [bearer, other] = [bearer(&product).await?, bearer(&symmetric).await?];
    let sides = [
        (bare, "/", &cookie),
        (product.address, "/api/who_am_i", &cookie),
        (bare, "/", &bearer),
        (product.address, "/api/v1/session", &bearer),
        (symmetric.address, "/api/v1/session", &other),
    ];
    let mut rates = [const { Vec::new() }; 5];
    for _ in 0..ROUNDS {
        for ((address, path, header), rates) in sides.iter().zip(&mut rates) {
            rates.push(wrk(*address, path, header).await?);
        }
    }
    let [bare_cookie, cookie, bare_bearer, bearer, symmetric] = rates.map(median);
    let tell = |name: &str, ours, theirs, bound| {
        report(name, ours, theirs, "requests/s", Promise::AtLeast(bound));
    };
    tell(
        "who am I, by cookie, against a bare axum JSON route",
        cookie,
        bare_cookie,
        0.6,
    );
    tell(
        "who am I, by Bearer, against a bare axum JSON route",
        bearer,
        bare_bearer,
        0.8,
    );
    tell(
        "who am I, by Bearer, EdDSA against HS256",
        bearer,
        symmetric,
        0.9,
    );
    Ok(())
}

/// A native client's session, as a header.
async fn bearer(product: &Product) -> Result<String, Box<dyn Error>> {
    Ok(format!(
        "Authorization: Bearer {}",
        product.bearer(0).await?
    ))
}

async fn serve_bare() -> Result<SocketAddr, Box<dyn Error>> {
    let bare = || async { ([(header::CONTENT_TYPE, "application/json")], BARE).into_response() };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, Router::new().route("/", get(bare))).into_future());
    Ok(address)
}
