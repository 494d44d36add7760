"""What a posted file must be before it reaches a client: a whole image of a known kind, without the place it was taken.

A file that only claims to be an image, is cut off or unpacks into too many pixels is refused with a reason. Bytes are
sent as they came unless they tell where the picture was taken, or lie on their side: then a cleaned copy is sent.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

GPS_TAG, ORIENTATION_TAG = 0x8825, 0x0112
KINDS = {"JPEG": ("jpg", "image/jpeg"), "PNG": ("png", "image/png"), "WEBP": ("webp", "image/webp"),
         "GIF": ("gif", "image/gif")}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """What may be sent: the bytes, the extension and content type that fit them, and whether they were cleaned."""

    content: bytes
    extension: str
    content_type: str
    cleaned: bool


class Refused(Exception):
    """The file must not be delivered; the message is a reason code of `documentation.refused_*`."""


def checked(content: bytes, most_megapixels: int) -> Picture:
    """The picture to send; raises Refused for what is no image, is cut off, or has too many pixels."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=tuple(KINDS)) as image:
                if image.width * image.height > most_megapixels * 1_000_000:
                    raise Refused("too_many_pixels")
                # Only load() reads to the end: verify() lets a half JPEG pass.
                image.load()
                extension, content_type = KINDS[str(image.format)]
                exif = image.getexif()
                turned = exif.get(ORIENTATION_TAG, 1) != 1
                if GPS_TAG not in exif and not turned:
                    return Picture(content, extension, content_type, cleaned=False)
                upright = ImageOps.exif_transpose(image)
                kept = upright.getexif()
                if GPS_TAG in kept:
                    del kept[GPS_TAG]
                buffer = BytesIO()
                quality = {"quality": 92} if image.format in ("JPEG", "WEBP") else {}
                upright.save(buffer, format=image.format, exif=kept, **quality)
                return Picture(buffer.getvalue(), extension, content_type, cleaned=True)
    except UnidentifiedImageError as error:
        raise Refused("not_an_image") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("damaged") from error
