"""One person, erased for good (GDPR, article 17: https://gdpr-info.eu/art-17-gdpr/).

What says anything about them goes: texts, files, notes, raw webhooks, names, why rules decided.
What only counts stays, as a stone without a name. Where they opted out, a keyed fingerprint of the
phone stays, too (services/farewells.py), so that they are still not texted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, String, cast, delete, func, or_, select, update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict
from smsinbox.core.events import emit_all
from smsinbox.core.i18n import _, _n, figure
from smsinbox.models.activity import Activity
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.attempt import Attempt
from smsinbox.models.consent_event import ConsentEvent
from smsinbox.models.contact import ERASED, Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.decision import Decision
from smsinbox.models.draft import Draft
from smsinbox.models.erasure import Erasure
from smsinbox.models.events import ConversationClosed, MessageChanged, MessageIds
from smsinbox.models.handover import Handover
from smsinbox.models.idempotency import Idempotency
from smsinbox.models.merge import Merge
from smsinbox.models.message import Message, MessageState
from smsinbox.models.notification import Notification
from smsinbox.models.opt_out import OptOut
from smsinbox.models.receipt import Receipt
from smsinbox.models.tag import ContactTag
from smsinbox.models.transfer import Transfer, TransferKind, TransferState
from smsinbox.models.user import User
from smsinbox.services import armed_replies, contacts, farewells, raw_webhooks, shelved, uploads
from smsinbox.services.authority import must_administer

NAMELESS = "Erased contact"
_DRAWN = 100  # texts that open screens draw anew
_GONE = "Erased with its contact."
_WAITS = (MessageState.QUEUED.value, MessageState.SCHEDULED.value)


def erase(contact_id: int, by: User | None = None) -> dict[str, int]:
    """Erase all phones of a person; how much of what was removed. Raises Conflict while a text to
    them is on its way.

    The raw webhooks go first, some at a time: there may be millions to look through. Should we be
    stopped between, the person is still there and can be erased again.
    """
    must_administer(by)
    phones = [one.phone for one in _look(contact_id)]
    webhooks, seen = raw_webhooks.forget(phones)
    removed = _erase(contact_id, by, webhooks, seen)
    db.session.rollback()
    return removed


def figures(contact_ids: Sequence[int]) -> dict[str, int]:
    """How much of what there is about these contacts."""
    texts, files = _texts(contact_ids), _files(contact_ids)
    lines = Activity.conversation_id.in_(_conversations(contact_ids))
    return {
        "texts": _count(Message, Message.id.in_(texts)),
        "files": _count(Attachment, Attachment.id.in_(files)),
        "notes": _count(Activity, lines),
    }


def told(removed: Mapping[str, int]) -> str:
    """The same in words."""
    texts, files, notes = removed["texts"], removed["files"], removed["notes"]
    return _(
        "%(texts)s, %(files)s and %(notes)s",
        texts=_n("%(count)s text", "%(count)s texts", texts, count=figure(texts)),
        files=_n("%(count)s file", "%(count)s files", files, count=figure(files)),
        notes=_n("%(count)s note", "%(count)s notes", notes, count=figure(notes)),
    )


@atomic
def _look(contact_id: int) -> list[Contact]:
    return contacts.held(contact_id)


@atomic
def _erase(contact_id: int, by: User | None, webhooks: int, seen: int) -> dict[str, int]:
    people = contacts.held(contact_id)
    ids = [one.id for one in people]
    query = select(Conversation).where(Conversation.contact_id.in_(ids)).order_by(Conversation.id)
    theirs = list(db.session.scalars(query.with_for_update(of=Conversation)).unique())
    _must_be_still(theirs)
    removed = figures(ids)
    late, _ = raw_webhooks.forget([one.phone for one in people], seen)
    removed["webhooks"] = webhooks + late
    drawn = _drawn(theirs)
    _forget_files(ids)
    _forget_texts(ids)
    _forget_around([one.phone for one in people], ids)
    _leave_a_stone(people, theirs, removed, by)
    contacts.tell(people, "Erased the contact: texts, files, notes and names.", by)
    emit_all(map(MessageChanged.of, drawn))
    return removed


def _must_be_still(theirs: Sequence[Conversation]) -> None:
    on_its_way = select(Message.id).where(
        Message.conversation_id.in_([one.id for one in theirs]),
        Message.state == MessageState.SENDING.value,
    )
    if db.session.scalar(on_its_way.limit(1)):
        raise Conflict(_("A text to them is on its way at this moment. Try again in a minute."))


def _drawn(theirs: Sequence[Conversation]) -> list[MessageIds]:
    """The newest texts, which screens may show."""
    query = select(Message.id, Message.conversation_id, Message.number_id).where(
        Message.conversation_id.in_([one.id for one in theirs])
    )
    newest = query.order_by(Message.id.desc()).limit(_DRAWN)
    return [MessageIds(*row) for row in db.session.execute(newest)]


def _forget_files(ids: Sequence[int]) -> None:
    which = Attachment.id.in_(_files(ids))
    names = list(db.session.scalars(select(Attachment.sha256).where(which)))
    _change(
        Attachment,
        which,
        name="",
        source_url=None,
        sha256=None,
        next_at=None,
        state=AttachmentState.GONE.value,
        error=_GONE,
    )
    shelved.release(names + _forget_transfers(ids))
    uploads.forget_in(list(db.session.scalars(_conversations(ids))))


def _forget_transfers(ids: Sequence[int]) -> list[str | None]:
    """Files with everybody in them go as well: whoever needs one makes it anew, and one that is
    being made is begun again. An import that waits or runs is somebody's work and goes on."""
    theirs = Transfer.contact_id.in_(ids)
    everybodys = Transfer.kind.in_([TransferKind.EXPORT.value, TransferKind.IMPORT.value])
    ended = Transfer.state.in_([TransferState.DONE.value, TransferState.FAILED.value])
    over = theirs | (everybodys & ended)
    rows = db.session.execute(select(Transfer.source, Transfer.result).where(over))
    names = [name for row in rows for name in row]
    _change(Transfer, over, source=None, result=None, next_at=None)
    half = (Transfer.kind == TransferKind.EXPORT.value) & Transfer.next_at.is_not(None)
    _change(Transfer, half, fence=None, next_at=clock.now(), done=0, attempts=0)
    return names


def _forget_texts(ids: Sequence[int]) -> None:
    texts = _texts(ids)
    conversations = list(db.session.scalars(_conversations(ids)))
    armed_replies.disarm(conversations)
    never = {"state": MessageState.CANCELED.value, "error_code": "erased"}
    _change(Message, Message.id.in_(texts) & Message.state.in_(_WAITS), **never)
    _change(
        Message,
        Message.id.in_(texts),
        body="",
        asked=None,
        arming=None,
        error_detail=None,
        error_raw=None,
    )
    _change(Attempt, Attempt.message_id.in_(texts), error_detail=None)
    _change(Decision, Decision.message_id.in_(texts), reason="", detail=None)
    _change(Notification, Notification.conversation_id.in_(conversations), said=None)
    for model in (Activity, Draft, Handover):
        theirs = model.conversation_id.in_(conversations)
        db.session.execute(_quietly(delete(model).where(theirs)))


def _forget_around(phones: Sequence[str], ids: Sequence[int]) -> None:
    """Where the phone or the name stands beside the texts."""
    named = or_(Receipt.sender.in_(phones), Receipt.recipient.in_(phones))
    either = or_(named, Receipt.message_id.in_(_texts(ids)))
    _change(Receipt, either, sender=None, recipient=None, detail=None)
    for phone in phones:
        told_so = cast(Idempotency.answer, String).contains(phone, autoescape=True)
        db.session.execute(_quietly(delete(Idempotency).where(told_so)))
    db.session.execute(_quietly(delete(ContactTag).where(ContactTag.contact_id.in_(ids))))
    merged = or_(Merge.into_id.in_(ids), Merge.from_id.in_(ids))
    db.session.execute(_quietly(delete(Merge).where(merged)))


def _leave_a_stone(
    people: Sequence[Contact],
    theirs: Sequence[Conversation],
    removed: Mapping[str, int],
    by: User | None,
) -> None:
    for one in people:
        ends = list(db.session.scalars(select(OptOut.number_id).where(OptOut.contact_id == one.id)))
        farewell = Erasure(
            contact_id=one.id,
            phone_hash=farewells.fingerprint(one.phone),
            opt_outs=ends,
            removed=dict(removed),
            author_name=by.name if by else "",
            at=clock.now(),
        )
        db.session.add(farewell)
        one.phone, one.kind, one.name = f"erased-{one.id}", ERASED, NAMELESS
        one.notes = one.language = one.zone = ""
        one.attributes, one.person_id = None, None
    for conversation in theirs:
        conversation.preview, conversation.paused_reason = "", None
        conversation.armed_id = None
        if conversation.close():
            emit_all([ConversationClosed.of(conversation)])
    db.session.flush()
    # The database lets go of words about consent only once their contact is erased.
    _change(ConsentEvent, ConsentEvent.contact_id.in_([one.id for one in people]), words="")


def _conversations(ids: Sequence[int]) -> Any:
    return select(Conversation.id).where(Conversation.contact_id.in_(ids))


def _texts(ids: Sequence[int]) -> Any:
    return select(Message.id).where(Message.conversation_id.in_(_conversations(ids)))


def _files(ids: Sequence[int]) -> Any:
    return select(Attachment.id).where(Attachment.message_id.in_(_texts(ids)))


def _count(model: type[Any], which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(which)) or 0


def _change(model: type[Any], which: Any, **values: Any) -> int:
    result = db.session.execute(_quietly(update(model).where(which).values(**values)))
    assert isinstance(result, CursorResult)
    return result.rowcount


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
