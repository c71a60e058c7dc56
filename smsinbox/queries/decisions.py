"""Why a text was answered as it was: what was written down then."""

from dataclasses import dataclass

from sqlalchemy import select

from smsinbox.core.database import db
from smsinbox.models.decision import Decision as Kept
from smsinbox.models.message import Message
from smsinbox.rules.actions import Callback
from smsinbox.rules.decision import Decision


@dataclass(frozen=True, slots=True)
class Why:
    """`decision` is all of it, None where only `kept` or nothing was written; `answer` is the text
    that was sent by itself."""

    message: Message
    kept: Kept | None
    decision: Decision | None
    answer: Message | None


def why(message: Message) -> Why:
    """Everything known about the answer to an inbound text."""
    kept = db.session.get(Kept, message.id)
    answer = db.session.scalar(select(Message).where(Message.answers_id == message.id))
    decision = Decision.from_json(kept.detail) if kept and kept.detail else None
    return Why(message, kept, decision, answer)


def calling(message_id: int) -> dict[int, str]:
    """The rules that want programs to know of this text, with their names as they were."""
    kept = db.session.get(Kept, message_id)
    if kept is None or not kept.detail:
        return {}
    made = Decision.from_json(kept.detail)
    return {
        one.rule_id: made.name_of(one.rule_id) or ""
        for one in made.actions
        if isinstance(one.action, Callback) and not one.shadow
    }
