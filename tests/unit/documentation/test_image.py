from io import BytesIO

import pytest
from PIL import Image

from rekap.documentation.image import GPS_TAG, ORIENTATION_TAG, Refused, checked


def jpeg(width: int = 40, height: int = 20, *, gps: bool = False, orientation: int = 1) -> bytes:
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, width // 2, height))
    exif = image.getexif()
    if gps:
        exif[GPS_TAG] = {1: "S", 2: (6.0, 10.0, 30.0)}
    if orientation != 1:
        exif[ORIENTATION_TAG] = orientation
    buffer = BytesIO()
    image.save(buffer, format="JPEG", exif=exif)
    return buffer.getvalue()


def test_a_plain_photo_is_sent_as_it_came() -> None:
    content = jpeg()
    picture = checked(content, 89)
    assert picture.content == content
    assert (picture.extension, picture.content_type, picture.cleaned) == ("jpg", "image/jpeg", False)


def test_the_place_is_taken_out_of_a_photo() -> None:
    picture = checked(jpeg(gps=True), 89)
    assert picture.cleaned
    assert GPS_TAG not in Image.open(BytesIO(picture.content)).getexif()


def test_a_photo_that_lies_on_its_side_is_turned_upright() -> None:
    picture = checked(jpeg(40, 20, orientation=6), 89)
    upright = Image.open(BytesIO(picture.content))
    assert upright.size == (20, 40)
    assert upright.getexif().get(ORIENTATION_TAG, 1) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>sign in</html>", "not_an_image"),
        (b"", "not_an_image"),
        (jpeg(400, 300)[:900], "damaged"),
        (b"%PDF-1.7\n%...", "not_an_image"),
    ],
)
def test_what_is_no_whole_image_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        checked(content, 89)


def test_an_image_that_unpacks_into_too_many_pixels_is_refused() -> None:
    with pytest.raises(Refused, match="too_many_pixels"):
        checked(jpeg(2000, 1000), 1)


def test_a_kind_that_is_not_on_the_list_is_refused() -> None:
    buffer = BytesIO()
    Image.new("RGB", (10, 10)).save(buffer, format="TIFF")
    with pytest.raises(Refused, match="not_an_image"):
        checked(buffer.getvalue(), 89)
