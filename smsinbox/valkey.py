"""Where the Valkey that comes with us listens, for whoever names no Redis of their own.

On a Unix socket only, that only its owner may open; it writes its append-only file beside the
database. Who only talks to it pays nothing for what starts it (valkey_server.py).
"""

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

LONGEST_SOCKET_PATH = 100  # bytes; the kernel's own limit is 108 on Linux and 104 on macOS


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


def _private(folder: Path) -> Path:
    """The folder, made if need be, that nobody but us can have prepared or can look into."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a folder of ours with mode 0700")
    return folder
