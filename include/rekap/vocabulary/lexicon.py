"""The word lists of include/config/vocabulary, each file read once."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rekap.errors import SettingsError
from rekap.vocabulary.folding import fold

DIRECTORY = Path(__file__).resolve().parents[2] / "config" / "vocabulary"


@cache
def read(name: str) -> dict[str, Any]:
    """The file `NAME.yaml` as it stands. Raises SettingsError when it is missing or no mapping."""
    path = DIRECTORY / f"{name}.yaml"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingsError(f"{path}: cannot be read ({error}); restore it from the installation.") from error
    if not isinstance(content, dict):
        raise SettingsError(f"{path}: must be a mapping of lists of words.")
    return content


@cache
def words(name: str, key: str) -> frozenset[str]:
    """One list of a file, folded."""
    return frozenset(fold(str(word)) for word in read(name)[key])


@cache
def meanings(name: str, key: str) -> dict[str, Any]:
    """A mapping `meaning: [spelling, …]` of a file, turned round: folded spelling → meaning.
    Raises SettingsError when a spelling has two meanings."""
    turned: dict[str, Any] = {}
    for meaning, spellings in read(name)[key].items():
        for spelling in map(fold, map(str, spellings)):
            if turned.setdefault(spelling, meaning) != meaning:
                raise SettingsError(
                    f"{DIRECTORY / name}.yaml: '{spelling}' means both {turned[spelling]} and {meaning}; keep one."
                )
    return turned
