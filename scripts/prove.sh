#!/usr/bin/env bash
# Proves the session protocol at length: ten thousand schedules over HTTP on each engine, the wider
# bounds of its model, and the times in which a change is promised to be known elsewhere.
# Each prints a line of what it did; a failure prints how to see it again.
set -uo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"

# The same choice as in test.sh, so that nothing is built twice.
native=(--workspace --exclude monban-frontend)

export CARGO_TERM_COLOR=never NO_COLOR=1
# The promised times hold, too, as nothing else runs.
export MONBAN_TEST_TIMES=1
trap 'scripts/postgres.sh stop' EXIT

main() {
  local status=0
  step "Ten thousand schedules on each engine, and the model within wider bounds" \
    "what chance does not find in a short run, it may find in a long one" "ten minutes"
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run "${native[@]}" --run-ignored only -E 'binary(model) | test(schedules::)' \
      --test-threads 1 --no-fail-fast --success-output immediate || status=$?
    cargo nextest run "${native[@]}" -E 'test(/^(nodes|operator|redis)::/)' \
      --test-threads 1 --no-fail-fast || status=$?
  else
    ignored --test model || status=$?
    ignored --test it schedules:: || status=$?
    local part
    for part in nodes:: operator:: redis::; do
      cargo test "${native[@]}" --no-fail-fast --tests "$part" -- --test-threads=1 || status=$?
    done
  fi
  return "$status"
}

# ignored --test <file> [filter]: runs what an ordinary run leaves out, one after the other.
ignored() {
  cargo test "${native[@]}" --no-fail-fast "$@" -- --ignored --nocapture --test-threads=1
}

main "$@"
