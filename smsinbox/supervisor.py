"""Keeps one machine's processes running: starts again what ended, and leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from types import FrameType

from honcho.colour import get_colours
from honcho.printer import Message, Printer

GRACE = 45.0  # seconds a process has to finish what it is doing, as a job of the worker has
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0  # seconds before a process that ended is started again
STEADY = 10.0  # seconds after which a process counts as healthy, and the pauses start small again

_REAPER = Path(__file__).with_name("reaper.py")


@dataclass(frozen=True)
class Command:
    """One process: its name in the log, the shell command, and what stops after all others."""

    name: str
    line: str
    env: dict[str, str]
    folder: Path
    stops_last: bool = False


class Supervisor:
    """Runs commands until a signal comes. One machine's processes, one terminal."""

    def __init__(self, commands: Sequence[Command]) -> None:
        self._log = _Log(width=max(len(command.name) for command in commands))
        self._signals: SimpleQueue[int] = SimpleQueue()
        self._reaper = _Reaper()
        self._kept = [_Kept(command, self._log, self._reaper) for command in commands]

    def run(self) -> int:
        """Start everything, wait for Ctrl-C, SIGTERM or SIGHUP, stop everything. An exit code."""
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, self._heard)
        for kept in self._kept:
            kept.start()
        self._signals.get()
        self._log.say("system", "stopping; once more to stop at once")
        for last in (False, True):
            self._stop([kept for kept in self._kept if kept.command.stops_last is last])
        self._reaper.close()
        return 0

    def _heard(self, signum: int, _frame: FrameType | None) -> None:
        self._signals.put(signum)  # a SimpleQueue may be filled from within a signal handler

    def _stop(self, batch: list["_Kept"]) -> None:
        for kept in batch:
            kept.ask_to_stop()
        deadline = time.monotonic() + GRACE
        while any(kept.is_alive() for kept in batch):
            if self._impatient() or time.monotonic() > deadline:
                for kept in batch:
                    kept.kill()
                deadline = time.monotonic() + GRACE

    def _impatient(self) -> bool:
        with suppress(Empty):
            self._signals.get(timeout=0.05)
            return True
        return False


class _Kept(Thread):
    """One command, kept running."""

    def __init__(self, command: Command, log: "_Log", reaper: "_Reaper") -> None:
        super().__init__(name=command.name, daemon=True)
        self.command = command
        self._log = log
        self._reaper = reaper
        self._stopping = Event()
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        pause = FIRST_PAUSE
        while (process := self._launch()) is not None:
            began = time.monotonic()
            code = process.wait()
            # Grandchildren of a killed process would keep its port and its files.
            _kill_group(process.pid)
            self._reaper.forget(process.pid)
            if self._stopping.is_set():
                return
            pause = FIRST_PAUSE if time.monotonic() - began > STEADY else pause
            self._log.say(self.name, f"ended ({_reason(code)}); starting again in {pause:g} s")
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def ask_to_stop(self) -> None:
        with self._lock:
            self._stopping.set()
            if self._process:
                self._process.terminate()

    def kill(self) -> None:
        with self._lock:
            if self._process and self._process.poll() is None:
                _kill_group(self._process.pid)

    def _launch(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {self.command.line}"],
                env=self.command.env,
                cwd=self.command.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the launcher, which stops things in order
            )
            self._reaper.remember(self._process.pid)
        # A reader of its own: a grandchild may hold the pipe open longer than the process lives.
        Thread(target=self._log.follow, args=(self.name, self._process), daemon=True).start()
        return self._process


class _Reaper:
    """Our end of the pipe to `reaper.py`."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_REAPER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # so that a signal to our whole group spares it
            text=True,
        )

    def remember(self, pid: int) -> None:
        self._tell(f"+{pid}")

    def forget(self, pid: int) -> None:
        self._tell(f"-{pid}")

    def close(self) -> None:
        """Let it go; it has nothing left to stop."""
        self._process.communicate()

    def _tell(self, news: str) -> None:
        with self._lock, suppress(OSError):
            if self._process.stdin:
                self._process.stdin.write(f"{news}\n")
                self._process.stdin.flush()


@dataclass
class _Log:
    """One terminal for all of them, each line with its time and the process it is from."""

    width: int
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._printer = Printer(sys.stdout, width=self.width)
        self._palette = get_colours()
        self._colours: dict[str, str] = {}

    def follow(self, name: str, process: subprocess.Popen[bytes]) -> None:
        if process.stdout:
            with process.stdout as lines:
                for line in lines:
                    self.say(name, line.decode("utf-8", "replace").rstrip("\n"))

    def say(self, name: str, text: str) -> None:
        with self._lock, suppress(OSError, ValueError):  # the terminal may be gone; the work is not
            colour = self._colours.setdefault(name, next(self._palette))
            now = datetime.now().astimezone()
            self._printer.write(Message("line", text, now, name, colour))


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
