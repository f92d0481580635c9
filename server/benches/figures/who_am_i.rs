//! "Who am I", checked by cookie, against a bare axum route that answers as much JSON.

use std::{error::Error, net::SocketAddr, process::Command};

use axum::{Router, http::header, response::IntoResponse, routing::get};
use tokio::net::TcpListener;

use crate::{Figure, Promise, median, product::Product, report, wire::Connection};

const ROUNDS: usize = 5;
const BARE: &str =
    r#"{"account_id":"01234567-89ab-7def-8123-456789abcdef","roles":[],"expires_at":1800000000}"#;

pub async fn measure() -> Figure {
    let product =
        Product::start(&[("MONBAN_ACCESS_TTL", "1h"), ("MONBAN_ARGON2_MEMORY", "64")]).await?;
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
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        theirs.push(wrk(bare, "/", "").await?);
        ours.push(wrk(product.address, "/api/who_am_i", &cookies).await?);
    }
    report(
        "who am I, by cookie, against a bare axum JSON route",
        median(ours),
        median(theirs),
        "requests/s",
        Promise::AtLeast(0.6),
    );
    Ok(())
}

async fn serve_bare() -> Result<SocketAddr, Box<dyn Error>> {
    let bare = || async { ([(header::CONTENT_TYPE, "application/json")], BARE).into_response() };
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(axum::serve(listener, Router::new().route("/", get(bare))).into_future());
    Ok(address)
}

async fn wrk(address: SocketAddr, path: &str, cookies: &str) -> Result<f64, Box<dyn Error>> {
    let (url, cookie) = (
        format!("http://{address}{path}"),
        format!("Cookie: {cookies}"),
    );
    let run = tokio::task::spawn_blocking(move || {
        Command::new("wrk")
            .args(["-t1", "-c32", "-d4s", "-H", &cookie, &url])
            .output()
    });
    let output = String::from_utf8(run.await??.stdout)?;
    if output.contains("Non-2xx") {
        return Err(format!("{path} failed under load:\n{output}").into());
    }
    let rate = output
        .lines()
        .find_map(|line| line.trim().strip_prefix("Requests/sec:"));
    Ok(rate.ok_or("wrk printed no rate")?.trim().parse()?)
}
