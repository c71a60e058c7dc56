"""Places where tests break us on purpose; without FAILPOINTS in the environment they do nothing.

FAILPOINTS is a list such as `intake.before_commit=kill,send.after_claim=sleep:3`. A third part
names a file: the point fires once, for whoever removes that file, so that the next try survives.
"""

import os
import signal
import time


class Broken(Exception):
    """What the action `raise` raises."""


def _parse(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(",") if "=" in part)


_POINTS = _parse(os.environ.get("FAILPOINTS", ""))


def failpoint(name: str) -> None:
    """Do what the environment asks for at this place: kill, sleep:<s>, stop or raise."""
    if not _POINTS or name not in _POINTS:
        return
    action, _, once = _POINTS[name].partition("@")
    if once and not _taken(once):
        return
    verb, _, argument = action.partition(":")
    if verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif verb == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif verb == "sleep":
        time.sleep(float(argument))
    else:
        raise Broken(name)


def _taken(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
