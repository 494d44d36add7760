"""A heading of two rows: groups in the upper row, headings of their own in the lower."""

from rekap.sources.sheets.cells import Grid, holds_values
from rekap.sources.sheets.headings import is_exact, joined, meaning
from rekap.sources.sheets.tables import table_of


def belongs(grid: Grid, row: int, alone: dict[str, int], both: dict[str, int]) -> bool:
    """Whether the next row is the second half of the heading: tied to it by merges, or it makes more of it."""
    below = grid.rows[row + 1]
    own = {at: cell for at, cell in enumerate(below) if cell.own and cell.says}
    if not own or holds_values(below) or any(cell.kind != "text" for cell in own.values()):
        return False
    found = [meaning(cell.heading) or meaning(text) for cell, text in
             ((cell, joined(_group(grid, row, at), cell.heading)) for at, cell in own.items())]  # fmt: skip
    known = sum(1 for each in found if each)
    by_itself = table_of([cell.heading if cell.own else "" for cell in below]).columns
    if _tied(grid, row):
        return known * 2 > len(own) and len(both) >= max(len(alone), len(by_itself))
    if known < len(own) * 2 / 3 or not any(map(is_exact, found)):
        return False
    return len(both) > max(len(alone), len(by_itself))


def is_group(grid: Grid, row: int) -> bool:
    """Whether a row holds only one group, merged over headings that stand below it, and nothing else."""
    own = [cell for cell in grid.rows[row] if cell.own and cell.says]
    return len(own) == 1 and row + 1 < len(grid.rows) and is_exact(meaning(own[0].heading)) and _tied(grid, row)


def _tied(grid: Grid, row: int) -> bool:
    """Whether a merge makes the row and the next one heading: it reaches down into the next, or stands in some columns
    of the row above headings of their own."""
    width = max(len(grid.rows[row]), len(grid.rows[row + 1]))
    for _, bottom, left, right in grid.merges_from.get(row, ()):
        if bottom == row + 2:
            return True
        if bottom == row + 1 and 1 < right - left < max(2, width - 1):
            own = [grid.at(row + 1, column) for column in range(left, right)]
            said = [cell for cell in own if cell.kind == "text" and cell.own and meaning(cell.heading)]
            if len(said) > 1 or (said and len(said) == len(own)):
                return True
    return False


def _group(grid: Grid, row: int, column: int) -> str:
    """What stands above a column in the upper row: its own heading, that of the merge, or of the last one that goes on
    over columns without a heading."""
    text = grid.at(row, column).heading
    if text:
        return text
    merges = grid.merges_from.get(row, ())
    for _, _, left, right in merges:
        if left <= column < right:
            return grid.at(row, left).heading
    before = next((at for at in range(column - 1, -1, -1) if not grid.at(row, at).is_empty), None)
    if before is None or any(left <= before < right for _, _, left, right in merges):
        return ""
    # Without merges a group goes on only as long as headings stand below each of its columns.
    between = [grid.at(row + 1, at) for at in range(before, column)]
    return grid.at(row, before).heading if all(cell.says for cell in between) else ""


def combined(grid: Grid, row: int) -> list[str]:
    """For each column its own heading in the lower row, read with the group above it where it needs that."""
    headings = []
    for column in range(max(len(grid.rows[row]), len(grid.rows[row + 1]))):
        cell = grid.at(row + 1, column)
        own = cell.heading if cell.own else ""
        group = _group(grid, row, column)
        both = joined(group, own)
        headings.append(group if not own else both if is_exact(meaning(both)) or not meaning(own) else own)
    return headings
