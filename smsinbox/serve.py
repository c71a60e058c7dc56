"""The launcher: `python app.py` prepares the base, then runs every process of the Procfile here.

It is for one machine. On many, an init system runs the same commands: see `deploy/`.
"""

import fcntl
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
from honcho.environ import parse_procfile
from sqlalchemy.exc import SQLAlchemyError

from smsinbox import valkey
from smsinbox.core.config import BadSettings, Settings, settings
from smsinbox.core.errors import Problem
from smsinbox.first_run import FirstRun, in_words, prepare
from smsinbox.migrations.schema import NewerSchema
from smsinbox.supervisor import Command, Supervisor

ROOT = Path(__file__).resolve().parent.parent
_READY_WITHIN = 300.0  # seconds to wait for the web process before we stop asking
_ANY_ADDRESS = ("", "0.0.0.0", "::")


class CannotStart(Exception):
    """Somebody has to change something first; the message says what."""


def serve() -> int:
    """Run the whole inbox until Ctrl-C or SIGTERM. The exit code."""
    try:
        chosen = settings()
        with _only_launcher(chosen.instance):
            _check_ports(chosen)
            _greet(prepare(chosen))
            Thread(target=_tell_when_ready, args=(chosen,), daemon=True).start()
            return Supervisor(commands(chosen, os.environ)).run()
    except (BadSettings, CannotStart, Problem) as problem:
        _say(str(problem))
    except (SQLAlchemyError, NewerSchema) as problem:
        _say(f"Cannot start: the database cannot be used: {in_words(problem)}")
    return 2


def commands(chosen: Settings, environ: Mapping[str, str]) -> list[Command]:
    """The processes of the Procfile that these settings ask for, with what each needs to know."""
    env = {**environ, **_addresses(chosen)}
    copies = {
        "valkey": 0 if chosen.redis_url else 1,
        "worker": chosen.workers,
        "sandbox": int(chosen.sandbox),
    }
    lines: dict[str, str] = parse_procfile((ROOT / "Procfile").read_text()).processes
    return [
        Command(
            name=name if copies.get(name, 1) == 1 else f"{name}.{number}",
            line=line,
            env=env,
            folder=ROOT,
            stops_last=name == "valkey",
        )
        for name, line in lines.items()
        for number in range(1, copies.get(name, 1) + 1)
    ]


def _addresses(chosen: Settings) -> dict[str, str]:
    """What the processes must agree on, whatever their own defaults are. No secrets."""
    return {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        "PYTHONUNBUFFERED": "1",
        "HOST": chosen.host,
        "PORT": str(chosen.port),
        "SANDBOX_PORT": str(chosen.sandbox_port),
        "INSTANCE_PATH": str(chosen.instance),
        "REDIS_URL": chosen.redis_url or valkey.url(chosen.instance),
        "WEB_CONCURRENCY": str(chosen.web_concurrency),
    }


@contextmanager
def _only_launcher(instance: Path) -> Iterator[None]:
    """Keep a second launcher from running on the same data; the kernel frees it when we die."""
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (instance / "launcher.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"smsinbox already runs on {instance}") from None
        yield


def _check_ports(chosen: Settings) -> None:
    wanted = [("PORT", chosen.host, chosen.port)]
    if chosen.sandbox:
        wanted.append(("SANDBOX_PORT", "127.0.0.1", chosen.sandbox_port))
    for name, host, port in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CannotStart(f"{name}: {host}:{port} {error.strerror}") from None


def _greet(first: FirstRun) -> None:
    """Show the generated password at once: it is kept nowhere, so no later failure may eat it."""
    if first.email:
        _say(*first.lines())


def _tell_when_ready(chosen: Settings) -> None:
    here = "127.0.0.1" if chosen.host in _ANY_ADDRESS else chosen.host
    began = time.monotonic()
    while time.monotonic() < began + _READY_WITHIN:
        try:
            httpx.get(f"http://{here}:{chosen.port}/healthz", timeout=1).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            sandbox = f"    Sandbox   http://localhost:{chosen.sandbox_port}"
            _say(
                f"Ready after {time.monotonic() - began:.1f} s. Ctrl-C stops everything.",
                f"    Inbox     {chosen.address}",
                *([sandbox] if chosen.sandbox else []),
            )
            return


def _say(*lines: str) -> None:
    """A paragraph for whoever watches the terminal, in one write so that no log line splits it."""
    sys.stdout.write("\n" + "\n".join(lines) + "\n\n")
    sys.stdout.flush()
