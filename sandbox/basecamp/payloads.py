"""Records of the account as the API's JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from sandbox.basecamp import richtext, sgid
from sandbox.world import photos
from sandbox.world.account import (
    Account,
    Blob,
    Comment,
    Event,
    Project,
    Recording,
    Subtask,
    Todo,
    Todolist,
    Todoset,
    User,
)
from sandbox.world.projects import company

Json = dict[str, Any]
APP = "https://3.basecamp.com"
PATHS = {
    "Todo": "todos",
    "Todolist": "todolists",
    "Todoset": "todosets",
    "Comment": "comments",
    "Kanban::Step": "subtasks",
}


def stamp(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds: ``2026-10-06T04:30:00.001Z``"""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Payloads:
    """JSON for one caller: URLs carry the caller's own spelling of the origin, e-mails are masked for non-admins."""

    def __init__(
        self,
        account: Account,
        origin: str,
        storage: str,
        sees_emails: bool,
        thin: bool = False,
        people: dict[tuple[str, bool], dict[int, Json]] | None = None,
    ) -> None:
        """``people`` keeps persons from one request to the next: signing their ids is most of the work of a page."""
        self.account = account
        self.base = f"{origin}/{account.id}"
        self.app = f"{APP}/{account.id}"
        self.storage = storage
        self.sees_emails = sees_emails
        self.thin = thin
        self._people: dict[int, Json] = (people if people is not None else {}).setdefault((origin, sees_emails), {})

    def person(self, person_id: int) -> Json:
        if person_id not in self._people:
            self._people[person_id] = self._person(self.account.users[person_id])
        return self._people[person_id]

    def _person(self, user: User) -> Json:
        staff = user.personable_type == "User"
        made: Json = {
            "id": user.id,
            "attachable_sgid": sgid.person_sgid(user.id),
            "name": user.name,
            "email_address": user.email if self.sees_emails else _masked(user.email),
            "personable_type": user.personable_type,
            "title": user.title,
            "bio": None,
            "tagline": None,
            "location": user.location,
            "created_at": stamp(user.created_at),
            "updated_at": stamp(user.created_at),
            "admin": user.admin,
            "owner": False,
            "client": user.personable_type == "Client",
            "employee": staff,
            "time_zone": "Asia/Jakarta",
            "avatar_url": f"{self.base}/people/{sgid.person_sgid(user.id)[:24]}/avatar",
            "can_ping": True,
            "can_manage_projects": staff,
            "can_manage_people": staff,
            "can_access_timesheet": staff,
            "can_access_hill_charts": staff,
        }
        if user.company:
            made["company"] = company()
        return made

    def project(self, project: Project) -> Json:
        url = f"{self.base}/projects/{project.id}"
        return {
            "id": project.id,
            "status": project.status,
            "created_at": stamp(project.created_at),
            "updated_at": stamp(project.updated_at),
            "name": project.name,
            "description": project.description,
            "purpose": "topic",
            "clients_enabled": project.clients_enabled,
            "timesheet_enabled": False,
            "color": None,
            "last_needle_color": None,
            "last_needle_position": None,
            "previous_needle_position": None,
            "bookmark_url": f"{self.base}/my/bookmarks/project-{project.id}.json",
            "url": f"{url}.json",
            "app_url": f"{self.app}/projects/{project.id}",
            "dock": [
                {
                    "id": tool.id,
                    "title": tool.title,
                    "name": tool.name,
                    "enabled": tool.enabled,
                    "position": tool.position,
                    "url": f"{self._bucket(project.id)}/{tool.name}s/{tool.id}.json",
                    "app_url": f"{self.app}/buckets/{project.id}/{tool.name}s/{tool.id}",
                }
                for tool in project.dock
            ],
            "bookmarked": False,
        }

    def _bucket(self, project_id: int) -> str:
        return f"{self.base}/buckets/{project_id}"

    def _common(self, recording: Recording, kind: str, title: str) -> Json:
        where = f"buckets/{recording.project_id}/{PATHS[kind]}/{recording.id}"
        project = self.account.projects[recording.project_id]
        return {
            "id": recording.id,
            "status": recording.status,
            "visible_to_clients": recording.visible_to_clients,
            "created_at": stamp(recording.created_at),
            "updated_at": stamp(recording.updated_at),
            "title": title,
            "inherits_status": recording.inherits_status,
            "type": kind,
            "url": f"{self.base}/{where}.json",
            "app_url": f"{self.app}/{where}",
            "bookmark_url": f"{self.base}/my/bookmarks/recording-{recording.id}.json",
            "bucket": {"id": project.id, "name": project.name, "type": "Project"},
            "creator": self.person(recording.creator_id),
        }

    def _parent(self, recording: Recording) -> Json:
        parent = self.account.recording(recording.parent_id)
        if parent is None:
            raise LookupError(
                f"recording {recording.id} lies in {recording.parent_id}, which the account does not hold"
            )
        kind, title = kind_and_title(parent)
        where = f"buckets/{parent.project_id}/{PATHS[kind]}/{parent.id}"
        return {
            "id": parent.id,
            "title": title,
            "type": kind,
            "url": f"{self.base}/{where}.json",
            "app_url": f"{self.app}/{where}",
        }

    def _comments(self, recording: Recording) -> Json:
        url = f"{self._bucket(recording.project_id)}/recordings/{recording.id}"
        shown = [c for c in self.account.comments_of.get(recording.id, []) if self.account.comments[c].is_shown]
        return {
            "subscription_url": f"{url}/subscription.json",
            "comments_count": len(shown),
            "comments_url": f"{url}/comments.json",
            "boosts_count": 0,
            "boosts_url": f"{url}/boosts.json",
        }

    def todo(self, todo: Todo, position: int | None = None, recordings_row: bool = False) -> Json:
        """A to-do; ``position`` is known in lists only."""
        subtasks = [self.account.subtasks[number] for number in self.account.subtasks_of.get(todo.id, [])]
        subtasks = [subtask for subtask in subtasks if subtask.is_shown]
        url = f"{self._bucket(todo.project_id)}/todos/{todo.id}"
        made = self._common(todo, "Todo", todo.content) | self._comments(todo)
        if position is not None:
            made["position"] = position
        made |= {
            "parent": self._parent(todo),
            "description": todo.description,
            "description_attachments": [],
            "completed": todo.completed_at is not None,
            "content": todo.content,
            "starts_on": todo.starts_on,
            "due_on": todo.due_on,
            "assignees": [self.person(number) for number in todo.assignee_ids],
            "completion_subscribers": [self.person(number) for number in todo.completion_subscriber_ids],
            "completion_url": f"{url}/completion.json",
            "subtasks_count": len(subtasks),
            "subtasks_completed_count": sum(subtask.completed_at is not None for subtask in subtasks),
            "subtasks_url": f"{self._bucket(todo.project_id)}/recordings/{todo.id}/subtasks.json",
            "steps": [self.subtask(subtask) for subtask in subtasks[:100]],
        }
        if todo.completed_at is not None:
            made["completion"] = {
                "created_at": stamp(todo.completed_at),
                "creator": self.person(todo.completed_by or 0),
            }
        if recordings_row and self.thin:
            for name in ("assignees", "due_on", "starts_on", "steps", "completion_subscribers"):
                made.pop(name, None)
        return made

    def subtask(self, subtask: Subtask) -> Json:
        url = f"{self._bucket(subtask.project_id)}/subtasks/{subtask.id}"
        made = self._common(subtask, "Kanban::Step", subtask.title) | {
            "parent": self._parent(subtask),
            "completed": subtask.completed_at is not None,
            "assignees": [self.person(number) for number in subtask.assignee_ids],
            "completion_url": f"{url}/completion.json",
        }
        if subtask.due_on is not None:
            made["due_on"] = subtask.due_on
        if subtask.completed_at is not None:
            by = self.person(subtask.completed_by or subtask.creator_id)
            made["completion"] = {"created_at": stamp(subtask.completed_at), "creator": by}
        return made

    def comment(self, comment: Comment) -> Json:
        url = f"{self._bucket(comment.project_id)}/recordings/{comment.id}"
        parent = self.account.recording(comment.parent_id)
        about = kind_and_title(parent)[1] if parent is not None else ""
        return self._common(comment, "Comment", f"Re: {about}") | {
            "boosts_count": 0,
            "boosts_url": f"{url}/boosts.json",
            "parent": self._parent(comment),
            "content": richtext.expand_files(comment.content, lambda blob: self._file_tag(self.account.blobs[blob])),
            "content_attachments": [self.attachment(self.account.blobs[blob]) for blob in comment.blob_ids],
        }

    def attachment(self, blob: Blob) -> Json:
        path = f"{self.storage}/{self.account.id}/blobs/{blob.key}"
        size: Json = {"width": blob.width, "height": blob.height}
        if blob.id % 3 == 0 and blob.width is not None and blob.height is not None:
            size = {"width": float(blob.width), "height": float(blob.height)}  # seen as floats too
        return {
            "id": blob.id,
            "sgid": sgid.blob_sgid(blob.id),
            "filename": blob.filename,
            "content_type": blob.content_type,
            "byte_size": photos.size(blob.source),
            "download_url": f"{path}/download/{quote(blob.filename)}",
            **size,
            "previewable": blob.width is not None,
            "preview_url": f"{path}/previews/full",
            "thumbnail_url": f"{path}/previews/thumb",
        }

    def _file_tag(self, blob: Blob) -> str:
        told = self.attachment(blob)
        size = f' width="{blob.width}" height="{blob.height}"' if blob.width else ""
        name, preview = escape(blob.filename), told["preview_url"]
        return (
            f'<bc-attachment sgid="{told["sgid"]}" content-type="{blob.content_type}" filename="{name}"'
            f' filesize="{told["byte_size"]}"{size} url="{preview}" href="{told["download_url"]}"'
            f' previewable="{str(told["previewable"]).lower()}" presentation="gallery">'
            f'<figure><img src="{preview}"><figcaption>{name}</figcaption></figure></bc-attachment>'
        )

    def event(self, event: Event) -> Json:
        return {
            "id": event.id,
            "recording_id": event.recording_id,
            "action": event.action,
            "details": event.details,
            "created_at": stamp(event.created_at),
            "creator": self.person(event.creator_id),
            "boosts_count": 0,
        }

    def todoset(self, todoset: Todoset) -> Json:
        lists = [found for found in self.account.lists_in(todoset.id) if found.status == todoset.status]
        holders = [*lists, *(group for found in lists for group in self.account.lists_in(found.id))]
        todos = [t for holder in holders for t in self.account.todos_in(holder.id) if t.status == todoset.status]
        done = sum(todo.completed_at is not None for todo in todos)
        url = f"{self._bucket(todoset.project_id)}/todosets/{todoset.id}"
        return self._common(todoset, "Todoset", todoset.name) | {
            "name": todoset.name,
            "position": 1,
            "completed": bool(todos) and done == len(todos),
            "completed_ratio": f"{done}/{len(todos)}",
            "todos_count": len(todos),
            "todolists_count": len(lists),
            "todolists_url": f"{url}/todolists.json",
            "todos_url": f"{url}/todos.json",
            "app_todolists_url": f"{self.app}/buckets/{todoset.project_id}/todosets/{todoset.id}/todolists",
            "app_todos_url": f"{self.app}/buckets/{todoset.project_id}/todosets/{todoset.id}/todos",
        }

    def todolist(self, found: Todolist) -> Json:
        """A list, or a group: a group has ``group_position_url`` where a list has ``groups_url``."""
        todos = [todo for todo in self.account.todos_in(found.id) if todo.status == found.status]
        done = sum(todo.completed_at is not None for todo in todos)
        url = f"{self._bucket(found.project_id)}/todolists/{found.id}"
        is_group = found.parent_id in self.account.todolists
        app_url = f"{self.app}/buckets/{found.project_id}/todolists/{found.id}"
        made = self._common(found, "Todolist", found.name) | self._comments(found)
        made |= {
            "position": 1,
            "parent": self._parent(found),
            "description": found.description,
            "description_attachments": [],
            "completed": bool(todos) and done == len(todos),
            "completed_ratio": f"{done}/{len(todos)}",
            "name": found.name,
            "color": None,
            "bubble_up_url": f"{url}/bubble_up.json",
            "todos_url": f"{url}/todos.json",
            "comments_app_url": f"{app_url}/comments",
            "app_todos_url": f"{app_url}/todos",
        }
        if is_group:
            made["group_position_url"] = f"{self._bucket(found.project_id)}/todolists/groups/{found.id}/position.json"
        else:
            made["groups_url"] = f"{url}/groups.json"
        return made


def kind_and_title(recording: Recording) -> tuple[str, str]:
    """The API's type and title of a recording."""
    match recording:
        case Todo():
            return "Todo", recording.content
        case Todolist():
            return "Todolist", recording.name
        case Todoset():
            return "Todoset", recording.name
        case Subtask():
            return "Kanban::Step", recording.title
        case _:
            return "Comment", ""


def _masked(email: str) -> str:
    """An address as non-admins see it: bullets."""
    return "".join("•" if letter.isalnum() else letter for letter in email)
