"""The page about the last runs in one language: how each gate ended, scores by week, what has waited longest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from rekap import catalogue, warehouse
from rekap.quality.registry import SUITES
from rekap.quality.report import chart
from rekap.quality.report.speaker import OTHER, Speaker, safe_link, shown_text
from rekap.run import Run

MOST_RUNS, MOST_WAITING, WEEKS = 90, 20, 26
FALLS_BY = 0.05  # a score that moves by less is the same
TONES = {"short_good": "good", "short_advice": "warn", "short_incomplete": "bad", "short_unusable": "bad"}


class History:
    """What the warehouse holds about the last runs; rows of the SQL files `40_outputs/quality_history_*`."""

    def __init__(self, connection: warehouse.Connection, run: Run) -> None:
        monday = run.today - timedelta(days=run.today.weekday())
        self.now = run.now
        self.runs = warehouse.execute(connection, "40_outputs/quality_history_runs", {"most": MOST_RUNS})
        self.waiting = warehouse.execute(connection, "40_outputs/quality_history_waiting", {"most": MOST_WAITING})
        self.scores: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        weeks = {"since": monday - timedelta(weeks=WEEKS - 1), "until": monday}
        for row in warehouse.execute(connection, "40_outputs/quality_history_scores", weeks):
            self.scores[row["client"], row["name"]].append(row)

    def gates(self) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
        """(run, stage, its suites), newest first."""
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
        for row in self.runs:
            found[row["run_id"], row["stage"]].append(row)
        return [(run_id, stage, suites) for (run_id, stage), suites in found.items()]

    def this_week(self) -> dict[str, float]:
        """Client → its score of the running week."""
        newest = {client: rows[-1]["score"] for (client, _), rows in self.scores.items()}
        return {client: float(score) for client, score in newest.items() if score is not None}


def history_page(history: History, say: Speaker) -> dict[str, Any]:
    """The values of `quality/history.html`."""
    gates = [_gate(run_id, stage, suites, say) for run_id, stage, suites in history.gates()]
    scores = [_score(name, rows, say) for (_, name), rows in history.scores.items()]
    falling = sorted((score for score in scores if score["fall"]), key=lambda score: -score["fall"])
    good = sum(gate["tone"] != "bad" for gate in gates)
    latest = list({gate["stage"]: gate for gate in reversed(gates)}.values())
    return {
        "language": say.language,
        "title": say("title_history"),
        "tone": "bad" if any(gate["tone"] == "bad" for gate in latest) else "good",
        "verdict": say("history_lead", good=good, count=len(gates)) if gates else say("history_empty"),
        "facts": [say("checked", at=gates[0]["at"])] if gates else [],
        "other": {"href": f"?language={OTHER[say.language]}", "label": say("other_language"),
                  "language": OTHER[say.language]},
        "latest": latest,
        "falling": [say("falling_line", client=score["name"], before=score["before"], now=score["now"])
                    for score in falling],
        "scores": sorted(scores, key=lambda score: (score["order"], score["name"])),
        "scores_title": say("scores", count=WEEKS),
        "suites": _suites(history.runs, say),
        "suites_title": say("per_suite", count=MOST_RUNS),
        "waiting": [_waiting(row, history.now, say) for row in history.waiting],
        "gates": gates,
        "picture": {"width": chart.WIDTH, "height": chart.HEIGHT},
        "kept": say("kept", count=MOST_RUNS),
        "say": say,
    }  # fmt: skip


def _gate(run_id: str, stage: str, suites: Sequence[Mapping[str, Any]], say: Speaker) -> dict[str, Any]:
    dag, _, run = run_id.partition("/")
    if not all(suite["usable"] for suite in suites):
        short = "short_unusable"
    elif any(not suite["success"] and _about_clients(suite["suite"]) for suite in suites):
        short = "short_incomplete"
    else:
        short = "short_advice" if any(suite["failing"] for suite in suites) else "short_good"
    return {
        "stage": say(f"stage_{stage}"),
        "at": say.moment(max(suite["checked_at"] for suite in suites)),
        "run": run_id,
        "verdict": say(short),
        "tone": TONES[short],
        "failing": say.number(sum(suite["failing"] for suite in suites)),
        "url": "/".join(("quality", *(quote(part, safe="") for part in (dag, run, stage))))
        + f"?language={say.language}",
    }


def _about_clients(name: str) -> bool:
    return any(suite.name == name and any(rule.scope == "client" for rule in suite.rules) for suite in SUITES)


def _score(name: str, rows: Sequence[Mapping[str, Any]], say: Speaker) -> dict[str, Any]:
    """A client's scores; `fall` is by how much the newest lies below the one before it, 0 where it does not."""
    known = [float(row["score"]) for row in rows if row["score"] is not None]
    now, before = known[-1], known[-2] if len(known) > 1 else known[-1]
    fall = before - now if before - now > FALLS_BY else 0
    values = [
        (
            None if row["score"] is None else float(row["score"]),
            say("score_week", at=catalogue.day(say.language, row["week_on"]),
                score="–" if row["score"] is None else say.number(float(row["score"]))),
        )
        for row in rows
    ]  # fmt: skip
    return {
        "name": shown_text(name), "now": say.number(now), "before": say.number(before), "fall": fall, "order": now,
        "line": chart.line(values), "tone": "warn" if fall else "good",
    }  # fmt: skip


def _suites(runs: Sequence[Mapping[str, Any]], say: Speaker) -> list[dict[str, Any]]:
    made = []
    for suite in SUITES:
        judged = [row for row in reversed(runs) if row["suite"] == suite.name]
        if judged:
            bars = chart.bars([(int(row["failing"]), _tone(row), _bar_title(row, say)) for row in judged])
            newest = judged[-1]
            made.append(
                {
                    "name": say.suite(suite.name), "bars": bars, "tone": _tone(newest),
                    "failing": say.number(int(newest["failing"])),
                }
            )  # fmt: skip
    return made


def _tone(row: Mapping[str, Any]) -> str:
    return "bad" if not row["usable"] or row["failing_critical"] else "warn" if row["failing"] else "good"


def _bar_title(row: Mapping[str, Any], say: Speaker) -> str:
    return say("chart_bar", at=say.moment(row["checked_at"]), failing=say.number(int(row["failing"])))


def _waiting(row: Mapping[str, Any], now: datetime, say: Speaker) -> dict[str, Any]:
    return {
        "client": shown_text(row["client_name"]),
        "place": say.place(row["original"]),
        "url": safe_link(row["cell_url"]),
        "reasons": ", ".join(dict.fromkeys(say.reason(code) for code in row["reasons"])),
        "since": say.day(row["first_seen_at"]),
        "days": say("days", count=max((now - row["first_seen_at"]).days, 0)),
    }
