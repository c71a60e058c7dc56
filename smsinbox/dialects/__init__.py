"""The carriers' wire languages, each with two sides: client (their customer), server (them).

Adding a carrier is one folder, one line here, and its rows in the contract tests. Programs may hear
of what happens in any of them, and in our own words (house.py).
"""

from smsinbox.dialects import house, pingram, telnyx, telnyx_v1, trunx
from smsinbox.dialects.sides import Dialect, Voice

DIALECTS: dict[str, Dialect] = {
    each.name: each for each in (trunx.DIALECT, telnyx.DIALECT, telnyx_v1.DIALECT, pingram.DIALECT)
}

VOICES: dict[str, Voice] = {
    name: Voice(each.label, each.server) for name, each in DIALECTS.items()
} | {house.NAME: Voice(house.LABEL, house)}
