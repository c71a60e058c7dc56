"""Second thoughts before a text leaves: the thread went on, it was said already, it names somebody
else, carriers block such links, or a field is still open. Whoever wrote it decides.

The caller holds the conversation, so that nothing comes between the look and the text.
"""

import re
from datetime import timedelta

from smsinbox.core import clock
from smsinbox.core.errors import Doubt, Doubtful, Overtaken
from smsinbox.core.i18n import _, _n
from smsinbox.models.conversation import Conversation
from smsinbox.models.user import User
from smsinbox.queries import doubts as asked
from smsinbox.rules.mixups import Person, mixed_up
from smsinbox.services.manner import Manner

OVERTAKEN, REPEATED, ELSEWHERE = "overtaken", "repeated", "elsewhere"
SHORTENED, UNFILLED = "shortened", "unfilled"
AGAIN = timedelta(seconds=60)

# Carriers filter these, as the word of their associations asks of them: CTIA Messaging Principles
# and Best Practices, 5.2.3. One's own short domain is fine.
_SHORTENERS = (
    "bit.ly bitly.com tinyurl.com t.co goo.gl ow.ly is.gd v.gd buff.ly rebrand.ly cutt.ly rb.gy "
    "shorturl.at tiny.cc t.ly lnkd.in s.id bl.ink soo.gd adf.ly clck.ru shorte.st"
)
_SHORT_LINK = re.compile(
    rf"(?:(?<=//)|(?<![\w./-]))(?:www\.)?"
    rf"(?:{'|'.join(map(re.escape, _SHORTENERS.split()))})(?=/|\s|$)",
    re.IGNORECASE,
)
_OPEN_FIELD = re.compile(r"\{\{[^{}]*\}\}")


def check(conversation: Conversation, body: str, by: User, manner: Manner) -> None:
    """Raises Doubtful, or Overtaken, for what the writer has not agreed to yet.

    To be overtaken is no matter of agreeing alone: what came after the texts they were shown is
    shown first.
    """
    doubts = [one for one in _about(conversation, body, by) if one.kind not in manner.agreed]
    missed = [] if manner.seen is None else asked.missed(conversation.id, manner.seen, by.id)
    if missed:
        words = _n(
            "A message arrived while you wrote.",
            "%(num)s messages arrived while you wrote.",
            len(missed),
        )
        raise Overtaken([Doubt(OVERTAKEN, words), *doubts], missed)
    if doubts:
        raise Doubtful(doubts)


def _about(conversation: Conversation, body: str, by: User) -> list[Doubt]:
    found = []
    if asked.was_said(conversation.contact_id, body, by.id, clock.now() - AGAIN):
        found.append(Doubt(REPEATED, _("You sent them this very text within the last minute.")))
    if other := _somebody_else(conversation, body, by):
        found.append(
            Doubt(
                ELSEWHERE,
                _("This names %(other)s, who is somebody else. Right window?", other=other),
            )
        )
    if link := _SHORT_LINK.search(body):
        words = _(
            "Carriers often block shortened links such as %(link)s. Use the full address.",
            link=link[0],
        )
        found.append(Doubt(SHORTENED, words))
    if field := _OPEN_FIELD.search(body):
        found.append(Doubt(UNFILLED, _("%(field)s is not filled in.", field=field[0])))
    return found


def _somebody_else(conversation: Conversation, body: str, by: User) -> str:
    """Another recent contact whom the text names although this thread never did; or nobody."""
    others = asked.recent_contacts(by, conversation)
    if not mixed_up(body, others, ()):
        return ""
    contact = conversation.contact
    known = (contact.name, contact.notes, conversation.number.name, by.name)
    here = Person(contact.name, contact.phone)
    return mixed_up(body, others, (*known, *asked.said(conversation.id)), here)
