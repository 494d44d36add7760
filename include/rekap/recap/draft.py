"""Delivering a month: the tab in the Master Schedule, the workbook, the mail to the managers; once per content."""

import hashlib
import logging
from typing import TYPE_CHECKING

from rekap import warehouse
from rekap.errors import PermanentError
from rekap.recap import mail, tab
from rekap.recap.figures import Recap, newest
from rekap.recap.wording import Worded, worded
from rekap.recap.workbook import CONTENT_TYPE, workbook
from rekap.run import Run

if TYPE_CHECKING:
    from rekap.services.google import Google

log = logging.getLogger(__name__)


def deliver_draft(connection: warehouse.Connection, google: "Google", run: Run, month: str) -> dict[str, int]:
    """Deliver the newest revision of `month` as a draft, unless this content was delivered before.

    Follows `house.delivery`: live writes the tab and plans the mails; redirect plans them (they are mailed to one
    address) and writes no tab; shadow and off keep everything here. Returns counts of tabs, mails and workbooks."""
    recap = newest(connection, month)
    if recap.state != "draft":
        connection.commit()
        log.info("recap %s revision %d is %s already: nothing to deliver", month, recap.revision, recap.state)
        return {"tabs": 0, "mails": 0, "workbooks": 0}
    written = write_tab(google, run, recap)
    with connection.transaction():
        document = keep_workbook(connection, run, recap)
        planned = mail.plan_for_managers(connection, run, recap, "draft", document)
        connection.execute(
            "update outputs.recap_months"
            " set state = 'delivered', delivered_at = %s, workbook_sha256 = %s, sheet_id = %s"
            " where month = %s and revision = %s and state = 'draft' and content_sha256 = %s",
            (run.now, document, tab.sheet_id(month) if written else None, month, recap.revision, recap.content_sha256),
        )
    return {"tabs": written, "mails": planned, "workbooks": 1}


def write_tab(google: "Google", run: Run, recap: Recap) -> int:
    """Bring the month's tab to this recap; 0 when the house's delivery keeps it here. Safe to repeat: the same cells.
    Raises PermanentError when no Master Schedule is set."""
    house = run.config.settings.house
    if house.delivery != "live":
        log.info("house.delivery is %s: the tab of %s is not written", house.delivery, recap.month)
        return 0
    if not house.master_schedule_id:
        raise PermanentError(
            "rekap.yaml, house.master_schedule_id is empty: make a spreadsheet, share it with Rekap as editor and write"
            " its id there."
        )
    words = words_of(run, recap)
    own = tab.sheet_id(recap.month)
    spreadsheet = google.sheets.spreadsheet(house.master_schedule_id, fields="sheets(properties)")
    existing = next(
        (
            sheet["properties"]
            for sheet in spreadsheet.get("sheets", [])
            if sheet["properties"].get("sheetId", 0) == own
        ),
        None,
    )
    title = recap.month if recap.final else f"{recap.month} DRAF"
    google.sheets.batch_update(
        house.master_schedule_id, tab.requests(recap, words, title, existing), repeatable=existing is not None
    )
    return 1


def keep_workbook(connection: warehouse.Connection, run: Run, recap: Recap) -> str:
    """The recap's workbook as a row of outputs.documents; its sha256."""
    content = workbook(recap, words_of(run, recap))
    sha256 = hashlib.sha256(content).hexdigest()
    state = "final" if recap.final else "draf"
    connection.execute(
        "insert into outputs.documents (sha256, name, content_type, content, made_at) values (%s, %s, %s, %s, %s)"
        " on conflict (sha256) do nothing",
        (sha256, f"Master Schedule {recap.month} {state} r{recap.revision}.xlsx", CONTENT_TYPE, content, run.now),
    )
    return sha256


def words_of(run: Run, recap: Recap) -> Worded:
    """The recap in the language of the house."""
    names = {client.slug: client.name for client in run.config.register.clients}
    return worded(recap, run.config.settings.house.language, names, run.zone)
