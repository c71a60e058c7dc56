"""How many texts a second programs can hand in, through the gateway of each dialect."""

from sqlalchemy import func, select, update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.models.api_key import ApiKey
from smsinbox.models.message import Direction, Message
from smsinbox.services import api_keys
from tests.bench.figures import tell
from tests.bench.house import House, a_floor
from tests.bench.inbound import BARE, cpu, figures
from tests.bench.load import Load, Seen, run

PATHS = {
    "trunx": "/api/sms",
    "telnyx": "/v2/messages",
    "telnyx_v1": "/messages",
    "pingram": "/sms",
}
KEYS = 240  # a key may send 10 a second, and that must not be what is measured


def measure(house: House, seconds: float, rounds: int) -> None:
    """Load each door with 16 connections, one web process, the floors before."""
    keys = _keys(house)
    house.start("valkey", "web", web_concurrency=1)
    with a_floor(house, 1) as port:
        floor = {
            "bare": figures([run(Load(port, "/bare", BARE))]),
            "one insert, one commit": figures([run(Load(port, "/commit", seconds / 2))]),
        }
    kept = 0
    for dialect, path in PATHS.items():
        seen, before = list[Seen](), cpu(house.process("web"))
        for _ in range(rounds):
            load = Load(
                house.port,
                path,
                seconds,
                number=house.number,
                first=kept,
                dialect=dialect,
                keys=keys,
            )
            seen.append(run(load))
            kept += seen[-1].texts
        spent = (cpu(house.process("web")) - before) / max(sum(one.texts for one in seen), 1)
        _check(house, seen, kept)
        tell(
            "gateway",
            house.database,
            "texts/s and ms",
            floor,
            dialect=dialect,
            **figures(seen),
            web_cpu_us_per_text=spent * 1e6,
        )
    house.stop("web", "valkey")


def _keys(house: House) -> tuple[str, ...]:
    with house.inside():
        return _used_keys()


@atomic
def _used_keys() -> tuple[str, ...]:
    """Keys of which it is known that they are in use, as after a program's first minute."""
    plain = tuple(api_keys.create(f"bench {n}", "send")[1] for n in range(KEYS))
    db.session.execute(update(ApiKey).values(used_at=clock.now()))
    return plain


def _check(house: House, seen: list[Seen], kept: int) -> None:
    """A fast answer that kept nothing would be worth nothing."""
    outbound = Message.direction == Direction.OUTBOUND.value
    refused = sum(one.refused for one in seen)
    with house.inside():
        stored = db.session.scalar(select(func.count()).select_from(Message).where(outbound))
    if refused or stored != kept:
        raise RuntimeError(f"{kept} texts were answered 2xx, {stored} are kept, {refused} refused")
