"""The hand-over card: what the next one must know, pinned above a conversation until it is done."""

from dataclasses import dataclass
from datetime import datetime

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.core.text import clean
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import HandoverChanged
from smsinbox.models.handover import Handover
from smsinbox.models.user import User
from smsinbox.services import activities, mentions, outbox, snoozing

LONGEST = 500  # characters a field


@dataclass(frozen=True, slots=True)
class Card:
    """What the contact asked, what we promised, what is next, and by when."""

    asked: str = ""
    promised: str = ""
    next: str = ""
    due_at: datetime | None = None
    zone: str = "UTC"  # the writer's, for the words in the thread

    def checked(self) -> dict[str, str]:
        fields = {"asked": self.asked, "promised": self.promised, "next": self.next}
        tidy = {name: clean(text.strip()) for name, text in fields.items()}
        if not any(tidy.values()):
            raise Invalid(_("Write at least what is next."), "next")
        for name, text in tidy.items():
            if len(text) > LONGEST:
                raise Invalid(_("At most %(longest)s characters here.", longest=LONGEST), name)
        if self.due_at is not None and self.due_at <= clock.now():
            raise Invalid(_("This time has passed. Choose a later one."), "due")
        return tidy


@atomic
def hand_over(conversation_id: int, card: Card, by: User) -> Conversation:
    """Pin the card, in place of the one before; with a due time also put it away until then."""
    conversation = outbox.lock(conversation_id)
    words = card.checked()
    row = Handover(
        conversation_id=conversation.id,
        **words,
        due_at=card.due_at,
        user_id=by.id,
        author_name=by.name,
        at=clock.now(),
    )
    db.session.merge(row)
    line = activities.write_down(conversation, "Wrote a hand-over card.", by)
    mentions.tell(conversation, "\n".join(words.values()), by, line)
    if card.due_at is not None:
        snoozing.put_away(conversation, card.due_at, by, card.zone)
    emit(HandoverChanged.of(conversation))
    return conversation


@atomic
def finish(conversation_id: int, by: User) -> Conversation:
    """It is done: take the card down; a second time changes nothing."""
    conversation = outbox.lock(conversation_id)
    card = db.session.get(Handover, conversation_id)
    if card is not None:
        done = card.next or card.promised or card.asked
        db.session.delete(card)
        activities.write_down(conversation, f"Finished the hand-over: {done}", by)
        emit(HandoverChanged.of(conversation))
    return conversation
