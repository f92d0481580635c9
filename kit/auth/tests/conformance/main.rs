//! The store's promises, kept by each engine alike: one suite, on SQLite and on a real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets the unexpected should fail there and then"
)]

mod before;
mod deaf_nodes;
mod disk;
mod engine;
mod failover;
mod files;
mod given_up;
mod nodes;
#[path = "../pace.rs"]
mod pace;
mod pooler;
mod redis;
mod servers;
mod suite;
mod tls;
mod upgrade;
mod watch;

use engine::{postgres, sqlite};

/// Makes a test of each promise on each engine.
macro_rules! on_each_engine {
    ($($promise:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                super::suite::$promise(super::sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $promise() {
                super::suite::$promise(super::postgres().await).await;
            })+
        }
    };
}

on_each_engine! {
    an_address_is_taken_once_however_many_ask,
    of_stored_hashes_each_cost_is_told_once,
    an_account_comes_back_as_it_was_made,
    accounts_are_listed_in_the_order_in_which_they_were_made,
    roles_change_only_from_what_they_were,
    a_disabled_account_is_news_until_long_after,
    of_many_rotations_of_one_generation_one_wins,
    a_session_that_is_over_does_not_rotate,
    each_in_a_batch_rotates_by_itself,
    two_nodes_that_rotate_many_at_once_do_not_wait_for_each_other,
    a_session_comes_back_as_it_was_started,
    a_session_is_alive_until_the_very_millisecond,
    a_session_ends_once_and_the_first_reason_stands,
    everywhere_else_ends_all_but_one,
    what_was_ended_since_is_told,
    a_use_counts_for_its_generation_only,
    two_nodes_that_write_many_uses_do_not_wait_for_each_other,
    long_and_odd_text_comes_back,
    a_key_has_one_successor,
    a_key_may_sign_earlier_and_never_later,
    a_key_is_retired_and_resealed_and_forgotten,
    a_key_is_kept_for_the_longest_tokens_that_were_noted,
    whatever_changes_a_key_is_told_and_nothing_else,
    a_mailbox_is_taken_once_in_whatever_spelling,
    accounts_of_before_that_share_a_mailbox_sign_in_as_before_until_an_operator_resolves_it,
    what_a_node_of_the_version_before_writes_is_folded_or_told,
    a_new_address_is_no_other_accounts,
    old_rows_are_purged_in_batches_and_living_ones_stay,
    a_change_of_another_process_is_seen,
    an_audit_entry_that_is_written_again_stands_there_once,
    a_transaction_that_breaks_off_leaves_nothing,
    a_write_that_is_given_up_takes_no_later_write_along,
    two_that_open_it_at_once_both_can,
    columns_that_a_newer_version_adds_disturb_nobody,
    a_word_that_is_not_known_fails_no_other_row,
    a_node_starts_and_refreshes_beside_words_that_it_does_not_know,
    of_many_that_start_for_the_first_time_one_migrates_and_the_others_wait,
    migrations_that_are_not_known_are_let_be,
    a_schema_that_is_too_new_stops_the_start_and_says_so,
    a_session_starts_only_if_what_was_checked_still_holds,
    a_session_is_told_what_is_true_of_its_account_when_it_starts,
    a_sign_in_and_a_disabling_at_once_leave_no_session,
    an_account_and_its_first_session_are_made_together_or_not_at_all,
    where_there_is_no_room_the_longest_unused_make_way,
    what_makes_way_does_so_only_if_the_new_session_starts,
    everywhere_else_ends_any_number,
    the_list_is_read_page_by_page,
    a_program_that_knows_no_versions_raises_them_all_the_same,
}
