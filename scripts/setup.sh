#!/usr/bin/env bash
# Installs what is missing to build Monban (`setup.sh build`), to check its source (`lint`), to test it
# (`test`) or to measure it (`bench`). What is there is left alone: called again, it takes a second or two.
set -euo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"
# shellcheck source=scripts/toolchain.sh
source "$(dirname "$0")/toolchain.sh"

cargo_leptos_version=0.3.11
binaryen_version=132.0.0
oldest_node=20
node_version=22.23.3

main() {
  case ${1:-build} in
    build) to_build ;;
    lint) to_lint ;;
    test) to_build; to_lint; to_test ;;
    bench) to_build; to_bench ;;
    *) stop "usage: setup.sh build|lint|test|bench" ;;
  esac
}

to_build() {
  base
  cargo_leptos
  wasm_bindgen
  wasm_opt
}

to_lint() {
  base
  linters
  node_modules
}

to_test() {
  python_tools
  postgresql
  have redis-server || debian "nodes that share a Redis are tested with a real one, too" "a few seconds" redis-server
  have pgbouncer || debian "the store is tested through a real connection pooler, too" "a few seconds" pgbouncer
  have haproxy || debian "a rolling restart is tested behind a real load balancer" "a few seconds" haproxy
  debian "two nodes are tested with clocks that are apart" "a few seconds" libfaketime
  have chromium || debian "the tests click through the pages in a real browser" "1 min" chromium
  have firefox-esr || debian "a session goes through its life in Firefox, too" "1 min" firefox-esr
  debian "and in WebKitGTK, the engine of Safari, which wants a display" "1 min" webkit2gtk-driver xvfb xauth
  debian "the pages speak Japanese too, and need its letters" "a few seconds" fonts-noto-cjk
}

to_bench() {
  debian "wrk makes the load" "a few seconds" wrk
  postgresql
}

postgresql() {
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ||
    debian "the store is tested and measured on a real PostgreSQL, too" "1 min" postgresql
}

base() {
  have cc || debian "some crates contain C, SQLite among them" "1 min" gcc libc6-dev
  have npm || debian "wasm-opt and the browser tests come from npm" "1 min" nodejs npm
  node
  toolchain
}

# Debian 12 has Node.js 18, and Playwright wants 20. npm has the programs themselves, each a package.
node() {
  local found kind
  found=$(command node --version)
  ! version_at_least "$oldest_node" "${found#v}" || return 0
  case $(uname -m) in
    x86_64) kind=x64 ;;
    aarch64) kind=arm64 ;;
    *) stop "Node.js $oldest_node or newer is needed, and $found is here. Please install it from https://nodejs.org, and make again." ;;
  esac
  step "Node.js $node_version" "the browser tests want $oldest_node, and $found is here" "10 s"
  npm install --loglevel=error --prefix "$cache/node" "node-linux-$kind@$node_version"
  mkdir -p "$cache/bin"
  ln -sfn "$cache/node/node_modules/node-linux-$kind/bin/node" "$cache/bin/node"
}

cargo_leptos() {
  [ "$(cargo leptos --version 2>/dev/null)" != "cargo-leptos $cargo_leptos_version" ] || return 0
  step "cargo-leptos $cargo_leptos_version" "builds the server and the browser's half as one site" "13 min"
  # no_downloads: its helpers come from where the rest comes from, not from GitHub.
  cargo_install cargo-leptos "$cargo_leptos_version" --features no_downloads
}

# Its version must be the one of the library, to the digit.
wasm_bindgen() {
  local version
  version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; print $3 }' Cargo.lock | tr -d '"')
  [ "$(wasm-bindgen --version 2>/dev/null)" != "wasm-bindgen $version" ] || return 0
  step "wasm-bindgen $version" "writes the JavaScript between the browser and the WebAssembly" "3 min"
  cargo_install wasm-bindgen-cli "$version"
}

# cargo_install <crate> <version> <flag>...: with the dependencies that the crate itself is locked to, or
# with the newest that fit, where the registry (a mirror, say) does not have one of those.
cargo_install() {
  local crate=$1 version=$2
  shift 2
  if cargo binstall -V >/dev/null 2>&1 && cargo binstall --no-confirm --quiet "$crate@$version"; then
    return
  fi
  # Tools that run for seconds and compile for minutes: cheap to compile beats fast to run.
  # The build folder stays until the end, so that an interrupted build goes on where it was.
  local -x CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_TARGET_DIR=$cache/tools-build
  cargo install "$crate" --version "$version" --locked "$@" ||
    cargo install "$crate" --version "$version" "$@"
  rm -rf "$cache/tools-build"
}

# Reachable from ~/.cargo/bin, because a plain `cargo leptos build --release` looks for it in PATH.
wasm_opt() {
  local found
  found=$({ wasm-opt --version 2>/dev/null || true; } | awk '{ print $3 }')
  ! version_at_least "${binaryen_version%%.*}" "${found:-0}" || return 0
  step "wasm-opt (binaryen $binaryen_version)" "makes the WebAssembly smaller" "a few seconds"
  npm install --loglevel=error --prefix "$cache/binaryen" "binaryen@$binaryen_version"
  ln -sfn "$cache/binaryen/node_modules/.bin/wasm-opt" "$cargo_bin/wasm-opt"
}

python_tools() {
  local wanted=end2end/api/requirements.txt tools=$cache/python
  ! cmp --silent "$wanted" "$tools/installed.txt" || return 0
  python3 -c 'import ensurepip' 2>/dev/null || debian "two of the REST API's tests come from PyPI" "a few seconds" python3-venv
  step "Schemathesis and PyJWT" "one throws generated requests at the REST API, the other verifies its tokens" "30 s"
  python3 -m venv --clear "$tools"
  "$tools/bin/pip" install --quiet --require-hashes --requirement "$wanted"
  cp "$wanted" "$tools/installed.txt"
}

node_modules() {
  # npm writes this file last, so it also tells of an installation that was cut short.
  ! [ end2end/node_modules/.package-lock.json -nt end2end/package-lock.json ] || return 0
  step "Playwright, axe, puppeteer, selenium and TypeScript" "the browser tests are written with them" "a few seconds"
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --loglevel=error --prefix end2end
}

main "$@"
