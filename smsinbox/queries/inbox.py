"""What is true of the whole installation."""

from smsinbox.core.database import db
from smsinbox.models.inbox import Inbox, Scope

ONLY = 1  # the id of the one row


def inbox() -> Inbox:
    """Who we are and how far an opt-out reaches; the defaults until an admin says otherwise."""
    return db.session.get(Inbox, ONLY) or Inbox(
        id=ONLY,
        company="",
        contact="",
        opt_out_scope=Scope.NUMBER.value,
        closes_on_opt_out=False,
    )
