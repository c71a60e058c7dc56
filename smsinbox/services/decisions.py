"""What was decided about texts, written down: the decision with all its reasons, the firings that
cooldowns and budgets are made of, and what a rule in shadow would have sent."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from weakref import WeakSet

import orjson

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import after_commit
from smsinbox.models.activity import ActivityKind, GhostState
from smsinbox.models.events import MessageIds
from smsinbox.rules.decision import Decision, Outcome
from smsinbox.rules.records import record as record_of
from smsinbox.rules.rulebook import Rulebook
from smsinbox.services import activities
from smsinbox.services.activities import Line

_KEPT: WeakSet[Rulebook] = WeakSet()  # those whose edition is known to be in the database
_FAILED = "Answering failed inside smsinbox; nothing was sent."


class Made(NamedTuple):
    """A decision about a text, and whether a program's armed reply answered it."""

    message: MessageIds
    contact_id: int
    decision: Decision
    book: Rulebook
    armed: bool = False

    @property
    def verdict(self) -> tuple[str, str]:
        """In a word and in a sentence: stop, start or help; held; replied, acted or shadow; silent,
        when the text is for a rule whose conditions do not hold; none."""
        made = self.decision
        if made.consent:
            return made.consent.value, made.reason
        if made.held:
            return "held", made.reason
        if self.armed or made.reply:
            return "replied", made.reason
        if made.winner is not None:
            return "acted", made.reason
        if made.ghost is not None:
            return "shadow", next(one.reason for one in made.rules if one.rule_id == made.ghost)
        return self._nothing()

    def _nothing(self) -> tuple[str, str]:
        made = self.decision
        all_missed = made.rules is self.book.missed  # as mostly
        silent = (one for one in made.rules if one.outcome is Outcome.SILENT)
        first = None if all_missed else next(silent, None)
        return ("silent", first.reason) if first else ("none", made.reason)


def record(all_made: Sequence[Made], at: datetime) -> None:
    """Keep them in the transaction around us."""
    if not all_made:
        return
    books = {made.book for made in all_made if made.book.rules}
    new = {book for book in books if book not in _KEPT}
    _keep(new)
    _DECISIONS.run([_row(made) for made in all_made], now=clock.micros(at))
    fired = [row for made in all_made for row in _firings(made)]
    if fired:
        _FIRINGS.run(fired, now=clock.micros(at))
    activities.write(list(_ghosts(all_made)), at)
    if new:
        after_commit(lambda: _KEPT.update(new))


def record_failure(message_id: int) -> None:
    """Nothing could be decided about this text."""
    row = {"message": message_id, "outcome": "failed", "reason": _FAILED}
    _DECISIONS.run([row], now=clock.now_micros())


def _row(made: Made) -> dict[str, object]:
    outcome, reason = made.verdict
    return {
        "message": made.message.id,
        "rule": made.decision.winner,
        "outcome": outcome,
        "reason": reason[:200],
        "detail": orjson.Fragment(record_of(made.decision, made.book.missed)),
        "edition": made.book.edition.id if made.book.rules else None,
    }


def _keep(books: Iterable[Rulebook]) -> None:
    """What their decisions do not say themselves; in one order, so that nobody waits in a ring."""
    editions = sorted({book.edition for book in books})
    if editions:
        _EDITIONS.run(
            [{"id": one.id, "outcomes": orjson.Fragment(one.written)} for one in editions]
        )


def _firings(made: Made) -> list[dict[str, object]]:
    fired = made.decision.fired
    if not fired:
        return []
    shadow = {one.rule_id for one in made.decision.rules if one.outcome is Outcome.SHADOW}
    replied = {reply.rule_id for reply in made.decision.replies}
    return [
        {
            "message": made.message.id,
            "rule": rule_id,
            "contact": made.contact_id,
            "replied": rule_id in replied,
            "shadow": rule_id in shadow,
        }
        for rule_id in fired
    ]


def _ghosts(all_made: Sequence[Made]) -> Iterator[Line]:
    for made in all_made:
        ghost = made.decision.shadow_reply
        if ghost:
            name = made.decision.name_of(ghost.rule_id) or ""
            kind, state = ActivityKind.GHOST, GhostState.OPEN
            yield Line(made.message, kind, ghost.text, name, ghost.rule_id, state)


_DECISIONS = Bulk(
    """
    INSERT INTO decision (message_id, rule_id, outcome, reason, detail, edition_id, at)
    SELECT r.message, r.rule, r.outcome, r.reason, r.detail, r.edition, :now FROM {rows}
    """,
    {
        "message": "BIGINT",
        "rule": "BIGINT",
        "outcome": "TEXT",
        "reason": "TEXT",
        "detail": "JSON",
        "edition": "BIGINT",
    },
)
_EDITIONS = Bulk(
    """
    INSERT INTO edition (id, outcomes)
    SELECT r.id, r.outcomes FROM {rows} WHERE true ON CONFLICT DO NOTHING
    """,
    {"id": "BIGINT", "outcomes": "JSON"},
)
_FIRINGS = Bulk(
    """
    INSERT INTO firing (message_id, rule_id, contact_id, replied, shadow, at)
    SELECT r.message, r.rule, r.contact, r.replied, r.shadow, :now FROM {rows}
    """,
    {
        "message": "BIGINT",
        "rule": "BIGINT",
        "contact": "BIGINT",
        "replied": "BOOLEAN",
        "shadow": "BOOLEAN",
    },
)
