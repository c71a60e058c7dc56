"""Texts that did not get through and wait for somebody: why, and how many, for one user."""

from typing import NamedTuple

from sqlalchemy import func, select, text

from smsinbox.core.database import db
from smsinbox.models.account import Account
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import TROUBLED, Message
from smsinbox.models.user import User
from smsinbox.queries.granted import granted
from smsinbox.queries.views import View


class Trouble(NamedTuple):
    """How many texts have this error, which is in this carrier's words."""

    dialect: str
    code: str | None
    texts: int


def of(viewer: User) -> list[Trouble]:
    """What the *Failed* view of this user holds, text by text."""
    there = select(Conversation.id).where(View("failed").where(viewer.id), granted(viewer))
    found = db.session.execute(
        select(Account.dialect, Message.error_code, func.count())
        .join(Account, Account.id == Message.account_id)
        .where(text(TROUBLED), Message.conversation_id.in_(there))
        .group_by(Account.dialect, Message.error_code)
    )
    return [Trouble(*row) for row in found]
