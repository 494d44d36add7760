"""Whether a reading may be believed: people rename, empty and delete by mistake, and orders must not go by that.

The rules are those of docs/rules.md (when a tracker is not believed). They look at what would be lost: living rows that
no row of the new grid continues. Rows that were moved to another tab are not lost, and hidden tabs keep theirs. What is
new and cannot be read takes nothing away, but leaves the client incomplete.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from rekap.errors import PermanentError
from rekap.run import Run
from rekap.sources.sheets import tabs as names
from rekap.sources.sheets.keys import Known, Matched
from rekap.sources.sheets.problems import Problem
from rekap.sources.sheets.reader import Tab

LEAST_NOTES = 3  # lines of a tab without a heading; fewer are a remark, more may be orders


class Incomplete(PermanentError):
    """A tracker that was reached and must not be believed: its last good rows stay."""


def check(run: Run, spreadsheet: str, tabs: list[Tab], matched: Matched) -> None:
    """Raise Incomplete, with what happened and what to do now, when the grid must not replace the last good rows."""
    hidden = {tab.sheet_id for tab in tabs if tab.hidden}
    lost: dict[int, list[Known]] = defaultdict(list)
    for known in matched.left_over:
        if known.face.sheet_id not in hidden:
            lost[known.face.sheet_id].append(known)
    if not lost:
        return
    # What happened to one tab says more than that nothing is left.
    losing = [(tab, len(lost[tab.sheet_id])) for tab in tabs if tab.sheet_id in lost and not tab.hidden]
    for tab, gone in losing:
        _check_named(spreadsheet, tab, gone)
    if not matched.placed:
        raise Incomplete(
            f"the tracker {spreadsheet} holds no order any more, it had {len(matched.known)}: undo it in the sheet's"
            " version history, or look whether its headings were changed. If that is meant, it is believed as soon as"
            " one order stands in it."
        )
    for tab, gone in losing:
        _check_emptied(spreadsheet, tab, gone, run.config.settings.quality.least_rows_to_judge)
    _check_deleted(run, spreadsheet, {tab.sheet_id for tab in tabs}, lost, matched.known)


def unread(run: Run, tabs: list[Tab]) -> str | None:
    """What of a believed reading nobody could read, with what to do now: the rows that could be read count, and the
    client is incomplete. None when nothing is missing. Tabs of older months may stand as they are."""
    told = [
        f"tab '{tab.title}'{f', cell {problem.cell}' if problem.cell else ''}: {problem.sentence}"
        for tab in tabs
        for problem in tab.problems
        if _loses_orders(run, tab, problem, tabs)
    ]
    return "; ".join(told) or None


def _loses_orders(run: Run, tab: Tab, problem: Problem, tabs: list[Tab]) -> bool:
    if tab.hidden:
        return False
    if problem.code == "no_month":  # beside month's tabs it is a summary of them
        return not any(other.kind == "month" for other in tabs)
    if tab.month is None or tab.month < f"{_counting_from(run):%Y-%m}":
        return False
    if problem.code == "no_header":
        return sum(line.reason == "note" for line in tab.lines.skipped) >= LEAST_NOTES
    return problem.code in ("two_tables", "too_long")


def _counting_from(run: Run) -> date:
    """The first of last month: it may not be closed yet."""
    return (run.today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _check_named(spreadsheet: str, tab: Tab, gone: int) -> None:
    """A tab that is still there, lost `gone` of its orders, and cannot be read as a month's any more."""
    at = f"tab '{tab.title}' of the tracker {spreadsheet}"
    if tab.kind == "other":
        why = (
            "its name says that it is a copy or a template"
            if names.is_other(tab.title, hidden=False)
            else "neither its name nor its dates tell a month any more"
        )
        raise Incomplete(
            f"{at} held {gone} orders and is no month's tab now, {why}: give it a name with its month again, such as"
            " 'AGT 26', or delete the tab if its orders are to go."
        )
    has_content = any(line.reason != "blank" for line in tab.lines.skipped)
    if tab.header is None and has_content:
        raise Incomplete(
            f"{at} has no heading that can be read any more, it had {gone} orders: restore its row of headings."
        )


def _check_emptied(spreadsheet: str, tab: Tab, gone: int, least: int) -> None:
    """Who takes orders out leaves the heading; a few of them may go, all of many at once is a mistake."""
    if not (tab.lines.rows or tab.lines.rejected) and (tab.header is None or gone >= least):
        raise Incomplete(
            f"tab '{tab.title}' of the tracker {spreadsheet} is empty, it had {gone} orders: undo it in the sheet's"
            " version history, or delete the tab if its orders are to go."
        )


def _check_deleted(
    run: Run, spreadsheet: str, present: set[int], lost: dict[int, list[Known]], living: list[Known]
) -> None:  # fmt: skip
    """Old months may be cleared away. Most orders of the months that still count may not go with a tab."""
    first = _counting_from(run)
    quality = run.config.settings.quality
    counting = [known for known in living if _counts(known.face.day, first)]
    gone = [
        known for sheet_id, rows in lost.items() if sheet_id not in present
        for known in rows if _counts(known.face.day, first)
    ]  # fmt: skip
    kept = len(counting) - len(gone)
    if len(gone) < quality.least_rows_to_judge or kept >= quality.least_share_of_last_read * len(counting):
        return
    tabs = ", ".join(f"'{title}'" for title, _ in Counter(known.tab for known in gone if known.tab).most_common(5))
    raise Incomplete(
        f"tabs of the tracker {spreadsheet} are gone ({tabs or 'no name known'}), and with them {len(gone)} of"
        f" {len(counting)} orders since {first:%d.%m.%Y}: restore them in the sheet's version history."
    )


def _counts(day: date | None, first: date) -> bool:
    return day is None or day >= first
