"""The proof that nothing of Basecamp is missing: counts, what vanished, closed projects, and when it is believed."""

from dataclasses import replace
from datetime import datetime, timedelta

from rekap.run import Run
from rekap.sources import basecamp
from sandbox.happenings import happen
from sandbox.world.account import Account, Todo
from tests.unit.sources.conftest import Bench

SUNDAY = datetime.fromisoformat("2026-10-11T03:00:00+07:00")
MONDAY = SUNDAY + timedelta(days=1)


def tick(bench: Bench) -> dict[str, int]:
    run = bench.run()
    fetched = basecamp.fetch(bench.conn, bench.client(), run)
    basecamp.stage(bench.conn, run)
    return fetched


def night(bench: Bench, at: datetime) -> dict[str, int]:
    """keep_house and the next tick, at a moment."""
    bench.runs += 1
    run = Run(f"keep_house/{bench.runs}", at, bench.config)
    counted = basecamp.count_projects(bench.conn, bench.client(), run)
    swept = basecamp.sweep(bench.conn, bench.client(), run)
    basecamp.stage(bench.conn, run)
    return counted | {"swept": swept["swept"]}


def states(bench: Bench, scope: str = "account") -> list[tuple[str, str | None]]:
    """State and reason of a scope, run by run."""
    return [
        (row["state"], row["reason"])
        for row in bench.rows(f"select state, reason from ops.completeness where scope = '{scope}' order by read_no")
    ]


def life_cycle(bench: Bench, order_id: int) -> str:
    (row,) = bench.rows(f"select life_cycle from staging.orders where order_id = {order_id}")
    return str(row["life_cycle"])


def account(bench: Bench) -> Account:
    return bench.twin.world.account


def an_order(bench: Bench, status: str = "active") -> Todo:
    """An order of the first client that has a project of its own and such an order."""
    own = [scope.project_id for c in bench.config.register.clients for scope in c.scopes if scope.kind == "project"]
    return next(
        todo
        for project in own
        for todo in account(bench).todos.values()
        if todo.project_id == project and todo.status == status
    )


def purge(bench: Bench, todo: Todo) -> None:
    """It vanishes with its comments, as after 30 days in the trash."""
    happen(bench.twin, "purge", order_id=todo.id)


def test_a_purged_order_is_gone_only_after_the_weekly_sweep_and_a_later_second_404(bench: Bench) -> None:
    tick(bench)
    todo = an_order(bench)
    purge(bench, todo)
    tick(bench)
    assert life_cycle(bench, todo.id) == "active", "one 404 proves nothing"
    assert states(bench)[-1][0] == "complete", "every record that Basecamp counts was read"
    assert [row["id"] for row in bench.rows("select id from raw.basecamp_missing where kind = 'todo'")] == [todo.id]
    night(bench, SUNDAY - timedelta(days=1))
    assert life_cycle(bench, todo.id) == "active"
    assert night(bench, SUNDAY)["swept"] == 1
    assert life_cycle(bench, todo.id) == "active", "the weekly sweep alone does not make it gone"
    assert night(bench, SUNDAY + timedelta(hours=1)) | {"requests": 0} == {
        "projects": len(bench.rows("select 1 from raw.basecamp_newest where kind = 'project' and status = 'active'")),
        "incomplete": 0, "gone": 0, "requests": 0, "swept": 0,
    }  # fmt: skip
    assert night(bench, MONDAY)["gone"] >= 1
    assert life_cycle(bench, todo.id) == "gone"
    assert bench.rows("select 1 from raw.basecamp_missing") == []
    tick(bench)
    assert states(bench)[-1] == ("complete", None)


def test_a_purged_order_that_was_in_the_trash_is_settled_the_same_way(bench: Bench) -> None:
    tick(bench)
    todo = an_order(bench, "trashed")
    purge(bench, todo)
    tick(bench)
    assert (life_cycle(bench, todo.id), states(bench)[-1][0]) == ("trashed", "complete")
    night(bench, SUNDAY)
    night(bench, MONDAY)
    assert life_cycle(bench, todo.id) == "gone"


def test_an_order_that_turns_up_again_was_never_gone(bench: Bench) -> None:
    tick(bench)
    todo = an_order(bench)
    purge(bench, todo)
    tick(bench)
    night(bench, SUNDAY)
    account(bench).todos[todo.id] = todo
    night(bench, MONDAY)
    assert life_cycle(bench, todo.id) == "active"
    assert bench.rows("select 1 from raw.basecamp_missing where kind = 'todo'") == []
    tick(bench)
    assert states(bench)[-1] == ("complete", None)


def test_a_quiet_tick_stays_at_six_requests_while_something_is_missing(bench: Bench) -> None:
    tick(bench)
    purge(bench, an_order(bench))
    tick(bench)
    bench.twin.log.clear()
    tick(bench)
    assert len(bench.twin.log.calls("basecamp", method="GET")) == 6


def test_a_long_list_of_projects_costs_one_page_while_it_is_as_it_was(bench: Bench) -> None:
    from sandbox.world.account import Project

    born = bench.twin.clock.base - timedelta(days=900)
    with bench.twin.lock:
        for number in range(40):
            account(bench).projects[number + 1] = Project(number + 1, f"Lama {number}", "", born, born)
    tick(bench)
    bench.twin.log.clear()
    tick(bench)
    assert len(bench.twin.log.calls("basecamp", route="/projects")) == 1
    with bench.twin.lock:
        account(bench).projects[7].status = "archived"
    bench.twin.log.clear()
    tick(bench)
    assert len(bench.twin.log.calls("basecamp", route="/projects")) > 1, "the list is shorter: read whole"
    assert bench.rows("select status from raw.basecamp_newest where kind = 'project' and id = 7") == [
        {"status": "archived"}
    ]


def test_without_a_count_from_the_source_it_is_unknown(bench: Bench) -> None:
    bench.twin.basecamp.switches.count_header = False
    tick(bench)
    state, reason = states(bench)[-1]
    assert state == "unknown" and "X-Total-Count" in str(reason)
    assert bench.rows("select 1 from ops.whole_sources where source = 'basecamp'") == []


def test_a_count_that_never_fits_is_told_project_by_project_and_ends_when_it_fits_again(bench: Bench) -> None:
    tick(bench)
    bench.twin.basecamp.switches.wrong_total = 1
    tick(bench)
    off = bench.rows("select scope, state, reason from ops.completeness where scope like 'project:%'")
    assert off and all(row["state"] == "incomplete" and "Basecamp counts" in row["reason"] for row in off)
    assert bench.rows("select 1 from ops.whole_sources where source = 'basecamp'") == []
    swept = bench.rows("select 1 from ops.run_ledger where step like 'sweep %'")
    tick(bench)
    assert bench.rows("select 1 from ops.run_ledger where step like 'sweep %'") == swept, "once a day is enough"
    assert bench.rows("select 1 from ops.whole_sources where source = 'basecamp'") == []
    bench.twin.basecamp.switches.wrong_total = 0
    tick(bench)
    assert states(bench)[-1] == ("complete", None)
    assert len(bench.rows("select 1 from ops.whole_sources where source = 'basecamp'")) == 6


def test_a_count_that_is_off_once_is_read_once_more_and_believed(bench: Bench) -> None:
    tick(bench)
    bench.twin.basecamp.switches.wrong_total, bench.twin.basecamp.switches.wrong_total_times = 3, 1
    bench.twin.log.clear()
    tick(bench)
    assert states(bench)[-1] == ("complete", None)
    assert len(bench.twin.log.calls("basecamp", method="GET")) == 7


def test_two_projects_that_are_off_in_opposite_directions_are_found_at_night(bench: Bench) -> None:
    """A to-do that was moved to another project without a new updated_at leaves the account's total as it was."""
    tick(bench)
    todo = an_order(bench)
    source, target = (client.scopes[0].project_id for client in bench.config.register.clients[:2])
    with bench.twin.lock:
        holder = next(row for row in account(bench).todolists.values() if row.project_id == target)
        todo.project_id, todo.parent_id = target, holder.id
    tick(bench)
    (row,) = bench.rows(f"select client from staging.orders where order_id = {todo.id}")
    assert row["client"] == bench.config.register.clients[0].slug, "the account's totals agree"
    night(bench, SUNDAY - timedelta(days=1))
    (row,) = bench.rows(f"select client from staging.orders where order_id = {todo.id}")
    assert row["client"] == bench.config.register.clients[1].slug
    assert states(bench, f"project:{source}") == states(bench, f"project:{target}") == [("complete", None)]


def test_the_weekly_sweep_finds_a_change_that_moved_no_time(bench: Bench) -> None:
    tick(bench)
    todo = an_order(bench)
    with bench.twin.lock:
        todo.content = f"{todo.content} (diubah)"
    tick(bench)
    told = f"select title from staging.orders where order_id = {todo.id}"
    assert "(diubah)" not in bench.rows(told)[0]["title"]
    night(bench, SUNDAY)
    assert "(diubah)" in bench.rows(told)[0]["title"]


def test_a_missed_sunday_is_made_up_for(bench: Bench) -> None:
    tick(bench)
    assert night(bench, SUNDAY)["swept"] == 1
    assert night(bench, SUNDAY + timedelta(days=6))["swept"] == 0
    assert night(bench, SUNDAY + timedelta(days=8))["swept"] == 1, "no run on the Sunday before"


def test_an_account_that_moves_no_times_can_be_swept_every_night(bench: Bench) -> None:
    tick(bench)
    nightly = bench.config.settings.reading.model_copy(update={"sweep_days": 1})
    bench.config = replace(bench.config, settings=bench.config.settings.model_copy(update={"reading": nightly}))
    assert night(bench, SUNDAY)["swept"] == 1
    assert night(bench, MONDAY)["swept"] == 1
    assert night(bench, MONDAY + timedelta(hours=1))["swept"] == 0


def test_a_project_out_of_sight_holds_its_client_and_no_other(bench: Bench) -> None:
    tick(bench)
    client, other = bench.config.register.clients[:2]
    project = client.scopes[0].project_id
    before = bench.rows(f"select order_id, life_cycle from staging.orders where client = '{client.slug}' order by 1")
    happen(bench.twin, "hide_project", project_id=project)
    tick(bench)
    state, reason = states(bench, f"project:{project}")[-1]
    assert state == "incomplete" and client.slug in str(reason) and "add that user to the project" in str(reason)
    assert states(bench)[-1][0] == "complete"
    whole = {row["client"] for row in bench.rows("select client from ops.whole_sources where source = 'basecamp'")}
    assert client.slug not in whole and other.slug in whole
    after = bench.rows(f"select order_id, life_cycle from staging.orders where client = '{client.slug}' order by 1")
    assert after == before, "nothing is gone by one 404 of the project"
    happen(bench.twin, "show_project", project_id=project)
    tick(bench)
    assert states(bench, f"project:{project}")[-1] == ("complete", None)
    assert bench.rows("select 1 from raw.basecamp_missing") == []


def test_a_project_that_stays_out_of_sight_takes_its_orders_along_after_sweep_and_second_404(bench: Bench) -> None:
    tick(bench)
    client = bench.config.register.clients[0]
    project = client.scopes[0].project_id
    happen(bench.twin, "hide_project", project_id=project)
    tick(bench)
    bench.twin.log.clear()
    night(bench, SUNDAY)
    night(bench, MONDAY)
    assert len(bench.twin.log.calls("basecamp", route="/todos/{id}")) == 0, "the project's own 404 says it for all"
    found = bench.rows(f"select distinct life_cycle from staging.orders where client = '{client.slug}'")
    assert "active" not in {row["life_cycle"] for row in found}
    assert states(bench, f"project:{project}")[-1][0] == "incomplete", "the register still names it"


def test_orders_of_a_project_that_was_archived_before_rekap_came_are_found(bench: Bench) -> None:
    """Groups and second to-do sets included; to-dos outside any list cannot be listed there, which is said."""
    client = bench.config.register.clients[1]
    project = client.scopes[0].project_id
    expected = {todo.id for todo in account(bench).todos.values() if todo.project_id == project}
    assert {account(bench).todolists[account(bench).todos[number].parent_id].parent_id for number in expected}
    happen(bench.twin, "archive_project", project_id=project)
    tick(bench)
    found = {
        row["order_id"] for row in bench.rows(f"select order_id from staging.orders where client = '{client.slug}'")
    }
    assert found == expected
    cycles = bench.rows(f"select distinct life_cycle from staging.orders where client = '{client.slug}'")
    assert {row["life_cycle"] for row in cycles} <= {"archived", "trashed"}
    assert states(bench, f"project:{project}")[-1] == ("complete", None)
    comments = {number for number, comment in account(bench).comments.items() if comment.parent_id in expected}
    told = bench.rows("select comment_id from staging.comments")
    assert comments <= {row["comment_id"] for row in told}
    bench.twin.log.clear()
    tick(bench)
    assert len(bench.twin.log.calls("basecamp", method="GET")) == 6, "it is read once, not every time"


def test_loose_to_dos_of_an_archived_project_that_were_never_read_make_it_incomplete(bench: Bench) -> None:
    client = bench.config.register.clients[0]
    project = client.scopes[0].project_id
    loose = [
        t for t in account(bench).todos.values() if t.project_id == project and t.parent_id in account(bench).todosets
    ]
    assert loose, "the first client enters some orders outside any list"
    happen(bench.twin, "archive_project", project_id=project)
    tick(bench)
    state, reason = states(bench, f"project:{project}")[-1]
    assert state == "incomplete" and "make it active for one run" in str(reason)
    archive_again = bench.twin.log.calls("basecamp", route="/todolists/{id}/todos")
    tick(bench)
    assert len(bench.twin.log.calls("basecamp", route="/todolists/{id}/todos")) == len(archive_again), "once a day"


def test_loose_to_dos_of_an_archived_project_are_found_where_the_account_lists_them(bench: Bench) -> None:
    bench.twin.basecamp.switches.loose_todos_listed = True
    client = bench.config.register.clients[0]
    project = client.scopes[0].project_id
    happen(bench.twin, "archive_project", project_id=project)
    tick(bench)
    found = {row["order_id"] for row in bench.rows(f"select order_id from staging.orders where project_id = {project}")}
    assert found == {todo.id for todo in account(bench).todos.values() if todo.project_id == project}
    assert states(bench, f"project:{project}")[-1] == ("complete", None)


def test_what_changed_outside_any_list_just_before_its_project_was_archived_is_seen(bench: Bench) -> None:
    """No walk and no list shows it any more: what is known is asked for by itself."""
    tick(bench)
    project = bench.config.register.clients[0].scopes[0].project_id
    loose = [
        todo
        for todo in account(bench).todos.values()
        if todo.project_id == project and todo.parent_id in account(bench).todosets and todo.status == "active"
    ]
    happen(bench.twin, "trash", order_id=loose[0].id)
    happen(bench.twin, "complete", order_id=next(todo.id for todo in loose[1:] if todo.completed_at is None))
    happen(bench.twin, "archive_project", project_id=project)
    tick(bench)
    assert life_cycle(bench, loose[0].id) == "trashed"
    truth = {order["order_id"]: (order["life_cycle"], order["completed"]) for order in bench.truth()["orders"]}
    read = bench.rows(f"select order_id, life_cycle, completed from staging.orders where project_id = {project}")
    assert {row["order_id"]: (row["life_cycle"], row["completed"]) for row in read} == {
        row["order_id"]: truth[row["order_id"]] for row in read
    }
    assert states(bench, f"project:{project}")[-1] == ("complete", None)


def test_a_version_that_is_served_late_stays_out(bench: Bench) -> None:
    tick(bench)
    todo = an_order(bench)
    with bench.twin.lock:
        old, todo.content, todo.updated_at = todo.content, "Baru", bench.twin.clock.tick()
    tick(bench)
    with bench.twin.lock:
        todo.content, todo.updated_at = old, todo.updated_at - timedelta(seconds=1)
    tick(bench)
    (row,) = bench.rows(f"select title from staging.orders where order_id = {todo.id}")
    assert row["title"] == "Baru"
