//! What it holds in memory when nobody asks, and how soon it is ready. Printed, not promised.

use std::time::Duration;

use tokio::time::sleep;

use crate::{Figure, median, product::Product};

const STARTS: usize = 5;
const REST: Duration = Duration::from_secs(2);

pub async fn measure() -> Figure {
    let (mut memory, mut time) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let product = Product::start(&[]).await?;
        sleep(REST).await;
        memory.push(product.process.resident()?);
        time.push(product.process.ready_in.as_secs_f64());
    }
    println!("memory at rest: {:.1} MiB", median(memory) / 1024.0);
    println!(
        "from the very first start to ready: {:.0} ms",
        median(time) * 1000.0
    );
    Ok(())
}
