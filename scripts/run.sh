#!/usr/bin/env bash
# Serves dist/monban on http://localhost:3000, or on https://localhost:3000 (`run.sh 1`).
set -euo pipefail
# shellcheck source=scripts/steps.sh
source "$(dirname "$0")/steps.sh"

what="its database and keys are in data/. Ctrl-C stops it."
case ${1:-0} in
  0 | no | false)
    printf '\n==> Monban, on http://localhost:3000; %s\n' "$what"
    exec dist/monban serve
    ;;
  1 | yes | true)
    printf '\n==> Monban, on https://localhost:3000; %s\n' "$what"
    echo "    Its certificate, data/tls-cert.pem, is made here, so the browser warns of it: go on all the same"
    echo "    (Advanced, or Details), or let the system trust that file."
    exec dist/monban serve --base-url https://localhost:3000 --tls-self-signed true
    ;;
  *) stop "usage: make run TLS=1" ;;
esac
