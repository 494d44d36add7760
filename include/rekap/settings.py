"""The settings (`rekap.yaml`) and the register (`clients.yaml`), read by models that name file, line and field.

A wrong file stops the start; at run time the last good pair is used and `Config.problem` says so.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from rekap.errors import SettingsError

Model = TypeVar("Model", bound=BaseModel)
Language = Literal["id", "en"]
Delivery = Literal["off", "shadow", "redirect", "live"]
Role = Literal[
    "technician", "pic", "am", "head_of_operations", "head_of_accounts", "manager", "engineer", "operator", "robot"
]


def _clock_time(value: object) -> object:
    # YAML reads an unquoted 08:30 as the number 510 (base 60): take it back.
    return time(value // 60, value % 60) if isinstance(value, int) and 0 <= value < 24 * 60 else value


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class Strict(BaseModel):
    """Unknown fields are refused: a misspelt setting must not pass as a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class House(Strict):
    """What belongs to no single client: managers' mails and the Master Schedule."""

    delivery: Delivery = "shadow"
    language: Language = "id"
    master_schedule_id: str = ""
    redirect_to: str | None = None
    airflow_url: str = "http://localhost:8080"


class Ladder(Strict):
    """The unassigned ladder (docs/rules.md); minutes are working minutes."""

    grace_minutes: int = Field(default=120, ge=0)
    grace_minutes_tomorrow: int = Field(default=30, ge=0)
    step_time: ClockTime = time(8)
    last_call: ClockTime = time(16, 30)
    answer_minutes_2: int = Field(default=240, ge=0)
    answer_minutes_3: int = Field(default=120, ge=0)
    answer_minutes_4: int = Field(default=30, ge=0)
    answer_minutes_late: int = Field(default=30, ge=0)
    ends: ClockTime = time(20)


class Messages(Strict):
    """When and how much Rekap speaks."""

    sending_times: tuple[ClockTime, ...] = (time(8, 30), time(11, 30), time(14, 30), time(16, 30))
    most_comments_a_run: int = Field(default=10, ge=1)
    most_orders_a_message: int = Field(default=50, ge=1)
    lease_minutes: int = Field(default=10, ge=1)


class Quality(Strict):
    """Where a gate stops a client or the house."""

    most_quarantined_share: float = Field(default=0.3, gt=0, le=1)
    least_share_of_last_read: float = Field(default=0.5, ge=0, le=1)
    least_rows_to_judge: int = Field(default=10, ge=1)


class Recap(Strict):
    """Closing day is the n-th working day of the next month."""

    closing_working_day: int = Field(default=5, ge=1, le=20)


class Documentation(Strict):
    """Photos larger than this are refused with a reason; pixels guard against decompression bombs."""

    most_megabytes: int = Field(default=40, ge=1)
    most_megapixels: int = Field(default=89, ge=1)


class Reading(Strict):
    """How the sources are walked. The overlap is re-read before each watermark."""

    basecamp_overlap_minutes: int = Field(default=10, ge=1)
    drive_overlap_minutes: int = Field(default=15, ge=1)
    trackers_a_batch: int = Field(default=25, ge=1, le=25)
    basecamp_requests_per_10_s: int = Field(default=45, ge=1, le=50)
    google_requests_per_minute: int = Field(default=55, ge=1, le=60)


class Settings(Strict):
    """rekap.yaml."""

    timezone: str = "Asia/Jakarta"
    closed_days: tuple[date, ...] = ()
    house: House = House()
    ladder: Ladder = Ladder()
    messages: Messages = Messages()
    quality: Quality = Quality()
    recap: Recap = Recap()
    documentation: Documentation = Documentation()
    reading: Reading = Reading()

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, KeyError) as error:
            raise ValueError(f"'{value}' is no time zone; write one such as Asia/Jakarta") from error
        return value

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class Person(Strict):
    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]*$")
    name: str = Field(min_length=1)
    email: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    phone: str | None = None
    basecamp_id: int | None = None
    roles: tuple[Role, ...] = Field(min_length=1)
    language: Language = "id"
    opens: ClockTime = time(8)
    closes: ClockTime = time(20)
    days_off: tuple[date, ...] = ()
    deputy: str | None = None
    aliases: tuple[str, ...] = ()
    airflow_user: str | None = None


class Scope(Strict):
    """One way in which to-dos belong to a client. `value`: the id of the list or group, or the title prefix."""

    kind: Literal["project", "list", "group", "title_prefix"]
    project_id: int
    value: str = ""

    @field_validator("value", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.kind == "project") == bool(self.value):
            raise ValueError(f"a scope of kind {self.kind} {'takes no' if self.kind == 'project' else 'needs a'} value")
        return self


class Outlet(Strict):
    code: str = Field(min_length=1)
    name: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    area: str | None = None
    address: str | None = None


class Client(Strict):
    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1)
    language: Language = "id"
    delivery: Delivery = "shadow"
    active_from: date
    live_from: date | None = None
    am: str
    pic: str
    scopes: tuple[Scope, ...] = Field(min_length=1)
    spreadsheet_id: str | None = None
    documentation: Literal["drive", "whatsapp", "none"] = "none"
    drive_folder_id: str | None = None
    outlets: tuple[Outlet, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.documentation == "drive" and not self.drive_folder_id:
            raise ValueError("documentation 'drive' needs drive_folder_id: the client's folder on the shared drive")
        if self.delivery == "live" and self.live_from is None:
            raise ValueError("delivery 'live' needs live_from: what was due before that day becomes one summary")
        return self


class Service(Strict):
    code: str
    minutes_per_unit: int = Field(gt=0)


class Register(Strict):
    """clients.yaml: clients with their outlets and scopes, people with their roles, services."""

    people: tuple[Person, ...]
    clients: tuple[Client, ...]
    services: tuple[Service, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names_of: dict[str, list[Any]] = {
            "person": [person.code for person in self.people],
            "basecamp_id": [person.basecamp_id for person in self.people if person.basecamp_id],
            "client": [client.slug for client in self.clients],
            "spreadsheet_id": [client.spreadsheet_id for client in self.clients if client.spreadsheet_id],
            "drive_folder_id": [client.drive_folder_id for client in self.clients if client.drive_folder_id],
            "outlet": [outlet.code for client in self.clients for outlet in client.outlets],
            "scope": [scope.model_dump_json() for client in self.clients for scope in client.scopes],
        }
        for what, names in names_of.items():
            if twice := [str(name) for name, times in Counter(names).items() if times > 1]:
                raise ValueError(f"{what} stands twice: {', '.join(twice)}")
        known = self.person_by_code
        for client in self.clients:
            for role, code in (("am", client.am), ("pic", client.pic)):
                if code not in known or role not in known[code].roles:
                    raise ValueError(f"client {client.slug}: {role} '{code}' is no person with the role {role}")
        for person in self.people:
            if person.deputy is not None and person.deputy not in known:
                raise ValueError(f"person {person.code}: deputy '{person.deputy}' is not among the people")
        return self

    @cached_property
    def person_by_code(self) -> dict[str, Person]:
        return {person.code: person for person in self.people}

    @cached_property
    def client_by_slug(self) -> dict[str, Client]:
        return {client.slug: client for client in self.clients}

    def with_role(self, role: Role) -> list[Person]:
        """Everybody with a role, in the order of the file."""
        return [person for person in self.people if role in person.roles]


@dataclass(frozen=True)
class Config:
    """Settings and register together. `problem` is set when the files are wrong and the last good ones are in use."""

    settings: Settings
    register: Register
    problem: str | None = None


def load(directory: Path) -> Config:
    """Both files of a config directory. Raises SettingsError with file, line, field and what is allowed."""
    return Config(
        settings=_read(directory / "rekap.yaml", Settings), register=_read(directory / "clients.yaml", Register)
    )


def load_or_last_good(directory: Path, last_good: Path) -> Config:
    """Like `load`, and remembers what was good in the folder `last_good`; falls back to it when the files are
    wrong now. Raises SettingsError when there is no last good one."""
    try:
        config = load(directory)
    except SettingsError as error:
        if not (last_good / "clients.yaml").exists():
            raise
        return replace(load(last_good), problem=f"{error} The last good settings stay in use until it is repaired.")
    last_good.mkdir(parents=True, exist_ok=True)
    for name in ("rekap.yaml", "clients.yaml"):
        content = (directory / name).read_bytes()
        kept = last_good / name
        if not kept.exists() or kept.read_bytes() != content:
            part = last_good / f".{name}.part"
            part.write_bytes(content)
            part.replace(kept)
    return config


def _read(path: Path, model: type[Model]) -> Model:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"{path}: cannot be read ({error.strerror}); copy the example from include/config."
        ) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise SettingsError(f"{path}{line}: is no YAML: {getattr(error, 'problem', error)}.") from error
    try:
        return model.model_validate(data if data is not None else {})
    except ValidationError as error:
        told = [
            f"{path}, line {_line(node, problem['loc'])}, {_field(problem['loc'])}: {problem['msg']}"
            f" (found {_short(problem['input'])})"
            for problem in error.errors(include_url=False)
        ]
        raise SettingsError("; ".join(told) + ".") from error


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line of a field, or of the closest thing around it that the file holds."""
    line = node.start_mark.line + 1 if node else 1
    for step in location:
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


def _field(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "the whole file"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
