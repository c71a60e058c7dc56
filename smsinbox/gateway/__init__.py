"""The carriers' own send APIs, served by us: programs written for a carrier talk to us instead."""

from smsinbox.gateway import managing, sending, texts
from smsinbox.gateway.doors import Door

_trunx, _telnyx, _telnyx_v1, _pingram = doors = tuple(
    Door(dialect) for dialect in ("trunx", "telnyx", "telnyx_v1", "pingram")
)
sending.add_to(_trunx)
sending.add_to(_telnyx)
sending.add_to(_telnyx_v1, takes_forms=True)
sending.add_to(_pingram)
texts.add_to_telnyx(_telnyx)
texts.add_to_telnyx_v1(_telnyx_v1)
texts.add_to_pingram(_pingram)
managing.add_to_trunx(_trunx)
managing.add_to_pingram(_pingram)
_telnyx.claim("/v2")
_pingram.claim("/sms", "/sender", "/logs")

BLUEPRINTS = tuple(door.blueprint for door in doors)
