"""How things stand in conversations when something would answer by itself; asked for once for all
texts of a batch."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import ARMED_FOR, AUTOMATIC, LEFT, Arming, Direction, Message
from smsinbox.models.number import Number
from smsinbox.models.rule import Rule
from smsinbox.queries.messages import opt_outs
from smsinbox.rules.decision import Mode


@dataclass(frozen=True, slots=True)
class Sent:
    """A text of ours."""

    author: str
    body: str

    @property
    def is_automatic(self) -> bool:
        return self.author in AUTOMATIC


@dataclass(frozen=True, slots=True)
class Standing:
    """What is so now, by conversation id."""

    conversations: dict[int, Conversation]
    opted_out: Collection[int]
    sent: dict[int, list[Sent]]  # within the last hour
    ours: Collection[str]  # those of the senders that are numbers of ours
    armed: dict[int, Message]  # the text with a reply to give now


def standing(
    conversation_ids: Collection[int], senders: Collection[str], armed_ids: Collection[int]
) -> Standing:
    """How these conversations stand, who of these senders we are ourselves, and which of these
    texts are armed, if there are any to ask for."""
    found = db.session.scalars(
        select(Conversation).where(Conversation.id.in_(conversation_ids)),
        execution_options={"populate_existing": True},
    )
    conversations = {conversation.id: conversation for conversation in found}
    ours = db.session.scalars(select(Number.phone).where(Number.phone.in_(senders)))
    return Standing(
        conversations,
        opt_outs(list(conversations.values())).keys(),
        _sent_within_the_hour(conversation_ids),
        set(ours),
        _armed(armed_ids) if armed_ids else {},
    )


def enabled_rules(number_ids: Collection[int]) -> dict[int, list[Rule]]:
    """The rules that are on, in their order, by number; none for a number without."""
    rules: dict[int, list[Rule]] = defaultdict(list)
    if number_ids:
        for rule in db.session.scalars(_RULES, {"numbers": sorted(number_ids)}):
            rules[rule.number_id or 0].append(rule)
    return rules


_RULES = (
    select(Rule)
    .where(Rule.number_id.in_(bindparam("numbers", expanding=True)), Rule.mode != Mode.OFF.value)
    .order_by(Rule.position, Rule.id)
)


def _armed(ids: Collection[int]) -> dict[int, Message]:
    """Those that are armed, have left, and not too long ago."""
    found = db.session.scalars(
        select(Message).where(
            Message.id.in_(ids),
            Message.arming == Arming.ARMED.value,
            Message.state.in_([state.value for state in LEFT]),
            Message.expires_at > clock.now() - ARMED_FOR,
        ),
        execution_options={"populate_existing": True},
    )
    return {message.conversation_id: message for message in found}


def _sent_within_the_hour(conversation_ids: Collection[int]) -> dict[int, list[Sent]]:
    sent: dict[int, list[Sent]] = defaultdict(list)
    query = select(Message.conversation_id, Message.author, Message.body).where(
        Message.conversation_id.in_(conversation_ids),
        Message.direction == Direction.OUTBOUND.value,
        Message.created_at > clock.now() - timedelta(hours=1),
    )
    for conversation_id, author, body in db.session.execute(query):
        sent[conversation_id].append(Sent(author, body))
    return sent
