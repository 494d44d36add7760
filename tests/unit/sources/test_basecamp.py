"""Basecamp into raw and staging, against the twin over HTTP."""

import json
from collections import Counter
from typing import Any

import pytest

from rekap.errors import PermanentError, TransientError
from rekap.sources import basecamp, register
from rekap.sources.basecamp.__main__ import main
from tests.unit.sources.conftest import Bench

COUNTED = """
    select kind, count(*) as versions, count(distinct id) as ids from raw.basecamp_items group by kind order by kind
"""


def fetch_and_stage(bench: Bench) -> tuple[dict[str, int], dict[str, int]]:
    run = bench.run()
    return basecamp.fetch(bench.conn, bench.client(), run), basecamp.stage(bench.conn, run)


def snapshot(bench: Bench) -> dict[str, list[dict[str, Any]]]:
    """Every relation that staging fills, without the moments at which Rekap looked."""
    tables = ("orders", "order_services", "order_technicians", "visits", "comments", "attachments")
    return {
        table: [
            {name: value for name, value in row.items() if name not in {"first_seen_at", "last_seen_at"}}
            for row in bench.rows(f"select * from staging.{table} order by 1, 2")
        ]
        for table in tables
    }


def test_staging_equals_the_truth_row_by_row(bench: Bench) -> None:
    fetch_and_stage(bench)
    orders = {row["order_id"]: row for row in bench.rows("select * from staging.orders")}
    truth = {order["order_id"]: order for order in bench.truth()["orders"]}
    assert orders.keys() == truth.keys()
    services = Counter[tuple[int, str, int | None]]()
    for row in bench.rows("select order_id, service, units from staging.order_services"):
        services[row["order_id"], row["service"], row["units"]] += 1
    wrong = []
    for order_id, true in truth.items():
        read = orders[order_id]
        unreadable = set(true["unreadable"])
        expected = {
            "client": true["client"],
            "outlet": None if "outlet" in unreadable else true["outlet"],
            "service_date": None if "date" in unreadable else true["date"],
            "units": None if "units" in unreadable else sum(each["units"] for each in true["services"]),
            "assigned": true["assigned"],
            "life_cycle": true["life_cycle"],
            "visible_to_clients": true["visible_to_clients"],
        }
        told = {name: str(value) if name == "service_date" and value else value for name, value in read.items()}
        differing = {name: (told[name], value) for name, value in expected.items() if told[name] != value}
        conflicts = {name for name, problem in read["problems"].items() if problem == "conflict"}
        if unreadable != set(read["problems"]) - conflicts - {"technician"}:
            differing["problems"] = (read["problems"], unreadable)
        written = bench.twin.world.order(order_id)
        assert written is not None
        moved = written.due_on_set and written.form_day not in (None, written.day)
        if conflicts != ({"date"} if moved else set()):
            differing["conflicts"] = (conflicts, written.form_day)
        for each in true["services"]:
            units = None if "units" in unreadable else each["units"]
            if not services[order_id, each["service"], units]:
                differing[each["service"]] = (units, "not found")
        if read["description"] and true["time"] and f"{read['time_from']:%H:%M}" != true["time"]:
            differing["time"] = (read["time_from"], true["time"])
        if differing:
            wrong.append((order_id, read["title"], differing))
    assert wrong == []


def test_photos_and_comments_are_those_of_the_world(bench: Bench) -> None:
    fetch_and_stage(bench)
    orders = {row["order_id"] for row in bench.rows("select order_id from staging.orders")}
    world = bench.twin.world.account
    expected = {number for number, comment in world.comments.items() if comment.parent_id in orders}
    assert {row["comment_id"] for row in bench.rows("select comment_id from staging.comments")} == expected
    blobs = {blob for number in expected for blob in world.comments[number].blob_ids}
    assert {row["attachment_id"] for row in bench.rows("select attachment_id from staging.attachments")} == blobs
    assert blobs


def test_a_mention_is_known_by_the_person(bench: Bench) -> None:
    fetch_and_stage(bench)
    mentioned = bench.rows("select distinct unnest(mentions) as id from staging.comments")
    pics = {person.basecamp_id for person in bench.config.register.with_role("pic")}
    assert {row["id"] for row in mentioned} <= pics
    assert mentioned


def test_to_dos_of_no_client_are_skipped_with_their_reason(bench: Bench) -> None:
    fetch_and_stage(bench)
    (entry,) = bench.rows("select * from ops.run_ledger where step = 'stage orders'")
    assert entry["skipped_reasons"]["other_project"] == entry["skipped"] > 0
    assert entry["received"] == entry["skipped"] + len(bench.truth()["orders"])


def test_a_second_fetch_is_quiet(bench: Bench) -> None:
    fetch_and_stage(bench)
    before, versions = snapshot(bench), bench.rows(COUNTED)
    bench.twin.log.clear()
    fetched, staged = fetch_and_stage(bench)
    assert len(bench.twin.log.calls("basecamp", method="GET")) == 6
    assert (fetched["loaded"], staged["changed"], staged["received"]) == (0, 0, 0)
    assert bench.rows(COUNTED) == versions
    assert snapshot(bench) == before


def test_staging_everything_again_changes_nothing(bench: Bench) -> None:
    fetch_and_stage(bench)
    before = snapshot(bench)
    bench.conn.execute("delete from ops.watermarks where scope = 'staged'")
    bench.conn.commit()
    assert basecamp.stage(bench.conn, bench.run())["changed"] == 0
    assert snapshot(bench) == before


def test_a_failure_between_walks_leaves_what_was_read_and_says_incomplete(bench: Bench) -> None:
    for after in (1, 3, 5):
        bench.twin.faults.add(service="basecamp", route="GET /projects/recordings", status=500, times=5, after=after)
        with pytest.raises(TransientError):
            basecamp.fetch(bench.conn, bench.client(), bench.run())
        bench.twin.faults.clear()
    states = bench.rows("select state, reason from ops.completeness order by run_id")
    assert {row["state"] for row in states} == {"incomplete"}
    assert all("500" in row["reason"] for row in states)
    fetch_and_stage(bench)
    assert len(bench.rows("select 1 from staging.orders")) == len(bench.truth()["orders"])
    (row,) = bench.rows("select state from ops.completeness order by checked_at desc, run_id desc limit 1")
    assert row["state"] == "complete"


def some_open_order(bench: Bench) -> int:
    (row,) = bench.rows(
        "select order_id from staging.orders where life_cycle = 'active' and not completed and not assigned"
        " and not visible_to_clients and client in"
        " (select client from staging.client_scopes where kind = 'project') order by 1 limit 1"
    )
    return int(row["order_id"])


def change(bench: Bench, order_id: int, **fields: Any) -> None:
    """As a person would: the API wants the whole to-do back."""
    told = bench.client()
    todo = told.get(f"/todos/{order_id}.json")
    body = {
        "content": todo["content"],
        "description": todo["description"],
        "due_on": todo["due_on"],
        "assignee_ids": [person["id"] for person in todo["assignees"]],
    }
    told.put(f"/todos/{order_id}.json", body | fields)


def test_an_assignment_and_a_move_become_history(bench: Bench) -> None:
    fetch_and_stage(bench)
    order_id = some_open_order(bench)
    technician = next(iter(person for person in bench.config.register.with_role("technician") if person.basecamp_id))
    change(bench, order_id, assignee_ids=[technician.basecamp_id], due_on="2026-10-20")
    _, staged = fetch_and_stage(bench)
    assert staged["changed"] > 0
    changes = {row["field"]: row for row in bench.rows("select * from staging.order_changes")}
    assert (changes["assigned"]["old"], changes["assigned"]["new"]) == ("false", "true")
    assert changes["service_date"]["new"] == "2026-10-20"
    assert changes["technicians"]["new"] == technician.code
    (order,) = bench.rows(f"select * from staging.orders where order_id = {order_id}")
    (visit,) = bench.rows(f"select * from staging.visits where order_id = {order_id}")
    assert order["assigned"] and str(order["service_date"]) == str(visit["service_date"]) == "2026-10-20"


def test_an_office_person_never_counts_as_assigned(bench: Bench) -> None:
    fetch_and_stage(bench)
    order_id = some_open_order(bench)
    pic = bench.config.register.with_role("pic")[0]
    change(bench, order_id, assignee_ids=[pic.basecamp_id])
    fetch_and_stage(bench)
    (order,) = bench.rows(f"select assigned, assignee_ids from staging.orders where order_id = {order_id}")
    assert (order["assigned"], order["assignee_ids"]) == (False, [pic.basecamp_id])


def test_rekaps_own_comment_is_no_change_and_another_persons_is(bench: Bench) -> None:
    fetch_and_stage(bench)
    order_id = some_open_order(bench)
    bench.client().comment(order_id, "<div>Rekap: belum ada teknisi</div>")
    fetched, staged = fetch_and_stage(bench)
    assert (fetched["loaded"] > 0, staged["changed"]) == (True, 0)
    assert bench.rows("select count(*) as n from staging.comments where by_rekap")[0]["n"] == 1


def test_a_trashed_to_do_keeps_its_row(bench: Bench) -> None:
    fetch_and_stage(bench)
    order_id = some_open_order(bench)
    bench.client().put(f"/recordings/{order_id}/status/trashed.json", {})
    fetch_and_stage(bench)
    (order,) = bench.rows(f"select life_cycle from staging.orders where order_id = {order_id}")
    assert order["life_cycle"] == "trashed"


def test_orders_of_an_archived_project_are_archived_with_it(bench: Bench) -> None:
    fetch_and_stage(bench)
    project_id = bench.config.register.clients[0].scopes[0].project_id
    project = bench.twin.world.account.projects[project_id]
    counted = f"select life_cycle, count(*) as n from staging.orders where project_id = {project_id} group by 1"
    before = {row["life_cycle"]: row["n"] for row in bench.rows(counted)}
    project.status = "archived"
    fetch_and_stage(bench)
    after = {row["life_cycle"]: row["n"] for row in bench.rows(counted)}
    assert before["active"] > 0 and "active" not in after
    assert sum(after.values()) == sum(before.values())
    project.status = "active"
    fetch_and_stage(bench)
    assert {row["life_cycle"]: row["n"] for row in bench.rows(counted)} == before
    assert {row["state"] for row in bench.rows("select state from ops.completeness")} == {"complete"}


def test_the_command_runs_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = bench.twin["basecamp"]
    names = ("account_id", "refresh_token", "token_url", "storage_url")
    connection = {
        "conn_type": "basecamp",
        "host": f"{told['url']}/{told['account_id']}",
        "login": told["client_id"],
        "password": told["client_secret"],
        "extra": json.dumps({name: told[name] for name in names} | {"user_agent": "Rekap (data@rekap.example)"}),
    }
    monkeypatch.setenv("AIRFLOW_CONN_BASECAMP_DEFAULT", json.dumps(connection))
    monkeypatch.setenv("REKAP_WAREHOUSE", bench.conn.info.dsn)
    monkeypatch.setenv("REKAP_NOW", bench.twin.clock.now().isoformat())
    monkeypatch.setenv("REKAP_CONFIG", str(bench.folder))
    assert main([]) == 0
    assert f'"orders": {len(bench.truth()["orders"])}' in capsys.readouterr().out
    assert main(["--help"]) == 2
    monkeypatch.setenv("AIRFLOW_CONN_BASECAMP_DEFAULT", "no json")
    assert main([]) == 1
    assert "AIRFLOW_CONN_BASECAMP_DEFAULT" in capsys.readouterr().err


def test_rows_without_assignees_are_completed_once_each(bench: Bench) -> None:
    bench.twin.basecamp.switches.thin_recordings = True
    fetch_and_stage(bench)
    asked = len(bench.twin.log.calls("basecamp", route="/todos/{id}", method="GET"))
    assert asked == len([todo for todo in bench.twin.world.account.todos.values()
                         if bench.twin.world.account.projects[todo.project_id].status == "active"])  # fmt: skip
    unassigned = {order["order_id"] for order in bench.truth()["orders"] if not order["assigned"]}
    assert {
        row["order_id"] for row in bench.rows("select order_id from staging.orders where not assigned")
    } == unassigned
    fetch_and_stage(bench)
    assert len(bench.twin.log.calls("basecamp", route="/todos/{id}", method="GET")) == asked


def test_a_thin_row_whose_to_do_vanished_meanwhile_is_left_out(bench: Bench) -> None:
    bench.twin.basecamp.switches.thin_recordings = True
    bench.twin.faults.add(service="basecamp", route="GET /todos/{id}", status=404, times=1)
    fetch_and_stage(bench)
    kept = bench.rows("select count(*) as n from raw.basecamp_newest where kind = 'todo'")[0]["n"]
    fetch_and_stage(bench)
    found = {row["order_id"]: row["assigned"] for row in bench.rows("select order_id, assigned from staging.orders")}
    truth = {order["order_id"]: order["assigned"] for order in bench.truth()["orders"]}
    assert found == truth
    assert bench.rows("select count(*) as n from raw.basecamp_newest where kind = 'todo'")[0]["n"] >= kept


def test_a_new_alias_is_used_at_once(bench: Bench) -> None:
    fetch_and_stage(bench)
    (order,) = bench.rows("select * from staging.orders where outlet is not null order by 1 limit 1")
    clients = tuple(
        client.model_copy(update={"outlets": ()}) if client.slug == order["client"] else client
        for client in bench.config.register.clients
    )
    whole = bench.config
    bench.config = settings_with(bench, clients)
    fetch_and_stage(bench)
    (lost,) = bench.rows(f"select outlet, problems from staging.orders where order_id = {order['order_id']}")
    assert lost["outlet"] is None and "outlet" in lost["problems"]
    bench.config = whole
    register.load(bench.conn, bench.run())
    fetch_and_stage(bench)
    (found,) = bench.rows(f"select outlet, problems from staging.orders where order_id = {order['order_id']}")
    assert (found["outlet"], found["problems"]) == (order["outlet"], order["problems"])


def settings_with(bench: Bench, clients: tuple[Any, ...]) -> Any:
    from dataclasses import replace

    return replace(bench.config, register=bench.config.register.model_copy(update={"clients": clients}))


def test_a_connection_that_signs_in_as_somebody_else_is_refused(bench: Bench) -> None:
    people = tuple(
        person.model_copy(update={"basecamp_id": 1}) if "robot" in person.roles else person
        for person in bench.config.register.people
    )
    from dataclasses import replace

    bench.config = replace(bench.config, register=bench.config.register.model_copy(update={"people": people}))
    with pytest.raises(PermanentError, match=r"basecamp_default.*role robot"):
        basecamp.fetch(bench.conn, bench.client(), bench.run())


def test_cancelled_and_held_orders_are_known_by_their_words(bench: Bench) -> None:
    fetch_and_stage(bench)
    truth = {order["order_id"]: order["status"] for order in bench.truth()["orders"]}
    for row in bench.rows("select order_id, status_word, completed, life_cycle from staging.orders"):
        status = truth[row["order_id"]]
        if row["life_cycle"] == "active" and row["completed"]:
            assert (row["status_word"] == "cancelled") == (status == "cancelled"), row
        if status == "on_hold":
            assert row["status_word"] in {"on_hold", None}
