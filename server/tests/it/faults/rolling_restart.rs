//! Nodes that are restarted one after the other, behind a load balancer: nobody notices.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    process::{Child, Command},
    time::Duration,
};

use tempfile::TempDir;
use tokio::task::block_in_place;

use super::{
    load::{Kept, Load},
    report,
};
use crate::{
    postgres::{MASTER, database},
    process::{Process, free_port},
};

const PEOPLE: usize = 8;
/// How often the balancer asks a node whether it is ready.
const ASKED_EVERY: Duration = Duration::from_millis(100);

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_a_rolling_restart() {
    rolled(1).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn nobody_notices_ten_rolling_restarts() {
    rolled(10).await;
}

async fn rolled(times: u32) {
    let url = database().await;
    let mut nodes = [node(&url), node(&url)];
    let balancer = Balancer::start(nodes.each_ref().map(|node| node.address));
    let mut load = Load::start(balancer.address, PEOPLE);
    // No fault is announced to them: a single request that fails is a panic.
    for _ in 0..times {
        for node in &mut nodes {
            load.answers(200).await;
            let before = served(node);
            block_in_place(|| {
                assert!(node.terminate().success());
                node.start_again();
            });
            // Before the next one goes, the balancer must have seen that this one is back.
            while served(node) == before {
                load.answers(10).await;
            }
        }
    }
    load.answers(200).await;
    let tally = load.tally.clone();
    let kept = Kept::of(load.stop().await).await;
    let counts = tally.counts();
    assert_eq!((counts.refused, counts.broken), (0, 0), "{tally}");
    for node in &nodes {
        let served = served(node);
        assert!(served > 50, "the balancer left a node out: {served}");
    }
    report(&format!(
        "Two nodes behind haproxy, each restarted {times} times: {tally}; {kept}"
    ));
}

/// How many questions a node has answered, in all of its lives.
fn served(node: &Process) -> usize {
    node.log().matches("/api/who_am_i").count()
}

fn node(url: &str) -> Process {
    let listen = format!("127.0.0.1:{}", free_port());
    // Before it goes, the balancer must have seen that it will, however busy the machine is.
    let delay = format!("{}s", (ASKED_EVERY * 50).as_secs());
    Process::start(&[
        ("MONBAN_LISTEN", &listen),
        ("MONBAN_DATABASE_URL", url),
        ("MONBAN_MASTER_KEY", MASTER),
        ("MONBAN_SHUTDOWN_DELAY", &delay),
    ])
}

/// haproxy before two nodes.
struct Balancer {
    address: SocketAddr,
    process: Child,
    _folder: TempDir,
}

impl Balancer {
    fn start([one, other]: [SocketAddr; 2]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let every = ASKED_EVERY.as_millis();
        let path = folder.path().join("haproxy.cfg");
        let lines = [
            "defaults",
            "mode http",
            "timeout connect 1s",
            "timeout check 5s",
            "timeout client 30s",
            "timeout server 30s",
            // Nothing is asked twice: a request that a node loses is seen to be lost.
            "retries 0",
            "listen nodes",
            &format!("bind {address}"),
            "balance roundrobin",
            "option httpchk GET /readyz",
            &format!("default-server check inter {every}ms fall 1 rise 1"),
            &format!("server one {one}"),
            &format!("server other {other}"),
            "",
        ];
        fs::write(&path, lines.join("\n")).unwrap();
        let mut process = Command::new("haproxy").arg("-f").arg(path).spawn().unwrap();
        while TcpStream::connect(address).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "haproxy ended");
            std::thread::yield_now();
        }
        Self {
            address,
            process,
            _folder: folder,
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
