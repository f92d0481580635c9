//! What happens in one schedule, drawn from the seed.

use std::fmt;

use rand::{RngExt, SeedableRng, rngs::StdRng};

/// One session and what happens to it.
pub struct Schedule {
    pub number: u64,
    pub steps: Vec<Step>,
    /// How a theft comes to light at last. None if nothing is stolen.
    pub reckoning: Option<Reckoning>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Owner,
    Thief,
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The living page renews the pair.
    Refresh,
    /// A page is rendered, and a stale pair renewed before.
    Render,
    /// A call by the access token alone.
    WhoAmI,
}

#[derive(Clone, Copy)]
pub struct Request {
    pub who: Who,
    pub kind: Kind,
    /// Where the load balancer sends it, unless that node is down.
    pub node: usize,
}

#[derive(Clone, Debug)]
pub enum Step {
    /// The access token's time is over, and the browser drops its cookie. Whatever is under way has
    /// arrived by then.
    GoStale(Who),
    /// A request, and its answer.
    Send(Request),
    /// All are released together. With the first new pair the person goes on at once, at that node.
    Burst(Vec<Request>, Option<usize>),
    /// A request of now arrives so many steps later.
    Delay(Request, usize),
    /// An answer of now arrives so many steps later.
    Late(Request, usize),
    /// The answer is lost. With a number, the tab is closed so many milliseconds after asking.
    Lose(Request, Option<u64>),
    /// The window passes.
    Wait,
    /// The node is killed while these are under way, and starts again.
    Kill(usize, Vec<Request>),
    /// A thief copies the cookies; with `true` the refresh token only.
    Copy(bool),
}

/// Both sides go on: one uses what it renewed, and the other presents what that superseded.
#[derive(Clone, Copy, Debug)]
pub struct Reckoning {
    pub first: Who,
    pub way: Way,
    /// Where the first is, and what the other asks for.
    pub node: usize,
    pub replay: Kind,
}

/// What gives the other away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is two generations behind.
    TwoBehind,
    /// It is one behind, a window after this node saw the newer one in use.
    Seen,
    /// The same, but the evidence comes from the row: it is another node, or the same after a crash.
    Written { crash: bool },
}

impl Who {
    pub const fn other(self) -> Self {
        match self {
            Self::Owner => Self::Thief,
            Self::Thief => Self::Owner,
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?} at {}", self.who, self.kind, self.node)
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "schedule {}", self.number)?;
        for step in &self.steps {
            write!(f, "\n  {step:?}")?;
        }
        match self.reckoning {
            Some(reckoning) => write!(f, "\n  {reckoning:?}"),
            None => Ok(()),
        }
    }
}

impl Schedule {
    /// The schedule of that number for so many nodes.
    pub fn draw(seed: u64, number: u64, nodes: usize) -> Self {
        let mut draw = Draw {
            rng: StdRng::seed_from_u64(seed.rotate_left(32) ^ number),
            nodes,
            stolen: false,
        };
        let length = draw.rng.random_range(5..=14);
        let theft = draw.rng.random_bool(0.2);
        let mut steps: Vec<_> = (0..length).flat_map(|_| draw.steps()).collect();
        if theft {
            steps.push(Step::Copy(draw.rng.random_bool(0.5)));
            draw.stolen = true;
            let more = draw.rng.random_range(0..=6);
            steps.extend((0..more).flat_map(|_| draw.steps()));
        }
        Self {
            number,
            steps,
            reckoning: theft.then(|| draw.reckoning()),
        }
    }
}

struct Draw {
    rng: StdRng,
    nodes: usize,
    /// Whether a thief takes part by now.
    stolen: bool,
}

impl Draw {
    /// Mostly a single one.
    fn steps(&mut self) -> Vec<Step> {
        if self.rng.random_bool(0.02) {
            self.a_lid_is_closed()
        } else {
            vec![self.step()]
        }
    }

    /// The answer to a renewal is lost, and nobody asks again before the window is over.
    fn a_lid_is_closed(&mut self) -> Vec<Step> {
        let (who, kind) = (Who::Owner, Kind::Refresh);
        let [lost, again] = [self.node(), self.node()].map(|node| Request { who, kind, node });
        vec![
            Step::GoStale(who),
            Step::Lose(lost, None),
            Step::Wait,
            Step::Send(again),
        ]
    }

    fn step(&mut self) -> Step {
        match self.rng.random_range(0..1000) {
            0..300 => Step::GoStale(self.who()),
            300..480 => Step::Send(self.request()),
            480..640 => {
                let requests = self.requests(2..=8);
                let goes_on = self.rng.random_bool(0.5);
                Step::Burst(requests, goes_on.then(|| self.node()))
            }
            640..760 => Step::Delay(self.request(), self.rng.random_range(1..=4)),
            760..830 => Step::Late(self.request(), self.rng.random_range(1..=4)),
            830..980 => {
                let closed = self.rng.random_bool(0.5);
                let after = self.rng.random_range(0..30);
                Step::Lose(self.request(), closed.then_some(after))
            }
            980..992 => Step::Wait,
            _ => Step::Kill(self.node(), self.requests(0..=4)),
        }
    }

    fn requests(&mut self, many: std::ops::RangeInclusive<usize>) -> Vec<Request> {
        let many = self.rng.random_range(many);
        (0..many).map(|_| self.request()).collect()
    }

    fn request(&mut self) -> Request {
        Request {
            who: self.who(),
            kind: match self.rng.random_range(0..4) {
                0..2 => Kind::Refresh,
                2 => Kind::Render,
                _ => Kind::WhoAmI,
            },
            node: self.node(),
        }
    }

    fn who(&mut self) -> Who {
        if self.stolen && self.rng.random_bool(0.4) {
            Who::Thief
        } else {
            Who::Owner
        }
    }

    fn node(&mut self) -> usize {
        self.rng.random_range(0..self.nodes)
    }

    fn reckoning(&mut self) -> Reckoning {
        let written = Way::Written {
            crash: self.rng.random_bool(0.3),
        };
        Reckoning {
            first: if self.rng.random_bool(0.5) {
                Who::Owner
            } else {
                Who::Thief
            },
            way: match self.rng.random_range(0..10) {
                0..4 => Way::TwoBehind,
                4..8 => Way::Seen,
                _ => written,
            },
            node: self.node(),
            replay: if self.rng.random_bool(0.5) {
                Kind::Refresh
            } else {
                Kind::Render
            },
        }
    }
}
