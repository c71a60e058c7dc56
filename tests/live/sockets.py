"""Browsers with an open page, as the tail sees them."""

import json
import struct
from typing import Any

from smsinbox.core.i18n import Style
from smsinbox.live.screens import Screen
from smsinbox.models import User
from smsinbox.services import sign_ins
from tests import build


class Socket:
    """A browser that reads everything at once."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.closed = False
        self.code = 0

    def send(self, data: bytes, _flags: int) -> int:
        if data[0] == 0x88:
            (self.code,) = struct.unpack_from("!H", data, 2)
            return len(data)
        size, start = data[1], 2
        if size == 126:
            size, start = struct.unpack_from("!H", data, 2)[0], 4
        elif size == 127:
            size, start = struct.unpack_from("!Q", data, 2)[0], 10
        self.frames.append(json.loads(data[start : start + size]))
        return len(data)

    def shutdown(self, _how: int) -> None:
        self.closed = True

    @property
    def content(self) -> str:
        return "".join(frame.get("content", "") for frame in self.frames)


def open_screen(tail, user: User, language: str = "en", zone: str = "", **topics: str) -> Socket:
    sock = Socket()
    token = build.a_sign_in(user)
    screen = Screen(sock, user.id, sign_ins.id_of(token) or 0, Style(language, zone=zone))
    screen.show(dict.fromkeys(topics.values(), ""))
    tail.add(screen)
    return sock
