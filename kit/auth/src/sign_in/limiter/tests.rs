use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const WINDOW: Duration = Duration::from_mins(15);
const SECOND: Duration = Duration::from_secs(1);
const HERE: &str = "203.0.113.7";
const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";
const RULES: AttemptRules = AttemptRules {
    failures: 2,
    window: WINDOW,
};

struct Guesser(SignInLimiter);

impl Guesser {
    fn new(rules: AttemptRules) -> Self {
        Self(SignInLimiter::new(rules, Arc::new(Counts::new(None))))
    }

    fn start(&self, email: &str, ip: &str, now: Timestamp) -> Attempt {
        self.0.start(Some(&Email::parse(email).unwrap()), ip, now)
    }

    async fn may(&self, email: &str, ip: &str, now: Timestamp) -> bool {
        self.0.check(&self.start(email, ip, now)).await.is_ok()
    }

    async fn fails(&self, email: &str, ip: &str, times: u32) {
        for _ in 0..times {
            let attempt = self.start(email, ip, NOW);
            self.0.check(&attempt).await.unwrap();
            self.0.failed(&attempt).await;
        }
    }

    /// Ten networks that all fail as often as they may at the account.
    async fn strangers_fail(&self, email: &str) {
        for number in 0..10 {
            let elsewhere = format!("198.51.100.{number}");
            self.fails(email, &elsewhere, RULES.failures).await;
        }
    }
}

#[tokio::test]
async fn however_a_mailbox_is_spelled_its_guesses_are_counted_together() {
    let guesser = Guesser::new(RULES);
    guesser.fails("Ann@example.com", HERE, 1).await;
    guesser.fails("ａｎｎ＠example.com", HERE, 1).await;
    for spelled in [
        "ANN@EXAMPLE.COM",
        "ann@example.com",
        "\u{200b}ann@example.com",
    ] {
        assert!(!guesser.may(spelled, HERE, NOW).await, "{spelled}");
    }
}

#[tokio::test]
async fn from_one_network_one_account_is_guessed_at_so_often_until_the_window_ends() {
    let guesser = Guesser::new(RULES);
    guesser.fails(ANN, HERE, 2).await;
    assert!(!guesser.may(ANN, HERE, NOW).await);
    assert!(guesser.may(BOB, HERE, NOW).await);
    assert!(guesser.may(ANN, "198.51.100.1", NOW).await);
    assert!(guesser.may(ANN, HERE, NOW + WINDOW).await);
    let attempt = guesser.start(ANN, HERE, NOW);
    let limit = guesser.0.check(&attempt).await.unwrap_err();
    let wait = limit.retry_after;
    assert!(wait > Duration::ZERO && wait <= WINDOW, "{wait:?}");
    assert!(!limit.of_account);
}

#[tokio::test]
async fn many_accounts_from_one_network_are_counted_too() {
    let guesser = Guesser::new(RULES);
    for number in 0..5 {
        let email = format!("{number}@example.com");
        guesser.fails(&email, HERE, 2).await;
    }
    assert!(!guesser.may("new@example.com", HERE, NOW).await);
}

#[tokio::test]
async fn where_many_networks_failed_strangers_wait_longer_and_longer_but_a_minute_at_most() {
    let guesser = Guesser::new(RULES);
    guesser.strangers_fail(ANN).await;
    let (mut now, mut waits) = (NOW, Vec::new());
    for number in 0..9 {
        let stranger = format!("192.0.2.{number}");
        let attempt = guesser.start(ANN, &stranger, now);
        guesser.0.check(&attempt).await.unwrap();
        guesser.0.failed(&attempt).await;
        let attempt = guesser.start(ANN, "192.0.2.100", now);
        let limit = guesser.0.check(&attempt).await.unwrap_err();
        assert!(limit.of_account);
        waits.push(limit.retry_after);
        // The very end of the wait.
        now = now + limit.retry_after;
    }
    assert!(waits[0] <= 2 * SECOND, "{waits:?}");
    assert!(waits.iter().max() > Some(&(20 * SECOND)), "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= 60 * SECOND), "{waits:?}");
    assert!(guesser.may(BOB, "192.0.2.1", now).await);
    assert!(guesser.may(ANN, "192.0.2.101", NOW + WINDOW).await);
}

#[tokio::test]
async fn what_strangers_did_at_an_account_is_passed_over_where_it_is_at_home() {
    let guesser = Guesser::new(RULES);
    guesser.strangers_fail(ANN).await;
    guesser.fails(ANN, HERE, 1).await;
    assert!(!guesser.may(ANN, HERE, NOW).await);
    let attempt = guesser.start(ANN, HERE, NOW).at_home();
    guesser.0.check(&attempt).await.unwrap();
    guesser.0.failed(&attempt).await;
    let limit = guesser.0.check(&attempt).await.unwrap_err();
    assert!(!limit.of_account, "it is counted there all the same");
}

#[tokio::test]
async fn a_known_device_has_an_allowance_of_its_own() {
    let guesser = Guesser::new(RULES);
    guesser.strangers_fail(ANN).await;
    guesser.fails(ANN, "192.0.2.1", 1).await;
    guesser.fails(BOB, HERE, 2).await;
    let device = DeviceId::from(Uuid::from_u128(1));
    let attempt = || guesser.0.of_device(guesser.start(ANN, HERE, NOW), device);
    for _ in 0..RULES.failures {
        guesser.0.check(&attempt()).await.unwrap();
        guesser.0.failed(&attempt()).await;
    }
    let limit = guesser.0.check(&attempt()).await.unwrap_err();
    assert!(!limit.of_account);
    let other = DeviceId::from(Uuid::from_u128(2));
    let other = guesser.0.of_device(guesser.start(ANN, HERE, NOW), other);
    guesser.0.check(&other).await.unwrap();
    guesser.0.succeeded(&attempt()).await;
    guesser.0.check(&attempt()).await.unwrap();
}

#[tokio::test]
async fn a_success_forgives_the_account_and_not_the_network() {
    let guesser = Guesser::new(RULES);
    guesser.fails(ANN, HERE, 1).await;
    guesser.0.succeeded(&guesser.start(ANN, HERE, NOW)).await;
    guesser.fails(ANN, HERE, 2).await;
    assert!(!guesser.may(ANN, HERE, NOW).await);
    // Three so far; ten is the most.
    for number in 0..7 {
        let email = format!("{number}@example.com");
        guesser.fails(&email, HERE, 1).await;
    }
    assert!(!guesser.may(BOB, HERE, NOW).await);
}

#[tokio::test]
async fn an_ipv6_network_is_one_and_a_whole_site_is_counted_too() {
    let guesser = Guesser::new(RULES);
    guesser.fails(ANN, "2001:db8:1:2::1", 2).await;
    assert!(!guesser.may(ANN, "2001:db8:1:2:3::4", NOW).await);
    for network in 3..6 {
        let ip = format!("2001:db8:1:{network}::1");
        guesser.fails(ANN, &ip, 2).await;
    }
    assert!(!guesser.may(ANN, "2001:db8:1:7::1", NOW).await);
    assert!(guesser.may(ANN, "2001:db8:2::1", NOW).await);
    guesser.fails(BOB, "::ffff:192.0.2.1", 2).await;
    assert!(!guesser.may(BOB, "192.0.2.1", NOW).await);
}

#[tokio::test]
async fn zero_is_no_limit() {
    let free = Guesser::new(AttemptRules {
        failures: 0,
        ..RULES
    });
    free.fails(ANN, HERE, 500).await;
}
