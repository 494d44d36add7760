"""`python -m bench extraction [--quick] [--seed N]`: measure, print the tables, write docs/benchmarks.md.

--quick takes small sizes and writes to var/bench/ instead: it shows that everything works, its numbers say little.
Exit status 0 done, 1 a contender failed, 2 usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date

from bench import environment, machine, page, picture
from bench.account import Account
from bench.extraction import Extraction, as_json
from bench.ground import Size
from local.state import ROOT, VAR, InUseError, State

FOLDER = VAR / "bench"
SIZES = (Size(100, 10_000), Size(1_000, 100_000))
QUICK = (Size(20, 500), Size(40, 2_000))
CAP, QUICK_CAP = 600.0, 60.0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    kinds = parser.add_subparsers(dest="kind", required=True)
    extraction = kinds.add_parser("extraction", help="requests, seconds and memory of reading the sources")
    extraction.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    extraction.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    try:
        with State(FOLDER).take():
            return _extraction(quick=asked.quick, seed=asked.seed)
    except (RuntimeError, InUseError) as error:
        print(error, file=sys.stderr)
        return 1


def _extraction(*, quick: bool, seed: int) -> int:
    environment.ready()
    sizes = QUICK if quick else SIZES
    measure = Extraction(FOLDER, seed=seed, cap=QUICK_CAP if quick else CAP, say=lambda text: print(text, flush=True))
    with measure.server_running():
        about = machine.told(measure.server)
        measured = measure.run(sizes)
    target = FOLDER / "benchmarks.md" if quick else ROOT / "docs" / "benchmarks.md"
    drawn = target.with_name("benchmarks-extraction.svg")
    drawn.write_text(picture.draw(measured, sizes[-1]))
    (FOLDER / "extraction.json").write_text(as_json(measured))
    account = Account(measured, about, seed, date.today().isoformat(), drawn.name)
    page.write(target, "extraction", account.text())
    print(f"\n{account.tables()}\n\nWritten: {target.relative_to(ROOT)}, {drawn.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
