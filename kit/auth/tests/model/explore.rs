//! Which steps may be taken when, what must hold, and the exploration itself.

use stateright::{Checker, Model, Path, Property};

use crate::{
    events::Event,
    outcome::Outcome,
    server::good,
    setting::{Client, Network, Setting},
    world::{Flight, Key, Party, World},
};

/// Longer than any history that a broken protocol needs.
const DEEPEST: usize = 40;

pub const HONEST: &str = "an honest client is never signed out";
pub const ONE_LIVE: &str = "one generation is live at a time";
pub const NOTICED: &str = "a theft in which both sides go on is noticed";
pub const DEAD: &str = "nothing lives after a revocation";
/// A limit, see [`crate::limits`].
pub const UNUSED: &str = "a thief who uses nothing passes for a lost reply";

/// Explores everything, and asserts every property of the setting. `at_least` so many states must
/// have been found, or something kept the model from moving.
pub fn prove(setting: Setting, at_least: usize) {
    let checker = setting.checker().threads(2).spawn_bfs().join();
    println!(
        "{} unique states, {} steps: {setting}",
        checker.unique_state_count(),
        checker.state_count(),
    );
    checker.assert_properties();
    assert!(
        checker.unique_state_count() >= at_least,
        "fewer than {at_least} states: the model does not move as it should"
    );
}

/// Finds a shortest history that breaks a property, and prints it.
pub fn refute(setting: Setting, property: &'static str) -> Vec<Event> {
    // The checker goes in blocks, so it is the depth that makes the first find a shortest.
    let find = |depth| {
        let checker = setting.checker().target_max_depth(depth).spawn_bfs().join();
        Some(checker.discovery(property)?.into_actions())
    };
    let history = (1..=DEEPEST).find_map(find);
    let history = history.unwrap_or_else(|| panic!("not noticed: {property}: {setting}"));
    println!("broken: {property}: {setting}\n{history:?}");
    history
}

/// Asserts that this very history breaks the property, and that none is shorter.
pub fn refute_by(setting: Setting, property: &'static str, history: &[Event]) {
    assert!(!holds_after(setting, property, history));
    assert_eq!(refute(setting, property).len(), history.len());
}

/// Whether the property holds where the history leads.
pub fn holds_after(setting: Setting, property: &'static str, history: &[Event]) -> bool {
    let start = World::start();
    let path = Path::from_actions(&setting, start, history).expect("every step can be taken");
    (setting.property(property).condition)(&setting, path.last_state())
}

impl Model for Setting {
    type State = World;
    type Action = Event;

    fn init_states(&self) -> Vec<World> {
        vec![World::start()]
    }

    fn actions(&self, world: &World, events: &mut Vec<Event>) {
        if world.outcome.is_fault() {
            return;
        }
        if self.may_tick(world) {
            events.push(Event::Tick);
        }
        self.add_parties(world, events);
        self.add_network(world, events);
        if world.row.ended.is_none() {
            self.add_nodes(world, events);
            if self.revocation {
                events.push(Event::Revoke);
            }
        }
        if self.keys {
            events.push(if world.newer_key_signs {
                Event::RetireKey
            } else {
                Event::RotateKey
            });
        }
    }

    fn next_state(&self, last: &World, event: Event) -> Option<World> {
        let mut world = last.clone();
        world.outcome = Outcome::Quiet;
        world.step(self, event)?;
        world.run_maintenance(self);
        Some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(HONEST, |_: &Self, world: &World| {
                world.outcome != Outcome::SignedOutHonest
            }),
            Property::always(ONE_LIVE, |_, world: &World| {
                world.outcome != Outcome::TwoLive
            }),
            Property::always(NOTICED, |_, world: &World| {
                world.outcome != Outcome::Forgiven
            }),
            Property::always(DEAD, |_, world: &World| world.outcome != Outcome::RoseAgain),
            Property::sometimes("a rotation", |_, world: &World| {
                world.outcome == Outcome::Rotated
            }),
            Property::sometimes("a repeat by the window", |_, world: &World| {
                world.outcome == Outcome::Raced
            }),
            Property::sometimes("a repeat by evidence", |_, world: &World| {
                world.outcome == Outcome::Mended
            }),
        ];
        let mut also = |wanted: bool, name, condition: fn(&Self, &World) -> bool| {
            if wanted {
                properties.push(Property::sometimes(name, condition));
            }
        };
        also(self.tabs > 1 || self.thief, "a lost swap", |_, world| {
            world.outcome == Outcome::Beaten
        });
        also(self.thief, "a reuse", |_, world| {
            world.outcome == Outcome::Noticed
        });
        also(self.thief, UNUSED, |_, world| {
            let renewed_by_thief = world.thief.is_some_and(|pair| pair.generation == 0)
                && world.client.pair.generation < 0;
            world.outcome == Outcome::Mended && renewed_by_thief
        });
        also(self.revocation, "an answer after the end", |_, world| {
            world.outcome == Outcome::Over
        });
        also(self.keys, "a token of either key", |_, world| {
            let older = |flight: &Flight| flight.pair().key == Key::Older;
            world.newer_key_signs && world.under_way.iter().any(older)
        });
        properties
    }
}

impl Setting {
    /// Whether nothing has to happen before time passes.
    fn may_tick(&self, world: &World) -> bool {
        let mut under_way = world.under_way.iter();
        let on_time = under_way.all(|flight| match (flight, self.network) {
            (Flight::InService(_, service), _) => service.arrived < self.times.service,
            (Flight::Request(sent), Network::Prompt { request, .. }) => sent.sent < request,
            (Flight::Reply { since, .. }, Network::Prompt { reply, .. }) => *since < reply,
            (_, Network::Slow | Network::Lawless) => true,
        });
        // Other nodes know of a use by the row only, which must have it before a window is over.
        let written =
            self.nodes == 1
                || world.row.seen.is_some()
                || world.notes.iter().flatten().all(|note| {
                    note.generation < 0 || note.first + self.ahead + 1 < self.times.window
                });
        on_time && written
    }

    fn add_parties(&self, world: &World, events: &mut Vec<Event>) {
        let of = |party| {
            let under_way = world.under_way.iter();
            under_way.filter(move |flight| flight.party() == party)
        };
        let held = world.client.pair;
        let sends = match self.client {
            // What stays good for a window from now is good on arrival: such a request is a use.
            Client::Browser => held.age + self.times.window > self.times.access,
            Client::Native => held.age >= self.times.access && !of(Party::Client).any(is_heard),
        };
        if sends && of(Party::Client).count() < self.tabs {
            events.push(Event::Send(Party::Client));
        }
        if world.thief.is_some() && of(Party::Thief).count() == 0 {
            events.push(Event::Send(Party::Thief));
        }
        if self.thief && world.thief != Some(held) {
            events.push(Event::Copy);
        }
        let holders = [(Party::Client, Some(held)), (Party::Thief, world.thief)];
        for (party, held) in holders {
            let good_at = |node: &usize| held.is_some_and(|pair| good(self, pair, *node));
            if world.row.ended.is_none() {
                let nodes = (0..self.nodes).filter(good_at);
                events.extend(nodes.map(|node| Event::Use(party, node)));
            }
        }
    }

    fn add_network(&self, world: &World, events: &mut Vec<Event>) {
        for (place, flight) in world.under_way.iter().enumerate() {
            if place > 0 && world.under_way[place - 1] == *flight {
                continue;
            }
            match flight {
                Flight::Request(_) => {
                    events.extend((0..self.nodes).map(|node| Event::Arrive(place, node)));
                }
                Flight::InService(..) => events.push(Event::Finish(place)),
                Flight::Reply { pair, .. } => {
                    events.push(Event::Lose(place));
                    let left = self.times.access - pair.age;
                    if self.network != Network::Slow || left >= self.times.window {
                        events.push(Event::Deliver(place));
                    }
                }
            }
            if self.client == Client::Native && is_heard(flight) {
                events.push(Event::GiveUp(place));
            }
        }
    }

    fn add_nodes(&self, world: &World, events: &mut Vec<Event>) {
        for node in 0..self.nodes {
            events.push(Event::Crash(node));
            let news = world.notes[node].is_some_and(|note| note.generation == 0);
            if news && world.row.seen.is_none() {
                events.push(Event::WriteBehind(node));
            }
        }
    }
}

fn is_heard(flight: &Flight) -> bool {
    match flight {
        Flight::Request(request) | Flight::InService(request, _) => !request.unheard,
        Flight::Reply { .. } => true,
    }
}
