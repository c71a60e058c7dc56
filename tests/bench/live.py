"""How soon a text is on the screens: on one that shows it, and on the last of a thousand."""

import os
import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import orjson
import psutil
from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models import LogEntry
from tests.bench.figures import median, percentile, tell
from tests.bench.house import House, a_floor, end, free_ports, run, until_open
from tests.bench.load import request
from tests.bench.screens import Screens, screens

Post: TypeAlias = Callable[..., Callable[[], None]]
Clock: TypeAlias = Callable[[], float]

FROM = "+13125550001"
_WARM = 3  # texts before those that count


def measure_one(house: House, texts: int, every: float = 0.05) -> None:
    """Webhook posted → the text on a websocket that shows its conversation and the list."""
    house.start("valkey", "web", web_concurrency=1)
    with a_floor(house, 1) as port, carrier(house) as post:
        post("the first text", 0)()
        time.sleep(0.2)
        bare, commit, took = [], [], []
        with screens(house, 1, {"list:open": "", "conversation:1": ""}) as open_screens:
            for n in range(1, texts + 1):
                begun = time.perf_counter()
                answered = post(f"text number {n} is here", n)
                [seen] = open_screens.wait(b"text number %d is here" % n)
                answered()
                took.append((seen - begun) * 1000)
                time.sleep(every / 3)
                bare.append(_round_trip(port, "/bare"))
                time.sleep(every / 3)
                commit.append(_round_trip(port, "/commit"))
                time.sleep(every / 3)
    house.stop("web", "valkey")
    floor = {"bare": spread(bare), "one insert, one commit": spread(commit)}
    tell("live", house.database, "ms", floor, **spread(took))


def spread(values: list[float]) -> dict[str, float]:
    values.sort()
    return {f"p{percent}": percentile(values, percent) for percent in (50, 95, 99)}


def measure_many(house: House, events: int, count: int) -> None:
    """One text → the last of so many idle screens; and what a screen costs in memory."""
    _allow_files(count + 200)
    house.start("valkey", "web", web_concurrency=1)
    with carrier(house) as post:
        post("the first text", 0)()
        time.sleep(0.5)
        before = _memory(house.process("web"))
        with screens(house, count, {"list:open": ""}) as open_screens:
            each = (_memory(house.process("web")) - before) / count / 1024
            ours = _fan_out(post, open_screens, events, lambda: _newest_event(house))
    house.stop("web", "valkey")
    tell(
        "fan-out", house.database, "ms", {"the same bytes to all": _floor(house, events, count)},
        screens=count, **ours, kilobytes_a_screen=each,
    )  # fmt: skip


def _fan_out(
    post: Post, open_screens: Screens, events: int, happened: Clock | None = None
) -> dict[str, float]:
    """`happened` tells when the newest event did, by the wall clock; a floor has no events."""
    last, spread, since = [], [], []
    for n in range(1, events + _WARM + 1):
        open_screens.drain(0.1)
        begun = time.perf_counter()
        answered = post(f"text number {n} is here", n)
        seen = open_screens.wait(b"text number %d is here" % n)
        wall = time.time() - time.perf_counter()
        answered()
        if n > _WARM:
            last.append((seen[-1] - begun) * 1000)
            spread.append((seen[-1] - seen[0]) * 1000)
            since.append((wall + seen[-1] - happened()) * 1000 if happened else 0)
    last.sort()
    since.sort()
    figures = {
        "post_to_last_p50": percentile(last, 50),
        "post_to_last_p95": percentile(last, 95),
        "first_to_last_p50": median(spread),
    }
    if happened:
        figures["event_to_last_p50"] = percentile(since, 50)
        figures["event_to_last_p95"] = percentile(since, 95)
    return figures


def _newest_event(house: House) -> float:
    with house.inside():
        at = db.session.scalar(select(LogEntry.at).order_by(LogEntry.id.desc()).limit(1))
    assert at is not None
    return at.timestamp()


def _floor(house: House, events: int, count: int) -> dict[str, float]:
    [port] = free_ports(1)
    log = house.folder / "broadcast.log"
    process = run(f"python -m tests.bench.broadcast {port}", dict(os.environ), log)
    try:
        until_open(port, process, log)
        with (
            carrier(house, port) as post,
            screens(house, count, {}, port) as open_screens,
        ):
            return _fan_out(post, open_screens, events)
    finally:
        end(process)


@contextmanager
def carrier(house: House, port: int = 0) -> Iterator[Post]:
    """Posts a text and does not wait: what it returns waits for the answer."""
    with socket.create_connection(("127.0.0.1", port or house.port), timeout=10) as made:

        def answered() -> None:
            answer = made.recv(4096)
            if b" 20" not in answer[:14]:
                raise ConnectionError(answer[:200])

        def post(body: str, n: int, sender: str = FROM) -> Callable[[], None]:
            data = {"id": f"live-{n}", "from": sender, "to": house.number, "message": body}
            raw = orjson.dumps({"event": "sms.received", "data": data})
            made.sendall(request(house.path, raw, house.secret))
            return answered

        yield post


def _round_trip(port: int, path: str) -> float:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as made:
        made.sendall(request("/bare", b"{}"))
        made.recv(4096)  # so that the connection is open on both sides
        begun = time.perf_counter()
        made.sendall(request(path, b"{}"))
        made.recv(4096)
        return (time.perf_counter() - begun) * 1000


def _memory(process: psutil.Process) -> int:
    return int(sum(child.memory_info().rss for child in process.children(recursive=True)))


def _allow_files(count: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(count, min(most, 65_536)), most))
