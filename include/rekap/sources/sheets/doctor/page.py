"""The report as a page: one HTML file that needs nothing from outside; cells are hostile and stand escaped."""

from pathlib import Path
from typing import TYPE_CHECKING

from rekap.sources.sheets.doctor.terminal import SIGNS
from rekap.sources.sheets.doctor.wording import Said

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parents[4] / "templates"


def html(said: Said) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["code"] = _code
    return environment.get_template("tracker_report.html").render(said=said, signs=SIGNS).strip() + "\n"


def _code(text: str) -> "Markup":
    """What stands between backticks as code, everything escaped."""
    from markupsafe import Markup, escape

    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )
