//! The connection breaks in the middle of a refresh: between the browser and the server, and
//! between the server and its database.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{sleep, timeout},
};
use url::Url;

use super::{
    load::{Counts, Kept, PATIENCE, Tally},
    person::Person,
    proxy::Proxy,
    report,
};
use crate::{
    browser::{ACCESS, Browser},
    postgres::{MASTER, database},
    process::Process,
    wire,
};

const PEOPLE: usize = 10;
/// Short, so that it can be waited out; long enough for a request whose sender has gone.
const WINDOW: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_goes_in_the_middle_of_a_refresh_is_not_stranded() {
    cut_by_the_browser(None, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_in_the_middle_of_a_refresh_strands_nobody() {
    cut_by_the_database(50).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_browser_that_goes_a_thousand_times_is_not_stranded_on_sqlite() {
    cut_by_the_browser(None, 1000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_browser_that_goes_a_thousand_times_is_not_stranded_on_postgres() {
    cut_by_the_browser(Some(&database().await), 1000).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_database_that_goes_a_thousand_times_strands_nobody() {
    cut_by_the_database(1000).await;
}

async fn cut_by_the_browser(postgres: Option<&str>, times: usize) {
    let process = start(postgres);
    let tally = Arc::new(Tally::new(&[503], PEOPLE));
    let mut cutting = JoinSet::new();
    for index in 0..PEOPLE {
        let (address, tally) = (process.address, Arc::clone(&tally));
        cutting.spawn(async move {
            let mut person = Person::new(address, index, tally);
            person.step().await;
            for round in 0..times / PEOPLE / 5 {
                for cuts in [1, 2] {
                    be_cut(&person.browser, address, cuts).await;
                    get_on(&mut person).await;
                }
                be_cut(&person.browser, address, 2).await;
                if (index + round) % 2 == 0 {
                    // After the window only the evidence helps.
                    sleep(WINDOW).await;
                }
                get_on(&mut person).await;
            }
            person
        });
    }
    let people = cutting.join_all().await;
    let kept = Kept::of(people).await;
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    report(&format!(
        "browser gone in the middle of a refresh {times} times, on {engine}: besides, {tally}; {kept}"
    ));
}

/// Sends a refresh that many times, and each time goes away before the answer is there.
async fn be_cut(browser: &Browser, address: SocketAddr, times: usize) {
    let mut stale = browser.clone();
    stale.cookies.remove(ACCESS);
    let request = wire::refresh_request(&stale);
    for _ in 0..times {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        match rand::random_range(0..4) {
            0 => {
                let half = rand::random_range(0..request.len());
                stream.write_all(&request.as_bytes()[..half]).await.unwrap();
            }
            1 => {
                stream.write_all(request.as_bytes()).await.unwrap();
                sleep(Duration::from_micros(rand::random_range(0..10_000))).await;
            }
            _ => {
                stream.write_all(request.as_bytes()).await.unwrap();
                let mut some = vec![0; rand::random_range(1..200)];
                assert!(stream.read(&mut some).await.unwrap() > 0);
            }
        }
    }
}

/// Renews with the last cookies that arrived, as a page or as a call, and uses what comes back.
async fn get_on(person: &mut Person) {
    if rand::random() {
        person.browser.cookies.remove(ACCESS);
        person.visit().await;
    }
    person.renew().await;
    person.ask().await;
}

async fn cut_by_the_database(times: u64) {
    let mut url = Url::parse(&database().await).unwrap();
    let server = url.socket_addrs(|| None).unwrap()[0];
    let proxy = Proxy::to(server).await;
    url.set_port(Some(proxy.address.port())).unwrap();
    let process = start(Some(url.as_str()));
    let tally = Arc::new(Tally::new(&[503], PEOPLE));
    let newcomer = |index| Person::new(process.address, index, Arc::clone(&tally));
    let mut people: Vec<_> = (0..PEOPLE).map(newcomer).collect();
    join_all(people.iter_mut().map(Person::step)).await;

    tally.fault_begins();
    while tally.counts().refused < times {
        let renewing = join_all(people.iter_mut().map(renew));
        let cutting = async {
            sleep(Duration::from_micros(rand::random_range(0..20_000))).await;
            proxy.cut();
        };
        let (renewed, ()) = tokio::join!(timeout(PATIENCE, renewing), cutting);
        assert!(renewed.is_ok(), "somebody is stranded: {tally}");
    }
    let Counts {
        refused, broken, ..
    } = tally.counts();
    assert_eq!(broken, 0, "{tally}");
    let kept = Kept::of(people).await;
    report(&format!(
        "database gone in the middle of a refresh {refused} times: {tally}; {kept}"
    ));
}

/// Tries until it is done, and uses what comes back.
async fn renew(person: &mut Person) {
    let goal = person.rotations + 1;
    while person.rotations < goal {
        person.renew().await;
    }
    person.ask().await;
}

fn start(postgres: Option<&str>) -> Process {
    let window = format!("{}s", WINDOW.as_secs());
    let mut environment = vec![("MONBAN_REFRESH_WINDOW", window.as_str())];
    if let Some(url) = postgres {
        environment.extend([("MONBAN_DATABASE_URL", url), ("MONBAN_MASTER_KEY", MASTER)]);
    }
    Process::start(&environment)
}
