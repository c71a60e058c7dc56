"""What is true of the whole installation, as admins write it down."""

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Invalid
from smsinbox.core.i18n import _
from smsinbox.models.inbox import Inbox, Scope
from smsinbox.models.user import User
from smsinbox.queries.inbox import ONLY
from smsinbox.services import typed
from smsinbox.services.authority import must_administer

MOST_MINUTES = 10_080  # a week


@atomic
def edit(
    company: str,
    contact: str,
    opt_out_scope: str,
    by: User | None = None,
    closes_on_opt_out: bool = False,
    alarm_after: str | None = None,
) -> Inbox:
    """Say who answers HELP, for which numbers an opt-out holds from now on, whether it closes the
    conversation, and after how many minutes of waiting agents are told (None: as it is)."""
    must_administer(by)
    if opt_out_scope not in list(Scope):
        raise Invalid(_("Choose for which numbers an opt-out holds."), "opt_out_scope")
    inbox = Inbox(
        id=ONLY,
        company=typed.line(company, "company", 60),
        contact=typed.line(contact, "contact", 120),
        opt_out_scope=opt_out_scope,
        closes_on_opt_out=closes_on_opt_out,
    )
    if alarm_after is not None:
        inbox.alarm_after = typed.count(alarm_after, "alarm_after", MOST_MINUTES) or 0
    return db.session.merge(inbox)
