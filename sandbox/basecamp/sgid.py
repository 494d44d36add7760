"""Signed global ids: what a mention or an attachment is named by in rich text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

# Not a secret: the twin signs only so that a made-up id can be told from one that it gave out.
_KEY = b"sandbox"


def sgid(gid: str) -> str:
    """``base64(envelope)--hmac`` for a global id such as ``gid://bc3/Person/1``, in Rails' JSON envelope."""
    envelope = json.dumps({"_rails": {"data": gid, "pur": "attachable"}}, separators=(",", ":")).encode()
    payload = base64.b64encode(envelope).decode()
    return f"{payload}--{hmac.new(_KEY, payload.encode(), hashlib.sha1).hexdigest()}"


def person_sgid(person_id: int) -> str:
    return sgid(f"gid://bc3/Person/{person_id}")


def blob_sgid(blob_id: int) -> str:
    return sgid(f"gid://bc3/ActiveStorage::Blob/{blob_id}")


def read(text: str) -> str | None:
    """The global id inside, or None when the twin never signed this text."""
    payload, _, signature = text.partition("--")
    expected = hmac.new(_KEY, payload.encode(), hashlib.sha1).hexdigest()
    if not hmac.compare_digest(signature.encode(), expected.encode()):
        return None
    data = json.loads(base64.b64decode(payload))["_rails"]["data"]
    return str(data)


def person_id(text: str) -> int | None:
    """The person that a mention's sgid names, None for anything else."""
    gid = read(text)
    prefix = "gid://bc3/Person/"
    return int(gid.removeprefix(prefix)) if gid is not None and gid.startswith(prefix) else None
