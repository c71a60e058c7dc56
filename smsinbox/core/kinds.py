"""What a file is, by its first bytes: nobody's word for it counts, neither name nor Content-Type.

What a browser may show inside a page is a closed list of pictures, sounds and films. Everything
else, above all SVG and HTML, which can carry scripts, is only ever handed out as a download.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

import puremagic

UNKNOWN = "application/octet-stream"

# By the ending that puremagic gives a file. What is missing here is UNKNOWN to us.
_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".mp4": "video/mp4",
    ".3gp": "video/3gpp",
    ".webm": "video/webm",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".amr": "audio/amr",
    ".wav": "audio/wav",
    ".pdf": "application/pdf",
    ".vcf": "text/vcard",
}
_ENDINGS = {kind: ending for ending, kind in reversed(_TYPES.items())}
_INLINE = {
    "image/png": "picture",
    "image/jpeg": "picture",
    "image/gif": "picture",
    "image/webp": "picture",
    "image/avif": "picture",
    "video/mp4": "video",
    "video/3gpp": "video",
    "video/webm": "video",
    "audio/mpeg": "audio",
    "audio/mp4": "audio",
    "audio/ogg": "audio",
    "audio/amr": "audio",
    "audio/wav": "audio",
}
# What carriers take in an MMS: https://developers.telnyx.com/docs/messaging/messages/send-receive-mms
SENDABLE = frozenset(_TYPES.values()) - {"image/avif", "image/heic", "video/webm"}


def judge(head: bytes) -> str:
    """The type of a file that begins so; UNKNOWN for all that is not on our list."""
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    known = (_TYPES.get(one.extension) for one in found)
    return next((kind for kind in known if kind), UNKNOWN)


def by_name(url: str) -> str:
    """The type that an address's ending promises, nobody knows yet whether truly; or empty."""
    path = url.partition("#")[0].partition("?")[0]
    return _TYPES.get(PurePosixPath(path).suffix.lower(), "")


def _by_brand(brand: bytes) -> str:
    """Pictures, films and sounds of phones share one format; puremagic lacks many of its brands."""
    match brand[:3]:
        case b"avi":
            return "image/avif"
        case b"hei" | b"hev" | b"mif" | b"msf":
            return "image/heic"
        case b"3gp" | b"3g2" | b"3ge" | b"3gg" | b"3gs":
            return "video/3gpp"
        case b"M4A" | b"M4B":
            return "audio/mp4"
        case b"qt ":
            return "video/quicktime"
        case _:
            return "video/mp4"


def shape(content_type: str) -> str:
    """How a page shows it: picture, audio, video, or file, which can only be downloaded."""
    return _INLINE.get(content_type, "file")


def ending(content_type: str) -> str:
    """The ending for a name, with its dot."""
    return _ENDINGS.get(content_type, ".bin")


def in_words(content_types: Iterable[str]) -> str:
    """Files on one line of a list: Picture, 3 pictures, 2 files; empty for none.

    The types may be a stranger's word: whatever calls itself a picture is called one here.
    """
    counted = Counter(_noun(kind) for kind in content_types)
    if len(counted) > 1:
        return f"{counted.total()} files"
    for noun, count in counted.items():
        if count == 1:
            return noun.capitalize()
        return f"{count} {noun}{'' if noun == 'audio' else 's'}"
    return ""


def _noun(content_type: str) -> str:
    nouns = {"image": "picture", "video": "video", "audio": "audio"}
    return nouns.get(content_type.partition("/")[0].strip().lower(), "file")
