"""Templates of include/templates, filled."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


def rendered(name: str, part: dict[str, Any]) -> str:
    """A template with its values; what goes into HTML is escaped. A value that is missing is an error."""
    return _templates(name.endswith(".html")).get_template(name).render(part).strip() + "\n"


@cache
def _templates(escape: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
