"""The extraction benchmark as SVG: how long one tick takes at the published limits, on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log10

from bench.account import TITLES, duration, whole
from bench.extraction import SOURCES, Measurement
from bench.ground import Size

WIDTH, LEFT, RIGHT = 960, 120, 200
BAR, GAP, ROW_GAP, HEAD, AXIS = 15, 3, 14, 46, 34
COLOURS = ("#0b7a75", "#9aa5b1", "#e0a458")
TICKS = ((1, "1 s"), (10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (36000, "10 h"))
#: minutes until the DAG of the source starts again
INTERVALS = {"basecamp": 15, "sheets": 30}
FONT = "font-family='Helvetica, Arial, sans-serif'"


def draw(measured: Sequence[Measurement], size: Size) -> str:
    """The picture of one size. Bars end where the tick ends; the dashed line is where the next tick would begin."""
    shown = [m for m in measured if m.size == size and m.case != "one tracker"]
    least = min([1.0, *(whole(m) for m in shown)]) * 0.8
    longest = max([3600.0, *(whole(m) for m in shown)]) * 1.1
    axis = _Axis(least, longest)
    names = list(dict.fromkeys(m.contender for m in shown))
    parts, top = [_legend(names, size)], 78.0
    for source in SOURCES:
        drawn, top = _panel([m for m in shown if m.source == source], source, names, axis, top)
        parts += drawn
    return "\n".join(
        [
            f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {top:.0f}' width='{WIDTH}' {FONT}>",
            f"<rect width='{WIDTH}' height='{top:.0f}' fill='white'/>",
            *parts,
            "</svg>\n",
        ]
    )


class _Axis:
    """Seconds → x, logarithmic."""

    def __init__(self, least: float, longest: float) -> None:
        self.least, self.longest = least, longest

    def x(self, value: float) -> float:
        part = log10(max(value, self.least) / self.least) / log10(self.longest / self.least)
        return LEFT + part * (WIDTH - LEFT - RIGHT)


def _legend(names: Sequence[str], size: Size) -> str:
    title = _text(20, 28, f"One tick at the published limits: {size}", 17, weight="bold")
    note = "until everything that changed is in the warehouse; logarithmic axis; shorter is better"
    parts = [title, _text(20, 50, note, 12, "#52606d")]
    x = WIDTH - 290.0
    for name, colour in zip(names, COLOURS, strict=False):
        parts += [f"<rect x='{x}' y='40' width='12' height='12' fill='{colour}'/>", _text(x + 17, 50, name, 12)]
        x += 90
    return "".join(parts)


def _panel(
    shown: Sequence[Measurement], source: str, names: Sequence[str], axis: _Axis, top: float
) -> tuple[list[str], float]:
    cases = list(dict.fromkeys(m.case for m in shown))
    row = len(names) * (BAR + GAP) + ROW_GAP
    begin, end = top + HEAD - 12, top + HEAD + len(cases) * row
    parts = [_text(20, top + 20, TITLES[source], 15, weight="bold"), *_grid(axis, begin, end)]
    at = axis.x(INTERVALS[source] * 60)
    parts.append(f"<line x1='{at:.1f}' x2='{at:.1f}' y1='{begin}' y2='{end}' stroke='#c0392b' stroke-dasharray='5 3'/>")
    parts.append(_text(at, begin - 6, f"the next tick, {INTERVALS[source]} min", 11, "#c0392b", anchor="middle"))
    for number, case in enumerate(cases):
        y = top + HEAD + number * row
        parts.append(_text(LEFT - 10, y + row / 2 - 3, case, 12, anchor="end"))
        for place, name in enumerate(names):
            one = next(m for m in shown if m.case == case and m.contender == name)
            parts.append(_bar(one, COLOURS[place % len(COLOURS)], axis, y + place * (BAR + GAP)))
    return parts, end + AXIS


def _grid(axis: _Axis, begin: float, end: float) -> list[str]:
    parts = []
    for value, label in TICKS:
        if axis.least <= value <= axis.longest:
            x = axis.x(value)
            parts.append(f"<line x1='{x:.1f}' x2='{x:.1f}' y1='{begin}' y2='{end}' stroke='#e4e7eb'/>")
            parts.append(_text(x, end + 16, label, 11, "#52606d", anchor="middle"))
    return parts


def _bar(one: Measurement, colour: str, axis: _Axis, y: float) -> str:
    end = axis.x(whole(one))
    thing = "read" if one.source == "sheets" else "request"
    requests = f"{one.requests:,} {thing}{'' if one.requests == 1 else 's'}"
    told = f"{'more than ' if one.capped else ''}{duration(whole(one))}, {requests}"
    length = max(2.0, end - LEFT)
    bar = f"<rect x='{LEFT}' y='{y:.1f}' width='{length:.1f}' height='{BAR}' fill='{colour}'/>"
    return bar + _text(LEFT + length + 6, y + BAR - 3.5, told, 11)


def _text(x: float, y: float, text: str, size: int, colour: str = "#1f2933", *, anchor: str = "start",
          weight: str = "normal") -> str:  # fmt: skip
    style = f"font-size='{size}' fill='{colour}' text-anchor='{anchor}' font-weight='{weight}'"
    style += " stroke='white' stroke-width='3' paint-order='stroke'"  # readable on lines and grid
    return f"<text x='{x:.1f}' y='{y:.1f}' {style}>{escape(text)}</text>"
