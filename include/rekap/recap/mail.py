"""The mails about a month: the draft with its workbook and one action, and the final account."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rekap import catalogue, period, warehouse
from rekap.channels import plan
from rekap.recap import tab
from rekap.recap.figures import Recap
from rekap.recap.wording import CLIENT_COLUMNS, worded
from rekap.run import Run

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
# What fits a mail; the workbook holds all columns.
MAILED = ("client", "visits", "done", "cancelled", "open", "units_done")
PICKED = [CLIENT_COLUMNS.index(name) for name in MAILED]


def plan_for_managers(connection: warehouse.Connection, run: Run, recap: Recap, kind: str, document: str) -> int:
    """Plan one mail to each manager about this content, `kind` draft or final, with the workbook `document` attached;
    the number of mails that are new. The same content is never mailed twice."""
    house = run.config.settings.house
    planned = 0
    for manager in run.config.register.with_role("manager"):
        subject, text, html = rendered(run, recap, kind, manager.language)
        planned += (
            plan.mail(
                connection,
                run,
                key=f"recap:{recap.month}:{recap.revision}:{recap.content_sha256[:16]}:{kind}:{manager.code}",
                person=manager.code,
                subject=subject,
                text=text,
                html=html,
                documents=(document,),
                delivery=house.delivery,
            )
            is not None
        )
    return planned


def rendered(run: Run, recap: Recap, kind: str, language: str) -> tuple[str, str, str]:
    """Subject, text and HTML of the mail about a recap. The first line is the whole message."""
    names = {client.slug: client.name for client in run.config.register.clients}
    words = worded(recap, language, names, run.zone)
    total = recap.figures["total"]
    values = {"month": catalogue.month(language, period.first_day(recap.month)), "revision": recap.revision, **total}
    subject = catalogue.text(language, f"recap.mail_{kind}_subject", **values)
    lead = catalogue.text(language, f"recap.mail_{kind}_lead", **values)
    action = catalogue.text(language, f"recap.mail_{kind}_action")
    link = _link(run, recap, kind)
    body = [lead, "", *words.notes, words.status, ""]
    body += [f"{name}: {number}" for name, number in words.totals.rows]
    body += ["", f"{action}: {link}"]
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    html = environment.get_template("recap_mail.html").render(
        language=language,
        subject=subject,
        words=words,
        lead=lead,
        action=action,
        link=link,
        client_columns=[words.by_client.columns[index] for index in PICKED],
        client_rows=[[row[index] for index in PICKED] for row in words.by_client.rows],
    )
    return subject, "\n".join(body), html


def _link(run: Run, recap: Recap, kind: str) -> str:
    """A draft leads to the question in Airflow, a final account to its tab."""
    house = run.config.settings.house
    if kind == "draft":
        return f"{house.airflow_url.rstrip('/')}/required_actions"
    return f"https://docs.google.com/spreadsheets/d/{house.master_schedule_id}/edit#gid={tab.sheet_id(recap.month)}"
