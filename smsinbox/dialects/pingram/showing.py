"""What we, as Pingram, tell about texts that were taken before."""

from collections.abc import Sequence

from smsinbox.dialects.base import Progress, Rank, Stage
from smsinbox.dialects.reading import stamp
from smsinbox.dialects.sides import Reply

_STAGES = {
    Stage.SCHEDULED: "PROCESSING",  # its time has come
    Stage.QUEUED: "PROCESSING",
    Stage.SENDING: "PROCESSING",
    Stage.CANCELED: "UNSCHEDULED",
    Stage.FAILED: "FAILED",
}
_REACHED = {
    Rank.SENT: "SENT",
    Rank.UNCONFIRMED: "SENT",
    Rank.UNDELIVERED: "FAILED",
    Rank.DELIVERED: "DELIVERED",
}


def show(found: Sequence[Progress]) -> Reply:
    """How far texts are; those that were asked for and are not there are left out."""
    statuses = [
        {
            "trackingId": one.taken.carrier_id,
            "channel": "SMS",
            "status": _status(one),
            "updatedAt": stamp(one.occurred_at),
        }
        for one in found
    ]
    return Reply(200, {"statuses": statuses}, "application/json", {})


def changed(words: str) -> Reply:
    """A scheduled text was changed or canceled; what Pingram writes here is not documented."""
    return Reply(200, {"message": words}, "application/json", {})


def _status(progress: Progress) -> str:
    if progress.rank in _REACHED:
        return _REACHED[progress.rank]
    if progress.taken.waits:
        return "SCHEDULED"
    return _STAGES[progress.taken.stage or Stage.QUEUED]
