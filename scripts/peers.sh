#!/usr/bin/env bash
# Installs and builds the peers that `make bench-peers` measures Monban against: small servers in peers/,
# no part of the product. What is there is left alone.
set -euo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"

main() {
  better_auth
  axum_login
}

better_auth() {
  local folder=peers/better-auth
  # npm writes this file last, so it also tells of an installation that was cut short.
  ! [ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ] || return 0
  have c++ || debian "better-auth's SQLite may have to be compiled from C++" "1 min" g++ make python3
  step "better-auth" "the account system that most Node apps would take" "1 to 2 min"
  npm ci --loglevel=error --prefix $folder
}

axum_login() {
  local folder=peers/axum-login program
  program=$folder/target/release/peer-axum-login
  ! [ $program -nt $folder/src/main.rs ] || ! [ $program -nt $folder/Cargo.lock ] || return 0
  step "axum-login" "sessions in a database, on the same axum and the same SQLite" "5 min"
  CARGO_TARGET_DIR=$folder/target cargo build --release --locked --manifest-path $folder/Cargo.toml
  touch $program
}

main
