"""What people write under an order: chatter, mentions, photos, and the last word on a cancelled one."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from random import Random

from sandbox.basecamp.sgid import person_sgid
from sandbox.world import photos
from sandbox.world.account import Account, Blob, Comment, FileSource, Todo, User
from sandbox.world.model import Order, Person

CHATTER = (
    "Mohon dijadwalkan ya, terima kasih",
    "Klien minta datang sebelum toko buka",
    "Akses parkir lewat pintu belakang",
    "Tolong bawa tangga yang tinggi",
    "Klien sudah konfirmasi via WhatsApp",
    "Noted, terima kasih",
    "Ruangan ada di lantai 2",
    "Unit outdoor ada di rooftop, minta kunci ke satpam",
)
REPLIES = ("Siap", "Siap kak, sudah saya catat", "Oke, saya teruskan ke tim", "Baik, terima kasih")


def mention(account: Account, person: Person) -> str:
    user = account.users[person.basecamp_id or 0]
    return mention_html(user)


def mention_html(user: User) -> str:
    """A mention as the API gives it back: the tag with the avatar figure inside."""
    return (
        f'<bc-attachment sgid="{person_sgid(user.id)}" content-type="application/vnd.basecamp.mention">'
        f"<figure><figcaption>{escape(user.name)}</figcaption></figure></bc-attachment>"
    )


class Conversation:
    """Writes the comments under the orders of one account."""

    def __init__(self, account: Account, seed: int, now: datetime) -> None:
        self.account = account
        self.seed = seed
        self.now = now
        self.photos = 0
        self.last_blob_id = 9_007_199_300_000_000

    def write(self, order: Order, todo: Todo, rng: Random) -> None:
        """All comments of one order, oldest first; the to-do's ``updated_at`` moves with them."""
        am, pic = order.client.am, order.client.pic
        at = order.entered_at
        limit = min(self.now, order.completed_at or self.now)

        def later(minutes: int) -> datetime:
            nonlocal at
            at = at + timedelta(minutes=minutes, seconds=rng.randint(0, 59), milliseconds=rng.randint(0, 999))
            return at

        if rng.random() < 0.45:
            when = later(rng.randint(3, 40))
            if when < limit:
                self.say(todo, am, rng.choice(CHATTER), when)
        if rng.random() < 0.2:
            asked, answered = later(rng.randint(5, 60)), later(rng.randint(4, 50))
            if answered < limit:
                self.say(todo, am, f"{mention(self.account, pic)} mohon dicek ya", asked)
                self.say(todo, pic, rng.choice(REPLIES), answered)
        if order.photos or order.odd_files:
            self.show(order, todo, rng)
        if order.last_words:
            when = min(max(at, order.completed_at or at) + timedelta(minutes=2), self.now - timedelta(minutes=1))
            self.say(todo, am, order.last_words, when)

    def say(self, todo: Todo, author: Person, html: str, at: datetime, blob_ids: list[int] | None = None) -> None:
        comment = Comment(
            id=self.account.new_id(),
            project_id=todo.project_id,
            parent_id=todo.id,
            creator_id=author.basecamp_id or 0,
            created_at=at,
            updated_at=at,
            visible_to_clients=todo.visible_to_clients,
            status="active",
            content=f"<div>{html}</div>",
            blob_ids=blob_ids or [],
        )
        self.account.add_comment(comment)
        todo.updated_at = max(todo.updated_at, at)
        if comment.creator_id not in todo.subscriber_ids:
            todo.subscriber_ids.append(comment.creator_id)

    def show(self, order: Order, todo: Todo, rng: Random) -> None:
        """The technician posts the photos of the visit, one or two comments of them."""
        author = next((person for person in order.technicians if person.basecamp_id is not None), order.client.pic)
        end = order.completed_at or self.now
        blobs: list[Blob] = []
        for number in range(order.photos):
            self.photos += 1
            source = FileSource(
                "photo",
                self.seed,
                self.photos,
                (order.outlet.name, f"{order.day.isoformat()} foto {number + 1}"),
                orientation=6 if self.photos % 17 == 5 else 3 if self.photos % 29 == 7 else 1,
                gps=self.photos % 13 == 3,
            )
            bare = "no_extension" in order.odd_files and number == 0
            name = f"foto_{self.photos}" if bare else f"IMG-{order.day:%Y%m%d}-WA{self.photos:04}.jpg"
            blobs.append(self._blob(name, "image/jpeg", source))
            order.photo_sha256.append(photos.digest(source))
        cut = len(blobs) if len(blobs) < 3 or rng.random() < 0.5 else 2
        for part in (blobs[:cut], blobs[cut:]):
            if part:
                self._post(todo, author, part, end - timedelta(minutes=rng.randint(2, 25)), rng)
        if "pdf" in order.odd_files:
            self.photos += 1
            source = FileSource("pdf", self.seed, self.photos, ("Berita acara", order.outlet.name))
            self._post(todo, order.client.pic, [self._blob("Berita acara.pdf", "application/pdf", source)], end, rng)

    def _post(self, todo: Todo, author: Person, blobs: list[Blob], at: datetime, rng: Random) -> None:
        words = rng.choice(("Foto sebelum dan sesudah", "Dokumentasi", "Sudah rapi ya", ""))
        tags = "".join(f'<bc-attachment blob="{blob.id}"></bc-attachment>' for blob in blobs)
        self.say(todo, author, f"{words}<br>{tags}" if words else tags, at, [blob.id for blob in blobs])

    def _blob(self, filename: str, content_type: str, source: FileSource) -> Blob:
        self.last_blob_id += 11
        image = content_type.startswith("image/")
        sideways = source.orientation in {6, 8}
        width, height = (photos.SIZE[::-1] if sideways else photos.SIZE) if image else (None, None)
        key = f"{Random(f'{self.seed}/blob/{self.last_blob_id}').getrandbits(140):035x}"
        blob = Blob(self.last_blob_id, key, filename, content_type, source, width, height)
        self.account.blobs[blob.id] = blob
        return blob
