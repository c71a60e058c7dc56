"""Alert words: admins are told when people write one, in or out, and the thread has a line of it.

Some keep agents from sending them at all; admins may. One notification a conversation is enough
until it is read. Nothing here ever loses a text that came in.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.database import attempt
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.models.activity import ActivityKind
from smsinbox.models.api_key import ApiKey
from smsinbox.models.content_rule import Needle
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageIds
from smsinbox.models.notification import NotificationKind
from smsinbox.models.number import Number
from smsinbox.models.user import User
from smsinbox.queries import alert_words, users
from smsinbox.queries import notifications as told
from smsinbox.services import activities, notifications
from smsinbox.services.activities import Line
from smsinbox.services.answering import Received
from smsinbox.services.notifications import News

log = logging.getLogger(__name__)


class _Hit(NamedTuple):
    about: MessageIds
    found: Needle


def received(texts: Sequence[Received], stamps: Mapping[int, int]) -> None:
    """Look at texts that came in, in the transaction that stores them; `stamps` are the
    `rules_stamp` of their numbers, just read."""
    words = alert_words.at(stamps)
    if not any(words.values()):
        return
    try:
        looked = [(one.ids, words[one.number_id].first_in(one.body)) for one in texts]
        hits = [_Hit(about, found) for about, found in looked if found]
        if hits:
            with attempt():
                _tell(hits, None)
    except Exception:
        # Whatever broke, the texts themselves must be kept.
        log.exception("looking for alert words failed")


def check(number: Number, body: str, by: User | ApiKey) -> None:
    """Raise Invalid for words that this writer may not send; programs have a gate of their own."""
    if isinstance(by, ApiKey) or by.is_admin:
        return
    found = _first_in(number, body)
    if found and found.blocks:
        words = _("Agents may not send “%(words)s” here. Say it otherwise.", words=found.words)
        raise Invalid(words, "body")


def sent(conversation: Conversation, message_id: int, body: str, by: User) -> None:
    """Look at what a person wrote, in the transaction that queues it."""
    found = _first_in(conversation.number, body)
    if found:
        _tell([_Hit(MessageIds(message_id, conversation.id, conversation.number_id), found)], by)


def _first_in(number: Number, body: str) -> Needle | None:
    words = alert_words.at({number.id: number.rules_stamp})[number.id]
    return words.first_in(body) if words else None


def _tell(hits: Sequence[_Hit], by: User | None) -> None:
    said = "Alert word “{}”: the admins were told."
    name = by.name if by else ""
    lines = [
        Line(hit.about, ActivityKind.ALERT, said.format(hit.found.words), name) for hit in hits
    ]
    activities.write(lines, clock.now())
    once = {hit.about.conversation_id: hit for hit in reversed(hits)}
    admins = [user.id for user in users.admins()]
    waiting = told.unread_of(NotificationKind.ALERT, admins, once)
    notifications.notify_all(
        [
            News(
                NotificationKind.ALERT,
                [one for one in admins if (one, there) not in waiting],
                there,
                hit.about.id,
                actor_id=by.id if by else None,
                said=hit.found.words,
            )
            for there, hit in once.items()
        ]
    )
