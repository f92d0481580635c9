//! Load from `wrk`.

use std::{error::Error, net::SocketAddr, process::Command};

/// How long `wrk` asks.
pub const SECONDS: f64 = 4.0;

/// Requests a second, of GETs with that header.
pub async fn wrk(address: SocketAddr, path: &str, header: &str) -> Result<f64, Box<dyn Error>> {
    let (url, header) = (format!("http://{address}{path}"), header.to_owned());
    let run = tokio::task::spawn_blocking(move || {
        Command::new("wrk")
            .args(["-t1", "-c32", "-d", &format!("{SECONDS}s"), "-H"])
            .args([&header, &url])
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
