"""The last one out: when the launcher is gone, however it went, what it started goes too.

A `kill -9` gives the launcher no time to stop anything. So it tells this small process, over a
pipe, which process groups it leads, and the end of the pipe is the news of its death. The file is
run by its path and imports nothing of ours, so that it stays small and starts at once.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from typing import TextIO

PATIENCE = 10.0  # seconds between asking and killing


def reap(news: TextIO) -> None:
    """Follow lines `+pid` and `-pid` to their end, then stop the groups that are left."""
    groups: set[int] = set()
    for line in news:
        group = int(line[1:])
        if line.startswith("+"):
            groups.add(group)
        else:
            groups.discard(group)
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while groups and time.monotonic() < deadline:
        time.sleep(0.05)
        groups = {group for group in groups if _lives(group)}
    for group in groups:
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def _signal(leaders: set[int], signum: int) -> None:
    for leader in leaders:
        with suppress(OSError):
            os.kill(leader, signum)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    for deaf_to in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf_to, signal.SIG_IGN)
    reap(sys.stdin)
