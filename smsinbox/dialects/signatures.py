"""What believing a webhook has in common, whatever the carrier signs it with."""

from smsinbox.core import clock
from smsinbox.dialects.errors import Forged

TOLERANCE_SECONDS = 300


def require_recent(signed_at: int) -> None:
    """Raise Forged unless that second is within five minutes of now.

    To be asked about a signature that holds: then a time that is off means that a clock is.
    """
    behind = clock.now().timestamp() - signed_at
    if abs(behind) > TOLERANCE_SECONDS:
        where = "in the past" if behind > 0 else "in the future"
        detail = f"The clock is {abs(behind):.0f} s off: by ours, this was signed {where}."
        raise Forged(detail, code="timestamp")
