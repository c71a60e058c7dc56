"""Lines in the thread that are no texts: one for a person's deed, many at once for rules'."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from smsinbox.core import clock
from smsinbox.core.bulk import Bulk
from smsinbox.core.clock import micros
from smsinbox.core.database import db
from smsinbox.core.events import emit, emit_all
from smsinbox.models.activity import Activity, ActivityKind, GhostState
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ActivityWritten, MessageIds
from smsinbox.models.user import User


class Here(NamedTuple):
    """The end of a conversation, for a line that is about no text of it."""

    conversation_id: int
    number_id: int
    id: None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What it says, under the name of a rule or a person; `about` is the text that led to it."""

    about: MessageIds | Here
    kind: ActivityKind
    body: str
    author_name: str = ""
    rule_id: int | None = None
    ghost: GhostState | None = None


def write_down(
    conversation: Conversation, words: str, by: User | None, kind: ActivityKind = ActivityKind.DONE
) -> Activity:
    """One line for what somebody did to a conversation, in the transaction around us; without
    `by` it happened by itself. Lines never make anything unread."""
    line = Activity(
        conversation_id=conversation.id,
        kind=kind.value,
        body=words,
        author_name=by.name if by else "",
        user_id=by.id if by else None,
        at=clock.now(),
    )
    db.session.add(line)
    db.session.flush()
    emit(ActivityWritten(conversation_id=conversation.id, number_id=conversation.number_id))
    return line


def write(lines: Sequence[Line], at: datetime) -> None:
    """Put them into their threads in this order, in the transaction around us."""
    if not lines:
        return
    rows = [
        {
            "i": i,
            "conversation": line.about.conversation_id,
            "message": line.about.id,
            "kind": line.kind.value,
            "body": line.body,
            "name": line.author_name,
            "rule": line.rule_id,
            "ghost": line.ghost.value if line.ghost else None,
        }
        for i, line in enumerate(lines)
    ]
    _LINES.run(rows, at=micros(at))
    emit_all(
        ActivityWritten(
            conversation_id=about.conversation_id, message_id=about.id, number_id=about.number_id
        )
        for about in dict.fromkeys(line.about for line in lines)
    )


_LINES = Bulk(
    """
    INSERT INTO activity
      (conversation_id, message_id, kind, body, author_name, rule_id, ghost, at)
    SELECT r.conversation, r.message, r.kind, r.body, r.name, r.rule, r.ghost, :at
    FROM {rows} ORDER BY r.i
    """,
    {
        "i": "INTEGER",
        "conversation": "BIGINT",
        "message": "BIGINT",
        "kind": "TEXT",
        "body": "TEXT",
        "name": "TEXT",
        "rule": "BIGINT",
        "ghost": "TEXT",
    },
)
