//! The server ends in the middle of whatever it does, and starts again.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use futures::future::join_all;
use sqlx::{PgPool, SqlitePool, sqlite::SqliteConnectOptions};
use tokio::{task::block_in_place, time::sleep};

use super::{
    STRICT,
    load::{Kept, Load, Tally},
    person::Person,
    report,
};
use crate::{
    postgres::{MASTER, database},
    process::{Process, free_port},
};

const PEOPLE: usize = 8;
/// Who all renew when the server is killed: somebody's answer is on its way then.
const RENEWING: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_on_sqlite_keeps_what_it_acknowledged() {
    killed(None, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_on_postgres_keeps_what_it_acknowledged() {
    killed(Some(&database().await), 4).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_server_killed_fifty_times_on_sqlite_keeps_what_it_acknowledged() {
    killed(None, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes; make faults"]
async fn a_server_killed_fifty_times_on_postgres_keeps_what_it_acknowledged() {
    killed(Some(&database().await), 50).await;
}

async fn killed(postgres: Option<&str>, times: u32) {
    let listen = format!("127.0.0.1:{}", free_port());
    let mut environment = STRICT.to_vec();
    environment.push(("MONBAN_LISTEN", &listen));
    if let Some(url) = postgres {
        environment.extend([("MONBAN_DATABASE_URL", url), ("MONBAN_MASTER_KEY", MASTER)]);
    }
    let mut process = Process::start(&environment);
    let mut load = Load::start(process.address, PEOPLE);
    let mut renewing = Renewing::start(process.address).await;
    let mut longest = Duration::ZERO;
    for _ in 1..times {
        load.answers(rand::random_range(50..250)).await;
        load.tally.fault_begins();
        renewing.until_killed(&mut process).await;
        block_in_place(|| process.start_again());
        longest = longest.max(load.fault_is_over().await);
    }
    // Whatever was acknowledged came before the last one.
    load.answers(100).await;
    let tally = load.tally.clone();
    tally.fault_begins();
    renewing.until_killed(&mut process).await;
    let mut people = load.stop().await;
    people.append(&mut renewing.people);
    block_in_place(|| process.start_again());

    let rows = match postgres {
        Some(url) => generations_on_postgres(url).await,
        None => generations_on_sqlite(&process).await,
    };
    for person in &people {
        assert_written(person, &rows);
    }
    let kept = Kept::of(people).await;
    assert!(tally.counts().broken > 0, "nobody noticed: {tally}");
    assert_eq!(tally.counts().refused, 0, "{tally}");
    let engine = postgres.map_or("SQLite", |_| "PostgreSQL");
    report(&format!(
        "server on {engine} killed {times} times: {tally}, and {}; all well {longest:.1?} later at most; {kept}",
        renewing.tally
    ));
}

/// People who do nothing but renew, all at once.
struct Renewing {
    people: Vec<Person>,
    tally: Arc<Tally>,
}

impl Renewing {
    async fn start(address: SocketAddr) -> Self {
        let tally = Arc::new(Tally::new(&[503], RENEWING));
        let newcomer = |index| Person::new(address, index, Arc::clone(&tally));
        let mut people: Vec<_> = (0..RENEWING).map(newcomer).collect();
        join_all(people.iter_mut().map(Person::step)).await;
        Self { people, tally }
    }

    /// All get on with what they have, and all are in the middle of it once more at the end.
    async fn until_killed(&mut self, process: &mut Process) {
        self.tally.fault_ends();
        join_all(self.people.iter_mut().map(Person::renew)).await;
        self.tally.fault_begins();
        let again = join_all(self.people.iter_mut().map(Person::renew));
        let killing = async {
            sleep(Duration::from_micros(rand::random_range(0..20_000))).await;
            process.kill();
        };
        tokio::join!(again, killing);
    }
}

/// A token newer than its row would be honoured, so whether a rotation was lost shows only there.
fn assert_written(person: &Person, rows: &HashMap<String, i64>) {
    if person.is_in() {
        let session = person.browser.refresh()["sid"]
            .as_str()
            .unwrap()
            .replace('-', "");
        assert!(
            rows[&session] >= person.browser.generation(),
            "a rotation is lost"
        );
    }
}

async fn generations_on_sqlite(process: &Process) -> HashMap<String, i64> {
    let file = process.data().join("data/monban.db");
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await;
    let rows = sqlx::query_as("SELECT lower(hex(id)), generation FROM sessions");
    let rows: Vec<_> = rows.fetch_all(&pool.unwrap()).await.unwrap();
    rows.into_iter().collect()
}

async fn generations_on_postgres(url: &str) -> HashMap<String, i64> {
    let pool = PgPool::connect(url).await.unwrap();
    let rows = sqlx::query_as("SELECT replace(id::text, '-', ''), generation FROM sessions");
    let rows: Vec<_> = rows.fetch_all(&pool).await.unwrap();
    rows.into_iter().collect()
}
