"""The Basecamp client against the twin over HTTP: what is repeated, what never is, and where it does not go."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rekap.errors import PermanentError, TransientError, UnknownOutcome
from rekap.services.basecamp import Basecamp
from rekap.services.basecamp_access import Access
from rekap.services.rate_limit import Unlimited
from sandbox import server

RECORDINGS = {"type": "Todo", "sort": "updated_at", "direction": "desc"}


@pytest.fixture(scope="module")
def started() -> Iterator[server.Twin]:
    with server.start(3, clients=5, orders_per_month=20, rate_limit=None) as twin:
        yield twin


@pytest.fixture
def twin(started: server.Twin) -> Iterator[server.Twin]:
    """One twin for the file; each test finds it without faults, log and switches of another."""
    started.faults.clear()
    started.log.clear()
    yield started
    started.faults.clear()
    started.basecamp.switches.refresh_refusal = None
    started.basecamp.switches.rotate_refresh_tokens = False
    started.basecamp.switches.cursor_pages = False


@pytest.fixture
def waits() -> list[float]:
    """How long the client would have waited."""
    return []


@pytest.fixture
def basecamp(twin: server.Twin, waits: list[float]) -> Basecamp:
    told = twin["basecamp"]
    access = Access.from_connection(
        {
            "login": told["client_id"],
            "password": told["client_secret"],
            "extra": {
                "refresh_token": told["refresh_token"],
                "token_url": told["token_url"],
                "user_agent": "Rekap (data@rekap.example)",
            },
        }
    )
    base = f"{told['url']}/{told['account_id']}"
    return Basecamp(base, access, Unlimited(), storage=told["storage_url"], sleep=waits.append)


def a_todo(twin: server.Twin) -> int:
    return next(todo.id for todo in twin.world.account.todos.values() if todo.status == "active")


def test_a_walk_is_lazy_and_knows_the_total(basecamp: Basecamp, twin: server.Twin) -> None:
    walk = basecamp.walk("/projects/recordings.json", RECORDINGS)
    rows = iter(walk)
    for _ in range(15):
        next(rows)
    assert walk.pages == 1
    everything = [*basecamp.walk("/projects/recordings.json", RECORDINGS)]
    assert walk.total == len(everything) == len({row["id"] for row in everything})
    assert len(everything) > 45


def test_a_walk_follows_cursors_that_it_cannot_make(basecamp: Basecamp, twin: server.Twin) -> None:
    twin.basecamp.switches.cursor_pages = True
    walk = basecamp.walk("/projects/recordings.json", RECORDINGS)
    assert len({row["id"] for row in walk}) == walk.total


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("kind", ["status", "html"])
def test_a_read_is_repeated(basecamp: Basecamp, twin: server.Twin, waits: list[float], status: int, kind: str) -> None:
    twin.faults.add(service="basecamp", route="GET /my/profile", kind=kind, status=status, times=3)
    assert basecamp.get("/my/profile.json")["id"]
    assert waits == [1.0, 2.0, 4.0]


@pytest.mark.parametrize("kind", ["disconnect", "cut_body"])
def test_a_cut_connection_and_a_cut_body_are_repeated(basecamp: Basecamp, twin: server.Twin, kind: str) -> None:
    twin.faults.add(service="basecamp", route="GET /my/profile", kind=kind, times=2)
    assert basecamp.get("/my/profile.json")["id"]


def test_a_read_that_times_out_is_repeated(
    basecamp: Basecamp, twin: server.Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    basecamp.access.token()
    monkeypatch.setattr("rekap.services.basecamp.TIMEOUT", (5, 0.3))
    twin.faults.add(service="basecamp", route="GET /my/profile", kind="timeout", seconds=1.5, times=2)
    assert basecamp.get("/my/profile.json")["id"]


def test_retry_after_is_obeyed_up_to_a_minute(basecamp: Basecamp, twin: server.Twin, waits: list[float]) -> None:
    twin.faults.add(service="basecamp", route="GET /my/profile", status=429, headers={"Retry-After": "7"})
    basecamp.get("/my/profile.json")
    assert waits == [7.0]
    twin.faults.add(service="basecamp", route="GET /my/profile", status=429, headers={"Retry-After": "3600"})
    with pytest.raises(TransientError) as raised:
        basecamp.get("/my/profile.json")
    assert raised.value.retry_after == 3600
    assert waits == [7.0]


def test_retry_after_may_be_a_date(basecamp: Basecamp, twin: server.Twin, waits: list[float]) -> None:
    twin.faults.add(
        service="basecamp",
        route="GET /my/profile",
        status=503,
        headers={"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"},
    )
    basecamp.get("/my/profile.json")
    assert waits == [0.5]


def test_a_read_that_never_answers_is_transient(basecamp: Basecamp, twin: server.Twin) -> None:
    twin.faults.add(service="basecamp", route="GET /my/profile", status=500, times=99)
    with pytest.raises(TransientError, match=r"basecamp_default.*answered 500; tried 5 times"):
        basecamp.get("/my/profile.json")


@pytest.mark.parametrize("status", [400, 403, 404, 422, 507])
def test_a_refusal_stops_at_once_and_names_the_connection(basecamp: Basecamp, twin: server.Twin, status: int) -> None:
    twin.faults.add(service="basecamp", route="GET /my/profile", status=status, times=99)
    with pytest.raises(PermanentError, match="connection 'basecamp_default'"):
        basecamp.get("/my/profile.json")
    assert len(twin.log.calls("basecamp", route="/my/profile")) == 1


def test_an_expired_token_is_renewed_once_for_many_threads(basecamp: Basecamp, twin: server.Twin) -> None:
    basecamp.get("/my/profile.json")
    twin.basecamp.grants.revoke_access()
    twin.log.clear()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: basecamp.get("/my/profile.json")["id"], range(16)))
    assert len(set(answers)) == 1
    assert len(twin.log.calls(route="/authorization/token")) == 1


def test_a_write_is_sent_again_after_a_refused_token_since_nothing_was_written(
    basecamp: Basecamp, twin: server.Twin
) -> None:
    basecamp.get("/my/profile.json")
    twin.basecamp.grants.revoke_access()
    todo = a_todo(twin)
    before = len(basecamp.comments_of(todo))
    twin.basecamp.grants.revoke_access()
    basecamp.comment(todo, "<div>sekali saja</div>")
    assert len(basecamp.comments_of(todo)) == before + 1


@pytest.mark.parametrize("kind", ["authorization_expired", "unknown_id"])
def test_a_revoked_grant_says_who_must_consent_and_how(basecamp: Basecamp, twin: server.Twin, kind: str) -> None:
    twin.basecamp.switches.refresh_refusal = kind
    with pytest.raises(PermanentError, match=r"basecamp_default.*consent again.*make connect-basecamp"):
        basecamp.get("/my/profile.json")
    assert len(twin.log.calls(route="/authorization/token")) == 1


def test_a_token_server_that_is_busy_says_when_to_come_back(basecamp: Basecamp, twin: server.Twin) -> None:
    twin.faults.add(
        service="basecamp", route="/authorization/token", status=429, headers={"Retry-After": "90"}, times=9
    )
    with pytest.raises(TransientError, match="token server answered 429") as raised:
        basecamp.get("/my/profile.json")
    assert raised.value.retry_after == 90


def test_a_wrong_secret_is_told_apart_from_a_revoked_grant(basecamp: Basecamp) -> None:
    basecamp.access.client_secret = "wrong"
    with pytest.raises(PermanentError, match="client id and secret"):
        basecamp.get("/my/profile.json")


@pytest.mark.parametrize("kind", ["applied_then_disconnect", "applied_then_status", "cut_body"])
def test_a_comment_whose_answer_is_lost_is_unknown_and_sent_once(
    basecamp: Basecamp, twin: server.Twin, kind: str
) -> None:
    todo = a_todo(twin)
    before = len(basecamp.comments_of(todo))
    twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind=kind, times=9)
    with pytest.raises(UnknownOutcome, match="look before doing it again"):
        basecamp.comment(todo, "<div>halo</div>")
    assert len(basecamp.comments_of(todo)) == before + 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("kind", ["status", "html"])
def test_a_comment_is_sent_once_whatever_the_server_answers(
    basecamp: Basecamp, twin: server.Twin, waits: list[float], status: int, kind: str
) -> None:
    twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind=kind, status=status, times=9)
    with pytest.raises(UnknownOutcome, match="look before doing it again"):
        basecamp.comment(a_todo(twin), "<div>halo</div>")
    assert len(twin.log.calls("basecamp", "/recordings/{id}/comments", "POST")) == 1
    assert waits == []


def test_a_comment_that_is_never_answered_is_unknown_and_sent_once(
    basecamp: Basecamp, twin: server.Twin, monkeypatch: pytest.MonkeyPatch
) -> None:
    todo = a_todo(twin)
    basecamp.access.token()
    monkeypatch.setattr("rekap.services.basecamp.TIMEOUT", (5, 0.3))
    twin.faults.add(service="basecamp", route="POST /recordings/{id}/comments", kind="timeout", seconds=1.5, times=9)
    with pytest.raises(UnknownOutcome, match="look before doing it again"):
        basecamp.comment(todo, "<div>halo</div>")
    assert len(twin.log.calls("basecamp", "/recordings/{id}/comments", "POST")) == 1


@pytest.mark.parametrize("kind", ["status", "html"])
def test_a_comment_that_was_refused_for_its_rate_was_not_written(
    basecamp: Basecamp, twin: server.Twin, kind: str
) -> None:
    route = "POST /recordings/{id}/comments"
    twin.faults.add(service="basecamp", route=route, kind=kind, status=429, headers={"Retry-After": "3"})
    with pytest.raises(TransientError, match="nothing was written") as raised:
        basecamp.comment(a_todo(twin), "<div>halo</div>")
    assert not isinstance(raised.value, UnknownOutcome)
    assert raised.value.retry_after == 3


def test_a_comment_to_a_server_that_is_not_there_was_not_written(basecamp: Basecamp, waits: list[float]) -> None:
    basecamp.access.token()
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as gone:
        port = gone.server_address[1]
    nowhere = Basecamp(f"http://127.0.0.1:{port}/1", basecamp.access, Unlimited(), sleep=waits.append)
    with pytest.raises(TransientError, match="nothing was written") as raised:
        nowhere.comment(1, "<div>halo</div>")
    assert not isinstance(raised.value, UnknownOutcome)


def test_a_mention_reaches_the_person(basecamp: Basecamp, twin: server.Twin) -> None:
    person = next(iter(basecamp.walk("/people.json")))
    made = basecamp.comment(a_todo(twin), f"<div>{basecamp.mention(person)} mohon dicek</div>")
    assert person["attachable_sgid"] in made["content"]
    with pytest.raises(PermanentError, match="cannot be mentioned"):
        basecamp.mention({"name": "Budi"})


def a_photo(basecamp: Basecamp) -> dict[str, object]:
    for comment in basecamp.walk("/projects/recordings.json", RECORDINGS | {"type": "Comment"}):
        for file in comment["content_attachments"]:
            if file["content_type"] == "image/jpeg":
                return dict(file)
    raise LookupError("the twin holds no photo")


def test_a_download_takes_two_hops_and_brings_every_byte(basecamp: Basecamp, twin: server.Twin) -> None:
    photo = a_photo(basecamp)
    content = b"".join(basecamp.download(str(photo["download_url"]), max_bytes=10**7))
    assert len(content) == photo["byte_size"]
    assert content.startswith(b"\xff\xd8")
    (second,) = twin.log.calls("storage")
    assert (second.status, second.route) == (200, "/signed/{name}")


@pytest.mark.parametrize("kind", ["cut_body", "disconnect", "status"])
def test_a_cut_download_starts_again_at_the_first_hop(basecamp: Basecamp, twin: server.Twin, kind: str) -> None:
    photo = a_photo(basecamp)
    twin.faults.add(service="storage", kind=kind, times=1)
    content = b"".join(basecamp.download(str(photo["download_url"]), max_bytes=10**7))
    assert len(content) == photo["byte_size"]
    assert len([call for call in twin.log.calls("basecamp") if "/blobs/" in call.path]) == 2


def test_a_download_has_a_limit_and_leaves_foreign_hosts_alone(basecamp: Basecamp, twin: server.Twin) -> None:
    photo = a_photo(basecamp)
    with pytest.raises(PermanentError, match="larger than 1000 bytes"):
        b"".join(basecamp.download(str(photo["download_url"]), max_bytes=1000))
    twin.log.clear()
    for address in (
        "http://evil.example/blobs/1/download/a.jpg",
        "https://basecamp.com.evil.example/x",
        "file:///etc/x",
    ):
        with pytest.raises(PermanentError, match="not a host of Basecamp"):
            b"".join(basecamp.download(address, max_bytes=1000))
    assert twin.log.calls() == []


class _Foreign(BaseHTTPRequestHandler):
    """A list whose second page lies elsewhere, or is the first one again."""

    following = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Link", f'<{self.following}>; rel="next"')
        self.end_headers()
        self.wfile.write(b'[{"id": 1}]')

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


@pytest.mark.parametrize(
    ("following", "told"), [("http://evil.example/1/people.json?page=2", "refused to leave"), ("SELF", "leads back")]
)
def test_a_next_link_must_stay_on_the_origin_and_go_on(basecamp: Basecamp, following: str, told: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Foreign) as odd:
        threading.Thread(target=odd.serve_forever, daemon=True).start()
        origin = f"http://127.0.0.1:{odd.server_address[1]}"
        _Foreign.following = following.replace("SELF", f"{origin}/1/people.json")
        elsewhere = Basecamp(f"{origin}/1", basecamp.access, Unlimited())
        with pytest.raises(PermanentError, match=told):
            list(elsewhere.walk("/people.json"))
        odd.shutdown()


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("", "https://3.basecampapi.com/77"),
        ("https://3.basecampapi.com", "https://3.basecampapi.com/77"),
        ("http://127.0.0.1:8/99", "http://127.0.0.1:8/99"),
        ("3.basecampapi.com", "https://3.basecampapi.com/77"),
    ],
)
def test_the_base_address_may_stand_with_or_without_the_account(host: str, base: str) -> None:
    extra = {"account_id": "77", "refresh_token": "r", "user_agent": "Rekap (a@b.example)"}
    assert Basecamp.from_connection({"host": host, "login": "i", "password": "s", "extra": extra}).base == base


@pytest.mark.parametrize("missing", ["refresh_token", "user_agent", "account_id"])
def test_a_connection_without_a_field_names_it(missing: str) -> None:
    extra = {"account_id": "77", "refresh_token": "r", "user_agent": "Rekap (a@b.example)"}
    del extra[missing]
    with pytest.raises(PermanentError, match=rf"basecamp_default.*{missing}"):
        Basecamp.from_connection({"host": "", "login": "i", "password": "s", "extra": extra})


def test_no_secret_stands_in_a_message_or_a_repr(basecamp: Basecamp, twin: server.Twin) -> None:
    basecamp.get("/my/profile.json")
    secrets = (basecamp.access.client_secret, basecamp.access.refresh_token, basecamp.access.token())
    assert not any(secret in repr(basecamp.access) for secret in secrets)
