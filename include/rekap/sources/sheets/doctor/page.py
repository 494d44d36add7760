"""The report as a page: one HTML file that needs nothing from outside; cells are hostile and stand escaped."""

from pathlib import Path

from rekap.sources.sheets.doctor.terminal import SIGNS
from rekap.sources.sheets.doctor.wording import Said

TEMPLATES = Path(__file__).resolve().parents[4] / "templates"


def html(said: Said) -> str:
    """The whole page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("tracker_report.html").render(said=said, signs=SIGNS).strip() + "\n"
