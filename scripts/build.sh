#!/usr/bin/env bash
# Builds dist/monban: the server, with the site inside.
set -euo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"

step "Building Monban" "first the browser's half, then the server that carries it" "7 min the first time"
mkdir -p dist
# A file that is saved while this builds must count as newer than what was built.
touch dist/started

# Names with hashes let browsers keep the files for ever. Not in Cargo.toml, because `cargo leptos watch`
# writes plain names on a rebuild and would leave the stale hashed ones beside them.
LEPTOS_HASH_FILES=true cargo leptos build --release --split --lib-features split --precompress

install "$target/release/monban" dist/monban
touch --reference=dist/started dist/monban
rm dist/started
