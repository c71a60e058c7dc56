"""Second thoughts before a text leaves: the thread went on, it was said already, it names somebody
else, carriers block such links, braces are still open, or the first words to somebody keep silent
about how to stop them. Whoever wrote it decides, and a line in the thread keeps what they decided.

The caller holds the conversation, so that nothing comes between the look and the text.
"""

import re
from datetime import timedelta

from smsinbox.core import clock
from smsinbox.core.errors import Doubt, Doubtful, Overtaken
from smsinbox.core.i18n import _, _n
from smsinbox.core.words import tells_how_to_stop
from smsinbox.models.conversation import Conversation
from smsinbox.models.user import User
from smsinbox.queries import consent_words
from smsinbox.queries import doubts as asked
from smsinbox.rules.mixups import Person, mixed_up
from smsinbox.services import notes
from smsinbox.services.manner import Manner

OVERTAKEN, REPEATED, ELSEWHERE = "overtaken", "repeated", "elsewhere"
SHORTENED, UNFILLED, ENDLESS = "shortened", "unfilled", "endless"
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
_DECIDED = {
    OVERTAKEN: "sent this although newer texts had come.",
    REPEATED: "sent this although it had been said within the last minute.",
    ELSEWHERE: "sent this although it names somebody else.",
    SHORTENED: "sent this although carriers often block such links.",
    UNFILLED: "sent this although something in braces is not filled in.",
    ENDLESS: "sent this first text although it does not say how to stop such texts.",
}
_OPEN_FIELD = re.compile(r"\{\{[^{}]*\}\}")


def check(conversation: Conversation, body: str, by: User, manner: Manner) -> list[str]:
    """The kinds of doubt that the writer sends it in spite of; raises Doubtful, or Overtaken, for
    what they have not agreed to yet.

    To be overtaken is no matter of agreeing alone: what came after the texts they were shown is
    shown first.
    """
    found = [
        *_about(conversation, body, by),
        *(_of_first_words(conversation, body) if manner.starts else ()),
    ]
    doubts = [one for one in found if one.kind not in manner.agreed]
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
    return [*(manner.agreed & {OVERTAKEN}), *(one.kind for one in found)]


def tell(conversation: Conversation, kinds: list[str], by: User, message_id: int) -> None:
    """Keep in the thread what they sent that text in spite of."""
    for kind in kinds:
        notes.tell(conversation, _DECIDED[kind], by, message_id)


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


def _of_first_words(conversation: Conversation, body: str) -> list[Doubt]:
    """Nobody has said anything there yet, and who gets this could not tell how to end it; a name as
    a sender cannot be answered at all. CTIA Messaging Principles and Best Practices, 5.1."""
    number = conversation.number
    if not number.phone.lstrip("+").isdigit() or asked.is_begun(conversation.id):
        return []
    if tells_how_to_stop(body, consent_words.additions([number.id])[number.id]):
        return []
    words = _("Your first text to them does not say how to stop such texts.")
    mended = _("Reply STOP to opt out.")
    return [Doubt(ENDLESS, words, f"\n{mended}" if body else mended)]


def _somebody_else(conversation: Conversation, body: str, by: User) -> str:
    """Another recent contact whom the text names although this thread never did; or nobody."""
    others = asked.recent_contacts(by, conversation)
    if not mixed_up(body, others, ()):
        return ""
    contact = conversation.contact
    known = (contact.name, contact.notes, conversation.number.name, by.name)
    here = Person(contact.name, contact.phone)
    return mixed_up(body, others, (*known, *asked.said(conversation.id)), here)
