"""Making a photo smaller: upright, without what the camera noted, and no bigger than asked for.

The bytes are a stranger's. A picture tells its size before it is unpacked, and one that would
unpack to more than we take is refused unopened; only formats that we mean to read are tried.
"""

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps

from smsinbox.core.i18n import _l

MOST_PIXELS = 40_000_000  # a phone's best; unpacked they take four bytes each
_FORMATS = ("JPEG", "PNG", "WEBP")
_EDGES = (2048, 1600, 1280, 1024, 800, 640, 480, 320)  # pixels of the longer side
_QUALITIES = (85, 75, 60)
# Whatever a broken picture makes its reader stumble over.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, EOFError, struct.error, LookupError)

# Pillow warns of more than this, and gives up at twice as much; we at once.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class NotAPhoto(Exception):
    """It cannot be made smaller; `str()` says why."""


def shrunk(content: bytes, most: int) -> bytes:
    """A JPEG of the same picture with at most `most` bytes, as large as then fits.

    Nothing else of it is kept: no place, no time, no camera. Raises NotAPhoto.
    """
    try:
        picture = _opened(content)
        for smaller in _smaller(picture):
            if len(smaller) <= most:
                return smaller
    except _BOMB:
        raise NotAPhoto(_l("It has too many pixels.")) from None
    except _BROKEN:
        raise NotAPhoto(_l("It is no photo that can be read.")) from None
    raise NotAPhoto(_l("It cannot be made that small."))


def _opened(content: bytes) -> Image.Image:
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise NotAPhoto(_l("It has too many pixels."))
        # An MPO is a phone's JPEG with more of the same behind it; its first picture is the one.
        if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
            raise NotAPhoto(_l("It moves, and would not any more."))
        picture.draft("RGB", (_EDGES[0], _EDGES[0]))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((_EDGES[0], _EDGES[0]))
        return _on_white(upright)


def _on_white(picture: Image.Image) -> Image.Image:
    """A fresh picture of nothing but the pixels: JPEG knows no transparency, and nobody the
    place where it was taken."""
    layers = picture.convert("RGBA")
    plain = Image.new("RGB", layers.size, "white")
    plain.paste(layers, mask=layers.getchannel("A"))
    return plain


def _smaller(picture: Image.Image) -> Iterator[bytes]:
    """The picture in ever fewer bytes."""
    for edge in _EDGES:
        if edge != _EDGES[0] and edge >= max(picture.size):
            continue
        picture.thumbnail((edge, edge))
        for quality in _QUALITIES:
            target = BytesIO()
            picture.save(target, "JPEG", quality=quality, optimize=True)
            yield target.getvalue()
