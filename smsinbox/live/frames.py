"""Websocket frames: encoded once, so that the same bytes go to every screen (RFC 6455, §5.2)."""

import struct
from typing import Any

import orjson

CROWDED = 4001  # the user has opened too many newer pages; code of ours (RFC 6455, §7.4.2)

_CLOSE = 0x88
_TEXT = 0x81  # the whole message in one frame, not compressed


def frame(message: dict[str, Any]) -> bytes:
    """A JSON message as the bytes of one unmasked text frame, as servers send them."""
    payload = orjson.dumps(message)
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", _TEXT, size)
    elif size < 65_536:
        head = struct.pack("!BBH", _TEXT, 126, size)
    else:
        head = struct.pack("!BBQ", _TEXT, 127, size)
    return head + payload


def closing(code: int) -> bytes:
    """The frame that ends a socket and tells the page why."""
    return struct.pack("!BBH", _CLOSE, 2, code)
