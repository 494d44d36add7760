"""`python -m rekap.sources.sheets read FILE --client SLUG --as-of DATE`, `… doctor FILE` and `… extract`.

Exit status 0 done, 1 refused input, 2 usage.
"""

import argparse
import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rekap import settings
from rekap.errors import PermanentError, RekapError
from rekap.run import Run
from rekap.sources.sheets.doctor import command as doctor
from rekap.vocabulary import lexicon

CONFIG = Path(__file__).resolve().parents[3] / "config"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rekap.sources.sheets")
    commands = parser.add_subparsers(dest="command", required=True)
    read = commands.add_parser(
        "read", help="read a Spreadsheet resource (JSON of the Sheets API v4) and print its rows"
    )
    read.add_argument("file", type=Path)
    read.add_argument("--client", required=True, metavar="SLUG")
    read.add_argument("--as-of", required=True, type=_day, metavar="DATE", help="YYYY-MM-DD")
    doctor.add(commands, _day)
    commands.add_parser(
        "extract",
        help="read the trackers that changed into the warehouse; needs REKAP_WAREHOUSE and AIRFLOW_CONN_REKAP_GOOGLE"
        " (JSON), knows REKAP_CONFIG and REKAP_NOW",
    )
    try:
        chosen = parser.parse_args(arguments)
    except SystemExit as error:
        return 2 if error.code else 0
    try:
        if chosen.command == "extract":
            return _extract()
        gc.disable()  # nothing that is read goes round in circles, and looking for it costs a third of the time
        return _doctor(chosen) if chosen.command == "doctor" else _read(chosen.file, chosen.client, chosen.as_of)
    except RekapError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        gc.enable()


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _config() -> settings.Config:
    return settings.load(Path(os.environ.get("REKAP_CONFIG", CONFIG)))


def _now() -> datetime:
    told = os.environ.get("REKAP_NOW")
    return datetime.fromisoformat(told) if told else datetime.now(UTC)


def _look_shared() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Keeps one copy of equal looks of cells, with what the reader looks at: they are half of a large file."""
    known: dict[tuple[Any, Any], dict[str, Any]] = {}

    def shared(found: dict[str, Any]) -> dict[str, Any]:
        if "textFormat" not in found and "numberFormat" not in found and "backgroundColor" not in found:
            return found
        number, text = found.get("numberFormat"), found.get("textFormat")
        kind = number.get("type") if isinstance(number, dict) else None
        struck = text.get("strikethrough") if isinstance(text, dict) else None
        return known.setdefault(
            (str(kind), bool(struck)), {"numberFormat": {"type": kind}, "textFormat": {"strikethrough": bool(struck)}}
        )

    return shared


def _resource(file: Path) -> dict[str, Any]:
    """A saved Spreadsheet resource; raises PermanentError for what is none."""
    try:
        with file.open(encoding="utf-8") as opened:
            resource = json.load(opened, object_hook=_look_shared())
    except (OSError, ValueError) as error:
        raise PermanentError(
            f"{file}: is no readable JSON file ({error}); give what spreadsheets.get returns."
        ) from error
    if not isinstance(resource, dict) or not isinstance(resource.get("sheets"), list):
        raise PermanentError(
            f"{file}: is no Spreadsheet resource: it has no list 'sheets'; give what spreadsheets.get returns."
        )
    return resource


def _doctor(chosen: argparse.Namespace) -> int:
    config = _config()
    return doctor.run(_resource(chosen.file), chosen, config, _now().astimezone(config.settings.zone).date())


def _read(file: Path, slug: str, as_of: date) -> int:
    from rekap.sources.sheets.reader import json_of, read_tabs

    resource = _resource(file)
    client = _config().register.client_by_slug.get(slug)
    if client is None:
        print(f"client '{slug}' is not in clients.yaml: defaults are used", file=sys.stderr)
    names = [name for outlet in client.outlets for name in (outlet.name, *outlet.aliases)] if client else []
    try:
        with lexicon.of_client(client.words if client else None):
            tabs = read_tabs(resource, as_of=as_of, outlet_names=names)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PermanentError(
            f"{file}: does not have the form of a Spreadsheet resource ({type(error).__name__}: {error})."
        ) from error
    for tab in tabs:
        for problem in tab.problems:
            where = f"tab '{' '.join(tab.title.split())}'" + (f", cell {problem.cell}" if problem.cell else "")
            print(f"{file}: {where}: {problem.sentence}.", file=sys.stderr)
    json.dump(json_of(tabs, slug), sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def _extract() -> int:
    from rekap import warehouse
    from rekap.services.google import Google
    from rekap.sources import sheets

    try:
        mapping = json.loads(os.environ["AIRFLOW_CONN_REKAP_GOOGLE"])
    except (KeyError, ValueError) as error:
        raise PermanentError(
            "set AIRFLOW_CONN_REKAP_GOOGLE to the connection as JSON, such as"
            ' {"conn_type": "rekap_google", "extra": {"keyfile_dict": {…}}}.'
        ) from error
    moment = _now()
    run = Run(id=f"command/{moment.isoformat()}", now=moment, config=_config())
    google = Google.from_connection(mapping)
    with warehouse.connect() as connection:
        batches = sheets.changed(connection, google, run)
        print(f"trackers that may have changed: {sum(map(len, batches))}")
        for clients in batches:
            print(json.dumps(sheets.read(connection, google, run, clients)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
