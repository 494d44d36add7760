"""The page about one gate run in one language: the verdict, what changed, client by client, rows set aside, rules."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rekap.quality.registry import of_stage
from rekap.quality.report.examples import Example
from rekap.quality.report.found import RULES, Found, scope_of
from rekap.quality.report.speaker import OTHER, Speaker, reason_of, safe_link, shown_text
from rekap.quality.rules import RANK

SHEET = "https://docs.google.com/spreadsheets/d/{}"
TONES = {"unusable": "bad", "incomplete": "bad", "aside": "warn", "advice": "warn", "good": "good"}
FOR_ENGINEERS = ("raw", "reconciliation")  # their pages also quote what was seen, in the words of the logs
WEIGHTS = {"critical": "bad", "warning": "warn", "info": "good"}


def run_page(found: Found, say: Speaker, scores: Mapping[str, float]) -> dict[str, Any]:
    """The values of `quality/run.html`. `scores`: client → score of the week, of those who have one."""
    troubles = _troubles(found, say)
    aside = _aside(found, say) if found.stage == "staging" else []
    return {
        "language": say.language,
        "title": say("title", stage=say(f"stage_{found.stage}")),
        "tone": TONES[found.verdict],
        "verdict": _verdict(found, say),
        "facts": _facts(found, say),
        "other": {"href": f"?language={OTHER[say.language]}", "label": say("other_language"),
                  "language": OTHER[say.language]},
        "stages": [
            {"label": say(f"stage_{one}"), "href": None if one == found.stage else f"{one}?language={say.language}"}
            for one in found.stages
        ],
        "history": {"href": f"../../../quality?language={say.language}", "label": say("to_history")},
        "changes": sorted(_changes(found, say), key=lambda change: change["tone"] == "good"),
        "compared": found.before_at is not None,
        "clients": [_client(client, found, say, troubles[client["client"]], scores)
                    for client in _worst_first(found, troubles)],
        "fine": say("fine", names=", ".join(_fine(found, troubles))) if _fine(found, troubles) else None,
        "aside": aside,
        "suites": [_suite(name, found, say) for name in _judged(found)],
        "say": say,
        "footer": say("footer", run=found.run_id),
    }  # fmt: skip


def _verdict(found: Found, say: Speaker) -> str:
    names = {one["client"]: say.scope(one["client"], one["name"]) for one in found.everybody}
    if found.verdict == "unusable":
        reasons = [say.reason(reason_of(rule["rule"])) if not rule["observed"] or (scope_of(rule) != "house"
                   and rule["failing"]) else say("not_evaluated", reason=say.reason(reason_of(rule["rule"])))
                   for rule in found.stopped_by]  # fmt: skip
        reasons += [say("not_judged", suite=say.suite(suite)) for suite in found.unjudged if not found.stopped_by]
        return say("verdict_unusable", reasons="; ".join(dict.fromkeys(reasons)))
    if found.verdict == "incomplete":
        held = [names[client] for client in found.incomplete]
        return say("verdict_incomplete", count=len(held), names=say.names(held))
    if found.verdict == "aside":
        owners = sorted((c for c in found.clients if c["waiting"]), key=lambda c: (-c["waiting"], c["name"]))
        return say("verdict_aside", count=found.waiting, names=say.names([client["name"] for client in owners]))
    if found.verdict == "advice":
        failing = [rule for rule in found.rules if rule["failing"] and rule["scope"] != "all"]
        return say("verdict_advice", count=len(failing) or sum(1 for rule in found.whole if rule["failing"]))
    return say("verdict_good")


def _facts(found: Found, say: Speaker) -> list[str]:
    rows = sum(suite["rows_checked"] or 0 for suite in found.suites if suite["scope"] == "all")
    compared = say("compared", at=say.moment(found.before_at)) if found.before_at else say("first")
    waiting = [say("waiting", count=found.waiting)] if found.waiting and found.verdict != "aside" else []
    return [say("checked", at=say.moment(found.checked_at)), say("rows", count=rows), *waiting, compared]


def _troubles(found: Found, say: Speaker) -> defaultdict[str, list[dict[str, Any]]]:
    """Client → what is wrong, the worst first: rows that wait, then rules that fail."""
    troubles: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for reason in found.reasons:
        if reason["waiting"]:
            troubles[reason["client"]].append(
                {
                    "tone": "bad",
                    "what": _what(say, "staging.tracker_rows", reason["reason"], reason["waiting"]),
                    "action": say.action(reason["reason"]),
                    "examples": _waiting(found, say, reason),
                    "seen": "",
                    "weight": (RANK["critical"], reason["waiting"]),
                }
            )
    for rule in found.of_clients:
        if rule["failing"]:
            code = reason_of(rule["rule"])
            shown = found.examples.get((rule["scope"], rule["rule"]), ())
            troubles[rule["scope"]].append(
                {
                    "tone": WEIGHTS[rule["severity"]],
                    "what": _what(say, rule["suite"], code, rule["failing"], scope_of(rule)),
                    "action": say.action(code),
                    "examples": [_example(example, rule["rule"], say) for example in shown],
                    "seen": shown_text(rule["observed"]) if found.stage in FOR_ENGINEERS else "",
                    "weight": (RANK[rule["severity"]] + (scope_of(rule) == "client"), rule["failing"]),
                }
            )
    for told in troubles.values():
        told.sort(key=lambda one: one["weight"], reverse=True)
    return troubles


def _what(say: Speaker, suite: str, reason: str, count: int, scope: str = "row") -> str:
    """`3 rows: the date is empty`; of a client as a whole, the reason alone."""
    told = say.reason(reason)
    return f"{told[:1].upper()}{told[1:]}" if scope == "client" else f"{say.units(suite, count)}: {told}"


def _waiting(found: Found, say: Speaker, reason: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [row for row in found.rows if row["client"] == reason["client"] and reason["reason"] in row["reasons"]]
    return [
        {"label": say.place(row["original"]), "url": safe_link(row["cell_url"]),
         "told": " · ".join(cell["value"] for cell in say.cells(row["original"], row["fields"]))}
        for row in rows[:3]
    ]  # fmt: skip


def _example(example: Example, rule_id: str, say: Speaker) -> dict[str, Any]:
    """A row of staging or of the recap, as a person knows it."""
    row = example.row
    wrong = RULES[rule_id][1].field
    if "cell_url" in row:
        cells = {
            "service_date": row.get("service_date"), "outlet": row.get("outlet_text"),
            "service": row.get("service_text"), "units": row.get("units"), "status": row.get("status_text"),
        }  # fmt: skip
        told = say.cells({"cells": cells}, [wrong])
        return {"label": say.place(row), "url": safe_link(row["cell_url"]),
                "told": " · ".join(cell["value"] for cell in told)}  # fmt: skip
    label = row.get("title") or row.get("outlet_name") or row.get("line_key") or ""
    url = row.get("url") or row.get("row_url") or row.get("order_url")
    told = say.cells({"cells": {"service_date": row.get("service_date")}}, [])
    return {"label": shown_text(label), "url": safe_link(url), "told": " · ".join(cell["value"] for cell in told)}


def _name(found: Found, say: Speaker, client: str) -> str:
    return next(say.scope(client, one["name"]) for one in found.everybody if one["client"] == client)


def _changes(found: Found, say: Speaker) -> Iterator[dict[str, str]]:
    """New, fixed, more, fewer, client by client; nothing at the first run."""
    if not found.before_at:
        return
    for reason in found.reasons:
        for kind, count in (("new", reason["added"]), ("fixed", reason["fixed"])):
            if count:
                what = _what(say, "staging.tracker_rows", reason["reason"], count)
                yield _change(found, say, kind, reason["client"], what)
    for rule in [*found.of_clients, *(rule for rule in found.whole if scope_of(rule) == "house")]:
        now, before = rule["failing"], rule["failing_before"]
        if before is None or now == before:
            continue
        kind = "new" if not before else "fixed" if not now else "more" if now > before else "less"
        what = _what(say, rule["suite"], reason_of(rule["rule"]), now or before, scope_of(rule))
        if kind in ("more", "less"):
            what = say("change_from_to", what=what, before=say.number(before))
        yield _change(found, say, kind, rule["scope"], what)


def _change(found: Found, say: Speaker, kind: str, client: str, what: str) -> dict[str, str]:
    name = say("everybody") if client == "all" else _name(found, say, client)
    tone = "good" if kind in ("fixed", "less") else "warn"
    return {"tone": tone, "tag": say(f"change_{kind}"), "text": f"{name} · {what}"}


def _worst_first(found: Found, troubles: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    with_trouble = [client for client in found.everybody if troubles.get(client["client"])]
    return sorted(with_trouble, key=lambda c: (*(-n for n in troubles[c["client"]][0]["weight"]), c["name"] or ""))


def _fine(found: Found, troubles: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    return [shown_text(client["name"]) for client in found.clients if not troubles.get(client["client"])]


def _client(
    client: Mapping[str, Any], found: Found, say: Speaker, troubles: Sequence[dict[str, Any]],
    scores: Mapping[str, float],
) -> dict[str, Any]:  # fmt: skip
    account = None
    if client["spreadsheet_id"] and found.stage == "staging":
        counts = {name: client[name] for name in ("received", "usable", "quarantined", "skipped")}
        account = say("not_read") if client["received"] is None else say("account", **counts)
    score = scores.get(client["client"])
    return {
        "name": say.scope(client["client"], client["name"]),
        "tone": troubles[0]["tone"],
        "url": safe_link(SHEET.format(client["spreadsheet_id"])) if client["spreadsheet_id"] else None,
        "score": say.number(score) if score is not None else None,
        "account": account,
        "incomplete": say("incomplete") if client["state"] == "incomplete" else None,
        "troubles": troubles,
    }


def _aside(found: Found, say: Speaker) -> list[dict[str, Any]]:
    """The rows in quarantine by client, newest first."""
    by_client: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found.rows:
        by_client[row["client"]].append(row)
    return [
        {
            "name": _name(found, say, client),
            "rows": [
                {
                    "place": say.place(row["original"]),
                    "url": safe_link(row["cell_url"]),
                    "reasons": list(dict.fromkeys(say.reason(code) for code in row["reasons"])),
                    "cells": say.cells(row["original"], row["fields"]),
                    "since": say("since", at=say.moment(row["first_seen_at"])),
                    "added": row["added"],
                }
                for row in rows
            ],
            "more": say("aside_more", count=hidden) if (hidden := rows[0]["waiting"] - len(rows)) else None,
        }
        for client, rows in sorted(by_client.items(), key=lambda item: _name(found, say, item[0]))
    ]


def _judged(found: Found) -> list[str]:
    judged = {suite["suite"] for suite in found.suites}
    return [suite.name for suite in of_stage(found.stage) if suite.name in judged]


def _suite(name: str, found: Found, say: Speaker) -> dict[str, Any]:
    whole = next(suite for suite in found.suites if suite["suite"] == name and suite["scope"] == "all")
    rules = sorted(
        (rule for rule in found.whole if rule["suite"] == name),
        key=lambda rule: (not rule["failing"], -RANK[rule["severity"]], rule["rule"]),
    )
    return {
        "name": say.suite(name),
        "rows": say("rows", count=whole["rows_checked"] or 0),
        "rules": [
            {
                "reason": say.reason(reason_of(rule["rule"])),
                "id": rule["rule"],
                "severity": say(f"severity_{rule['severity']}"),
                "tone": WEIGHTS[rule["severity"]] if not rule["success"] else "good",
                "failing": say.number(rule["failing"]),
                "before": say.number(rule["failing_before"]) if rule["failing_before"] is not None else "–",
                "error": shown_text(rule["observed"]) if not rule["success"] and not rule["failing"] else None,
            }
            for rule in rules
        ],
    }
