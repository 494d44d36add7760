"""One YAML file read by a model: whatever is wrong is told with file, line, field and what is allowed."""

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rekap.errors import SettingsError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
GUESSES = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int"}


class Plain(yaml.SafeLoader):
    """YAML without its guesses: a date stays a text, which the model reads and can refuse with its line; 11:30 is no
    number of base 60, 0217 none of base 8."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in GUESSES]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(0|[1-9][0-9]*)$"), list("-0123456789"))


class Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # not every build of PyYAML has it
    """The same by libyaml: a register of a thousand clients is read in a fraction of the time."""


Quick.yaml_implicit_resolvers = Plain.yaml_implicit_resolvers


def text_of(path: Path) -> str:
    """The text of a file; raises SettingsError when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); copy the example from include/config."
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SettingsError(f"{path}, line {line}: is no text in UTF-8; save the file in this encoding.") from error


def parsed(path: Path, text: str, model: type[Model]) -> Model:
    """The model of a file's text. Raises SettingsError for all that is wrong at once."""
    try:
        loader, node = _read(text)
        if node is None:
            raise SettingsError(f"{path}: is empty; copy the example from include/config.")
        _refuse_double_keys(path, node)
        data = loader.construct_document(node)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text[: getattr(error, "position", 0)].count("\n") + 1
        what = getattr(error, "problem", None) or getattr(error, "reason", None) or error
        raise SettingsError(f"{path}, line {line}: is no YAML: {what}.") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = []
        for problem in error.errors(include_url=False):
            further: Place = problem.get("ctx", {}).get("at", ())
            place = problem["loc"] + further
            allowed = problem["msg"].removeprefix("Value error, ")
            found = _short(_found(problem["input"], further))
            told.append(f"{path}, line {_line(node, place)}, {_field(place)}: {allowed} (found {found})")
        raise SettingsError("; ".join(told) + ".") from error


def _read(text: str) -> tuple[Any, yaml.Node | None]:
    """The loader and the document that it found; what is no YAML is told by the one that names the better line."""
    try:
        loader: Any = Quick(text)
        return loader, loader.get_single_node()
    except yaml.YAMLError:
        loader = Plain(text)
        return loader, loader.get_single_node()


def _refuse_double_keys(path: Path, node: yaml.Node) -> None:
    # YAML itself lets the last one win in silence.
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_double_keys(path, item)
    if isinstance(node, yaml.MappingNode):
        lines: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in lines and isinstance(key, yaml.ScalarNode):
                raise SettingsError(
                    f"{path}, line {line}, {key.value}: stands here and in line {lines[key.value]}; write it once."
                )
            if isinstance(key, yaml.ScalarNode):
                lines[key.value] = line
            _refuse_double_keys(path, value)


def _line(node: yaml.Node, place: Place) -> int:
    """The line of a field, or of the closest thing around it that the file holds."""
    line = node.start_mark.line + 1
    for step in place:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == step:
                    found, line = value, key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
            line = found.start_mark.line + 1
        if found is None:
            break
        node = found
    return line


def _field(place: Place) -> str:
    return ".".join(str(step) for step in place) or "the whole file"


def _found(value: Any, place: Place) -> Any:
    """What stands at a place within a model or what it was made from; None when nothing does."""
    for step in place:
        if isinstance(value, BaseModel) and isinstance(step, str):
            value = getattr(value, step, None)
        elif isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
