//! The state of the model: the row, the nodes' memory, who holds what, and what is under way.
//!
//! Nothing in it counts from the beginning. A generation is counted from the row's (0 is current, −1
//! the one before), an instant by its age, and both stop where nothing can tell the difference any
//! more. So the states are finite though time and rotations are not, and the exploration covers
//! histories of any length.

use monban_auth::EndReason;

use crate::{
    outcome::Outcome,
    setting::{Network, Setting, Ticks},
};

/// A generation, from the row's current one. [`OLDEST`] stands for everything older, too.
pub type Back = i8;

/// Three back: the true rule forgives one, a broken one of the tests two.
pub const OLDEST: Back = -3;

/// Everything that matters at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub row: Row,
    /// What each node noted of uses.
    pub notes: [Option<Note>; 2],
    pub client: Holder,
    /// What the thief holds, once there was a theft.
    pub thief: Option<Pair>,
    /// Requests and replies, sorted: which of two equal ones moves makes no difference.
    pub under_way: Vec<Flight>,
    /// Whether a newer key signs already while another still verifies.
    pub newer_key_signs: bool,
    /// When the current generation, and the two before it, were first used in truth. Kept where
    /// there is a thief, to judge the verdict by.
    pub used: [Option<Ticks>; 3],
    /// What the last step came to.
    pub outcome: Outcome,
}

/// The session's row, which stands at generation 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Row {
    pub rotated: Ticks,
    pub seen: Option<Ticks>,
    pub ended: Option<Ended>,
}

/// Why a session ended, as far as the model ends any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ended {
    Revoked,
    Reused,
}

impl From<Ended> for EndReason {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Revoked => Self::Revoked,
            Ended::Reused => Self::Reused,
        }
    }
}

/// A node's memory of the newest generation that it saw in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Note {
    pub generation: Back,
    pub first: Ticks,
}

/// An access and a refresh token that were issued together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pair {
    pub generation: Back,
    pub age: Ticks,
    pub key: Key,
}

/// The key that a pair was signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// One that verifies.
    Older,
    /// The one that signs since the last change of keys.
    Newer,
    /// One that nobody knows any more.
    Gone,
}

/// The honest client: a cookie jar, or a native client's store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Holder {
    pub pair: Pair,
    /// The newest generation that ever arrived.
    pub newest: Back,
    /// It arrived with less than a window to go before the cap.
    pub late: bool,
}

impl Holder {
    /// Whether an older reply came late and was written over a newer one.
    pub fn is_set_back(self) -> bool {
        self.pair.generation < self.newest
    }
}

/// Whose a request or a reply is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Party {
    Client,
    Thief,
}

/// Something on the wire or in service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flight {
    Request(Request),
    InService(Request, Service),
    Reply {
        party: Party,
        pair: Pair,
        since: Ticks,
    },
}

impl Flight {
    pub fn party(&self) -> Party {
        match self {
            Self::Request(request) | Self::InService(request, _) => request.party,
            Self::Reply { party, .. } => *party,
        }
    }

    pub fn pair(&self) -> &Pair {
        match self {
            Self::Request(request) | Self::InService(request, _) => &request.pair,
            Self::Reply { pair, .. } => pair,
        }
    }
}

/// A request that may renew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Request {
    pub party: Party,
    pub pair: Pair,
    /// How long ago it was sent, until it arrives.
    pub sent: Ticks,
    /// A limit that the product states excuses it: see the [crate].
    pub excused: bool,
    /// Its sender gave it up.
    pub unheard: bool,
}

/// What the server knows of a request that it works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Service {
    pub node: usize,
    pub arrived: Ticks,
    /// The row as it was read, and the generation that it stood at.
    pub row: Row,
    pub generation: Back,
    /// The node's note as it was asked for before the row.
    pub note: Option<Note>,
}

impl World {
    /// Somebody has just signed in.
    pub fn start() -> Self {
        let pair = Pair {
            generation: 0,
            age: 0,
            key: Key::Older,
        };
        Self {
            row: Row {
                rotated: 0,
                seen: None,
                ended: None,
            },
            notes: [None; 2],
            client: Holder {
                pair,
                newest: 0,
                late: false,
            },
            thief: None,
            under_way: Vec::new(),
            newer_key_signs: false,
            used: [None; 3],
            outcome: Outcome::Quiet,
        }
    }

    /// Every pair, wherever it is.
    pub fn pairs_mut(&mut self) -> impl Iterator<Item = &mut Pair> {
        let under_way = self.under_way.iter_mut().map(|flight| match flight {
            Flight::Request(request) | Flight::InService(request, _) => &mut request.pair,
            Flight::Reply { pair, .. } => pair,
        });
        under_way
            .chain([&mut self.client.pair])
            .chain(&mut self.thief)
    }

    /// The row has moved on by so many generations: counts everything from the new one.
    pub fn shift(&mut self, by: Back) {
        let back = |generation: &mut Back| *generation = (*generation - by).max(OLDEST);
        self.pairs_mut().for_each(|pair| back(&mut pair.generation));
        back(&mut self.client.newest);
        for note in self.notes.iter_mut().flatten() {
            back(&mut note.generation);
        }
        for flight in &mut self.under_way {
            if let Flight::InService(_, service) = flight {
                back(&mut service.generation);
                service
                    .note
                    .iter_mut()
                    .for_each(|note| back(&mut note.generation));
            }
        }
        for _ in 0..by {
            self.used.rotate_right(1);
            self.used[0] = None;
        }
    }

    /// A tick passes.
    pub fn age(&mut self, setting: &Setting) {
        let times = setting.times;
        let slack = times.service + setting.ahead;
        let limit = |limit: Ticks| move |age: &mut Ticks| *age = (*age + 1).min(limit);
        let (in_hand, pair_age) = (limit(times.window + slack), limit(times.access + slack));
        limit(times.unseen_cap + slack)(&mut self.row.rotated);
        self.row.seen.iter_mut().for_each(in_hand);
        self.used.iter_mut().flatten().for_each(in_hand);
        for note in self.notes.iter_mut().flatten() {
            in_hand(&mut note.first);
        }
        self.pairs_mut().for_each(|pair| pair_age(&mut pair.age));
        for flight in &mut self.under_way {
            match flight {
                Flight::Request(request) => limit(times.window)(&mut request.sent),
                // What was read is counted from the arrival.
                Flight::InService(_, service) => service.arrived += 1,
                Flight::Reply { since, .. } => limit(times.access)(since),
            }
        }
    }

    /// Forgets what can make no difference, and sorts.
    pub fn run_maintenance(&mut self, setting: &Setting) {
        let in_service = |flight: &Flight| matches!(flight, Flight::InService(..));
        if !self.under_way.iter().any(in_service) {
            let written = self.row.seen.is_some();
            for note in &mut self.notes {
                *note = note.filter(|note| note.generation == 0 && !written);
            }
        }
        if setting.thief {
            self.client.newest = OLDEST;
            self.client.late = false;
        } else {
            self.used = [None; 3];
        }
        for flight in &mut self.under_way {
            match flight {
                Flight::Reply { since, .. }
                    if !matches!(setting.network, Network::Prompt { .. }) =>
                {
                    *since = 0;
                }
                Flight::Request(request) if setting.thief => request.sent = 0,
                _ => {}
            }
        }
        self.under_way.sort_unstable();
    }
}
