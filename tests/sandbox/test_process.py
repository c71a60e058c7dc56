"""The real process: its own port, real silence, and a kill in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from smsinbox.dialects.base import Credentials, OutboundText
from smsinbox.dialects.errors import Uncertain
from smsinbox.dialects.http import carrier_client
from smsinbox.dialects.trunx import client
from tests.sandbox.inbox import Inbox, free_port, until

TEXT = OutboundText("+13125550100", "+13125550101", "Hello")


class Running:
    def __init__(self, instance: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=10)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "smsinbox.sandbox"],
            env=os.environ | {"SANDBOX_PORT": str(port), "INSTANCE_PATH": str(instance)},
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        until(self.is_up)

    def is_up(self) -> bool:
        assert self.process.poll() is None
        try:
            return self.http.get("/faults").status_code == 200
        except httpx.ConnectError:
            return False

    def send(self, deadline: float = 5.0) -> str:
        account = Credentials(self.url, "tk_test_1", "", {})
        with carrier_client(deadline) as http:
            return client.send(TEXT, account, http).carrier_id

    def log(self) -> list[str]:
        return [entry["id"] for entry in self.http.get("/log").json()]

    def end(self, how: signal.Signals) -> None:
        self.http.close()
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        self.process.wait(10)


@contextmanager
def running(instance: Path) -> Iterator[Running]:
    one = Running(instance)
    try:
        yield one
    finally:
        one.end(signal.SIGTERM)


def test_it_takes_texts_and_posts_receipts(instance: Path, inbox: Inbox) -> None:
    with running(instance) as sandbox:
        assert [sandbox.send()] == sandbox.log()
        until(lambda: inbox.receipts == ["sent", "delivered"])


def test_it_can_take_a_text_and_hang_up(instance: Path, inbox: Inbox) -> None:
    with running(instance) as sandbox:
        sandbox.http.put("/faults", json={"answer": "drop", "answer_times": 1})
        with pytest.raises(Uncertain):
            sandbox.send()
        assert len(sandbox.log()) == 1
        assert sandbox.send() in sandbox.log()
        until(lambda: len(inbox.receipts) == 4)


def test_it_can_take_a_text_and_stay_silent(instance: Path) -> None:
    with running(instance) as sandbox:
        sandbox.http.put("/faults", json={"answer": "timeout", "answer_times": 1})
        began = time.monotonic()
        with pytest.raises(Uncertain):
            sandbox.send(deadline=0.5)
        assert 0.4 < time.monotonic() - began < 2
        assert len(sandbox.log()) == 1


def test_a_killed_process_goes_on_where_it_was(instance: Path, inbox: Inbox) -> None:
    inbox.answers = [503] * 2
    sandbox = Running(instance)
    sandbox.http.post(
        "/handsets/+13125550101/texts", json={"to": "+13125550100", "body": "Still there?"}
    )
    until(lambda: inbox.tries >= 1)
    sandbox.end(signal.SIGKILL)
    with running(instance):
        until(lambda: len(inbox.texts) == 1)


def test_its_file_is_for_its_owner_only(instance: Path) -> None:
    with running(instance) as sandbox:
        sandbox.send()
    assert (instance / "sandbox.sqlite3").stat().st_mode & 0o077 == 0
    assert json.loads((instance / "sandbox.json").read_text())[0]["key"] == "tk_test_1"
