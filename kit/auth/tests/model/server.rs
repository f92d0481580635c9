//! The server's step, as `Auth::refresh` takes it: arrive, ask for evidence, read the row, judge,
//! compare and swap, answer.
//!
//! A request in service has read the row. What happens between that and its commit, it does not
//! know: two in service stand for two threads, or two nodes.

use monban_auth::rotation::Verdict;

use crate::{
    outcome::Outcome,
    question::{Question, ask, relative},
    setting::{Client, Evidence, Setting, Ticks},
    world::{Back, Ended, Flight, Key, Note, Pair, Party, Request, Row, Service, World},
};

impl World {
    /// The access token of a good pair is used at a node: evidence.
    pub fn witness(&mut self, setting: &Setting, pair: Pair, node: usize) {
        let known = self.notes[node];
        if known.is_none_or(|note| note.generation < pair.generation) {
            self.notes[node] = Some(Note {
                generation: pair.generation,
                first: -offset(setting, node),
            });
        }
        if let Ok(back) = usize::try_from(-pair.generation)
            && let Some(used) = self.used.get_mut(back)
        {
            used.get_or_insert(0);
        }
    }

    /// A request arrives at a node. With a good access token it is a use and renews nothing; else
    /// the row is read.
    pub fn arrive(&mut self, setting: &Setting, mut request: Request, node: usize) {
        // Who sends no access token is renewed at once: a thief, and a native client.
        let stale = request.party == Party::Thief
            || setting.client == Client::Native
            || !good(setting, request.pair, node);
        if !stale {
            if self.row.ended.is_none() {
                self.witness(setting, request.pair, node);
            }
            return;
        }
        request.excused |= request.sent >= setting.times.window;
        request.sent = 0;
        if request.pair.key == Key::Gone {
            self.outcome = Outcome::SignedOutHonest;
            return;
        }
        let service = Service {
            node,
            arrived: 0,
            row: self.row,
            generation: 0,
            note: self.notes[node].filter(|note| note.generation == 0),
        };
        self.under_way.push(Flight::InService(request, service));
    }

    /// A request in service is judged by what was read, and by what the node remembers now.
    pub fn finish(&mut self, setting: &Setting, request: Request, service: Service) {
        let Service {
            node,
            arrived,
            row,
            generation,
            note,
        } = service;
        let note = match setting.protocol.evidence {
            Evidence::BeforeRow => note,
            Evidence::AfterRow => self.note_of(node, generation, arrived),
        };
        let seen = row.seen.or(note.map(|note| note.first));
        let presented = request.pair.generation;
        let ahead = offset(setting, node);
        let question = Question {
            row: Row {
                rotated: row.rotated + ahead,
                ..row
            },
            generation,
            presented,
            seen: seen.map(|seen| seen + ahead),
        };
        self.outcome = match ask(&setting.protocol, setting.times, question) {
            Verdict::Rotate { from, to } => {
                if !(setting.protocol.swap)(relative(from) == 0, self.row.ended.is_none()) {
                    self.arrive_again(request, service);
                    return;
                }
                let outcome = match self.row.ended {
                    Some(_) => Outcome::RoseAgain,
                    None if relative(from) != 0 || presented != 0 => Outcome::TwoLive,
                    None => Outcome::Rotated,
                };
                self.row.rotated = arrived - ahead;
                self.row.seen = None;
                self.shift(relative(to));
                self.answer(setting, request, service, 0);
                outcome
            }
            Verdict::Repeat => {
                self.answer(setting, request, service, generation);
                if row.ended.is_some() {
                    Outcome::RoseAgain
                } else if self.is_theft_forgiven(setting, presented, arrived) {
                    Outcome::Forgiven
                } else if seen.is_none() && row.rotated >= setting.times.window {
                    Outcome::Mended
                } else {
                    Outcome::Raced
                }
            }
            Verdict::Reused => {
                let outcome = self.blame(setting, request, service);
                self.row.ended.get_or_insert(Ended::Reused);
                outcome
            }
            Verdict::Ended(_) => Outcome::Over,
        };
    }

    /// A lost compare-and-swap reads the row again, and goes by the time at which it arrived.
    fn arrive_again(&mut self, request: Request, service: Service) {
        let ago = |age: Ticks| age - service.arrived;
        let row = Row {
            rotated: ago(self.row.rotated),
            seen: self.row.seen.map(ago),
            ended: self.row.ended,
        };
        let note = self.note_of(service.node, 0, service.arrived);
        let service = Service {
            row,
            generation: 0,
            note,
            ..service
        };
        self.under_way.push(Flight::InService(request, service));
        self.outcome = Outcome::Beaten;
    }

    /// What a node knows of the use of a generation, from the time of a request's arrival.
    fn note_of(&self, node: usize, generation: Back, arrived: Ticks) -> Option<Note> {
        let noted = self.notes[node].filter(|noted| noted.generation == generation)?;
        let first = noted.first - arrived;
        Some(Note { first, ..noted })
    }

    fn answer(&mut self, setting: &Setting, request: Request, service: Service, generation: Back) {
        if request.unheard {
            return;
        }
        let key = if self.newer_key_signs {
            Key::Newer
        } else {
            Key::Older
        };
        let age = service.arrived - offset(setting, service.node);
        self.under_way.push(Flight::Reply {
            party: request.party,
            pair: Pair {
                generation,
                age,
                key,
            },
            since: 0,
        });
    }

    /// Whether what came after the presented generation was in use for a window when the request
    /// arrived, and the request was honoured all the same.
    fn is_theft_forgiven(&self, setting: &Setting, presented: Back, arrived: Ticks) -> bool {
        let successor = usize::try_from(-presented - 1).ok();
        let used = successor.and_then(|successor| self.used.get(successor).copied().flatten());
        used.is_some_and(|used| used - arrived >= setting.times.window)
    }

    /// Whose fault a sign-out is.
    fn blame(&self, setting: &Setting, request: Request, service: Service) -> Outcome {
        let lost = (self.client.newest < 0 || self.client.late)
            && service.row.rotated >= setting.times.unseen_cap;
        if self.row.ended.is_some() {
            Outcome::Over
        } else if setting.thief {
            Outcome::Noticed
        } else if !setting.beyond_limits && (request.excused || lost) {
            Outcome::BeyondLimits
        } else {
            Outcome::SignedOutHonest
        }
    }
}

/// Whether a node takes the pair's access token.
pub fn good(setting: &Setting, pair: Pair, node: usize) -> bool {
    pair.age + offset(setting, node) < setting.times.access && pair.key != Key::Gone
}

fn offset(setting: &Setting, node: usize) -> Ticks {
    if node == 0 { 0 } else { setting.ahead }
}
