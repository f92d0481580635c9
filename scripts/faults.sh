#!/usr/bin/env bash
# Runs the tests that break something on purpose, as often as their full versions do: some minutes.
# Ends with a line per test: what it did, how often, and what was lost.
set -uo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"

# The same choice as in test.sh, so that nothing is built twice.
native=(--workspace --exclude monban-frontend)

report=$(mktemp)
export MONBAN_TEST_REPORT=$report
# The promised times hold, too, as nothing else runs.
export MONBAN_TEST_TIMES=1
trap 'rm -f "$report"; scripts/postgres.sh stop' EXIT

# One after the other: some of them measure how long an answer takes.
if cargo nextest --version >/dev/null 2>&1; then
  cargo nextest run "${native[@]}" --run-ignored only --no-fail-fast --test-threads 1 -E 'package(monban) & test(/^faults::/)'
else
  cargo test "${native[@]}" --tests faults:: -- --ignored --test-threads 1
fi
status=$?

printf '\n'
cat "$report"
[ -s "$report" ] || stop "No test has said what it did."
exit "$status"
