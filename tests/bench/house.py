"""The product's real processes, as its Procfile starts them, on an instance to throw away."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from socket import socket

import orjson
import psutil
from flask import Flask

from smsinbox.application import create_app
from smsinbox.core.config import Settings
from smsinbox.core.database import db
from smsinbox.first_run import prepare
from smsinbox.serve import commands
from tests.bench import floor

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
SECRET_KEY = "for the benchmark only, and long enough"


@dataclass
class House:
    """One instance: its settings, and the processes that run on it."""

    folder: Path
    database_url: str = ""  # empty: SQLite in the folder
    chosen: Settings = field(init=False)
    app: Flask = field(init=False)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        port, sandbox_port = free_ports(2)
        self.folder.mkdir()
        os.environ["SECRET_KEY"] = SECRET_KEY  # ours and all our processes' alike
        self.chosen = Settings(
            instance_path=self.folder,
            database_url=self.database_url,
            redis_url="",
            port=port,
            sandbox_port=sandbox_port,
        )
        prepare(self.chosen)
        [sandbox, *_] = orjson.loads((self.folder / "sandbox.json").read_bytes())
        self.path: str = "/" + sandbox["webhook_url"].split("/", 3)[3]
        self.secret: str = sandbox["secret"]
        self.number: str = sandbox["number"]
        self.app = create_app(self.chosen)

    @property
    def database(self) -> str:
        return "postgres" if self.database_url else "sqlite"

    @property
    def port(self) -> int:
        return self.chosen.port

    def start(self, *names: str, web_concurrency: int = 0) -> None:
        """Start these lines of the Procfile; `web` is waited for."""
        environ = {**os.environ, "DATABASE_URL": self.database_url, "LOG_LEVEL": "error"}
        lines = {command.name: command for command in commands(self.chosen, environ)}
        for name in names:
            command = lines[name]
            env = {**command.env, "INSTANCE_PATH": str(self.folder)}
            if web_concurrency:
                env["WEB_CONCURRENCY"] = str(web_concurrency)
            self._running[name] = run(command.line, env, self.folder / f"{name}.log")
        if "web" in names:
            until_open(self.port, self._running["web"], self.folder / "web.log")

    def running(self, name: str) -> subprocess.Popen[bytes]:
        return self._running[name]

    def process(self, name: str) -> psutil.Process:
        return psutil.Process(self._running[name].pid)

    def stop(self, *names: str) -> None:
        """Stop these, or all that run, and wait."""
        for name in names or tuple(reversed(self._running)):
            end(self._running.pop(name))

    @contextmanager
    def inside(self) -> Iterator[None]:
        """In here, services and queries work on this instance."""
        with self.app.app_context():
            yield
            db.session.remove()


@contextmanager
def house(folder: Path, database_url: str = "") -> Iterator[House]:
    """A prepared instance; whatever still runs on it is stopped at the end."""
    made = House(folder, database_url)
    try:
        yield made
    finally:
        made.stop()
        with made.app.app_context():
            db.engine.dispose()


@contextmanager
def a_floor(house: House, web_concurrency: int) -> Iterator[int]:
    """The bare routes under the same gunicorn on the same kind of database; their port."""
    place = str(house.folder / "floor.sqlite3")
    if house.database_url:
        place = house.database_url.replace("+psycopg", "")
        floor.prepare(place)
    [port] = free_ports(1)
    env = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1", "FLOOR": place}
    env |= {"WEB_CONCURRENCY": str(web_concurrency), "LOG_LEVEL": "error"}
    line = "python -m gunicorn --config smsinbox/gunicorn_conf.py tests.bench.floor:app"
    log = house.folder / "floor.log"
    process = run(line, env, log)
    try:
        until_open(port, process, log)
        yield port
    finally:
        end(process)


def run(line: str, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a command line with this very Python."""
    path = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", "")])
    with log.open("ab") as output:
        return subprocess.Popen(
            line.split(),
            env={**env, "PATH": path},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop, and see to it that nothing of it is left."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers a request there."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket() as probe:
            probe.settimeout(PATIENCE)
            probe.connect(("127.0.0.1", port))
            probe.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            if probe.recv(64):
                return
        time.sleep(0.05)
    raise RuntimeError(log.read_text()[-2000:])


def free_ports(count: int) -> list[int]:
    """Ports that no outgoing connection can be given meanwhile: below the ephemeral ones."""
    dice, found = Random(), set[int]()
    while len(found) < count:
        port = dice.randrange(10_000, 32_000)
        with suppress(OSError), socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return sorted(found)
