"""Photos that technicians post, drawn from numbers: the same source gives the same bytes."""

from __future__ import annotations

import io
from functools import cache, lru_cache
from hashlib import sha256
from random import Random

from PIL import Image, ImageDraw

from sandbox.world.account import FileSource

SIZE = (480, 360)


@lru_cache(maxsize=512)
def content(source: FileSource) -> bytes:
    """The bytes of a file: a JPEG of 480x360 (``photo``) or a small PDF (``pdf``)."""
    if source.kind == "photo":
        return _jpeg(source)
    if source.kind == "pdf":
        return _pdf(source)
    raise ValueError(f"no file of kind {source.kind!r} can be drawn")


@cache
def size(source: FileSource) -> int:
    """How many bytes a file has; lists tell it for every file, long after its bytes were forgotten."""
    return len(content(source))


def digest(source: FileSource) -> str:
    return sha256(content(source)).hexdigest()


def _jpeg(source: FileSource) -> bytes:
    rng = Random(f"{source.seed}/photo/{source.number}")
    wall, unit = (tuple(rng.randint(low, high) for _ in range(3)) for low, high in ((120, 235), (225, 255)))
    image = Image.new("RGB", SIZE, wall)
    draw = ImageDraw.Draw(image)
    left, top = rng.randint(30, 120), rng.randint(30, 90)
    draw.rounded_rectangle((left, top, left + 280, top + 110), 14, fill=unit, outline=(90, 90, 90), width=2)
    for slat in range(5):
        y = top + 66 + slat * 8
        draw.line((left + 16, y, left + 264, y), fill=(150, 150, 155), width=2)
    for _ in range(rng.randint(20, 60)):
        x, y = rng.randint(0, SIZE[0]), rng.randint(top + 120, SIZE[1])
        draw.ellipse(
            (x, y, x + rng.randint(2, 14), y + rng.randint(2, 10)), fill=tuple(rng.randint(60, 160) for _ in "rgb")
        )
    for number, line in enumerate(source.lines):
        draw.text((14, SIZE[1] - 18 * (len(source.lines) - number) - 6), line, fill=(20, 20, 20))
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    exif[0x0112] = source.orientation
    if source.gps:
        exif[0x8825] = {1: "S", 2: (6.0, 18.0, 12.5), 3: "E", 4: (106.0, 39.0, 8.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70, exif=exif)
    return out.getvalue()


def _pdf(source: FileSource) -> bytes:
    text = " ".join(source.lines).replace("(", "").replace(")", "")
    stream = f"BT /F1 12 Tf 60 760 Td ({text}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 5 0 R >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    body += (
        f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return body.encode("latin-1", "replace")
