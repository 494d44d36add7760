"""Pages as documents: one for each gate run and language, one history; older ones are forgotten."""

import hashlib
import logging
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rekap import warehouse
from rekap.quality.report.found import find
from rekap.quality.report.history_page import History, history_page
from rekap.quality.report.run_page import run_page
from rekap.quality.report.speaker import Speaker
from rekap.quality.rules import Stage
from rekap.run import Run
from rekap.settings import Language

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
CONTENT_TYPE = "text/html; charset=utf-8"
LANGUAGES: tuple[Language, ...] = ("id", "en")
HISTORY = "history"
log = logging.getLogger(__name__)


def write(connection: warehouse.Connection, run: Run, stage: Stage, month: str | None = None) -> dict[str, Any]:
    """Make the pages of this run's gate and of the history in every language, keep them in outputs.documents and forget
    those of runs that the history no longer lists. `month` (YYYY-MM) as the gate of `outputs` was given it.

    Returns `report_LANGUAGE` and `history_LANGUAGE` (sha256), `kept` (new documents) and `forgotten`. Where the gate
    recorded nothing there is no report, and the history tells what came before. Ends the transaction."""
    connection.commit()
    with connection.transaction():
        found = find(connection, run, stage, month)
        history = History(connection, run)
        may_stay = [name_of(judged, run_id, one) for run_id, judged, _ in history.gates() for one in LANGUAGES]
        may_stay += [name_of(HISTORY, "", language) for language in LANGUAGES]
        told: dict[str, Any] = {"kept": 0, "forgotten": 0}
        for language in LANGUAGES:
            say = Speaker(language, run.zone)
            pages = {HISTORY: ("quality/history.html", history_page(history, say), name_of(HISTORY, "", language))}
            if found:
                values = run_page(found, say, history.this_week())
                pages["report"] = ("quality/run.html", values, name_of(stage, run.id, language))
            for kind, (template, values, name) in pages.items():
                content = rendered(template, values).encode()
                sha256 = hashlib.sha256(content).hexdigest()
                counts = warehouse.count(
                    connection, "40_outputs/quality_reports_kept",
                    {"sha256": sha256, "name": name, "content_type": CONTENT_TYPE, "content": content,
                     "now": run.now, "names": may_stay},
                )  # fmt: skip
                told[f"{kind}_{language}"] = sha256
                for counted, number in counts.items():
                    told[counted] += number
    if not found:
        log.warning("the gate of %s recorded nothing in %s: there is no report about it.", stage, run.id)
    return told


def name_of(stage: str, run_id: str, language: Language) -> str:
    """The name of the document about a gate run, or about the history (stage `history`, no run); also a file's name."""
    return " ".join(
        filter(None, ("Data quality", stage, run_id.replace("/", " ").replace(":", "."), f"{language}.html"))
    )


def rendered(template: str, values: dict[str, Any]) -> str:
    """A page of include/templates, filled; every value is escaped, one that is missing is an error."""
    return _templates().get_template(template).render(values).strip() + "\n"


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
