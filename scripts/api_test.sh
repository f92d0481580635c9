#!/usr/bin/env bash
# Throws generated requests at the REST API, as its own document describes them, and holds every answer
# against that document: its status, type, headers and shape; never a 5xx. MONBAN_BIN is the server.
# MONBAN_API_SECONDS bounds it, MONBAN_API_SEED repeats a run; the report is JUnit.
set -euo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"

report=$root/end2end/test-results/api.xml
seed=${MONBAN_API_SEED:-$RANDOM}
seconds=${MONBAN_API_SECONDS:-45}
monban=$(realpath "${MONBAN_BIN:-dist/monban}")

data=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null; rm -rf "$data"' EXIT
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://localhost:$port

# What a developer has set for a server of their own must not change a test.
for name in $(compgen -e MONBAN_); do unset "$name"; done
export MONBAN_LISTEN=127.0.0.1:$port MONBAN_BASE_URL=$url MONBAN_DATA_DIR=$data \
  MONBAN_DATABASE_URL=sqlite://$data/monban.db MONBAN_ARGON2_MEMORY=64 MONBAN_LOG=warn \
  MONBAN_SIGN_IN_FAILURES=0 MONBAN_SIGN_UP_ATTEMPTS=0

# An administrator, so that every route lets them in.
email=ann@example.com password="kettle orbit plum sandal"
"$monban" migrate >/dev/null
"$monban" users create "$email" Ann <<<"$password" >/dev/null
"$monban" users grant "$email" admin >/dev/null
"$monban" serve >"$data/log" 2>&1 &
server=$!
until curl --fail --silent --output /dev/null "$url/healthz"; do
  kill -0 "$server" 2>/dev/null || { cat "$data/log"; exit 1; }
  sleep 0.1
done

mkdir -p "$(dirname "$report")"
cd "$data" # what it remembers of a run goes with it
# Not checked: that what fits the schema is accepted. Passwords must be hard to guess, too.
API_URL=$url API_EMAIL=$email API_PASSWORD=$password SCHEMATHESIS_HOOKS=$root/end2end/api/hooks.py PYTHONDONTWRITEBYTECODE=1 \
  "$cache/python/bin/schemathesis" run "$url/api/openapi.json" \
  --workers 2 --max-time "$seconds" --seed "$seed" --exclude-checks positive_data_acceptance \
  --generation-database none --report junit --report-junit-path "$report" --no-color
