"""What `docker compose config` would say, as far as these two files need it: interpolation, overlays, `extends`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
BASE, CELERY = "docker-compose.yaml", "docker-compose.celery.yaml"
NAME = re.compile(r"(?<!\$)\$\{([A-Z][A-Z0-9_]*)")
Service = dict[str, Any]


class Missing(Exception):
    """A variable that must be set is not; the message is the file's own."""


def read(file: str) -> dict[str, Any]:
    """A compose file as it stands, anchors resolved, variables not."""
    return dict(yaml.safe_load((ROOT / file).read_text()))


def variables(file: str) -> set[str]:
    """Every variable that the file asks for."""
    return set(NAME.findall((ROOT / file).read_text()))


def services(environ: Mapping[str, str], *files: str) -> dict[str, Service]:
    """Services by name, later files laid over earlier ones. Raises Missing for a variable that must be set."""
    found: dict[str, Service] = {}
    for file in files:
        for name, told in read(file)["services"].items():
            parent = told.pop("extends", None)
            if parent:
                told = _over(read(parent["file"])["services"][parent["service"]], told)
            found[name] = _over(found.get(name, {}), told)
    return {name: _resolved(service, environ) for name, service in found.items()}


def _over(below: Service, above: Service) -> Service:
    """Mappings are merged, lists of ports and volumes appended, everything else is replaced."""
    made = dict(below)
    for name, value in above.items():
        old = made.get(name)
        if isinstance(old, dict) and isinstance(value, dict) and name in ("environment", "depends_on"):
            made[name] = old | value
        elif isinstance(old, list) and name in ("ports", "volumes"):
            made[name] = [*old, *value]
        else:
            made[name] = value
    return made


def _resolved(value: Any, environ: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(part, environ) for name, part in value.items()}
    if isinstance(value, list):
        return [_resolved(part, environ) for part in value]
    return interpolate(value, environ) if isinstance(value, str) else value


def interpolate(text: str, environ: Mapping[str, str]) -> str:
    """`$$`, `${NAME}`, `${NAME:-default}` (which may hold others) and `${NAME:?message}`."""
    made, rest = "", text
    while "$" in rest:
        before, _, rest = rest.partition("$")
        made += before
        if rest.startswith("$"):
            made, rest = made + "$", rest[1:]
            continue
        assert rest.startswith("{"), f"only ${{NAME}} is understood: {text}"
        inside, rest = _braces(rest)
        name, sign, more = re.fullmatch(r"([A-Z][A-Z0-9_]*)(:-|:\?)?(.*)", inside, re.DOTALL).groups()  # type: ignore[union-attr]  # the schema check comes first
        value = environ.get(name, "")
        if not value and sign == ":?":
            raise Missing(more)
        made += value or (interpolate(more, environ) if sign == ":-" else "")
    return made + rest


def _braces(text: str) -> tuple[str, str]:
    """What stands inside the braces that `text` begins with, and what follows them."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if not depth:
            return text[1:at], text[at + 1 :]
    raise AssertionError(f"a brace is never closed: {text}")
