"""Real processes by name: started, stopped, killed, frozen; none of them outlives the test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import psutil

from smsinbox import reaper

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0  # seconds, on a machine that runs all other tests meanwhile
SLOW = 2  # how much longer than on an idle machine what we promise in seconds may take there


def until(fact: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Wait for something that other processes bring about; what `fact` said when it was true."""
    ends = time.monotonic() + seconds
    while not (said := fact()):
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)
    return said


class Processes:
    """Each leads a group of its own and writes a log of its own."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        # A test that is killed stops nothing; the end of this pipe does.
        self._reaper = subprocess.Popen(
            [sys.executable, "-I", "-S", reaper.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, text=True,
        )  # fmt: skip

    def start(self, name: str, arguments: list[str], env: Mapping[str, str]) -> psutil.Process:
        """Start `python <arguments>`, also again; the process it became."""
        if name in self._running:
            self.kill(name)
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._running[name] = process
        self._tell(f"+{process.pid}")
        return self[name]

    def __getitem__(self, name: str) -> psutil.Process:
        return psutil.Process(self._running[name].pid)

    @property
    def names(self) -> list[str]:
        """Those that are alive."""
        return [name for name in list(self._running) if self.is_alive(name)]

    def is_alive(self, name: str) -> bool:
        if name not in self._running:
            return False
        if self._running[name].poll() is not None:
            self._forget(name)  # its number may soon be somebody else's
            return False
        return True

    def log_of(self, name: str) -> str:
        """The end of what it wrote."""
        return (self._logs / f"{name}.log").read_text()[-2000:]

    def horse(self) -> psutil.Process:
        """The child in which the RQ worker does a job right now."""
        return until(lambda: next(iter(self["worker"].children()), None))

    def kill_alone(self, name: str) -> None:
        """SIGKILL for this process; its children live on."""
        self._running[name].kill()
        self._forget(name)

    def kill(self, name: str) -> None:
        """SIGKILL for this process and all that came of it, also in groups of their own."""
        if not self.is_alive(name):
            return
        family = self[name].children(recursive=True)
        self.kill_alone(name)
        for one in family:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        psutil.wait_procs(family, timeout=PATIENCE)

    def freeze(self, name: str) -> None:
        """SIGSTOP: it is there, it holds what it holds, and it answers nothing."""
        self[name].suspend()

    def thaw(self, name: str) -> None:
        self[name].resume()

    def thaw_all(self) -> None:
        """Nothing stays frozen, whatever the test was about."""
        for name in self.names:
            with suppress(psutil.NoSuchProcess):
                for one in (self[name], *self[name].children(recursive=True)):
                    one.resume()

    def end(self) -> None:
        """Kill whatever is left."""
        for name in self.names:
            self.kill(name)
        self._reaper.communicate()

    def _forget(self, name: str) -> None:
        process = self._running.pop(name)
        process.wait(PATIENCE)
        self._tell(f"-{process.pid}")

    def _tell(self, news: str) -> None:
        assert self._reaper.stdin
        self._reaper.stdin.write(f"{news}\n")
        self._reaper.stdin.flush()


def environment(**ours: object) -> dict[str, str]:
    """What every process is told; of the outer environment only what Python needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **{name: str(value) for name, value in ours.items()}}


def is_stopped(process: psutil.Process) -> bool:
    return bool(process.status() == psutil.STATUS_STOPPED)
