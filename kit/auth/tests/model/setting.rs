//! What one exploration lets happen, and the protocol it explores.

use std::fmt;

use monban_auth::{
    Generation, Session, Timestamp,
    rotation::{Grace, Verdict, verdict},
};

/// Whole ticks of the model's clock. What is negative lies ahead, as a faster clock stamps it.
pub type Ticks = i8;

/// The rule under test: the server's own, or one broken on purpose.
pub type Judge = fn(&Session, Generation, Option<Timestamp>, Grace, Timestamp) -> Verdict;

/// Whether a compare-and-swap wins, from "the row stands where it was read" and "it is alive".
pub type Swap = fn(stands: bool, alive: bool) -> bool;

/// The parts of the protocol that can be exchanged for a broken one.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    pub verdict: Judge,
    pub swap: Swap,
    pub evidence: Evidence,
    /// A key may go while tokens of it are about.
    pub keys_go_early: bool,
}

impl Protocol {
    /// The server's, with the condition of `UPDATE … WHERE generation = $2 AND ended_at IS NULL`.
    pub const SERVER: Self = Self {
        verdict,
        swap: |stands, alive| stands && alive,
        evidence: Evidence::BeforeRow,
        keys_go_early: false,
    };
}

/// When a node asks its memory for evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Before it reads the row, as the server does.
    BeforeRow,
    /// When it judges. The memory may have gone on to a generation that the row read does not know.
    AfterRow,
}

/// How long things last, in ticks.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// [`Grace::window`].
    pub window: Ticks,
    /// [`Grace::unseen_cap`].
    pub unseen_cap: Ticks,
    /// Life of an access token.
    pub access: Ticks,
    /// How long a request may be in service, from arrival to commit.
    pub service: Ticks,
}

impl Times {
    /// The defaults to scale, where a tick is 15 seconds: window 30 s, access token 5 min, cap 10 min.
    pub const DEFAULT: Self = Self {
        window: 2,
        unseen_cap: 40,
        access: 20,
        service: 0,
    };

    /// The same order in as few ticks as let an honest client race, lose a reply and be late for
    /// the cap.
    pub const COARSE: Self = Self {
        unseen_cap: 5,
        access: 4,
        ..Self::DEFAULT
    };

    /// The least that has a moment within the window, one between window and cap, and one past the
    /// cap: enough where no network is prompt.
    pub const SHORT: Self = Self {
        window: 1,
        unseen_cap: 3,
        access: 2,
        service: 0,
    };
}

/// What the network does to requests and replies. Any may be lost, and overtake any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Each arrives within so many ticks, or never.
    Prompt { request: Ticks, reply: Ticks },
    /// A request arrives when it likes; a reply, while its access token has a window to live.
    Slow,
    /// Each arrives when it likes.
    Lawless,
}

/// Who holds the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// A browser: tabs send whatever the one cookie jar holds, and the server renews what is stale
    /// on arrival.
    Browser,
    /// A native client: it renews what is stale by its own clock, waits for one renewal at a time,
    /// and does not listen to the reply of one that it gave up.
    Native,
}

/// One exploration.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says whether one thing happens, in any combination"
)]
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub protocol: Protocol,
    pub times: Times,
    pub network: Network,
    pub client: Client,
    /// How many requests and replies of the client may be under way: its tabs.
    pub tabs: usize,
    /// Servers behind the load balancer, each with its own memory: one or two.
    pub nodes: usize,
    /// How far the second node's clock is ahead.
    pub ahead: Ticks,
    /// A thief copies what the client holds, at any moment and as often as wanted.
    pub thief: bool,
    /// The session is ended from elsewhere, at any moment.
    pub revocation: bool,
    /// Signing keys change, at any moment and as often as wanted.
    pub keys: bool,
    /// What lies beyond the product's stated limits is held against it, too.
    pub beyond_limits: bool,
}

impl Setting {
    /// An honest browser with so many tabs and a prompt network.
    pub const fn honest(tabs: usize) -> Self {
        Self {
            protocol: Protocol::SERVER,
            times: Times::COARSE,
            network: Network::Prompt {
                request: 1,
                reply: 1,
            },
            client: Client::Browser,
            tabs,
            nodes: 1,
            ahead: 0,
            thief: false,
            revocation: false,
            keys: false,
            beyond_limits: false,
        }
    }

    /// A browser with so many tabs and a thief, on a network without limits.
    pub const fn theft(tabs: usize) -> Self {
        Self {
            times: Times::SHORT,
            network: Network::Lawless,
            thief: true,
            ..Self::honest(tabs)
        }
    }
}

/// The bounds.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            times,
            client,
            tabs,
            nodes,
            network,
            ..
        } = self;
        write!(
            f,
            "{client:?}, {tabs} under way, {nodes} node(s), {network:?}, {times:?}"
        )?;
        if self.ahead > 0 {
            write!(f, ", one clock {} ahead", self.ahead)?;
        }
        let also = [
            (self.thief, "a thief"),
            (self.revocation, "revocation"),
            (self.keys, "keys"),
        ];
        for (_, name) in also.iter().filter(|(there, _)| *there) {
            write!(f, ", {name}")?;
        }
        Ok(())
    }
}
