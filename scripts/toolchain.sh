# shellcheck shell=bash disable=SC2154
# Sourced by setup.sh: a Rust that compiles for the browser, with clippy and rustfmt.
#
# rustup's stable has all of it. Where rustup cannot fetch the target, Debian's rustc-web stands in:
# it is new enough and ships the source of the standard library, from which browser-std.sh builds the
# half that Debian does not package. rustup knows the stand-in as the toolchain `monban`.

oldest_rust=1.96 # cargo-leptos asks for it
debian_rust=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld-22)

toolchain() {
  if compiles_for_the_browser; then
    return
  fi
  stand_in || from_rustup || from_debian
}

# Asks by compiling: a list of installed targets knows nothing of a std of another version or of a
# missing linker.
compiles_for_the_browser() {
  version_at_least "$oldest_rust" "$(rustc_version)" || return 1
  mkdir -p "$cache"
  echo 'pub fn probe() -> String { String::new() }' |
    rustc --crate-name probe --crate-type cdylib --target wasm32-unknown-unknown \
      -o "$cache/probe.wasm" - 2>/dev/null
}

rustc_version() {
  { rustc --version 2>/dev/null || echo rustc 0; } | awk '{ print $2 }'
}

# An override makes a plain `cargo leptos watch` in this folder use the same Rust as make does.
use_here() {
  compiles_for_the_browser || rustup override set "$1" --path "$root"
  compiles_for_the_browser || stop "RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-} keeps this folder from using the Rust toolchain '$1'. Please unset it."
}

stand_in() {
  RUSTUP_TOOLCHAIN=monban compiles_for_the_browser || return 1
  use_here monban
}

from_rustup() {
  have rustup || stop "Rust is missing. Please install it from https://rustup.rs, open a new shell, and make again."
  step "Rust's target wasm32-unknown-unknown, by rustup" "in the browser the pages run as WebAssembly" "1 min"
  if ! version_at_least "$oldest_rust" "$(RUSTUP_TOOLCHAIN=stable rustc_version)"; then
    echo "    Stable Rust $oldest_rust or newer comes first."
    rustup toolchain install stable --profile minimal --component clippy,rustfmt --no-self-update || return 1
  fi
  rustup target add --toolchain stable wasm32-unknown-unknown || return 1
  use_here stable
}

from_debian() {
  echo "    rustup cannot fetch it here. Debian's Rust can build it."
  debian "a Rust of $oldest_rust or newer, with the source of its standard library" "1 min" "${debian_rust[@]}"
  rustup toolchain link monban /usr
  if ! stand_in; then
    step "Rust's standard library for the browser" "Debian packages its source only" "30 s"
    [ "$(id -u)" -eq 0 ] || stop "It goes to /usr/lib/rustlib, which takes root. Please run this, and then make again:" \
      "" "    sudo $root/scripts/browser-std.sh"
    scripts/browser-std.sh
    stand_in || stop "$(/usr/bin/rustc --version) still does not compile for the browser (it takes $oldest_rust or newer)."
  fi
}

linters() {
  if cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1; then
    return
  fi
  if [[ "$(rustup show active-toolchain)" == monban* ]]; then
    debian "the lints and the format check" "a few seconds" "${debian_rust[@]}"
  else
    step "clippy and rustfmt, by rustup" "the lints and the format check" "a few seconds"
    rustup component add clippy rustfmt
  fi
}
