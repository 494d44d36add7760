#!/bin/sh
# Finds a Python that fits and hands over to local/bootstrap.py, which needs nothing but its standard library.
set -eu
cd "$(dirname "$0")/.."
# The Python that made .venv goes before the others: else `make demo` would undo what `PYTHON=… make setup` made.
made_with=$(sed -n 's/^executable = //p' .venv/pyvenv.cfg 2>/dev/null || true)
for candidate in ${PYTHON:-} $made_with python3 python3.13 python3.12 python3.11 python3.14 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; then
        exec "$candidate" local/bootstrap.py "$@"
    fi
done
echo "Rekap needs Python 3.11, 3.12, 3.13 or 3.14 and found none: install one, or name it with PYTHON=/path/to/python3." >&2
exit 1
