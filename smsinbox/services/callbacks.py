"""What programs are told: entries of the log become posts, each in the transaction that notes how
far the log is read, so that nothing is skipped or doubled whenever we die.

A program hears of the texts that it sent, and of what comes in where its key may read: keys have no
grants, so that is every number. What is posted is made of the rows when it is tried.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from sqlalchemy import exists, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.core.events import Cursor, Entry
from smsinbox.dialects import DIALECTS, VOICES
from smsinbox.dialects.base import Happening, Rank
from smsinbox.models.api_key import ApiKey
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.callback import Callback, CallbackPost, PostState
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import (
    ConsentChanged,
    MessageChanged,
    MessageReceived,
    ProgramsNotified,
)
from smsinbox.models.message import Message
from smsinbox.models.permission import Permission, can
from smsinbox.models.reader import Reader
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.queries import decisions
from smsinbox.queries.messages import opted_out
from smsinbox.services import callback_endpoints, callback_words
from smsinbox.services.taken import dialect_of

KINDS = frozenset(
    kind.__name__ for kind in (MessageReceived, MessageChanged, ConsentChanged, ProgramsNotified)
)
NO_TIME = timedelta(0)
# What comes with files is told when they are here, at the latest after this.
FILES_TAKE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Draft:
    callback: Callback
    happening: Happening
    about: str  # the same whenever this is told again
    message_id: int | None
    conversation_id: int
    own: bool = False
    wait: timedelta = NO_TIME  # before the first try
    rule_id: int | None = None


@atomic
def plan(entries: Sequence[Entry]) -> int:
    """Turn entries of the log into posts; how many. They must follow on what was read before."""
    drafts = list(_drafts([entry for entry in entries if entry.kind in KINDS]))
    _keep(drafts)
    _hurry(entries)
    _remember(entries[-1].cursor)
    return len(drafts)


def _drafts(entries: Sequence[Entry]) -> Iterator[_Draft]:
    if not entries:
        return
    listening = callbacks_query.listening()
    messages = _messages(entries)
    told = _told(messages)
    seen: set[int] = set()
    for entry in entries:
        message = messages.get(entry.message_id or 0)
        if entry.kind == ConsentChanged.__name__:
            yield from _of_consent(entry, listening)
        elif message is None:
            continue
        elif entry.kind == MessageReceived.__name__:
            yield from _of_inbound(message, listening)
        elif entry.kind == ProgramsNotified.__name__:
            yield from _of_rules(message, listening)
        elif message.api_key_id is not None and message.id not in seen:
            seen.add(message.id)
            yield from _of_outbound(message, listening, told)


def _messages(entries: Sequence[Entry]) -> dict[int, Message]:
    ids = {entry.message_id for entry in entries if entry.message_id is not None}
    found = db.session.scalars(
        select(Message).where(Message.id.in_(ids)).execution_options(populate_existing=True)
    )
    return {message.id: message for message in found}


def _told(messages: dict[int, Message]) -> dict[tuple[str, int], Rank]:
    """How far each endpoint knows of each text: it is told nothing that lies behind."""
    columns = (CallbackPost.callback_id, CallbackPost.message_id, CallbackPost.happening)
    ours = [message.id for message in messages.values() if message.api_key_id is not None]
    told: dict[tuple[str, int], Rank] = defaultdict(lambda: Rank.NONE)
    if ours:
        known = select(*columns).where(CallbackPost.message_id.in_(ours))
        for callback_id, message_id, happening in db.session.execute(known):
            pair = callback_id, message_id or 0
            rank = callback_words.RANKS.get(Happening(happening), Rank.NONE)
            told[pair] = max(told[pair], rank)
    return told


def _of_inbound(message: Message, listening: Sequence[Callback]) -> Iterator[_Draft]:
    """A text that came in after the endpoint was made: nobody wants last year's."""
    hearing = [
        callback
        for callback in _readers(message.number_id, listening)
        if callback.created_at <= message.created_at and _hears(callback, Happening.RECEIVED)
    ]
    about, conversation = f"{message.id}:{Happening.RECEIVED}", message.conversation_id
    wait = FILES_TAKE if hearing and any(file.waits for file in message.attachments) else NO_TIME
    for callback in hearing:
        yield _Draft(callback, Happening.RECEIVED, about, message.id, conversation, wait=wait)


def _of_rules(message: Message, listening: Sequence[Callback]) -> Iterator[_Draft]:
    """For each rule that asks for it; carriers' languages have no word for that."""
    hearing = [
        callback
        for callback in _readers(message.number_id, listening)
        if callback.created_at <= message.created_at and _hears(callback, Happening.RULE)
    ]
    for rule_id in decisions.calling(message.id) if hearing else ():
        about, conversation = f"{message.id}:{Happening.RULE}:{rule_id}", message.conversation_id
        for callback in hearing:
            yield _Draft(callback, Happening.RULE, about, message.id, conversation, rule_id=rule_id)


def _of_consent(entry: Entry, listening: Sequence[Callback]) -> Iterator[_Draft]:
    conversation = db.session.get(Conversation, entry.conversation_id or 0)
    if conversation is None:
        return
    happening = Happening.OPTED_OUT if opted_out(conversation) else Happening.OPTED_IN
    for callback in _readers(conversation.number_id, listening):
        if _hears(callback, happening):
            yield _Draft(callback, happening, f"consent:{entry.cursor}", None, conversation.id)


def _readers(number_id: int, listening: Sequence[Callback]) -> Iterator[Callback]:
    for callback in listening:
        if callback.is_endpoint and can(callback.api_key, Permission.SEE, number_id):
            yield callback


def _of_outbound(
    message: Message, listening: Sequence[Callback], told: dict[tuple[str, int], Rank]
) -> Iterator[_Draft]:
    mine = [one for one in listening if one.api_key_id == message.api_key_id and one.is_endpoint]
    for happening in callback_words.reached(message):
        for callback, own in _ears(message, mine, happening):
            if callback_words.RANKS[happening] > told[callback.id, message.id]:
                about = f"{message.id}:{happening}"
                yield _Draft(callback, happening, about, message.id, message.conversation_id, own)


def _ears(
    message: Message, mine: Sequence[Callback], happening: Happening
) -> list[tuple[Callback, bool]]:
    """Who is told about a program's text, and who of them tries the text's own addresses first.

    Endpoints of the dialect in which the program wrote the text stand in for these addresses, and
    hear nothing when the program wanted it so; the others are no business of that text's.
    """
    spoken, asked = dialect_of(message), message.asked or {}
    hearing = [one for one in mine if _hears(one, happening)]
    same = [one for one in hearing if one.dialect == spoken]
    ears = [(one, False) for one in hearing if one.dialect != spoken]
    if spoken is None or asked.get("use_profile_webhooks", True):
        ears += [(one, False) for one in same]
    else:
        same = []
    if (
        spoken is not None
        and asked.get("webhook_urls")
        and happening in DIALECTS[spoken].server.EVENTS
    ):
        first = same[0] if same else _for_own_addresses(message, spoken)
        ears = [(one, own) for one, own in ears if one is not first]
        ears += [(first, True)] if first else []
    return ears


def _for_own_addresses(message: Message, dialect: str) -> Callback | None:
    key = db.session.get(ApiKey, message.api_key_id)
    if key is None or key.revoked_at is not None:
        return None
    return callback_endpoints.for_own_addresses(key, dialect)


def _hears(callback: Callback, happening: Happening) -> bool:
    name = VOICES[callback.dialect].announcer.EVENTS.get(happening)
    return name is not None and callback.hears(name)


def _hurry(entries: Sequence[Entry]) -> None:
    """Texts that came and whose last file is here now need not wait for it any more."""
    ids = {entry.message_id for entry in entries if entry.kind == MessageChanged.__name__}
    if not ids:
        return
    still = exists().where(
        Attachment.message_id == CallbackPost.message_id,
        Attachment.state == AttachmentState.WAITING.value,
    )
    db.session.execute(
        update(CallbackPost)
        .where(
            CallbackPost.message_id.in_(ids),
            CallbackPost.happening == Happening.RECEIVED.value,
            CallbackPost.state == PostState.WAITING.value,
            CallbackPost.attempts == 0,
            CallbackPost.due_at > clock.now(),
            ~still,
        )
        .values(due_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def _keep(drafts: Sequence[_Draft]) -> None:
    """Once for each endpoint, whatever repeats: the event's id is made of what it is about."""
    if not drafts:
        return
    now = clock.now()
    rows = [
        {
            "callback_id": draft.callback.id,
            "event_id": str(uuid5(UUID(draft.callback.id), draft.about)),
            "happening": draft.happening.value,
            "name": VOICES[draft.callback.dialect].announcer.EVENTS[draft.happening],
            "message_id": draft.message_id,
            "conversation_id": draft.conversation_id,
            "own": draft.own,
            "rule_id": draft.rule_id,
            "state": PostState.WAITING.value,
            "due_at": now + draft.wait,
            "attempts": 0,
            "created_at": now,
        }
        for draft in drafts
    ]
    insert = (sqlite if is_sqlite() else postgresql).insert(CallbackPost)
    db.session.execute(insert.on_conflict_do_nothing(), rows)


def _remember(cursor: Cursor) -> None:
    """Never backward, should another process have read on meanwhile."""
    insert = (sqlite if is_sqlite() else postgresql).insert(Reader)
    there = {"txid": cursor.txid, "entry_id": cursor.id}
    db.session.execute(
        insert.values(name=callbacks_query.READER, **there).on_conflict_do_update(
            index_elements=[Reader.name],
            set_=there,
            where=tuple_(Reader.txid, Reader.entry_id) < tuple_(cursor.txid, cursor.id),
        )
    )
