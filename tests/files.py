"""Files as phones send them, as small as they can be, and a server that hands out whatever."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from smsinbox.core.files import shelf

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(60)
GIF = b"GIF89a" + bytes(60)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(60)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(60)
TGPP = b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x003gp4isom" + bytes(60)
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + bytes(60)
OGG = b"OggS\x00\x02" + bytes(22) + b"\x01\x1eOpusHead" + bytes(60)
AMR = b"#!AMR\n<" + bytes(60)
PDF = b"%PDF-1.4\n" + b"x" * 60
VCARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Maria\r\nEND:VCARD\r\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


@dataclass
class Answer:
    """What the server says at one path."""

    body: bytes = PNG
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0  # seconds before each part of the body
    parts: int = 1  # how often the body is sent; the length is then not told


class Carrier:
    """A carrier's store of files on this machine."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def at(self, path: str, body: bytes = PNG, **fields) -> str:
        """Put a file there; its address."""
        self.answers[path] = Answer(body, **fields)
        return self.url + path


@contextmanager
def a_carrier() -> Iterator[Carrier]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.carrier = carrier = Carrier(server.server_port)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield carrier
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        carrier: Carrier = self.server.carrier  # type: ignore[attr-defined]
        carrier.asked.append((self.path, dict(self.headers)))
        answer = carrier.answers.get(self.path, Answer(b"", 404))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            for _ in range(answer.parts):
                time.sleep(answer.pause)
                self.wfile.write(answer.body)
        except OSError:
            pass  # they hung up, as they should

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def aged() -> None:
    """Make all files on the shelf a day old."""
    then = time.time() - 86_400
    for place in shelf._folder.glob("*/*"):
        os.utime(place, (then, then))
