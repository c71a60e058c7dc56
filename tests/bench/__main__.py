"""How fast it is on this machine: `make bench`. One line of JSON for each thing that is measured.

    python -m tests.bench [--quick] [--only inbound,live,fan-out,replies] [--on sqlite,postgres]

Beside every figure stands its floor of the same run: what a program that does next to nothing
reaches on this machine in this minute. Compare with that, not with other machines.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import postgres
from tests.bench import inbound
from tests.bench.house import House, house

DATABASES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Effort:
    """How long to look."""

    seconds: float = 4.0
    rounds: int = 3
    processes: tuple[int, ...] = (1, 2)


QUICK = Effort(seconds=1.5, rounds=1, processes=(1,))

BENCHES: dict[str, Callable[[House, Effort], None]] = {
    "inbound": lambda house, how: inbound.measure(house, how.seconds, how.rounds, how.processes),
}


def main() -> int:
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what we started is stopped
    how = QUICK if given.quick else Effort()
    with tempfile.TemporaryDirectory(prefix="smsinbox-bench-") as folder:
        for name in given.on.split(","):
            with _database(name) as url:
                for bench in given.only.split(","):
                    with house(Path(folder) / f"{name}-{bench}", url) as made:
                        BENCHES[bench](made, how)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default=",".join(BENCHES))
    parser.add_argument("--on", default=",".join(DATABASES))
    return parser.parse_args()


@contextmanager
def _database(name: str) -> Iterator[str]:
    """The URL of an empty database that loses nothing; none for SQLite."""
    with ExitStack() as stack:
        if name == "sqlite":
            yield ""
            return
        server = postgres.Postgres(durable=True)
        stack.callback(server.remove)
        server.start()
        yield stack.enter_context(postgres.database(server.url, "bench"))


if __name__ == "__main__":
    sys.exit(main())
