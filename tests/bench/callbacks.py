"""How soon a program hears of a text: webhook posted → our post at the program."""

import os
import time
from urllib.request import Request, urlopen

from smsinbox.core.config import settings
from smsinbox.services import api_keys, callback_endpoints
from tests.bench.figures import tell
from tests.bench.house import House
from tests.bench.live import carrier, spread
from tests.receiver import Receiver, receiver

_WARM = 3  # texts before those that count


def measure(house: House, texts: int, every: float = 0.05) -> None:
    """One text after another, each told by the sweeper's caller to one endpoint."""
    os.environ["CALLBACKS_TO_PRIVATE"] = "1"
    settings.cache_clear()
    with receiver() as program:
        with house.inside():
            key, _ = api_keys.create("bench", "all")
            callback_endpoints.create(key.id, "trunx", program.url(), ["sms.received"], None)
        house.start("valkey", "web", "sweeper", web_concurrency=1)
        time.sleep(2)  # until the sweeper leads
        took: list[float] = []
        bare: list[float] = []
        with carrier(house) as post:
            for n in range(texts + _WARM):
                begun = time.monotonic()
                answered = post(f"text number {n}", n)
                program.wait(n + 1 + len(bare))
                took.append((program.at[-1] - begun) * 1000)
                answered()
                bare.append(_bare(program))
                time.sleep(every)
    house.stop("web", "sweeper", "valkey")
    floor = {"the same receiver alone": spread(bare[_WARM:])}
    tell("callbacks", house.database, "ms", floor, **spread(took[_WARM:]))


def _bare(program: Receiver) -> float:
    begun = time.monotonic()
    with urlopen(Request(program.url(), b"{}", {"Content-Type": "application/json"})):
        return (program.at[-1] - begun) * 1000
