"""comments, attachments and the status word: what hangs under an order."""

from typing import Any

import pytest

from tests.sql.staging.basecamp_desk import COMMENT, NOW, ROBOT, TODO, Desk

MENTION = '<bc-attachment sgid="S2" content-type="application/vnd.basecamp.mention"></bc-attachment>'
FILE: dict[str, Any] = {
    "id": 7000,
    "sgid": "F1",
    "filename": "foto.jpg",
    "content_type": "image/jpeg",
    "byte_size": 12,
    "download_url": "https://storage.3.basecamp.com/1/blobs/k/download/foto.jpg",
    "width": 1024.0,
}
TAG = (
    '<bc-attachment sgid="F1" content-type="image/jpeg" filename="foto.jpg" filesize="12"'
    ' href="https://storage.3.basecamp.com/1/blobs/k/download/foto.jpg"></bc-attachment>'
)


def test_a_persons_comment_is_a_change_and_rekaps_own_is_none(desk: Desk) -> None:
    desk.todo()
    assert desk.comment()["changed"] == 1
    assert desk.comment()["changed"] == 0
    assert desk.comment(id=901, creator={"id": ROBOT})["changed"] == 0
    found = desk.rows("select comment_id, by_rekap from staging.comments order by 1")
    assert found == [{"comment_id": 900, "by_rekap": False}, {"comment_id": 901, "by_rekap": True}]


def test_a_comment_under_something_else_is_skipped_with_its_reason(desk: Desk) -> None:
    desk.todo()
    desk.read(
        "comment",
        COMMENT | {"parent": {"id": 5, "type": "Message"}},
        COMMENT | {"id": 901, "parent": {"id": 6, "type": "Todo"}},
    )
    desk.stage()
    (entry,) = desk.rows(
        "select received, skipped_reasons from ops.run_ledger where step = 'stage comments' and received > 0"
    )
    assert entry == {"received": 2, "skipped_reasons": {"not_an_order": 2}}


def test_mentions_are_ids_of_people(desk: Desk) -> None:
    desk.read("person", {"id": 2, "name": "Sinta", "attachable_sgid": "S2", "email_address": "s@x.example"})
    desk.todo()
    desk.comment(content=f"<div>{MENTION} mohon dicek</div>")
    assert desk.rows("select mentions from staging.comments") == [{"mentions": [2]}]
    assert desk.rows("select name, attachable_sgid from staging.basecamp_people") == [
        {"name": "Sinta", "attachable_sgid": "S2"}
    ]


def test_files_come_from_the_list_and_keep_what_was_learned_of_them(desk: Desk) -> None:
    desk.todo()
    desk.comment(content_attachments=[FILE], content=TAG)
    desk.conn.execute("update staging.attachments set sha256 = 'abc'")
    desk.conn.commit()
    desk.comment(content_attachments=[FILE], content=f"{TAG} dua")
    (file,) = desk.rows("select attachment_id, order_id, comment_id, name, byte_size, sha256 from staging.attachments")
    assert list(file.values()) == [7000, 100, 900, "foto.jpg", 12, "abc"]


def test_a_file_that_left_its_text_is_trashed_and_never_deleted(desk: Desk) -> None:
    desk.todo()
    desk.comment(content_attachments=[FILE])
    desk.comment(content_attachments=[])
    assert desk.rows("select life_cycle from staging.attachments") == [{"life_cycle": "trashed"}]


def test_an_old_payload_is_read_by_its_tags(desk: Desk) -> None:
    old = {name: value for name, value in COMMENT.items() if name != "content_attachments"}
    desk.todo()
    desk.read("comment", old | {"content": f"{TAG}{MENTION}"})
    desk.stage()
    (file,) = desk.rows("select name, content_type, download_url from staging.attachments")
    assert list(file.values()) == ["foto.jpg", "image/jpeg", FILE["download_url"]]


def test_files_of_the_description_belong_to_the_order(desk: Desk) -> None:
    desk.todo(description_attachments=[FILE])
    assert desk.rows("select order_id, comment_id from staging.attachments") == [{"order_id": 100, "comment_id": None}]


@pytest.mark.parametrize(
    ("title", "comment", "word"),
    [
        ("BATAL - cuci", "Noted", "cancelled"),
        ("cuci", "Order dibatalkan oleh customer", "cancelled"),
        ("cuci", "Hold dulu ya, menunggu approval", "on_hold"),
        ("cuci", "jadi batal?", None),
        ("cuci", "Datang setelah toko tutup ya", None),
        ("HOLD - cuci", "Siap", "on_hold"),
        ("cuci", "Siap", None),
    ],
)
def test_the_status_word_is_in_the_title_or_the_last_comment(
    desk: Desk, title: str, comment: str, word: str | None
) -> None:
    desk.todo(title=title)
    desk.comment(content="<div>Batal</div>", created_at="2026-10-01T05:00:00.000Z")
    desk.comment(id=901, content=f"<div>{comment}</div>")
    desk.comment(id=902, content="<div>Order ini dibatalkan</div>", creator={"id": ROBOT})
    assert desk.order()["status_word"] == word


def test_projects_keep_their_newest_status(desk: Desk) -> None:
    desk.read("project", {"id": 10, "name": "Kopi", "status": "active"})
    desk.read("project", {"id": 10, "name": "Kopi", "status": "archived"})
    desk.stage()
    assert desk.rows("select id, status, seen_at from staging.basecamp_projects") == [
        {"id": 10, "status": "archived", "seen_at": NOW}
    ]


def test_a_batch_with_one_record_twice_keeps_the_later_one(desk: Desk) -> None:
    done = desk.read("todo", TODO, TODO | {"title": "baru", "updated_at": "2026-10-04T00:00:00.000Z"})
    assert done == {"received": 2, "loaded": 1, "unchanged": 0, "repeated": 1}
    desk.stage()
    assert desk.order()["title"] == "baru"
