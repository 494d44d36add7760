"""Which client a to-do belongs to, by where it lies and what its title begins with."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.world.account import Account, Todo
from sandbox.world.model import Client


def client_of(account: Account, clients: Iterable[Client], todo: Todo) -> Client | None:
    """The longest title prefix wins, then the group or list, then the list of the group, then the project."""
    here = [client for client in clients if client.scopes[0]["project_id"] == todo.project_id]
    prefixed = [c for c in here if c.scopes[0]["kind"] == "title_prefix" and todo.content.startswith(c.prefix)]
    if prefixed:
        return max(prefixed, key=lambda client: len(client.prefix))
    holder = account.todolists.get(todo.parent_id)
    places = (todo.parent_id, holder.parent_id if holder is not None else 0)
    for place in places:
        for client in here:
            if client.scopes[0]["kind"] == "list" and client.scopes[0]["list_id"] == place:
                return client
    return next((client for client in here if client.whole_project), None)
