//! Where the promises end: the shortest histories beyond each stated limit. Should a change of the
//! protocol mend one, its test fails, and the limit can go.

use stateright::{Checker, Model};

use crate::{
    events::Event::{self, *},
    explore::{HONEST, UNUSED, holds_after, refute_by},
    setting::{Network, Setting, Times},
    world::Party::{Client, Thief},
};

/// An honest browser is safe exactly while twice the slowest reply and the slowest request together
/// take less than an access token lives. One reply brings the generation that renews, at the end of
/// its life; the request of another tab asks again just before that; its reply comes last, and must
/// not find the next generation in the jar.
#[test]
fn twice_the_reply_and_the_request_must_take_less_than_an_access_token_lives() {
    let all = (1..=3).flat_map(|window| (0..=3).map(move |reply| (window, reply)));
    for (window, reply, access) in
        all.flat_map(|(window, reply)| (1..=10).map(move |access| (window, reply, access)))
    {
        let request = window - 1;
        let setting = Setting {
            times: Times {
                window,
                access,
                unseen_cap: access + window + reply + 2,
                service: 0,
            },
            network: Network::Prompt { request, reply },
            ..Setting::honest(2)
        };
        let checker = setting.checker().spawn_bfs().join();
        let safe = checker.discovery(HONEST).is_none();
        assert_eq!(safe, 2 * reply + request < access, "{setting}");
    }
}

/// No reply need be slow: a request is two generations behind before it arrives.
#[test]
fn a_window_longer_than_an_access_token_lives_is_not_a_window() {
    let setting = Setting {
        times: Times {
            window: 3,
            access: 2,
            unseen_cap: 6,
            service: 0,
        },
        network: Network::Prompt {
            request: 2,
            reply: 0,
        },
        ..Setting::honest(2)
    };
    let history = [
        &[Tick; 2][..],
        &[
            Send(Client),
            Send(Client),
            Arrive(0, 0),
            Finish(1),
            Deliver(1),
        ],
        &[Tick; 2],
        &[Send(Client), Arrive(1, 0), Finish(1)],
        &[Arrive(0, 0), Finish(0)],
    ];
    refute_by(setting, HONEST, &history.concat());
}

/// A lost reply is forgiven up to the cap, so who stays away for longer is taken for a thief.
#[test]
fn a_client_that_lost_a_reply_must_be_back_before_the_cap() {
    let setting = Setting {
        beyond_limits: true,
        ..Setting::honest(1)
    };
    let history = [&lost()[..], &[Tick; 4], &ask()];
    refute_by(setting, HONEST, &history.concat());
}

/// The tab that comes back first mends a lost reply just before the cap. Another's request, sent
/// before that, arrives after the cap. It is forgiven if the first tab has used what it got, and
/// the node still knows.
#[test]
fn back_before_the_cap_means_a_window_before() {
    let setting = Setting {
        beyond_limits: true,
        ..Setting::honest(2)
    };
    let after = |first_tab: &[Event]| {
        let history = [
            &lost()[..],
            &[Tick; 3],
            &[
                Send(Client),
                Send(Client),
                Arrive(0, 0),
                Finish(1),
                Deliver(1),
            ],
            first_tab,
            &[Tick, Arrive(0, 0), Finish(0)],
        ];
        holds_after(setting, HONEST, &history.concat())
    };
    assert!(after(&[Use(Client, 0)]));
    assert!(!after(&[]));
    assert!(!after(&[Use(Client, 0), Crash(0)]));
}

/// The node that is behind stamps the first use, and to the one ahead the window is over.
#[test]
fn clocks_of_two_nodes_must_agree_to_less_than_the_window() {
    let setting = Setting {
        nodes: 2,
        ahead: 2,
        ..Setting::honest(2)
    };
    let history = [
        &[Tick; 4][..],
        &[
            Send(Client),
            Send(Client),
            Arrive(0, 0),
            Finish(1),
            Deliver(1),
        ],
        &[Use(Client, 0), WriteBehind(0)],
        &[Arrive(0, 1), Finish(0)],
    ];
    refute_by(setting, HONEST, &history.concat());
}

/// A thief renews first and uses nothing. The honest side comes after the window and within the
/// cap, and is given the same generation: both hold it, and nobody is behind.
#[test]
fn a_thief_who_uses_nothing_passes_for_a_lost_reply() {
    let history = [
        &[Copy, Send(Thief), Arrive(0, 0), Finish(0), Deliver(0)][..],
        &[Tick; 2],
        &ask(),
    ];
    assert!(holds_after(Setting::theft(1), UNUSED, &history.concat()));
}

/// The access token is stale, and the reply to its renewal is lost.
fn lost() -> Vec<Event> {
    [&[Tick; 4][..], &ask(), &[Tick, Lose(0)]].concat()
}

fn ask() -> [Event; 3] {
    [Send(Client), Arrive(0, 0), Finish(0)]
}
