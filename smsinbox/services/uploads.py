"""Files that people bring before they send the text. They wait beside the draft, for their owner
alone, until they go with a text, are taken away again, or a day is over."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select

from smsinbox.core import clock
from smsinbox.core.aside import aside
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.files import Kept, shelf
from smsinbox.core.i18n import _
from smsinbox.core.kinds import judge
from smsinbox.models.api_key import ApiKey
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.upload import Upload
from smsinbox.models.user import User
from smsinbox.queries import uploads as uploads_query
from smsinbox.services import sendable, shelved
from smsinbox.services.carriage import obstacle
from smsinbox.services.sendable import FIELD, RawFile

MOST = 20  # that wait for one user, in all conversations
ROOM = 48_000_000  # bytes of them
_KEPT = timedelta(days=1)
_AT_ONCE = 500


def bring(conversation: Conversation, files: Sequence[RawFile], by: User) -> None:
    """Keep files for the text that `by` will send there; raises Invalid, and then keeps none.

    Those that are too many or too large together are kept: some may go, and photos be made smaller.
    """
    if words := obstacle(conversation.number):
        raise Invalid(words, FIELD)
    there, named = conversation.id, [sendable.named(file) for file in files]
    _check_room([len(file.content) for file in named], by)
    db.session.rollback()  # nothing is open while files are written
    _write_down(there, _lay_down(named), by)


def shrink(conversation_id: int, by: User) -> None:
    """Make photos that wait there small enough to go together, where that can be done; raises
    Invalid for one that cannot be read. Takes a while, in which nothing is kept open."""
    waiting = [(one.id, one.name, one.sha256) for one in uploads_query.of(conversation_id, by)]
    db.session.rollback()
    files = aside(lambda: _read(waiting))
    if files is None:
        raise Invalid(_gone(), FIELD)
    pairs = zip(waiting, files, sendable.fitted(files), strict=True)
    smaller = {one[0]: new for one, old, new in pairs if new is not old}
    _replace(dict(zip(smaller, _lay_down(list(smaller.values())), strict=True)))


@atomic
def remove(conversation_id: int, upload_id: int, by: User) -> None:
    """Take one away again; one that is gone already stays so."""
    mine = (Upload.user_id == by.id) & (Upload.conversation_id == conversation_id)
    _let_go(mine & (Upload.id == upload_id))


def brought(conversation_id: int, ids: Sequence[int], by: User | ApiKey) -> list[Upload]:
    """Those that go with a text now, held until the transaction around us ends. Raises Invalid
    when one is not there any more."""
    if not ids or not isinstance(by, User):
        return []
    mine = (Upload.user_id == by.id) & (Upload.conversation_id == conversation_id)
    held = select(Upload).where(mine).order_by(Upload.id).with_for_update()
    fresh = held.execution_options(populate_existing=True)
    found = {one.id: one for one in db.session.scalars(fresh)}
    if not found.keys() >= set(ids):
        raise Invalid(_gone(), FIELD)
    return [found[one] for one in dict.fromkeys(ids)]


def give_back(message: Message, by: User) -> None:
    """The files of a text that was taken back wait for the one that `by` writes in its stead."""
    files = [file for file in message.attachments if file.is_stored]
    db.session.add_all(
        _made(
            message.conversation_id,
            by,
            name=file.name,
            content_type=file.content_type,
            size=file.size or 0,
            sha256=file.sha256 or "",
        )
        for file in files
    )
    db.session.flush()


@atomic
def forget() -> int:
    """Throw away what nobody sent for a day, so many at a time; how many. For the sweeper."""
    past = select(Upload.id).where(Upload.created_at < clock.now() - _KEPT)
    return _let_go(Upload.id.in_(past.order_by(Upload.id).limit(_AT_ONCE)))


def forget_in(conversation_ids: Sequence[int]) -> None:
    """Throw away what waits in conversations that are erased."""
    _let_go(Upload.conversation_id.in_(conversation_ids))


def _lay_down(files: Sequence[RawFile]) -> list[tuple[str, Kept]]:
    return aside(lambda: [(file.name, shelf.keep([file.content], ROOM)) for file in files])


@atomic
def _write_down(conversation_id: int, files: Sequence[tuple[str, Kept]], by: User) -> None:
    # Whoever brings files twice at once is counted once after the other.
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update(key_share=True))
    _check_room([file.size for _name, file in files], by)
    for name, file in files:
        known = {"content_type": judge(file.head), "size": file.size, "sha256": file.sha256}
        db.session.add(_made(conversation_id, by, name=name, **known))
    db.session.flush()


def _check_room(sizes: Sequence[int], by: User) -> None:
    waiting = select(func.count(), func.coalesce(func.sum(Upload.size), 0))
    count, total = db.session.execute(waiting.where(Upload.user_id == by.id)).one()
    if count + len(sizes) > MOST or total + sum(sizes) > ROOM:
        words = _(
            "At most %(most)s files and %(size)s MB may wait to be sent. "
            "Send or remove some first, here or in other conversations.",
            most=MOST,
            size=ROOM // 1_000_000,
        )
        raise Invalid(words, FIELD)


def _read(waiting: Sequence[tuple[int, str, str]]) -> list[RawFile] | None:
    try:
        return [RawFile(name, shelf.path(sha256).read_bytes()) for _id, name, sha256 in waiting]
    except FileNotFoundError:
        return None


def _gone() -> str:
    return _("A file that you attached is not there any more. Remove it, then attach it again.")


def _made(conversation_id: int, by: User, **fields: Any) -> Upload:
    return Upload(conversation_id=conversation_id, user_id=by.id, created_at=clock.now(), **fields)


@atomic
def _replace(smaller: Mapping[int, tuple[str, Kept]]) -> None:
    """Some may be gone by now; their smaller ones go, too."""
    names = {file.sha256 for _name, file in smaller.values()}
    held = select(Upload).where(Upload.id.in_(smaller)).order_by(Upload.id).with_for_update()
    for one in db.session.scalars(held.execution_options(populate_existing=True)):
        names.add(one.sha256)
        one.name, file = smaller[one.id]
        one.content_type, one.size, one.sha256 = judge(file.head), file.size, file.sha256
    shelved.release(names)


def _let_go(which: Any) -> int:
    gone = delete(Upload).where(which).returning(Upload.sha256)
    names = list(db.session.scalars(gone))
    shelved.release(names)
    return len(names)
