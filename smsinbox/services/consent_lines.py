"""What a thread says of a consent that was given or withdrawn: a line of each conversation that it
is about. The proof is the ConsentEvent; this is for those who read the thread."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.text import preview
from smsinbox.models.activity import ActivityKind
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.conversation import Conversation
from smsinbox.models.user import User
from smsinbox.services import activities
from smsinbox.services.activities import Here, Line

Pair = tuple[int, int | None]  # a contact and a number of ours; None: all of them

# In the words of web/records.py, which tells them in other languages. A rule's own line says it.
_OUT = {
    ConsentSource.WORD: "Opted out: they texted “%(words)s”.",
    ConsentSource.CARRIER: "Opted out, as the carrier tells.",
    ConsentSource.USER: "Opted them out: %(words)s",
    ConsentSource.IMPORT: "Opted out, by a list that was imported.",
    ConsentSource.ERASED: "Opted out long before.",
}
_IN = {
    ConsentSource.WORD: "Opted in again: they texted “%(words)s”.",
    ConsentSource.CARRIER: "Opted in again, as the carrier tells.",
    ConsentSource.USER: "Lifted the opt-out: %(words)s",
    ConsentSource.IMPORT: "Opted in again, by a list that was imported.",
}


class Said(NamedTuple):
    """What was said, for the proof: the text's words, the carrier's, or a colleague's reason."""

    words: str = ""
    message_id: int | None = None
    by: User | None = None
    since: datetime | None = None  # where it is known to be older than today


def write(
    conversations: Iterable[Conversation],
    said: Mapping[Pair, Said],
    source: str,
    *,
    opted_out: bool,
) -> None:
    """Tell it in these conversations, in the transaction around us."""
    sentence = (_OUT if opted_out else _IN).get(ConsentSource(source))
    if sentence is None:
        return
    lines = []
    for one in conversations:
        of = said.get((one.contact_id, one.number_id)) or said[one.contact_id, None]
        words = sentence % {"words": preview(of.words)}
        name = of.by.name if of.by else ""
        lines.append(Line(Here(one.id, one.number_id), ActivityKind.CONSENT, words, name))
    activities.write(lines, clock.now())
