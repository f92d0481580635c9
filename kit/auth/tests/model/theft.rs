//! A thief who copies tokens is noticed. Every party may be slow here, and the thief may choose.

use crate::{
    explore::prove,
    setting::{Setting, Times},
};

#[test]
fn a_thief_is_noticed_when_both_sides_go_on_and_neither_outlives_a_revocation() {
    let revoked = Setting {
        revocation: true,
        ..Setting::theft(1)
    };
    prove(revoked, 300_000);
}

#[test]
fn a_thief_who_goes_from_node_to_node_is_noticed() {
    let two = Setting {
        nodes: 2,
        ..Setting::theft(1)
    };
    prove(two, 500_000);
}

#[test]
#[ignore = "a wider bound"]
fn a_thief_among_two_tabs_is_noticed() {
    prove(Setting::theft(2), 5_000_000);
}

#[test]
#[ignore = "a wider bound"]
fn a_thief_is_noticed_by_a_server_that_takes_its_time() {
    let slow_service = Setting {
        times: Times {
            service: 1,
            ..Times::SHORT
        },
        ..Setting::theft(1)
    };
    prove(slow_service, 1_000_000);
}
