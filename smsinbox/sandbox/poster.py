"""Posting to an inbox over connections that stay open: receipts come by the hundred."""

import http.client
import threading
from urllib.parse import SplitResult, urlsplit

from smsinbox.dialects.base import SignedRequest

PATIENCE = 10.0  # seconds
ANSWER_LIMIT = 65_536


class _Kept(threading.local):
    def __init__(self) -> None:
        self.connections: dict[tuple[str, str], http.client.HTTPConnection] = {}


class Poster:
    """One connection per thread and address; no redirects, no proxies."""

    def __init__(self) -> None:
        self._kept = _Kept()
        self._all: list[http.client.HTTPConnection] = []

    def post(self, address: str, signed: SignedRequest) -> bool:
        """Whether it was answered 2xx."""
        try:
            return 200 <= self._exchange(urlsplit(address), signed) < 300
        except (OSError, http.client.HTTPException, ValueError):
            return False

    def close(self) -> None:
        for connection in self._all:
            connection.close()

    def _exchange(self, url: SplitResult, signed: SignedRequest) -> int:
        kept = self._kept.connections.get((url.scheme, url.netloc))
        if kept is not None and kept.sock is not None:
            try:
                return _post(kept, url, signed)
            except (OSError, http.client.HTTPException):
                # It may have been closed while nobody used it; that alone is no failed try.
                kept.close()
        return _post(kept or self._open(url), url, signed)

    def _open(self, url: SplitResult) -> http.client.HTTPConnection:
        host = url.hostname or ""
        connection = (
            http.client.HTTPSConnection(host, url.port, timeout=PATIENCE)
            if url.scheme == "https"
            else http.client.HTTPConnection(host, url.port, timeout=PATIENCE)
        )
        self._kept.connections[(url.scheme, url.netloc)] = connection
        self._all.append(connection)
        return connection


def _post(connection: http.client.HTTPConnection, url: SplitResult, signed: SignedRequest) -> int:
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    try:
        connection.request("POST", path, signed.body, dict(signed.headers))
        answer = connection.getresponse()
        if len(answer.read(ANSWER_LIMIT)) == ANSWER_LIMIT:
            connection.close()
    except BaseException:
        connection.close()
        raise
    return answer.status
