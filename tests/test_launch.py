"""`python app.py` with all its real processes: it comes up, says what one must know, and leaves."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random

import httpx
import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ("DATABASE_URL", "REDIS_URL", "ADMIN_PASSWORD", "PUBLIC_URL", "WORKERS", "HOST", "SANDBOX")
PATIENCE = 120.0  # seconds, on a machine that runs all other tests meanwhile

pytestmark = pytest.mark.chaos


class Launched:
    """One launcher, its output and the processes it started."""

    def __init__(self, instance: Path, port: int, sandbox_port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = instance.with_suffix(f".{time.monotonic_ns()}.log")
        env = {name: value for name, value in os.environ.items() if name not in OTHERS}
        env |= {"INSTANCE_PATH": str(instance), "PORT": str(port)}
        env |= {"SANDBOX_PORT": str(sandbox_port)}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    @property
    def output(self) -> str:
        return self.log.read_text()

    def until_ready(self) -> "Launched":
        eventually(lambda: "Ready after" in self.output or self.process.poll() is not None)
        assert self.process.poll() is None, self.output
        return self

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def member(self, part: str) -> psutil.Process:
        return next(one for one in self.family() if part in " ".join(one.cmdline()))

    def stop(self, signum: int = signal.SIGINT) -> int:
        self.process.send_signal(signum)
        return self.process.wait(PATIENCE)


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture
def launch(tmp_path: Path, ports: tuple[int, int]) -> Iterator[Callable[[], Launched]]:
    """Launches on one instance folder and one pair of ports, and cleans up whatever happens."""
    launched: list[Launched] = []

    def start() -> Launched:
        launched.append(Launched(tmp_path / "instance", *ports))
        return launched[-1]

    yield start
    for one in launched:
        if one.process.poll() is None:
            one.stop(signal.SIGTERM)


# A start costs seconds of both cores, so one start proves several facts.


def test_a_start_says_what_one_must_know_once_and_every_stop_is_complete(launch):
    first = launch().until_ready()
    assert httpx.get(f"{first.url}/healthz").status_code == 200
    assert re.search(r"Inbox +http://localhost:\d+", first.output)
    assert re.search(r"Sandbox +http://localhost:\d+", first.output)
    assert len(re.findall(r"Password +\S{8,}", first.output)) == 1

    valkey = first.member("valkey-server")
    families = {connection.family for connection in valkey.net_connections(kind="all")}
    assert families == {socket.AF_UNIX}

    other = launch()
    assert other.process.wait(PATIENCE) == 2
    assert "already runs" in other.output
    assert left_behind(first, signal.SIGINT) == []

    second = launch().until_ready()
    assert "Password" not in second.output
    assert left_behind(second, signal.SIGTERM) == []


def test_killed_processes_start_again_and_none_outlives_a_killed_launcher(launch):
    launched = launch().until_ready()
    names = ("smsinbox.worker", "smsinbox.sweeper", "gunicorn", "valkey-server")
    killed = {name: launched.member(name) for name in names}
    for process in killed.values():
        process.kill()
    for name, process in killed.items():
        eventually(partial(any_other, launched, name, process.pid))
    eventually(lambda: answers(launched))
    assert left_behind(launched, signal.SIGKILL) == []


def test_a_port_that_is_taken_is_named(launch, ports):
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", ports[0]))
        squatter.listen()
        refused = launch()
        assert refused.process.wait(PATIENCE) == 2
    assert f"PORT: 127.0.0.1:{ports[0]}" in refused.output


def left_behind(launched: Launched, signum: int) -> list[psutil.Process]:
    """The processes that still live when the launcher was told to stop and time has passed."""
    family = launched.family()
    assert len(family) >= 5
    launched.stop(signum)
    deadline = time.monotonic() + PATIENCE
    while (living := [one for one in family if lives(one)]) and time.monotonic() < deadline:
        time.sleep(0.1)
    return living


def lives(process: psutil.Process) -> bool:
    """A zombie has ended; whoever adopted it has only not looked yet."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def any_other(launched: Launched, name: str, pid: int) -> bool:
    return any(name in " ".join(one.cmdline()) and one.pid != pid for one in launched.family())


def answers(launched: Launched) -> bool:
    try:
        return httpx.get(f"{launched.url}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def eventually(fact: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if fact():
                return
        except psutil.Error:  # a process ended while we looked at it
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come true")


def free_port() -> int:
    """A port that no outgoing connection can be given meanwhile: below the ephemeral ones."""
    dice = Random()
    while True:
        port = dice.randrange(10_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
