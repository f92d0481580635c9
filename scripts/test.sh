#!/usr/bin/env bash
# Runs every check and test (`test.sh`), or only the checks of the source (`test.sh lint`).
# Goes on after a failure, so that one run tells everything. Ends with the names of what failed, a line per
# suite and the total; fails if anything failed, and also if a suite ran no test: an empty suite proves
# nothing.
set -uo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"
# shellcheck source=scripts/toolchain.sh
source "$(dirname "$0")/toolchain.sh"

# The crates with Rust tests, each a suite. The frontend has none: it only compiles for the browser.
crates=(monban-wire monban-auth monban-leptos monban-axum monban-learn monban)
native=(--workspace --exclude monban-frontend)
browser=(--package monban-frontend --features split --target wasm32-unknown-unknown)

# No colours in what is counted.
export CARGO_TERM_COLOR=never NO_COLOR=1

log=$(mktemp)
# What tests have to say even when they pass: what they did, or why they could not.
report=$(mktemp)
export MONBAN_TEST_REPORT=$report
# The names of the tests that failed, a line each.
failures=$(mktemp)
trap 'rm -f "$log" "$report" "$failures"; scripts/postgres.sh stop' EXIT
lines=()
total_passed=0
total_failed=0

main() {
  lint
  if [ "${1:-}" != lint ]; then
    rust_tests
    doctests
    browser_tests
    engine_tests
    example_tests
    check "template" template
    api_tests
  fi
  summary
}

lint() {
  local warnings=(--deny warnings)
  if is_pinned; then
    check "format" cargo fmt --all --check
  else
    # Another compiler has other lints and another taste: what it finds is shown, and decides nothing.
    warnings=(--cap-lints warn)
    echo "Rust $(rustc_version) stands in for $pinned_rust: its lints are only warnings, and the format is not checked." |
      tee -a "$report"
  fi
  check "clippy" cargo clippy "${native[@]}" --all-targets -- "${warnings[@]}"
  check "clippy, browser" cargo clippy "${browser[@]}" -- "${warnings[@]}"
  check "rustdoc" env RUSTDOCFLAGS="${warnings[*]}" cargo doc "${native[@]}" --no-deps --document-private-items
  check "rustdoc, browser" env RUSTDOCFLAGS="${warnings[*]}" cargo doc "${browser[@]}" --no-deps
  check "TypeScript" npm run --silent --prefix end2end types
}

rust_tests() {
  local counts crate status failed_before=$total_failed
  local junit=target/nextest/default/junit.xml # there even when the build folder is elsewhere
  if cargo nextest --version >/dev/null 2>&1; then
    rm -f "$junit"
    run cargo nextest run "${native[@]}" --no-fail-fast
    status=$?
    counts=$(count_nextest "$junit")
    failed_junit "$junit"
  else
    run cargo test "${native[@]}" --no-fail-fast --lib --bins --tests
    status=$?
    counts=$(count_cargo <"$log")
    sed -nE 's/^test (.*) \.\.\. FAILED$/\1/p' "$log" >>"$failures"
  fi
  for crate in "${crates[@]}"; do
    # shellcheck disable=SC2046 # three words on purpose
    record "$crate" 0 $(awk -v crate="$crate" '$1 == crate { print $2, $3, $4 }' <<<"$counts")
  done
  [ "$status" -eq 0 ] || [ "$total_failed" -gt "$failed_before" ] || record "Rust tests as a whole" "$status" 0 0 "$seconds"
}

doctests() {
  run cargo test "${native[@]}" --doc --no-fail-fast
  # shellcheck disable=SC2046
  record "doctests" $? $(awk '/^test result:/ { passed += $4; failed += $6 } END { print passed + 0, failed + 0 }' "$log") "$seconds"
}

browser_tests() {
  local json=end2end/test-results/report.json
  rm -f "$json"
  run scripts/build.sh && MONBAN_BIN=dist/monban run npm test --silent --prefix end2end
  # shellcheck disable=SC2046
  record "browser" $? $(count_playwright "$json") "$seconds"
  failed_playwright "$json"
}

# A chosen few, in Firefox and in WebKitGTK. The latter wants a display.
engine_tests() {
  local json=end2end/test-results/engines.json
  rm -f "$json"
  MONBAN_BIN=dist/monban run xvfb-run --auto-servernum npm run engines --silent --prefix end2end
  # shellcheck disable=SC2046
  record "Firefox and WebKit" $? $(count_playwright "$json") "$seconds"
  failed_playwright "$json"
}

# An app of its own that has its accounts from these crates. In the same build folder, where its server
# finds what it needs compiled already.
example_tests() {
  local json=end2end/test-results/notes.json
  rm -f "$json"
  run example && MONBAN_BIN=$target/release/notes run npm run notes --silent --prefix end2end
  # shellcheck disable=SC2046
  record "examples/notes" $? $(count_playwright "$json") "$seconds"
  failed_playwright "$json"
}

example() (
  export CARGO_TARGET_DIR=$target
  cd examples/notes && build_quickly notes
)

# build_quickly <name>: the server as released, of which most is there, and not by cargo-leptos: Leptos is
# compiled anew for each name that it is told, so it is told that of Monban's own site. The browser's half as
# in development, which is compiled sooner than it could be made small.
build_quickly() {
  LEPTOS_OUTPUT_NAME=monban cargo build --release --bin "$1" --no-default-features --features ssr &&
    cargo leptos build --frontend-only
}

# What `cargo generate --path template` makes is an app that compiles, for the server and for the browser.
template() (
  export CARGO_TARGET_DIR=$target
  local app
  app=$(mktemp -d)/my-app
  cp -r template "$app" && cd "$app" || return
  rm cargo-generate.toml
  grep --recursive --files-with-matches '{{' . | xargs sed -i \
    -e "s|{{project-name}}|my-app|g; s|{{crate_name}}|my_app|g; s|{{monban}}|$root|g"
  # The compiler, its flags and the versions that everything else is tested with.
  cp -r "$root/rust-toolchain.toml" "$root/examples/notes/Cargo.lock" "$root/.cargo" .
  build_quickly my-app && test -x "$target/release/my-app" && test -s target/site/pkg/my-app.wasm
  local status=$?
  rm -r "$app"
  return "$status"
)

# Each operation of the API is a test, and sequences of them are one.
api_tests() {
  local xml=end2end/test-results/api.xml
  rm -f "$xml"
  MONBAN_BIN=dist/monban run scripts/api_test.sh
  # shellcheck disable=SC2046
  record "REST API, generated" $? $(count_junit "$xml") "$seconds"
  failed_junit "$xml"
}

# run <command>...: shows what it prints, keeps it in $log, measures it.
run() {
  local start=$SECONDS status
  printf '\n==> %s\n' "$*"
  "$@" 2>&1 | tee "$log"
  status=${PIPESTATUS[0]}
  seconds=$((SECONDS - start))
  return "$status"
}

check() {
  local name=$1
  shift
  if run "$@"; then record "$name" 0 1 0 "$seconds"; else record "$name" 1 0 1 "$seconds"; fi
}

# record <name> <exit status> <passed> <failed> <seconds>
record() {
  local name=$1 status=$2 passed=${3:-0} failed=${4:-0} seconds=${5:-0} note=
  if [ $((passed + failed)) -eq 0 ]; then
    failed=1 note="  ran no test"
  elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1 note="  the run itself failed"
  fi
  lines+=("$(printf '%-22s %5d passed %5d failed %7.1f s%s' "$name" "$passed" "$failed" "$seconds" "$note")")
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
}

summary() {
  [ ! -s "$report" ] || { printf '\n'; cat "$report"; }
  [ ! -s "$failures" ] || { printf '\nFailed:\n'; sed 's/^/  /' "$failures"; }
  printf '\n'
  printf '%s\n' "${lines[@]}"
  printf '\n%d passed, %d failed\n' "$total_passed" "$total_failed"
  [ "$total_failed" -eq 0 ]
}

# What an element of JUnit's XML says, to awk.
attribute='
  function attribute(name) {
    return match($0, " " name "=\"[^\"]*") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : ""
  }'

# The two below print a line `crate passed failed seconds` for each crate.

# <testsuite name="monban-auth::conformance" tests="3" skipped="0" errors="0" failures="1">
#     <testcase name="…" classname="…" timestamp="…" time="0.02"/>
count_nextest() {
  [ ! -f "$1" ] || awk "$attribute"'
    /<testsuite / {
      crate = attribute("name"); sub(/::.*/, "", crate)
      bad = attribute("failures") + attribute("errors")
      passed[crate] += attribute("tests") - attribute("skipped") - bad; failed[crate] += bad
    }
    /<testcase / { time[crate] += attribute("time") }
    END { for (crate in passed) print crate, passed[crate], failed[crate], time[crate] }' "$1"
}

# A crate's unit tests come first, its other test binaries follow.
count_cargo() {
  awk '/^ +Running unittests / { crate = $NF; sub(/.*\//, "", crate); sub(/-[0-9a-f]+\)$/, "", crate); gsub(/_/, "-", crate) }
    /^test result:/ { passed[crate] += $4; failed[crate] += $6; sub(/s$/, "", $NF); time[crate] += $NF }
    END { for (crate in passed) print crate, passed[crate], failed[crate], time[crate] }'
}

# <testsuites errors="0" failures="0" skipped="0" tests="12" time="79.3">
count_junit() {
  [ -f "$1" ] && awk "$attribute"'
    /<testsuites / {
      bad = attribute("failures") + attribute("errors")
      print attribute("tests") - attribute("skipped") - bad, bad
    }' "$1" || echo 0 0
}

count_playwright() {
  [ -f "$1" ] && node -e '
    const { expected, unexpected, flaky } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).stats;
    console.log(expected, unexpected + flaky);' "$1" || echo 0 0
}

# Which tests failed, from the same reports.

failed_junit() {
  [ ! -f "$1" ] || awk "$attribute"'
    /<testcase / { test = attribute("classname") "  " attribute("name") }
    /<(failure|error)[ >]/ && test != "" { print test; test = "" }' "$1" >>"$failures"
}

# With the first lines of what went wrong: what fails once in a hundred runs may not be met again.
failed_playwright() {
  [ ! -f "$1" ] || node -e '
    const plain = (text) => text.replace(/\x1b\[[0-9;]*m/g, "").split("\n").slice(0, 6).join("\n    ");
    const walk = (suite) => {
      for (const spec of suite.specs ?? []) for (const test of spec.tests) {
        if (test.status === "expected" || test.status === "skipped") continue;
        console.log(`${test.projectName}  ${spec.file}:${spec.line}  ${spec.title}`);
        for (const error of test.results.flatMap((result) => result.errors)) console.log("    " + plain(error.message ?? ""));
      }
      for (const inner of suite.suites ?? []) walk(inner);
    };
    walk(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")));' "$1" >>"$failures"
}

main "$@"
