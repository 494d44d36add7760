#!/bin/sh
# Stops what runs, then forgets all local state. Works without .venv too.
set -eu
cd "$(dirname "$0")/.."
if [ -x .venv/bin/python ] && [ -d var ]; then .venv/bin/python -m local.down || true; fi
for noted in var/postgres/elsewhere var/*/postgres/elsewhere; do
    if [ -f "$noted" ]; then rm -rf "$(cat "$noted")"; fi
done
rm -rf var .venv
echo "Local state is gone; the next make target sets up anew."
