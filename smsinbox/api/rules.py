"""What the rules of a number would say, for programs; the same evaluator, and nothing is stored."""

from typing import Literal

from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, field_validator

from smsinbox.api import wire
from smsinbox.api.keys import caller, keyed
from smsinbox.core import clock
from smsinbox.core.errors import NotFound
from smsinbox.models.permission import Permission, can
from smsinbox.rules import moments
from smsinbox.services.trying import tried, zone

pages = keyed("rules")


class Trial(BaseModel):
    """A text that somebody could send; `at` is as in a rule's tests, "Sun 03:00" or ISO, by the
    number's clock."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    body: str = Field(max_length=10_000)
    at: str | None = Field(default=None, max_length=40)
    contact: Literal["new", "known"] = "known"

    @field_validator("at")
    @classmethod
    def _is_a_moment(cls, at: str | None) -> str | None:
        if at is not None:
            moments.check(at)
        return at


@pages.post("/numbers/<int:number_id>/rules/try")
def attempt(number_id: int) -> ResponseReturnValue:
    """Which rule would answer, with what, and what comes of each other one."""
    if not can(caller(), Permission.SEE, number_id):
        raise NotFound
    trial, now = wire.read(Trial), clock.now()
    at = moments.instant(trial.at, zone(number_id), now) if trial.at else now
    found = tried(number_id, trial.body, at, trial.contact)
    return {
        "winner": found.name_of(found.winner),
        "consent": found.consent.value if found.consent else None,
        "reply": found.reply.text if found.reply else None,
        "decisions": [
            {"rule": one.name, "outcome": one.outcome.value, "reason": one.reason}
            for one in found.rules
        ],
    }
