"""How many texts a second carriers can bring, each signed, threaded and on disk when answered."""

from statistics import fmean
from typing import Any

import psutil
from sqlalchemy import func, select

from smsinbox.core.database import db
from smsinbox.models.message import Message
from tests.bench.figures import median, tell
from tests.bench.house import House, a_floor
from tests.bench.load import Load, Seen, run

BARE = 1.0  # seconds that the routes which keep nothing are loaded


def measure(house: House, seconds: float, rounds: int, processes: tuple[int, ...]) -> None:
    """Load the webhook route with one and with several web processes, the floors between."""
    kept = 0
    for count in processes:
        house.start("valkey", "web", web_concurrency=count)
        with a_floor(house, count) as port:
            kept = _tell(house, port, count, seconds, rounds, kept)
        house.stop("web", "valkey")


def _tell(house: House, port: int, count: int, seconds: float, rounds: int, kept: int) -> int:
    web = house.process("web")
    bare, commit, ours, spent = [], [], [], []
    for _ in range(rounds):
        bare.append(run(Load(port, "/bare", BARE)))
        commit.append(run(Load(port, "/commit", seconds / 2)))
        before = cpu(web)
        seen = run(
            Load(
                house.port,
                house.path,
                seconds,
                secret=house.secret,
                number=house.number,
                first=kept,
            )
        )
        kept += seen.texts
        spent.append((cpu(web) - before) / max(seen.texts, 1))
        ours.append(seen)
    _check(house, ours, kept)
    tell(
        "inbound",
        house.database,
        "texts/s and ms",
        {"bare": figures(bare), "one insert, one commit": figures(commit)},
        web_processes=count,
        **figures(ours),
        web_cpu_us_per_text=fmean(spent) * 1e6,
    )
    return kept


def _check(house: House, seen: list[Seen], kept: int) -> None:
    """A fast answer that kept nothing would be worth nothing."""
    refused = sum(one.refused for one in seen)
    with house.inside():
        stored = db.session.scalar(select(func.count()).select_from(Message))
    if refused or stored != kept:
        raise RuntimeError(f"{kept} texts were answered 2xx, {stored} are kept, {refused} refused")


def figures(rounds: list[Seen]) -> dict[str, Any]:
    """Of several rounds the middle."""
    return {
        "per_second": median([one.per_second for one in rounds]),
        "p50_ms": median([one.p50_ms for one in rounds]),
        "p99_ms": median([one.p99_ms for one in rounds]),
    }


def cpu(process: psutil.Process) -> float:
    """Seconds of processor time that it and its children have used."""
    everyone = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in everyone]
    return sum(one.user + one.system for one in times)
