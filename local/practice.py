"""`make practice`: a new client for the company of `make up`, to be set up as README, "Add a client", says.

Its account manager shares a sheet, as messy as people keep them, and somebody opens a project in Basecamp; nothing is
written into clients.yaml. Safe to repeat: what is there already stays.
"""

import json
import sys
from pathlib import Path
from typing import Any

import requests

from local.state import ROOT, VAR
from rekap.sources.sheets.doctor.proposal import slug_of

SHEET = Path(__file__).with_name("practice.json")
READY = VAR / "up" / "twin.json"


def main() -> int:
    resource = json.loads(SHEET.read_text(encoding="utf-8"))
    name = resource["properties"]["title"].rpartition(" - ")[2]
    try:
        control = json.loads(READY.read_text().splitlines()[0])["control"]
        _happen(control, {"op": "share_sheet", "resource": resource}, {"op": "add_project", "name": name})
    except (OSError, LookupError, requests.ConnectionError):
        print("The twin does not run: start it with `make up`, then come back.", file=sys.stderr)
        return 1
    sheet = resource["spreadsheetId"]
    config = (VAR / "up" / "config" / "clients.yaml").relative_to(ROOT)
    print(f"{name} is a new client. Its sheet is shared with Rekap:")
    print(f"  https://docs.google.com/spreadsheets/d/{sheet}/edit")
    slug = slug_of(name)
    print('Step 2 of README, "Add a client", is to look:')
    print(f"  make doctor CLIENT={slug} SHEET={sheet} LANGUAGE=en")
    print(f"Step 3 is to write the entry into {config}, the register of this company. Step 4 is to look again:")
    print(f"  make doctor CLIENT={slug} LANGUAGE=en")
    print("The clock of this company stands still, so its today is not yours.")
    return 0


def _happen(control: str, *told: dict[str, Any]) -> None:
    session = requests.Session()
    session.trust_env = False
    answer = session.post(f"{control}/_sandbox/world", data=json.dumps(told), timeout=60)
    if answer.status_code == 400 and "is there already" in answer.text:
        return
    answer.raise_for_status()


if __name__ == "__main__":
    sys.exit(main())
