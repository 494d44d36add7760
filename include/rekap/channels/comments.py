"""A planned comment, carried out: looked for when it may stand there already, checked against the live to-do,
posted."""

from collections.abc import Callable
from typing import Any

from rekap.channels import basecamp_comment
from rekap.channels.outcome import Outcome
from rekap.channels.ports import Basecamp
from rekap.run import Run


def carry_out(basecamp: Basecamp, run: Run, message: dict[str, Any], hand_over: Callable[[], None]) -> Outcome:
    """Post the comment once. `hand_over` is called right before it is posted. Never on a to-do that clients can see
    (then by mail), nor on one that is assigned, done or away by now."""
    order, message_id = message["order_id"], message["message_id"]
    if message["was_handed_over"]:
        found = basecamp_comment.posted(basecamp.comments_of(order), message_id)
        if found is not None:
            return Outcome("sent", external_id=str(found))
    if not message["is_needed"]:
        return Outcome("withdrawn", "what it was about is settled")
    todo = basecamp.get(f"/todos/{order}.json")
    if todo.get("status") != "active":
        return Outcome("withdrawn", f"the to-do is {todo.get('status')} by now")
    if todo.get("completed"):
        return Outcome("withdrawn", "the to-do is completed by now")
    technicians = {person.basecamp_id for person in run.config.register.with_role("technician")}
    if any(person.get("id") in technicians for person in todo.get("assignees") or ()):
        return Outcome("withdrawn", "a technician is assigned by now")
    if todo.get("visible_to_clients", True):
        return Outcome("withdrawn", "clients can see the to-do: told by mail instead", by_mail=True)
    hand_over()
    made = basecamp.comment(order, basecamp_comment.signed(message_id, message["body_html"]))
    return Outcome("sent", external_id=str(made["id"]))
