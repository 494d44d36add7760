"""What is said when a source cannot be read whole, and when it is back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rekap import catalogue
from rekap.channels.rendering import rendered
from rekap.incidents.planning import Draft
from rekap.run import Run
from rekap.settings import Person

SHEET = "https://docs.google.com/spreadsheets/d/{}"


def mail(run: Run, person: Person, sources: Sequence[dict[str, Any]], *, back: bool) -> Draft:
    """About one or several sources: the details of their incidents (source, client, client_name, spreadsheet_id,
    reason, since, back). A sheet's link is the sheet, Basecamp's is the list of failed runs."""

    def say(key: str, **values: object) -> str:
        return catalogue.text(person.language, f"data.{key}", **values)

    def moment(iso: str) -> str:
        return catalogue.moment(person.language, datetime.fromisoformat(iso).astimezone(run.zone))

    is_sheet = sources[0]["source"] == "sheets"
    what = say("tracker") if is_sheet else "Basecamp"
    names = ", ".join(each["client_name"] for each in sources) if is_sheet else what
    subject = say(
        f"lead_{'back' if back else 'incomplete'}{'_tracker' if is_sheet else '_basecamp'}",
        count=len(sources),
        names=names,
    )
    lines = [
        {
            "name": each["client_name"] if is_sheet else what,
            "since": say("since", at=moment(each["since"]))
            if not back
            else say("was_from_to", since=moment(each["since"]), back=moment(each["back"])),
            "url": SHEET.format(each["spreadsheet_id"]) if is_sheet and each["spreadsheet_id"] else None,
            "reason": None if back else each["reason"] or say("no_reason"),
        }
        for each in sources
    ]
    sheet = sources[0]["spreadsheet_id"] if is_sheet else None
    part = {
        "language": person.language,
        "lead": subject,
        "heading": subject,
        "tone": "good" if back else "today",
        "tag": say("tag_back" if back else "tag_incomplete"),
        "notice": None,
        "ask": say("ask_back" if back else "ask_tracker" if is_sheet else "ask_basecamp"),
        "action": say("open_tracker" if is_sheet else "open_airflow"),
        "link": None if back else SHEET.format(sheet) if sheet else f"{run.config.settings.house.airflow_url}/dags",
        "lines": lines,
        "why": say("why_back" if back else "why"),
    }
    clients = {each["client"] for each in sources}
    return Draft(
        subject, rendered("data_incomplete.txt", part), rendered("data_incomplete.html", part),
        clients.pop() if len(clients) == 1 else None, urgent=True,
    )  # fmt: skip
