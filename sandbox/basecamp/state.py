"""What the Basecamp twin keeps beside the account itself: grants, switches, the rate window, the lock."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from sandbox.basecamp.walks import Walks
from sandbox.clock import Clock
from sandbox.world import World
from sandbox.world.account import Account

TOKEN_LIFE_SECONDS = 1_209_600


@dataclass
class Switches:
    """Behaviours that can be turned; the defaults are what was seen or is documented."""

    rate_limit: tuple[int, float] | None = (50, 10.0)
    cursor_pages: bool = False
    rotate_refresh_tokens: bool = False
    #: rows of /projects/recordings.json without assignees and due_on, as only some accounts may send them
    thin_recordings: bool = False
    trashed_is_gone: bool = False
    account_inactive: bool = False
    #: the refresh answers 400 authorization_expired (password changed) or 401 "Unknown Basecamp ID."
    refresh_refusal: str | None = None
    token_life_seconds: int = TOKEN_LIFE_SECONDS
    #: the consent also covers another company's account and one of an older product
    further_accounts: bool = False
    etags: bool = True
    #: whether /projects/recordings.json says how many rows there are
    count_header: bool = True
    #: added to that count, for ``wrong_total_times`` calls (None: every one)
    wrong_total: int = 0
    wrong_total_times: int | None = None
    #: whether a comment, or an assignment, moves the to-do's updated_at
    comments_touch: bool = True
    assigning_touches: bool = True

    def total_error(self) -> int:
        """By how much the next count is off; a call that asks counts."""
        if self.wrong_total == 0 or self.wrong_total_times == 0:
            return 0
        if self.wrong_total_times is not None:
            self.wrong_total_times -= 1
        return self.wrong_total


@dataclass
class Grants:
    """OAuth: one registered app, its codes, refresh tokens and access tokens."""

    client_id: str
    client_secret: str
    refresh_tokens: dict[str, int] = field(default_factory=dict)
    codes: dict[str, tuple[int, str]] = field(default_factory=dict)
    access_tokens: dict[str, tuple[int, float]] = field(default_factory=dict)

    def issue_access(self, person_id: int, life_seconds: float) -> str:
        token = "BAh" + secrets.token_urlsafe(48)
        self.access_tokens[token] = (person_id, time.time() + life_seconds)
        return token

    def issue_refresh(self, person_id: int) -> str:
        token = "BAhR" + secrets.token_urlsafe(36)
        self.refresh_tokens[token] = person_id
        return token

    def person_of(self, token: str) -> int | None:
        """Whose access token this is; None when it is unknown, revoked or expired by the wall clock."""
        found = self.access_tokens.get(token)
        return found[0] if found is not None and found[1] > time.time() else None

    def revoke_access(self) -> None:
        """Every access token stops working at once; refresh tokens go on."""
        self.access_tokens.clear()


@dataclass
class State:
    """Everything a request may read or change; whoever does holds ``lock``."""

    world: World
    clock: Clock
    storage_url: str = ""
    switches: Switches = field(default_factory=Switches)
    lock: threading.RLock = field(default_factory=threading.RLock)
    windows: dict[str, deque[float]] = field(default_factory=dict)
    signed: dict[str, tuple[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.walks = Walks(self.world.account, self.clock)
        robot = self.world.staff.robot.basecamp_id or 0
        self.grants = Grants(self._secret("client")[:40], self._secret("secret")[:40])
        # From the seed, so that a connection that was written down still works when the twin is started again.
        self.refresh_token = "BAhR" + self._secret("refresh")
        self.grants.refresh_tokens[self.refresh_token] = robot

    def _secret(self, purpose: str) -> str:
        return hashlib.sha256(f"{self.world.seed}/{purpose}".encode()).hexdigest()

    @property
    def account(self) -> Account:
        return self.world.account

    def over_rate(self, caller: str) -> float | None:
        """Seconds until the caller may come again when its window is full, else None; counts the request."""
        if self.switches.rate_limit is None:
            return None
        limit, seconds = self.switches.rate_limit
        now = time.monotonic()
        window = self.windows.setdefault(caller, deque())
        while window and window[0] <= now - seconds:
            window.popleft()
        if len(window) >= limit:
            return window[0] + seconds - now
        window.append(now)
        return None
