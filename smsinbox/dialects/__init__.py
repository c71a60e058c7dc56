"""The carriers' wire languages, each with two sides: client (their customer), server (them).

Adding a carrier is one folder, one line here, and its rows in the contract tests.
"""

from smsinbox.dialects.base import Dialect
from smsinbox.dialects.trunx import client as trunx_client
from smsinbox.dialects.trunx import server as trunx_server

DIALECTS: dict[str, Dialect] = {
    "trunx": Dialect("trunx", "Trunx", trunx_client, trunx_server),
}
