"""Prepared texts are written: by admins for everybody, by agents for themselves."""

from typing import NamedTuple

from sqlalchemy import update

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Forbidden, Invalid
from smsinbox.core.i18n import _
from smsinbox.core.text import clean
from smsinbox.models.permission import Permission, can
from smsinbox.models.saved_reply import SavedReply
from smsinbox.models.user import Role, User
from smsinbox.queries import saved_replies
from smsinbox.rules import fields
from smsinbox.services import typed
from smsinbox.services.outbound import LONGEST

_TITLE, _SHORTCUT = 60, 20


class Wanted(NamedTuple):
    """What a form says; `is_mine` keeps it to oneself, without a number it is for all."""

    title: str
    body: str
    shortcut: str = ""
    number_id: int | None = None
    is_mine: bool = True
    is_button: bool = False


@atomic
def create(wanted: Wanted, by: User) -> SavedReply:
    """One more. Raises Invalid that names the field, Forbidden for what is not theirs to write."""
    reply = SavedReply(by_name=by.name, uses=0, created_at=clock.now())
    _write(reply, wanted, by)
    db.session.add(reply)
    db.session.flush()
    return reply


@atomic
def edit(reply_id: int, wanted: Wanted, by: User) -> SavedReply:
    """Other words; raises as `create`, and NotFound."""
    reply = _theirs(reply_id, by)
    _write(reply, wanted, by)
    return reply


@atomic
def delete(reply_id: int, by: User) -> SavedReply:
    """It is offered no more."""
    reply = _theirs(reply_id, by)
    db.session.delete(reply)
    return reply


@atomic
def used(reply_id: int, by: User) -> None:
    """Somebody put it into a text: those that are used most are offered first."""
    reply = saved_replies.found(by, reply_id)
    counted = update(SavedReply).where(SavedReply.id == reply.id)
    db.session.execute(counted.values(uses=SavedReply.uses + 1))


def may_edit(reply: SavedReply, user: User) -> bool:
    """One's own; everybody's, who is an admin."""
    is_own = reply.user_id == user.id and user.role != Role.VIEWER
    return is_own or (reply.user_id is None and can(user, Permission.ADMINISTER))


def _theirs(reply_id: int, by: User) -> SavedReply:
    reply = saved_replies.found(by, reply_id)
    if not may_edit(reply, by):
        raise Forbidden(_("Only admins change what everybody uses."))
    return reply


def _write(reply: SavedReply, wanted: Wanted, by: User) -> None:
    if by.role == Role.VIEWER or not (wanted.is_mine or can(by, Permission.ADMINISTER)):
        raise Forbidden(_("Only admins write saved replies for everybody."))
    if wanted.number_id is not None and not can(by, Permission.SEE, wanted.number_id):
        raise Invalid(_("Choose one of your numbers, or all of them."), "number_id")
    reply.title = typed.line(wanted.title, "title", _TITLE, _("Give it a title."))
    reply.shortcut = _shortcut(wanted.shortcut)
    reply.body = _body(wanted.body)
    reply.number_id, reply.is_button = wanted.number_id, wanted.is_button
    reply.user_id = by.id if wanted.is_mine else None
    if reply.is_button and len(reply.title) > saved_replies.LONGEST_BUTTON:
        most = saved_replies.LONGEST_BUTTON
        raise Invalid(
            _("As a button its title has at most %(most)s characters.", most=most), "title"
        )


def _shortcut(text: str) -> str:
    word = typed.line(text.strip().removeprefix("/"), "shortcut", _SHORTCUT).lower()
    if " " in word:
        raise Invalid(_("A shortcut is one word."), "shortcut")
    return word


def _body(text: str) -> str:
    body = clean(text.replace("\r\n", "\n")).strip()
    if not body:
        raise Invalid(_("Write what it says."), "body")
    if len(body) > LONGEST:
        raise Invalid(_("Use at most %(longest)s characters.", longest=LONGEST), "body")
    try:
        fields.check(body)
    except ValueError as error:
        raise Invalid(str(error), "body") from None
    return body
