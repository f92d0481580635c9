# shellcheck shell=bash disable=SC2034
# Sourced by the other scripts: where things are, and how a step speaks.
# A step says what happens, why, and about how long it takes, before it starts:
# somebody who waits wants to know for what. The times are measured on two cores.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/monban
target=${CARGO_TARGET_DIR:-$root/target}
cargo_bin=${CARGO_HOME:-$HOME/.cargo}/bin
PATH=$cache/bin:$cargo_bin:$PATH
cd "$root" || exit

# step <what> <why> <how long>
step() {
  printf '\n==> %s (%s)\n    %s\n' "$1" "$3" "$2"
}

# stop <line>...: ends the set-up with what a person can do about it.
stop() {
  printf '\n' >&2
  printf '%s\n' "$@" >&2
  exit 1
}

have() {
  command -v "$1" >/dev/null 2>&1
}

# version_at_least <wanted> <found>
version_at_least() {
  printf '%s\n%s\n' "$1" "$2" | sort --check=quiet --version-sort
}

installed() {
  dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed
}

# debian <why> <how long> <package>...: installs what is missing, or names it to somebody who may not.
debian() {
  local why=$1 time=$2 package missing=()
  shift 2
  have dpkg-query || stop "Not a Debian system. Please install what these Debian packages hold: $*" "Needed because: $why"
  for package in "$@"; do
    installed "$package" || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    stop "Missing packages: $why" \
      "Please run this, and then make again:" "" \
      "    sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  step "Debian packages: ${missing[*]}" "$why" "$time"
  refresh_package_lists
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
}

# Once a run: package lists on a fresh machine are empty or point at versions that are gone.
refresh_package_lists() {
  [ -z "${lists_are_fresh:-}" ] || return 0
  apt-get update --quiet=2
  lists_are_fresh=yes
}
