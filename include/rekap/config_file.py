"""One YAML file read by a model: whatever is wrong is told with file, line, field and what is allowed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from rekap.errors import SettingsError

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
FILL = "FILL_IN"  # what a proposed entry holds in the place of what only a person knows
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


def parsed(path: Path, text: str, model: type[Model], to_fill: Mapping[str, str] | None = None) -> Model:
    """The model of a file's text. `to_fill`: what to write for a field whose value is still FILL_IN, or for FILL_IN in
    the place of a field. Raises SettingsError for all that is wrong at once."""
    try:
        loader, node = _read(text)
        if node is None:
            raise SettingsError(f"{path}: is empty; copy the example from include/config.")
        _refuse_double_keys(path, node)
        if FILL in text:
            _refuse_unfilled(path, node, to_fill or {})
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
        problems = error.errors(include_url=False)
        for problem in problems:
            if problem["type"] == "too_short" and any(_is_within(each["loc"], problem["loc"]) for each in problems):
                continue  # it is too short only because what stands in it is refused
            further: Place = problem.get("ctx", {}).get("at", ())
            place = problem["loc"] + further
            allowed = problem["msg"].removeprefix("Value error, ")
            if problem["type"] == "too_short" and "min_length" in problem.get("ctx", {}):
                allowed = f"at least {problem['ctx']['min_length']} must stand here"
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


def _refuse_unfilled(path: Path, node: yaml.Node, to_fill: Mapping[str, str]) -> None:
    # Before the model looks: it would tell of one FILL_IN in its own words and of the next one only later.
    found = _unfilled(node, FILL)
    told = [f"line {line}, {field}: {to_fill.get(field, 'write its value')}" for line, field in found]
    if told:
        raise SettingsError(f"{path}: {FILL} is still there; in its place: {'; '.join(told)}.")


def _unfilled(node: yaml.Node, field: str) -> Iterator[tuple[int, str]]:
    """Line and field of each FILL_IN; where it stands in the place of a field, the field is itself."""
    if isinstance(node, yaml.ScalarNode) and node.value == FILL:
        yield node.start_mark.line + 1, field
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _unfilled(item, field)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _unfilled(key, FILL)
            yield from _unfilled(value, str(key.value))


def _is_within(inner: Place, outer: Place) -> bool:
    return len(inner) > len(outer) and inner[: len(outer)] == outer


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
