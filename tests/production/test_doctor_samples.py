"""`make doctor SAMPLES=folder`: structure and types stay, and no word of the accounts does."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from local.doctor.doctor import Doctor
from local.doctor.scrub import Scrubber, words
from local.doctor.vendor_words import FIELDS, MAY_STAY
from sandbox.server import Twin

NAMES = ["recordings", "todo", "comment", "project", "person", "drive_file", "grid"]
texts = some.text(max_size=60)
fields = some.one_of(some.sampled_from(sorted(FIELDS)), texts)
records = some.recursive(
    some.one_of(
        some.none(), some.booleans(), some.integers(), some.floats(allow_nan=False, allow_infinity=False), texts,
        some.emails(), texts.map(lambda text: f"<div>{text}</div>"),
        texts.map(lambda text: f"https://{text}.example/{text}?sig={text}"),
    ),
    lambda inner: some.one_of(some.lists(inner, max_size=4), some.dictionaries(fields, inner, max_size=5)),
    max_leaves=20,
)  # fmt: skip


@pytest.fixture
def saved(surroundings: dict[str, str], tmp_path: Path) -> Callable[[], dict[str, Any]]:
    def save() -> dict[str, Any]:
        wrong: list[str] = []
        folder = tmp_path / "new" / "samples"
        say = lambda title, sign, text: sign == "✘" and wrong.append(text)  # noqa: E731  # one line is enough
        Doctor(surroundings, say, folder=folder, per_10_s=100_000).examine()
        assert wrong == []
        return {path.stem: json.loads(path.read_text()) for path in folder.iterdir()}

    return save


def test_no_name_title_address_phone_or_id_of_the_world_survives(
    twin: Twin, saved: Callable[[], dict[str, Any]]
) -> None:
    samples = saved()
    assert sorted(samples) == sorted(NAMES)
    account, shown = twin.world.account, json.dumps(samples, ensure_ascii=False)
    known = {user.name for user in account.users.values()} | {user.email for user in account.users.values()}
    known |= {todo.content for todo in account.todos.values()} | {each.name for each in account.projects.values()}
    known |= (
        {file["name"] for file in twin.google.world.files.values()} if hasattr(twin.google.world, "files") else set()
    )
    known |= {outlet.name for client in twin.world.clients for outlet in client.outlets}
    known |= {str(number) for number in (*account.todos, *account.users, *account.projects, account.id)}
    known |= {client.spreadsheet_id for client in twin.world.clients}
    assert len(known) > 50
    assert [text for text in known if text and text in shown] == []
    real = {word.casefold() for text in known for word in re.findall(r"[^\W\d_]{3,}", text)}
    assert real & words(samples) - MAY_STAY == set()


def test_structure_and_types_stay_and_the_same_becomes_the_same(
    twin: Twin, saved: Callable[[], dict[str, Any]]
) -> None:
    samples = saved()
    assert len(samples["recordings"]) == 3
    todo, row = samples["todo"], samples["recordings"][0]
    assert todo["id"] == row["id"] and todo["title"] == row["title"] and todo["type"] == "Todo"
    assert todo["creator"]["email_address"].endswith("@example.com")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", todo["updated_at"])
    assert f"/todos/{todo['id']}.json" in todo["url"]
    assert samples["drive_file"]["id"] == samples["grid"]["spreadsheetId"]
    assert samples["drive_file"]["mimeType"] == "application/vnd.google-apps.spreadsheet"
    cells = [cell for sheet in samples["grid"]["sheets"] for part in sheet["data"] for line in part["rowData"]
             for cell in line.get("values", [])]  # fmt: skip
    assert {
        type(cell["effectiveValue"]["numberValue"]) for cell in cells if "numberValue" in cell.get("effectiveValue", {})
    }


def shape(value: Any) -> Any:
    """Types in their order, without names and values."""
    if isinstance(value, dict):
        return [shape(each) for each in value.values()]
    return [shape(each) for each in value] if isinstance(value, list) else type(value)


@settings(max_examples=300, deadline=None)
@given(records)
def test_no_word_of_any_record_survives_and_its_shape_does(record: Any) -> None:
    made = Scrubber().clean(record)
    assert shape(made) == shape(record)
    assert words(made) & words(record) - MAY_STAY == set()
    json.dumps(made)


@settings(max_examples=200, deadline=None)
@given(some.lists(some.from_regex(r"[A-Z][a-z]{2,9} [A-Z][a-z]{2,9}", fullmatch=True), min_size=1, max_size=5))
def test_what_was_equal_stays_equal_and_what_was_not_does_not(names: list[str]) -> None:
    made = [each["name"] for each in Scrubber().clean([{"name": name} for name in names])]
    assert [made.index(name) for name in made] == [names.index(name) for name in names]


@pytest.mark.parametrize(
    ("record", "left"),
    [
        ({"phone": "0812-3456-7890"}, "0812"),
        ({"numberValue": 81234567890}, "81234567890"),
        ({"formattedValue": "Rp 1.250.000"}, "250"),
        ({"url": "https://storage.example.net/blobs/abc?signature=Rahasia123"}, "signature"),
        ({"content": '<div onclick="curi()">Halo <b>Budi</b></div>'}, "onclick"),
        ({"appProperties": {"Kopi Senja": "Budi"}}, "Senja"),
    ],
)
def test_what_people_enter_leaves_nothing(record: dict[str, Any], left: str) -> None:
    assert left not in json.dumps(Scrubber().clean(record))
