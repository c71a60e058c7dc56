"""The carriers' rows in the contract tests: one file each, all of the same shape."""

from tests.dialects.cases import pingram, telnyx, telnyx_v1, trunx
from tests.dialects.cases.case import Case

CASES: dict[str, Case] = {
    each.dialect.name: each for each in (trunx.CASE, telnyx.CASE, telnyx_v1.CASE, pingram.CASE)
}
