"""The outbox: a queued row of the message table is a promise to hand that text to its carrier."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.database import after_commit, db
from smsinbox.core.doorbell import ring
from smsinbox.core.errors import NotFound
from smsinbox.core.events import emit_all
from smsinbox.core.kinds import in_words
from smsinbox.core.segments import measure
from smsinbox.core.text import preview
from smsinbox.models.attachment import Attachment
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import MessageIds, MessageQueued
from smsinbox.models.message import Arming, Author, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.services import armed_replies
from smsinbox.services.armed_replies import Arms
from smsinbox.services.delivery import deliver

PATIENCE = timedelta(hours=4)  # of programs, which hand in more than leaves in an hour
RULE_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, by name as the bubble shows it."""

    author: Author
    name: str
    user_id: int | None = None
    rule_id: int | None = None
    api_key_id: int | None = None


def lock(conversation_id: int) -> Conversation:
    """The conversation, held until the transaction ends: texts queue up in the order written."""
    conversation = db.session.get(
        Conversation,
        conversation_id,
        populate_existing=True,
        with_for_update={"of": Conversation, "key_share": True},
    )
    if conversation is None:
        raise NotFound
    return conversation


def hold(conversation_ids: Collection[int]) -> None:
    """`lock` for many, in the order in which everybody takes them."""
    held = select(Conversation.id).where(Conversation.id.in_(conversation_ids))
    db.session.execute(
        held.order_by(Conversation.id).with_for_update(of=Conversation, key_share=True)
    )


def known(conversation: Conversation, client_token: str | None) -> Message | None:
    """The text that was written with this token before, so that a double click writes one."""
    if client_token is None:
        return None
    return db.session.scalar(
        select(Message).where(
            Message.conversation_id == conversation.id, Message.client_token == client_token
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A text to be sent, with its files; `at` is when, and None means now."""

    conversation_id: int
    number: Number
    body: str = field(repr=False)
    writer: Writer
    at: datetime | None = None
    hold: timedelta = timedelta()  # how long its writer may still take it back
    unless_texted: bool = False  # a scheduled one gives way when the contact is faster
    patience: timedelta = PATIENCE  # of people it is their number's
    answers_id: int | None = None
    client_token: str | None = None
    asked: dict[str, object] | None = None
    files: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True)
class Queued:
    """What became of it: a row of the outbox."""

    id: int
    state: MessageState
    at: datetime  # when it was written


def queue(texts: Sequence[Outgoing]) -> list[Queued]:
    """Write texts into the outbox in this order, bring the lists up to those whose time has come,
    and ring once they are committed. The transaction around us must hold their conversations."""
    now = clock.now()
    rows = [_row(i, text, now) for i, text in enumerate(texts)]
    if not rows:
        return []
    ids = sorted(_MESSAGES.run(rows, now=clock.micros(now)).scalars())
    for of, text in zip(ids, texts, strict=True):
        for file in text.files:
            file.message_id = of
        db.session.add_all(text.files)
    bring_up([row for row in rows if row["state"] == MessageState.QUEUED.value], now)
    armed_replies.arm(
        [
            Arms(row["conversation"], of)
            for of, row in zip(ids, rows, strict=True)
            if row["arming"] and row["state"] == MessageState.QUEUED.value
        ]
    )
    announce_queued(
        [
            MessageQueued.of(MessageIds(of, text.conversation_id, text.number.id))
            for of, text in zip(ids, texts, strict=True)
        ]
    )
    return [Queued(of, MessageState(row["state"]), now) for of, row in zip(ids, rows, strict=True)]


def preview_of(body: str, files: Iterable[Attachment]) -> str:
    """What a list shows of a text."""
    return preview(body) or in_words(file.content_type for file in files)


def _row(i: int, text: Outgoing, now: datetime) -> dict[str, Any]:
    wanted = str((text.asked or {}).get("encoding") or "")
    measured, at, writer = measure(text.body, wanted), max(now, text.at or now), text.writer
    is_held = at <= now and any(file.waits for file in text.files)  # services/held.py
    return {
        "i": i,
        "conversation": text.conversation_id,
        "account": text.number.account_id,
        "number": text.number.id,
        "body": text.body,
        "encoding": measured.encoding,
        "segments": max(measured.parts, 1),
        "author": writer.author.value,
        "name": writer.name,
        "by_user": writer.user_id,
        "by_rule": writer.rule_id,
        "by_key": writer.api_key_id,
        "answers": text.answers_id,
        "token": text.client_token,
        "state": (MessageState.SCHEDULED if at > now else MessageState.QUEUED).value,
        "at": None if is_held else clock.micros(at + (timedelta() if at > now else text.hold)),
        "until": clock.micros(at + text.patience),
        "asked": None if text.asked is None else json.dumps(text.asked),
        "unless": int(text.unless_texted),
        "arming": Arming.ARMED.value if (text.asked or {}).get("auto_reply") else None,
        "preview": preview_of(text.body, text.files),
    }


def bring_up(rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """The lists show the newest of these texts (members `conversation` and `preview`) as the last;
    one that waits for its time has not been said yet."""
    newest = {row["conversation"]: row for row in rows}
    if newest:
        in_order = sorted(newest.values(), key=lambda row: row["conversation"])
        _THREADS.run(in_order, now=clock.micros(now))


def announce_queued(texts: Sequence[MessageQueued]) -> None:
    """Tell the screens, and ring for a worker after the commit: whoever comes takes all that is
    ready."""
    emit_all(texts)
    last = texts[-1].message_id or 0
    after_commit(lambda: ring(deliver, last))


_TEXT = {
    "i": "INTEGER",
    "conversation": "BIGINT",
    "account": "BIGINT",
    "number": "BIGINT",
    "body": "TEXT",
    "encoding": "TEXT",
    "segments": "INTEGER",
    "author": "TEXT",
    "name": "TEXT",
    "by_user": "BIGINT",
    "by_rule": "BIGINT",
    "by_key": "BIGINT",
    "answers": "BIGINT",
    "token": "TEXT",
    "state": "TEXT",
    "at": "BIGINT",
    "until": "BIGINT",
    "asked": "TEXT",
    "unless": "INTEGER",
    "arming": "TEXT",
    "preview": "TEXT",
}
_MESSAGES = Bulk(
    """
    INSERT INTO message
      (conversation_id, account_id, number_id, direction, body, encoding, segments, author,
       author_name, user_id, rule_id, api_key_id, answers_id, client_token, state, delivery,
       attempts, route, next_at, expires_at, asked, arming, unless_texted, created_at)
    SELECT r.conversation, r.account, r.number, 'outbound', r.body, r.encoding, r.segments,
      r.author, r.name, r.by_user, r.by_rule, r.by_key, r.answers, r.token, r.state, 0,
      0, 0, r.at, r.until, {asked}, r.arming, {unless}, :now
    FROM {rows} ORDER BY r.i
    RETURNING id
    """,
    _TEXT,
    sqlite={"asked": "r.asked", "unless": "r.unless"},
    postgres={"asked": "CAST(r.asked AS json)", "unless": "r.unless <> 0"},
)
_THREADS = Bulk(
    """
    UPDATE conversation SET last_direction = 'outbound', preview = r.preview,
      last_message_at = {later}(conversation.last_message_at, :now)
    FROM {rows} WHERE conversation.id = r.conversation
    """,
    {"conversation": "BIGINT", "preview": "TEXT"},
    sqlite={"later": "max"},
    postgres={"later": "greatest"},
)
