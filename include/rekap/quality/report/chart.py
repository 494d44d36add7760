"""The geometry of the small pictures: bars for runs, a line for scores. The template draws them as inline SVG."""

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT, MARGIN = 360, 48, 3


class Bar(NamedTuple):
    """One run: where it stands, how high it is, its tone (good, warn, bad) and what the pointer is told."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    title: str


class Dot(NamedTuple):
    x: float
    y: float
    title: str


class Line(NamedTuple):
    """Stretches of a line as SVG points, broken where a value is missing, and a dot for each value."""

    stretches: list[str]
    dots: list[Dot]


def bars(values: Sequence[tuple[int, str, str]]) -> list[Bar]:
    """Values (number, tone, title) from left to right, the highest as high as the picture; nothing failing is a thin
    line."""
    if not values:
        return []
    highest = max(max(number for number, _, _ in values), 1)
    step = WIDTH / len(values)
    made = []
    for place, (number, tone, title) in enumerate(values):
        height = max(number / highest * (HEIGHT - MARGIN), 2.0)
        gap = min(1.0, step / 5)
        made.append(
            Bar(round(place * step, 1), round(HEIGHT - height, 1), round(step - gap, 1), round(height, 1), tone, title)
        )
    return made


def line(values: Sequence[tuple[float | None, str]], low: float = 0, high: float = 100) -> Line:
    """Values (number or none, title) from left to right between `low` and `high`."""
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    stretches: list[list[Dot]] = [[]]
    for place, (value, title) in enumerate(values):
        if value is None:
            stretches.append([])
            continue
        share = (min(max(value, low), high) - low) / (high - low)
        stretches[-1].append(
            Dot(round(MARGIN + place * step, 1), round(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN), 1), title)
        )
    drawn = [" ".join(f"{dot.x},{dot.y}" for dot in stretch) for stretch in stretches if len(stretch) > 1]
    return Line(drawn, [dot for stretch in stretches for dot in stretch])
