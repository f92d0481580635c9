//! The steps of the model.

use crate::{
    setting::{Network, Setting},
    world::{Ended, Flight, Holder, Key, Note, Pair, Party, Request, World},
};

/// One step. A number stands for a place in [`World::under_way`] or for a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Time passes.
    Tick,
    /// A party asks with what it holds.
    Send(Party),
    /// A party uses the access token that it holds, at a node.
    Use(Party, usize),
    /// A request arrives at a node.
    Arrive(usize, usize),
    /// A request in service is judged and answered.
    Finish(usize),
    /// A reply arrives, and is written over what was held.
    Deliver(usize),
    /// A reply is lost.
    Lose(usize),
    /// A native client no longer waits.
    GiveUp(usize),
    /// A node dies, with its memory and what it was working on, and starts again.
    Crash(usize),
    /// A node writes its evidence into the row.
    WriteBehind(usize),
    /// The thief copies what the client holds.
    Copy,
    /// The session is ended from elsewhere.
    Revoke,
    /// Another key signs from now on.
    RotateKey,
    /// The key before goes.
    RetireKey,
}

impl World {
    /// Takes a step; `None` if it changes nothing.
    pub fn step(&mut self, setting: &Setting, event: Event) -> Option<()> {
        match event {
            Event::Tick => self.age(setting),
            Event::Send(party) => self.send(setting, party)?,
            Event::Use(party, node) => self.witness(setting, self.held_by(party)?, node),
            Event::Arrive(place, node) => {
                if let Flight::Request(request) = self.under_way.remove(place) {
                    self.arrive(setting, request, node);
                }
            }
            Event::Finish(place) => {
                if let Flight::InService(request, service) = self.under_way.remove(place) {
                    self.finish(setting, request, service);
                }
            }
            Event::Deliver(place) => {
                if let Flight::Reply { party, pair, .. } = self.under_way.remove(place) {
                    self.deliver(setting, party, pair);
                }
            }
            Event::Lose(place) => drop(self.under_way.remove(place)),
            Event::GiveUp(place) => match &mut self.under_way[place] {
                Flight::Request(request) | Flight::InService(request, _) => request.unheard = true,
                Flight::Reply { .. } => drop(self.under_way.remove(place)),
            },
            Event::Crash(node) => self.crash(node),
            Event::WriteBehind(node) => {
                self.row.seen = self.notes[node].map(|note| note.first);
            }
            Event::Copy => self.thief = Some(self.client.pair),
            Event::Revoke => self.row.ended = Some(Ended::Revoked),
            Event::RotateKey => self.newer_key_signs = true,
            Event::RetireKey => self.retire_key(setting)?,
        }
        Some(())
    }

    fn held_by(&self, party: Party) -> Option<Pair> {
        match party {
            Party::Client => Some(self.client.pair),
            Party::Thief => self.thief,
        }
    }

    fn send(&mut self, setting: &Setting, party: Party) -> Option<()> {
        let pair = self.held_by(party)?;
        let excused = party == Party::Client
            && self.client.is_set_back()
            && !matches!(setting.network, Network::Prompt { .. });
        self.under_way.push(Flight::Request(Request {
            party,
            pair,
            sent: 0,
            excused,
            unheard: false,
        }));
        Some(())
    }

    /// Cookies are written in the order in which they arrive, whatever was there.
    fn deliver(&mut self, setting: &Setting, party: Party, pair: Pair) {
        if party == Party::Thief {
            self.thief = Some(pair);
            return;
        }
        let Holder { newest, late, .. } = self.client;
        let left = setting.times.unseen_cap - self.row.rotated;
        self.client = if pair.generation > newest {
            Holder {
                pair,
                newest: pair.generation,
                late: left < setting.times.window,
            }
        } else {
            Holder { pair, newest, late }
        };
    }

    /// A use that nobody had written down is forgotten, and counts no longer.
    fn crash(&mut self, node: usize) {
        let of_current = |note: &Note| note.generation == 0;
        let forgotten = self.notes[node]
            .take()
            .is_some_and(|note| of_current(&note));
        let known = self.row.seen.is_some() || self.notes.iter().flatten().any(of_current);
        if forgotten && !known {
            self.used[0] = None;
        }
        self.under_way.retain(
            |flight| !matches!(flight, Flight::InService(_, service) if service.node == node),
        );
    }

    /// The older key goes, once no token of it is left; the newer is the older from now on.
    fn retire_key(&mut self, setting: &Setting) -> Option<()> {
        let in_use = self.pairs_mut().any(|pair| pair.key == Key::Older);
        if in_use && !setting.protocol.keys_go_early {
            return None;
        }
        for pair in self.pairs_mut() {
            pair.key = match pair.key {
                Key::Newer => Key::Older,
                Key::Older | Key::Gone => Key::Gone,
            };
        }
        self.newer_key_signs = false;
        Some(())
    }
}
