# shellcheck shell=bash disable=SC2154
# Sourced by setup.sh and test.sh: a Rust that compiles for the browser, with clippy and rustfmt.
#
# rust-toolchain.toml names it to the digit, because a newer one brings new lints, and rustup installs
# exactly that one. Where rustup cannot have it, Debian's rustc-web stands in: it is new enough and ships
# the source of the standard library, from which browser-std.sh builds the half that Debian does not
# package. rustup knows the stand-in as the toolchain `monban`; an override for this folder wins over the
# file. It compiles and tests; its lints and its format decide nothing (test.sh).

pinned_rust=$(sed -nE 's/^channel = "(.*)"$/\1/p' rust-toolchain.toml)
oldest_rust=$(sed -nE 's/^rust-version = "(.*)".*$/\1/p' Cargo.toml) # for a stand-in
debian_rust=(rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld-22)

toolchain() {
  # A step of ours says what is fetched, and why; rustup would do it silently at the first rustc.
  export RUSTUP_AUTO_INSTALL=0
  if { is_pinned || is_stand_in; } && compiles_for_the_browser; then
    return
  fi
  from_rustup || stand_in || from_debian
}

is_pinned() {
  [ "$(rustc_version)" = "$pinned_rust" ]
}

# Debian's, or whatever there is where rustup is not.
is_stand_in() {
  if have rustup; then
    [[ "$(rustup show active-toolchain 2>/dev/null)" == monban* ]]
  fi && version_at_least "$oldest_rust" "$(rustc_version)"
}

# Asks by compiling: a list of installed targets knows nothing of a std of another version or of a
# missing linker.
compiles_for_the_browser() {
  mkdir -p "$cache"
  echo 'pub fn probe() -> String { String::new() }' |
    rustc --crate-name probe --crate-type cdylib --target wasm32-unknown-unknown \
      -o "$cache/probe.wasm" - 2>/dev/null
}

rustc_version() {
  { rustc --version 2>/dev/null || echo rustc 0; } | awk '{ print $2 }'
}

from_rustup() {
  have rustup || install_rustup
  step "Rust $pinned_rust, by rustup" "the compiler that Monban is tested with, and the browser's half of its standard library" "1 min"
  # An override that an earlier version of this script left would win over the file.
  rustup override unset --path "$root" 2>/dev/null
  rustup toolchain install "$pinned_rust" --no-self-update --profile minimal \
    --component "$(wanted components)" --target "$(wanted targets)" || return 1
  is_pinned || stop "RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-} keeps this folder from using Rust $pinned_rust. Please unset it."
  compiles_for_the_browser
}

# Into $CARGO_HOME (~/.cargo), as its own installer does, but it touches no shell's profile: make finds it there.
install_rustup() {
  local version=1.28.2 machine sum program
  machine=$(uname -s)-$(uname -m)
  case $machine in
    Linux-x86_64) sum=20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c ;;
    Linux-aarch64) sum=e3853c5a252fca15252d07cb23a1bdd9377a8c6f3efa01531109281ae47f841c ;;
    *) stop "Rust is missing. Please install it from https://rustup.rs, open a new shell, and make again." ;;
  esac
  have curl || debian "it fetches rustup, and tests ask the server by it" "a few seconds" curl ca-certificates
  step "rustup $version" "installs the compiler, into ${cargo_bin%/bin}; no shell's profile is changed" "10 s"
  mkdir -p "$cache"
  program=$cache/rustup-init
  curl --fail --silent --show-error --location --retry 3 --output "$program" \
    "https://static.rust-lang.org/rustup/archive/$version/${machine#Linux-}-unknown-linux-gnu/rustup-init" &&
    echo "$sum  $program" | sha256sum --check --quiet ||
    stop "rustup could not be fetched. Please install it from https://rustup.rs, open a new shell, and make again."
  chmod +x "$program"
  "$program" -y --quiet --no-modify-path --default-toolchain none
  rm "$program"
}

# wanted <components|targets>: a list of rust-toolchain.toml, as rustup takes it on the command line.
wanted() {
  sed -nE "s/^$1 = \[(.*)\]$/\1/p" rust-toolchain.toml | tr -d '" '
}

# An override makes a plain `cargo leptos watch` in this folder use the same Rust as make does.
stand_in() {
  ( export RUSTUP_TOOLCHAIN=monban; is_stand_in && compiles_for_the_browser ) || return 1
  rustup override set monban --path "$root"
  is_stand_in || stop "RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-} keeps this folder from using the Rust toolchain 'monban'. Please unset it."
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
  if is_stand_in; then
    debian "the lints and the format check" "a few seconds" "${debian_rust[@]}"
  else
    step "clippy and rustfmt, by rustup" "the lints and the format check" "a few seconds"
    rustup component add --toolchain "$pinned_rust" clippy rustfmt
  fi
}
