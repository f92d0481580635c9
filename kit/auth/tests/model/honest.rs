//! Honest people stay signed in. There is no thief here.

use crate::{
    explore::prove,
    setting::{Client, Network, Setting, Times},
};

/// Requests arrive within the window, and replies take at most 2 min 15 s: twice that and the
/// window are less than an access token's life.
const PROMPT: Setting = Setting {
    times: Times::DEFAULT,
    network: Network::Prompt {
        request: 1,
        reply: 9,
    },
    ..Setting::honest(3)
};

#[test]
fn three_tabs_stay_in_with_the_default_times() {
    prove(PROMPT, 300_000);
}

#[test]
fn a_native_client_stays_in_with_the_default_times() {
    let native = Setting {
        client: Client::Native,
        ..PROMPT
    };
    prove(native, 30_000);
}

#[test]
fn three_tabs_stay_in_on_two_nodes() {
    let two = Setting {
        nodes: 2,
        ..Setting::honest(3)
    };
    prove(two, 20_000);
}

#[test]
fn nobody_notices_that_keys_rotate() {
    let keys = Setting {
        keys: true,
        ..Setting::honest(3)
    };
    prove(keys, 20_000);
}

#[test]
fn a_server_that_takes_its_time_signs_nobody_out() {
    let times = Times {
        access: 6,
        unseen_cap: 8,
        service: 1,
        ..Times::COARSE
    };
    let slow_service = Setting {
        times,
        revocation: true,
        ..Setting::honest(3)
    };
    prove(slow_service, 150_000);
}

#[test]
fn on_a_network_without_limits_only_the_stated_ones_sign_anybody_out() {
    let slow = Setting {
        network: Network::Slow,
        ..Setting::honest(3)
    };
    prove(slow, 150_000);
}

#[test]
#[ignore = "a wider bound"]
fn four_tabs_stay_in_with_the_default_times() {
    prove(Setting { tabs: 4, ..PROMPT }, 1_000_000);
}
