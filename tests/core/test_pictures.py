"""A photo made smaller is upright, fits, and tells nothing but what is to be seen."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from smsinbox.core.pictures import NotAPhoto, shrunk
from tests.files import GIF, HTML, PDF, SVG

ORIENTATION, GPS, MODEL = 0x0112, 0x8825, 0x0110


def a_photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **options) -> bytes:
    """Noise, which no format makes small."""
    target = BytesIO()
    Image.effect_noise(size, 90).convert(options.pop("mode", "RGB")).save(target, kind, **options)
    return target.getvalue()


def with_notes() -> bytes:
    """As a phone writes it: lying on its side, with where and with what it was taken."""
    notes = Image.Exif()
    notes[ORIENTATION] = 6
    notes[MODEL] = "Secret phone"
    notes.get_ifd(GPS)[1] = "N"
    return a_photo(exif=notes, comment=b"Secret words", xmp=b"<x:xmpmeta>Secret</x:xmpmeta>")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")],
)
@pytest.mark.parametrize("most", [200_000, 20_000])
def test_it_fits_and_is_a_jpeg(kind, mode, most):
    smaller = shrunk(a_photo(kind, mode=mode), most)
    assert len(smaller) <= most
    with Image.open(BytesIO(smaller)) as picture:
        assert (picture.format, picture.mode) == ("JPEG", "RGB")
        assert abs(picture.width / picture.height - 4 / 3) < 0.01


def test_it_is_as_large_as_fits():
    with Image.open(BytesIO(shrunk(a_photo(size=(300, 200)), 900_000))) as picture:
        assert picture.size == (300, 200)


def test_it_stands_upright_and_says_nothing_of_where_and_with_what_it_was_taken():
    smaller = shrunk(with_notes(), 400_000)
    with Image.open(BytesIO(smaller)) as picture:
        assert picture.height > picture.width
        assert not picture.getexif()
        assert not picture.info.keys() & {"exif", "xmp", "comment", "icc_profile"}
    assert b"Secret" not in smaller


def test_what_is_seen_through_becomes_white():
    clear = BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(clear, "PNG")
    with Image.open(BytesIO(shrunk(clear.getvalue(), 50_000))) as picture:
        assert picture.getpixel((150, 150)) == (255, 255, 255)


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is enormous."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


@pytest.mark.parametrize("size", [(8000, 5001), (100_000, 100_000), (1, 40_000_001)])
def test_a_bomb_is_not_unpacked(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_: pytest.fail("unpacked"))
    with pytest.raises(NotAPhoto, match="too many pixels"):
        shrunk(a_bomb(*size), 100_000)


@pytest.mark.parametrize(
    "content",
    [b"", HTML, SVG, PDF, GIF, b"\xff\xd8\xff\xe0broken", a_photo()[:5000], a_bomb(100, 100)],
    ids=range(8),
)
def test_what_is_no_photo_is_said_to_be_none(content):
    with pytest.raises(NotAPhoto):
        shrunk(content, 100_000)


def test_a_moving_picture_is_left_alone():
    target = BytesIO()
    frames = [Image.new("RGB", (50, 50), color) for color in ("red", "blue")]
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(NotAPhoto, match="moves"):
        shrunk(target.getvalue(), 100_000)
