"""An open screen: the websocket of a page, and what it was told to draw."""

import json
import time
from types import TracebackType
from typing import Self

import websocket

from tests.chaos.stack import Stack


class Screen:
    """`with Screen(stack, conversation_id) as screen` shows that conversation live."""

    def __init__(self, stack: Stack, conversation_id: int) -> None:
        self._socket = websocket.create_connection(
            f"{stack.url.replace('http', 'ws')}/live",
            origin=stack.url,
            cookie="; ".join(f"{name}={value}" for name, value in stack.web.cookies.items()),
            timeout=10,
        )
        self._socket.send(json.dumps({"show": {f"conversation:{conversation_id}": "0.0"}}))
        self._drawn = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def waits_for(self, message_id: int, word: str, seconds: float = 20) -> float:
        """Until this text bears this mark; how many seconds that took."""
        began = time.monotonic()
        while not self._shows(message_id, word):
            self._socket.settimeout(max(0.01, began + seconds - time.monotonic()))
            self._drawn += json.loads(self._socket.recv()).get("content", "")
        return time.monotonic() - began

    def _shows(self, message_id: int, word: str) -> bool:
        _, found, newest = self._drawn.rpartition(f'id="message-{message_id}"')
        return bool(found) and f">{word}<" in newest.partition("</article>")[0]
