"""What a person would enter into the config files, taken from the twin: clients, people → clients.yaml, rekap.yaml."""

from pathlib import Path
from typing import Any

import yaml

from local.state import ROOT

EXAMPLE = ROOT / "include" / "config"


class Indented(yaml.SafeDumper):
    """Lists stand two spaces in, as in the example: what is copied to their end fits."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def write(truth: dict[str, Any], master_schedule_id: str, airflow_url: str, folder: Path) -> None:
    """Write both files into `folder`. The house is live; a client is what the twin says; services are the example's."""
    example = yaml.safe_load((EXAMPLE / "clients.yaml").read_text())
    register = {
        "people": [_person(person) for person in truth["people"]],
        "clients": [_client(client) for client in truth["clients"]],
        "services": example["services"],
    }
    settings = yaml.safe_load((EXAMPLE / "rekap.yaml").read_text())
    settings["house"] |= {
        "delivery": "live",
        "master_schedule_id": master_schedule_id,
        "airflow_url": airflow_url,
    }
    for name, content in {"clients.yaml": register, "rekap.yaml": settings}.items():
        (folder / name).write_text(yaml.dump(content, Dumper=Indented, allow_unicode=True, sort_keys=False))


def _person(person: dict[str, Any]) -> dict[str, Any]:
    made = {name: person[name] for name in ("code", "name", "email", "basecamp_id", "language") if person.get(name)}
    return made | {"roles": list(person["roles"]), "aliases": list(person.get("aliases", []))}


def _client(client: dict[str, Any]) -> dict[str, Any]:
    names = (
        "slug", "name", "language", "delivery", "active_from", "live_from", "am", "pic", "spreadsheet_id",
        "documentation", "drive_folder_id",
    )  # fmt: skip
    made = {name: client[name] for name in names if client.get(name) is not None}
    return made | {
        "scopes": [_scope(scope) for scope in client["scopes"]],
        "outlets": [
            {name: outlet[name] for name in ("code", "name", "aliases", "area", "address") if outlet.get(name)}
            for outlet in client["outlets"]
        ],
    }


def _scope(scope: dict[str, Any]) -> dict[str, Any]:
    value = scope.get("list_id") or scope.get("prefix")
    return {"kind": scope["kind"], "project_id": scope["project_id"]} | ({"value": str(value)} if value else {})
