"""`python -m bench [PART …] [--quick] [--seed N]`: measure, print the tables, write docs/benchmarks.md.

PART is extraction, vocabulary, reader or gates; without one, all of them. --quick takes small sizes and writes to
var/bench/ instead: it shows that everything works, its numbers say little.
Exit status 0 done, 1 a contender failed, 2 usage.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench import environment, gates, machine, page, picture, reader, vocabulary
from bench.account import Account
from bench.extraction import Extraction, as_json
from bench.ground import Size
from local.postgres import Server
from local.state import ROOT, VAR, InUseError, State

FOLDER = VAR / "bench"
SIZES = (Size(100, 10_000), Size(1_000, 100_000))
QUICK = (Size(20, 500), Size(40, 2_000))
CAP, QUICK_CAP = 600.0, 60.0
PARTS = ("extraction", "vocabulary", "reader", "gates")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="small sizes, about a minute")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    if unknown := sorted(set(asked.parts) - set(PARTS)):
        parser.error(f"unknown part {', '.join(unknown)}: choose from {', '.join(PARTS)}")
    target = FOLDER / "benchmarks.md" if asked.quick else ROOT / "docs" / "benchmarks.md"
    try:
        with State(FOLDER).take():
            for part in asked.parts or PARTS:
                print(f"{part}:", flush=True)
                MEASURE[part](target, quick=asked.quick, seed=asked.seed)
    except (RuntimeError, InUseError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def say(text: str) -> None:
    print(text, flush=True)


def _extraction(target: Path, *, quick: bool, seed: int) -> None:
    environment.ready()
    sizes = QUICK if quick else SIZES
    measure = Extraction(FOLDER, seed=seed, cap=QUICK_CAP if quick else CAP, say=say)
    with measure.server_running():
        about = machine.told(measure.server)
        measured = measure.run(sizes)
    drawn = target.with_name("benchmarks-extraction.svg")
    drawn.write_text(picture.draw(measured, sizes[-1]))
    (FOLDER / "extraction.json").write_text(as_json(measured))
    account = Account(measured, about, seed, date.today().isoformat(), drawn.name)
    _write(target, "extraction", account.text(), account.tables())


def _vocabulary(target: Path, *, quick: bool, seed: int) -> None:
    measure = vocabulary.Vocabulary(passes=1, most=40, say=say) if quick else vocabulary.Vocabulary(say=say)
    measure.run()
    _write(target, "vocabulary", _dated(measure.text()), measure.tables())


def _reader(target: Path, *, quick: bool, seed: int) -> None:
    measure = reader.Reader(reader.QUICK if quick else reader.SIZES, seed=seed, say=say)
    measure.run()
    _write(target, "reader", _dated(measure.text()), measure.tables())


def _gates(target: Path, *, quick: bool, seed: int) -> None:
    server = Server(FOLDER / "postgres")
    server.start()
    try:
        measure = gates.Gates(server, gates.QUICK if quick else gates.SIZES, say=say)
        measure.run()
    finally:
        server.stop()
    _write(target, "gates", _dated(measure.text()), measure.tables())


def _dated(text: str) -> str:
    about = ", ".join(f"{name} {value}" for name, value in machine.short().items())
    return f"{text}\n\nMeasured {date.today().isoformat()}: {about}."


def _write(target: Path, part: str, text: str, tables: str) -> None:
    page.write(target, part, text)
    print(f"\n{tables}\n\nWritten: {target.relative_to(ROOT)}\n", flush=True)


MEASURE = {"extraction": _extraction, "vocabulary": _vocabulary, "reader": _reader, "gates": _gates}

if __name__ == "__main__":
    sys.exit(main())
