"""The settings (`rekap.yaml`) and the register (`clients.yaml`), read by models that name file, line and field.

A wrong file stops the start; at run time the last good pair is used and `Config.problem` says so.
"""

import json
import logging
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from rekap.config_file import FILL, Place, parsed, text_of
from rekap.errors import SettingsError
from rekap.vocabulary import client_words

log = logging.getLogger(__name__)
# What to write into clients.yaml where the doctor's proposal left something open.
TO_FILL = {
    "slug": "what the client is called in clients.yaml, for ever: small letters, digits and -",
    "name": "the client's name",
    "am": "the code of a person with the role am",
    "pic": "the code of a person with the role pic",
    "project_id": "the number in the address of the client's project in Basecamp; `make doctor` lists those it sees",
    FILL: "the code that the words behind it stand for, or nothing where they say none",
}
Language = Literal["id", "en"]
Delivery = Literal["off", "shadow", "redirect", "live"]
Role = Literal[
    "technician", "pic", "am", "head_of_operations", "head_of_accounts", "manager", "engineer", "operator", "robot"
]


def _wrong(message: str, *at: str | int) -> PydanticCustomError:
    """The error of a rule about several fields; `at` leads from the model that holds the rule to the one to correct."""
    return PydanticCustomError("rule", "{told}", {"told": message, "at": at})


def _clock_time(value: object) -> object:
    # pydantic would take a bare 8 for eight seconds after midnight.
    if isinstance(value, int | float):
        raise PydanticCustomError("clock_time", "write a time of day with hours and minutes, such as 08:30")
    return value


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


class ScoreWeights(Strict):
    """What each part of a client's weekly score weighs; a part of which there was nothing is left out."""

    rows_usable: float = Field(default=25, ge=0)
    orders_whole: float = Field(default=25, ge=0)
    rows_linked: float = Field(default=20, ge=0)
    tracker_fresh: float = Field(default=15, ge=0)
    reads_complete: float = Field(default=15, ge=0)

    @model_validator(mode="after")
    def _weighs(self) -> Self:
        if not sum(self.model_dump().values()):
            raise _wrong("at least one part must weigh something")
        return self


class Quality(Strict):
    """Where a gate stops a client or the house. A tracker is read at least once a day and Basecamp at least every ten
    hours, over night: older is too old. Bands: how far a share may leave those of the last `band_days` days."""

    most_quarantined_share: float = Field(default=0.3, gt=0, le=1)
    least_share_of_last_read: float = Field(default=0.5, ge=0, le=1)
    least_rows_to_judge: int = Field(default=10, ge=1)
    most_hours_basecamp: int = Field(default=12, ge=1)
    most_hours_tracker: int = Field(default=36, ge=1)
    least_orders_to_alert: int = Field(default=20, ge=1)
    band_days: int = Field(default=14, ge=2)
    band_slack: float = Field(default=0.25, ge=0, le=1)
    score_weights: ScoreWeights = ScoreWeights()
    keep_runs: int = Field(default=90, ge=90)
    keep_days: int = Field(default=180, ge=30)
    data_docs: str | None = None  # a folder for Great Expectations' Data Docs of the newest gates, for engineers


class Recap(Strict):
    """Closing day is the n-th working day of the next month."""

    closing_working_day: int = Field(default=5, ge=1, le=20)


class Documentation(Strict):
    """Photos larger than this are refused with a reason; pixels guard against decompression bombs."""

    most_megabytes: int = Field(default=40, ge=1)
    most_megapixels: int = Field(default=89, ge=1)


class Reading(Strict):
    """How the sources are walked. The overlap is re-read before each watermark; all of Basecamp is read from end to end
    on Sundays, and whenever `sweep_days` have passed: 1 where an account does not move updated_at with every change."""

    basecamp_overlap_minutes: int = Field(default=10, ge=1)
    sweep_days: int = Field(default=7, ge=1, le=7)
    drive_overlap_minutes: int = Field(default=15, ge=1)
    grid_days: int = Field(default=35, ge=1)
    trackers_a_batch: int = Field(default=25, ge=1, le=25)
    basecamp_requests_per_10_s: int = Field(default=49, ge=1, le=50)
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
            needs = "takes no value" if self.kind == "project" else "needs a value: the id or the prefix"
            raise _wrong(f"a scope of kind {self.kind} {needs}", "value")
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
    words: dict[str, dict[str, tuple[str, ...]]] = {}

    @field_validator("words", mode="before")
    @classmethod
    def _by_code(cls, value: object) -> object:
        # Months and days are keyed by their numbers, which YAML reads as such. A key whose lines were all deleted is
        # None: it holds no words.
        if not isinstance(value, dict):
            return {} if value is None else value
        return {kind: cls._lists(lists) for kind, lists in value.items()}

    @staticmethod
    def _lists(value: object) -> object:
        if not isinstance(value, dict):
            return {} if value is None else value
        return {str(code): () if given is None else given for code, given in value.items()}

    @field_validator("outlets", mode="before")
    @classmethod
    def _none_yet(cls, value: object) -> object:
        return () if value is None else value

    @model_validator(mode="after")
    def _own_words(self) -> Self:
        try:
            client_words.check(self.words)
        except client_words.RefusedWord as error:
            raise _wrong(f"client {self.slug}: {error}", "words", *error.at) from error
        return self

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.documentation == "drive" and not self.drive_folder_id:
            raise _wrong("'drive' needs drive_folder_id: the client's folder on the shared drive", "documentation")
        if self.delivery == "live" and self.live_from is None:
            raise _wrong("'live' needs live_from: what was due before that day becomes one summary", "delivery")
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
        met: set[tuple[str, str]] = set()
        for what, name, at in self._names():
            if (what, name) in met:
                raise _wrong(f"{what} '{name}' stands twice; each may stand once", *at)
            met.add((what, name))
        for n, client in enumerate(self.clients):
            for role in ("am", "pic"):
                code = getattr(client, role)
                if code not in self.person_by_code or role not in self.person_by_code[code].roles:
                    has = ", ".join(person.code for person in self.people if role in person.roles) or "nobody"
                    told = f"client {client.slug}: '{code}' is no person with the role {role}; {has} has it"
                    raise _wrong(told, "clients", n, role)
        for n, person in enumerate(self.people):
            if person.deputy is not None and person.deputy not in self.person_by_code:
                raise _wrong(f"person {person.code}: '{person.deputy}' is not among the people", "people", n, "deputy")
            if person.closes <= person.opens:
                raise _wrong(f"person {person.code}: closing must come after opening", "people", n, "closes")
        return self

    def _names(self) -> Iterator[tuple[str, str, Place]]:
        """What may stand only once: what it is, its name, where it stands."""
        for n, person in enumerate(self.people):
            yield "person", person.code, ("people", n, "code")
            if person.basecamp_id:
                yield "basecamp_id", str(person.basecamp_id), ("people", n, "basecamp_id")
        for n, client in enumerate(self.clients):
            yield "client", client.slug, ("clients", n, "slug")
            for name in ("spreadsheet_id", "drive_folder_id"):
                if getattr(client, name):
                    yield name, getattr(client, name), ("clients", n, name)
            for m, outlet in enumerate(client.outlets):
                yield "outlet", outlet.code, ("clients", n, "outlets", m, "code")
            for m, scope in enumerate(client.scopes):
                told = f"{scope.kind} {scope.project_id} {scope.value}".strip()
                yield "scope", told, ("clients", n, "scopes", m)
        for n, service in enumerate(self.services):
            yield "service", service.code, ("services", n, "code")

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
    return _config(directory, _texts(directory))


def load_or_last_good(directory: Path, last_good: Path) -> Config:
    """Like `load`, and remembers what was good in the folder `last_good`; falls back to it when the files are
    wrong now. Raises SettingsError when there is no last good pair."""
    kept = last_good / "pair.json"  # one file holds both: they can only be replaced together
    try:
        texts = _texts(directory)
        config = _config(directory, texts)
    except SettingsError as error:
        try:
            good = _config(last_good, json.loads(kept.read_bytes()))
        except (OSError, LookupError, ValueError, SettingsError):
            raise error from None
        return replace(good, problem=f"{error} The last good settings stay in use until it is repaired.")
    try:
        _keep(kept, json.dumps(texts).encode())
    except OSError as error:
        log.warning("%s cannot be written (%s): a wrong settings file would stop the next run.", kept, error.strerror)
    return config


def _texts(directory: Path) -> dict[str, str]:
    return {name: text_of(directory / name) for name in ("rekap.yaml", "clients.yaml")}


def _config(directory: Path, texts: Mapping[str, str]) -> Config:
    return Config(
        settings=parsed(directory / "rekap.yaml", texts["rekap.yaml"], Settings),
        register=parsed(directory / "clients.yaml", texts["clients.yaml"], Register, TO_FILL),
    )


def _keep(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # A file of its own for each process: several tasks may do this at once, and each may be killed.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".pair.", delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)
