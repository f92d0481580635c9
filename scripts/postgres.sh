#!/usr/bin/env bash
# A PostgreSQL for tests, on a free port, with data that may be lost.
#   postgres.sh start [folder]   starts it unless it runs, and prints its address
#   postgres.sh stop [folder]    stops it and removes its data
#   postgres.sh restart [folder] stops it hard, and starts it again on its data
#   postgres.sh hang [folder]    freezes all its processes until
#   postgres.sh resume [folder]  lets them go on
# It refuses to run as root, so that root runs it as the user postgres.
set -euo pipefail

folder=${2:-${TMPDIR:-/tmp}/monban-test-postgres-$(id -u)}
programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)

as_owner() {
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@")
  else
    "$@"
  fi
}

# A server outlives who starts it: a lock or a pipe that was open there would be held for as long as it runs.
with_nothing_open() {
  "$@" 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
}

start() {
  [ -n "$programs" ] || { echo "PostgreSQL is not installed" >&2; exit 1; }
  # One at a time: every test that needs it asks for it.
  exec 9>"$folder.lock"
  flock 9
  if ! as_owner "$programs/pg_ctl" --pgdata="$folder/data" status >/dev/null 2>&1; then
    rm -rf "$folder"
    mkdir -p "$folder"
    local port
    port=$(free_port)
    echo "$port" >"$folder/port"
    [ "$(id -u)" -ne 0 ] || chown postgres "$folder"
    as_owner "$programs/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --no-sync >/dev/null
    with_nothing_open as_owner "$programs/pg_ctl" --pgdata="$folder/data" --wait --log="$folder/log" \
      --options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$folder -c max_connections=400" \
      start >/dev/null
  fi
  echo "postgres://postgres@127.0.0.1:$(cat "$folder/port")"
}

# Not from the range that the system hands out to outgoing connections (32768 and up).
free_port() {
  local port
  for port in $(shuf -i 15000-30000 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  echo "no free port" >&2
  exit 1
}

restart() {
  with_nothing_open as_owner "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate --wait --log="$folder/log" \
    restart >/dev/null
}

# The main process first: it would start others.
hang() {
  local main
  main=$(main_process)
  kill -STOP "$main"
  for_children "$main" -STOP
}

resume() {
  local main
  main=$(main_process)
  for_children "$main" -CONT
  kill -CONT "$main"
}

main_process() {
  head -n 1 "$folder/data/postmaster.pid"
}

# One that has ended meanwhile is none to signal.
for_children() {
  local child
  for child in $(cat "/proc/$1/task/$1/children"); do
    kill "$2" "$child" 2>/dev/null || true
  done
}

stop() {
  resume 2>/dev/null || true # what is frozen cannot stop
  as_owner "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate stop >/dev/null 2>&1 || true
  rm -rf "$folder" "$folder.lock"
}

case ${1:-} in
  start | stop | restart | hang | resume) "$1" ;;
  *) echo "usage: postgres.sh start|stop|restart|hang|resume [folder]" >&2; exit 2 ;;
esac
