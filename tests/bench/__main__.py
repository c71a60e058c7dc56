"""How fast it is on this machine: `make bench`. One line of JSON for each thing that is measured.

    python -m tests.bench [--quick] [--on sqlite,postgres]
                          [--only inbound,rules,live,fan-out,callbacks,replies,
                                  gateway,failover,backtest,search,desk]

Beside every figure stands its floor of the same run: what a program that does next to nothing
reaches on this machine in this minute. Compare with that, not with other machines. What has a bound
tells whether it was met.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.bench import (
    backtest,
    callbacks,
    desk,
    failover,
    gateway,
    inbound,
    live,
    replies,
    rules,
    search,
)
from tests.bench.house import House, house

DATABASES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Effort:
    """How long to look."""

    seconds: float = 4.0
    rounds: int = 2
    processes: tuple[int, ...] = (1, 2)
    texts: int = 200
    events: int = 40
    screens: int = 1000
    replies: int = 600
    moved: int = 10_000
    past: int = 100_000
    found: int = 100_000
    deeds: int = 30


QUICK = Effort(
    1.0,
    rounds=1,
    processes=(1,),
    texts=20,
    events=5,
    screens=300,
    replies=60,
    moved=100,
    past=2_000,
    found=2_000,
    deeds=5,
)

BENCHES: dict[str, Callable[[House, Effort], None]] = {
    "inbound": lambda house, how: inbound.measure(house, how.seconds, how.rounds, how.processes),
    "rules": lambda house, how: rules.measure(house, how.seconds, how.rounds),
    "live": lambda house, how: live.measure_one(house, how.texts),
    "fan-out": lambda house, how: live.measure_many(house, how.events, how.screens),
    "callbacks": lambda house, how: callbacks.measure(house, how.texts),
    "replies": lambda house, how: replies.measure(house, how.replies),
    "gateway": lambda house, how: gateway.measure(house, how.seconds, how.rounds),
    "failover": lambda house, how: failover.measure(house, how.moved),
    "backtest": lambda house, how: backtest.measure(house, how.past),
    "search": lambda house, how: search.measure(house, how.found),
    "desk": lambda house, how: desk.measure(house, how.found, how.deeds),
}


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what we started is stopped
    how = QUICK if given.quick else Effort()
    with tempfile.TemporaryDirectory(prefix="smsinbox-bench-") as folder:
        for name in given.on.split(","):
            with _server(name) as server:
                for bench in given.only.split(","):
                    with (
                        _database(server, bench) as url,
                        house(Path(folder) / f"{name}-{bench}", url) as made,
                    ):
                        BENCHES[bench](made, how)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(BENCHES))
    parser.add_argument("--on", default=",".join(DATABASES))
    return parser.parse_args()


@contextmanager
def _server(name: str) -> Iterator[str]:
    """The URL of a Postgres that loses nothing; none for SQLite."""
    if name == "sqlite":
        yield ""
        return
    server = postgres.Postgres(durable=True)
    try:
        server.start()
        yield server.url
    finally:
        server.remove()


@contextmanager
def _database(server: str, bench: str) -> Iterator[str]:
    """The URL of an empty database on that server; none for SQLite."""
    if not server:
        yield ""
        return
    with postgres.database(server, "bench_" + bench.replace("-", "_")) as url:
        yield url


if __name__ == "__main__":
    sys.exit(main())
