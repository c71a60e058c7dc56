"""A mail server of the tests: real SMTP on a port of its own, which keeps what it is given."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from smsinbox.core import config


@dataclass
class Post:
    """What was posted; `answers` are what it says to the next mails instead of taking them, such as
    "451 Later", and `hangs_up` that it takes one and says nothing."""

    got: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    signed_in: list[tuple[str, str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    hangs_up: bool = False
    port: int = 0

    async def handle_DATA(self, server, _session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.to += envelope.rcpt_tos
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        self.got.append(message_from_bytes(content, policy=policy.default))
        if self.hangs_up:
            server.transport.abort()
        return "250 Taken"

    def sign_in(self, _server, _session, _envelope, _how, data) -> AuthResult:
        self.signed_in.append((data.login.decode(), data.password.decode()))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def used(patch: pytest.MonkeyPatch, url: str) -> Iterator[None]:
    """Our mail goes by that server."""
    patch.setenv("MAIL_URL", url)
    patch.setenv("MAIL_FROM", "inbox@example.com")
    config.settings.cache_clear()
    try:
        yield
    finally:
        config.settings.cache_clear()


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[Post]:
    """A server on loopback; with a context it offers STARTTLS."""
    post = Post()
    server = _AnyPort(
        post,
        hostname="127.0.0.1",
        port=0,
        tls_context=tls,
        authenticator=post.sign_in,
        auth_require_tls=False,
    )
    server.start()
    try:
        post.port = server.port
        yield post
    finally:
        server.stop()
