"""What is true of the whole installation, as admins write it down."""

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.models.inbox import Inbox, Scope
from smsinbox.models.user import User
from smsinbox.queries.inbox import ONLY
from smsinbox.services import typed
from smsinbox.services.authority import must_administer


@atomic
def edit(
    company: str,
    contact: str,
    opt_out_scope: str,
    by: User | None = None,
    closes_on_opt_out: bool = False,
) -> Inbox:
    """Say who answers HELP, for which numbers an opt-out holds from now on, and whether it closes
    the conversation."""
    must_administer(by)
    if opt_out_scope not in list(Scope):
        raise Invalid("Choose for which numbers an opt-out holds.", "opt_out_scope")
    inbox = Inbox(
        id=ONLY,
        company=typed.line(company, "company", 60),
        contact=typed.line(contact, "contact", 120),
        opt_out_scope=opt_out_scope,
        closes_on_opt_out=closes_on_opt_out,
    )
    return db.session.merge(inbox)
