"""What waits in the outbox, and for how long."""

from datetime import datetime

from sqlalchemy import and_, bindparam, case, exists, or_, select
from sqlalchemy.orm import aliased

from smsinbox.core import clock
from smsinbox.core.database import Instant, db
from smsinbox.models.account import Account
from smsinbox.models.backup import Backup
from smsinbox.models.conversation import Conversation
from smsinbox.models.inbox import Inbox
from smsinbox.models.message import Author, Message, MessageState
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut

_earlier = aliased(Message)
_blocked = exists().where(
    _earlier.conversation_id == Message.conversation_id,
    _earlier.id < Message.id,
    _earlier.state.in_([MessageState.QUEUED.value, MessageState.SENDING.value]),
)
_opted_out = exists().where(
    Conversation.id == Message.conversation_id,
    OptOut.covers(Conversation.contact_id, Conversation.number_id),
)
_usable = exists().where(
    Account.paused_at.is_(None),
    or_(Account.open_until.is_(None), Account.open_until <= bindparam("now", type_=Instant())),
    or_(
        Account.id == Number.account_id,
        Account.id.in_(select(Backup.account_id).where(Backup.number_id == Number.id)),
    ),
)
_earliest = case(
    (Message.next_at > Number.next_send_at, Message.next_at), else_=Number.next_send_at
)
# The same texts that a claim would take, whatever their time.
_READY_AT = (
    select(_earliest)
    .join(Number, Number.id == Message.number_id)
    .where(
        and_(Message.state == MessageState.QUEUED.value, Message.next_at.is_not(None)),
        Number.paused_at.is_(None),
        ~exists().where(Inbox.paused_at.is_not(None)),
        _usable,
        ~_blocked,
        or_(Message.author == Author.CONSENT.value, ~_opted_out),
    )
    .order_by(_earliest)
    .limit(1)
)


def ready_at() -> datetime | None:
    """When the first text that nothing holds up may leave; None if there is none."""
    return db.session.scalar(_READY_AT, {"now": clock.now()})


def ready_in() -> float | None:
    """Seconds until then, 0 when it may leave now; None if no text waits."""
    at = ready_at()
    return None if at is None else max(0.0, (at - clock.now()).total_seconds())


def oldest_wait() -> float | None:
    """Seconds that a text has been ready and nobody took it; None if none is ready."""
    at = ready_at()
    waited = None if at is None else (clock.now() - at).total_seconds()
    return waited if waited is not None and waited >= 0 else None
