"""From which of our numbers a program's text leaves: the one it names, or one of its pool.

A pool is a profile's numbers. Where no profile was made there is one pool of all numbers, whatever
a program calls it. Who said STOP to one number of a pool is not texted from another of it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.core.errors import Invalid, OptedOut
from smsinbox.core.phones import BadAddress, Kind, address
from smsinbox.dialects.base import Asked
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models.number import Number
from smsinbox.queries import health, profiles
from smsinbox.services import carriage


@dataclass(slots=True)
class Pools:
    """Our numbers as a batch of texts finds them; what it puts on a number counts as load."""

    numbers: dict[str, Number]
    profiles: frozenset[str] = frozenset()
    _healths: dict[int, health.Health] = field(default_factory=dict)
    _loads: Counter[int] | None = None

    def choose(self, asked: Asked) -> Number:
        """The number to send from; raises Invalid, OptedOut or Refusal."""
        pool = self._pool(asked.profile)
        if asked.text.sender:
            number = self._named(asked, pool)
        else:
            number = self._best(asked.text.recipient, pool)
        if asked.refuse_unhealthy and not self._is_healthy(number):
            words = f"Too many texts from {number.phone} did not arrive lately."
            raise Refusal(Reason.UNHEALTHY, words, field="from")
        return number

    def _pool(self, profile: str) -> list[Number]:
        everything = list(self.numbers.values())
        if not profile or not self.profiles:
            return everything
        if profile not in self.profiles:
            raise Invalid("There is no profile with this id.", "messaging_profile_id")
        return [number for number in everything if number.profile_id == profile]

    def _named(self, asked: Asked, pool: list[Number]) -> Number:
        number = self.numbers.get(asked.text.sender)
        if number is None:
            raise Invalid(_unknown(asked.text.sender), "from")
        if number not in pool:
            raise Invalid("'from' is not a number of this messaging profile.", "from")
        return number

    def _best(self, recipient: str, pool: list[Number]) -> Number:
        """The one that the contact knows; else a healthy one that has least to do."""
        usable = [
            one
            for one in pool
            if one.phone != recipient
            and _is_phone(one.phone)
            and carriage.reaches(one.account, recipient)
        ]
        if not usable:
            raise Invalid("No number of this pool can be sent from.", "from")
        ids = [number.id for number in usable]
        if profiles.has_opted_out(recipient, [number.id for number in pool]):
            raise OptedOut
        known = profiles.last_used(recipient, ids)
        if known is not None:
            return next(number for number in usable if number.id == known)
        loads = self._load()
        chosen = min(
            usable,
            key=lambda one: (
                one.account.is_paused,
                not self._is_healthy(one),
                loads[one.id],
                one.id,
            ),
        )
        loads[chosen.id] += 1
        return chosen

    def _is_healthy(self, number: Number) -> bool:
        if not self._healths:
            self._healths = health.of_numbers([one.id for one in self.numbers.values()])
        return self._healths[number.id].is_good

    def _load(self) -> Counter[int]:
        if self._loads is None:
            ids = [number.id for number in self.numbers.values()]
            self._loads = Counter(profiles.waiting(ids))
        return self._loads


def pools_for(asked: Iterable[Asked]) -> Pools:
    """What it takes to choose for these texts, and no more: all numbers only where a pool or a
    profile is meant."""
    wanted = list(asked)
    query = select(Number)
    if all(one.text.sender for one in wanted):
        query = query.where(Number.phone.in_({one.text.sender for one in wanted}))
    known = profiles.all_profiles() if any(one.profile for one in wanted) else []
    numbers = {number.phone: number for number in db.session.scalars(query)}
    return Pools(numbers, frozenset(profile.id for profile in known))


def _unknown(sender: str) -> str:
    """Names are registered with carriers as numbers are, so no other name leaves."""
    if _is_phone(sender):
        return "'from' is not one of this inbox's numbers."
    return (
        "'from' is not one of this inbox's numbers, of which names and short codes are, too: an "
        "admin adds those that the carrier lets us use under Settings, Accounts and numbers."
    )


def _is_phone(phone: str) -> bool:
    """Short codes and names are not chosen: not every phone can be reached from them."""
    try:
        return address(phone).kind is Kind.PERSON
    except BadAddress:
        return False
