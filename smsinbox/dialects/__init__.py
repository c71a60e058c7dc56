"""The carriers' wire languages, each with two sides: client (their customer), server (them).

Adding a carrier is one folder, one line here, and its rows in the contract tests.
"""

from smsinbox.dialects import pingram, telnyx, telnyx_v1, trunx
from smsinbox.dialects.sides import Dialect

DIALECTS: dict[str, Dialect] = {
    each.name: each for each in (trunx.DIALECT, telnyx.DIALECT, telnyx_v1.DIALECT, pingram.DIALECT)
}
