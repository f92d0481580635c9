#!/usr/bin/env bash
# Builds Rust's standard library for the browser from the source in Debian's rust-web-src, and puts it
# where Debian's rustc looks for it. Needs root. Only for machines where rustup cannot fetch the target.
set -euo pipefail

target=wasm32-unknown-unknown
rustlib=${1:-/usr/lib/rustlib}

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT

# -Z build-std builds the library beside a crate, so there has to be one.
mkdir "$build/src"
touch "$build/src/lib.rs"
cat >"$build/Cargo.toml" <<'TOML'
[package]
name = "seed"
version = "0.0.0"
edition = "2024"
TOML

# By path, or rustup's cargo and rustc would answer. -Z is for nightly; Debian's Rust is a stable one
# with its own source, so std and compiler do fit.
(
  cd "$build"
  env -u CARGO_TARGET_DIR -u RUSTFLAGS RUSTC_BOOTSTRAP=1 /usr/bin/cargo build --quiet --release \
    --target "$target" -Z build-std=std,panic_abort --config 'build.rustc="/usr/bin/rustc"'
)

# What an earlier version of the compiler left would only be in the way: rlibs carry their compiler's hash.
rm -rf "${rustlib:?}/$target"
mkdir -p "$rustlib/$target/lib"
find "$build/target/$target/release/deps" -name '*.rlib' ! -name 'libseed-*' \
  -exec install --mode=644 --target-directory="$rustlib/$target/lib" {} +

# rustc links WebAssembly with its own rust-lld, which Debian ships under another name.
ln -sfn /usr/lib/llvm-22/bin/lld "$rustlib/x86_64-unknown-linux-gnu/bin/rust-lld"
