//! One request and its answer, which the schedule may hold up or lose on the way.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::{
    fleet::Place,
    schedule::{Kind, Who},
};
use crate::{
    browser::{ACCESS, Answer, Jar, REFRESH},
    forge::claims_of,
    wire::{self, Held},
};

/// Nothing takes longer, however busy the machine.
const ANSWERED: Duration = Duration::from_secs(30);

/// A request under way.
pub struct Exchange {
    pub sent: Sent,
    /// `None` once the server is gone.
    held: Option<Held>,
}

/// What a request carries, and when it went.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    pub who: Who,
    pub kind: Kind,
    pub place: Place,
    /// The generation of the refresh token that it asks to renew.
    pub presented: Option<i64>,
    /// The generation of its access token.
    pub access: Option<i64>,
    /// When its cookies were taken from the jar.
    pub taken_at: Instant,
    /// When its last byte went.
    pub gone_at: Instant,
    /// The newest generation that anybody had been given by then.
    pub newest: i64,
}

/// What an answer says of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A pair of this generation.
    Renewed(i64),
    /// The access token is good.
    Known,
    /// The access token is stale, and a refresh is asked for.
    Expired,
    /// Signed out.
    Refused,
    /// Not now.
    Busy,
    Lost,
}

impl Exchange {
    /// Sends all but the last byte, with the cookies as they are now.
    pub async fn begin(place: Place, who: Who, kind: Kind, jar: &Jar) -> Self {
        let now = Instant::now();
        let access = generation(jar, ACCESS);
        let renews = access.is_none() && kind != Kind::WhoAmI;
        Self {
            held: Held::try_back(place.address, &text(kind, jar)).await.ok(),
            sent: Sent {
                who,
                kind,
                place,
                presented: generation(jar, REFRESH).filter(|_| renews),
                access,
                taken_at: now,
                gone_at: now,
                newest: 0,
            },
        }
    }

    /// Sends the last byte too.
    pub async fn let_go(&mut self, newest: i64) {
        self.sent.gone_at = Instant::now();
        self.sent.newest = newest;
        if let Some(held) = &mut self.held {
            // What a dead server makes of it shows in the answer.
            let _ = held.let_go().await;
        }
    }

    /// Closes the tab.
    pub async fn hang_up(&mut self) {
        if let Some(held) = &mut self.held {
            let _ = held.hang_up().await;
        }
    }

    pub async fn answer(self) -> (Sent, Option<Answer>) {
        let answer = match self.held {
            Some(held) => timeout(ANSWERED, held.answer()).await.unwrap(),
            None => None,
        };
        (self.sent, answer)
    }
}

impl Outcome {
    pub fn of(kind: Kind, answer: Option<&Answer>) -> Self {
        let Some(answer) = answer else {
            return Self::Lost;
        };
        match (answer.status, answer.code(), kind) {
            (429 | 500.., ..) => Self::Busy,
            (200, ..) if answer.renews() => Self::Renewed(given_generation(answer)),
            (200, _, Kind::WhoAmI) if answer.body == "null" => Self::Refused,
            (200, ..) => Self::Known,
            (401, "session_expired", _) => Self::Expired,
            (401, "session_ended" | "session_required", _) | (302, _, Kind::Render) => {
                Self::Refused
            }
            _ => panic!("{answer:?}"),
        }
    }
}

/// The generation of that cookie's token.
pub fn generation(jar: &Jar, name: &str) -> Option<i64> {
    Some(claims_of(jar.get(name)?)["gen"].as_i64().unwrap())
}

/// The one generation of both tokens.
fn given_generation(answer: &Answer) -> i64 {
    let mut jar = Jar::default();
    jar.keep(answer);
    let (access, refresh) = (generation(&jar, ACCESS), generation(&jar, REFRESH));
    assert_eq!(access, refresh, "a pair of two generations");
    refresh.unwrap()
}

fn text(kind: Kind, jar: &Jar) -> String {
    let cookies = jar.header().unwrap_or_default();
    let (method, path, site, mode, accept) = match kind {
        Kind::Refresh => (
            "POST",
            "/api/refresh",
            "same-origin",
            "cors",
            "application/json",
        ),
        Kind::Render => ("GET", "/account", "none", "navigate", "text/html"),
        Kind::WhoAmI => (
            "GET",
            "/api/who_am_i",
            "same-origin",
            "cors",
            "application/json",
        ),
    };
    let headers = [
        ("cookie", cookies.as_str()),
        ("sec-fetch-site", site),
        ("sec-fetch-mode", mode),
        ("accept", accept),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    wire::request(method, path, &headers, "")
}
