"""What people do about consent by hand: opt a contact out, dismiss a suspicion, lift an opt-out."""

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import NotFound
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import RefusalDismissed
from smsinbox.models.opt_out import OptOut
from smsinbox.models.user import User
from smsinbox.services import consent, outbox, typed
from smsinbox.services.authority import must_administer
from smsinbox.services.consent_lines import Said

LONGEST = 300  # characters of a reason


@atomic
def opt_out(conversation_id: int, reason: str, by: User) -> Conversation:
    """They asked us to stop, in whatever words: nobody texts them any more. A second time changes
    nothing."""
    conversation = outbox.lock(conversation_id)
    said = Said(typed.line(reason, "reason", LONGEST, _("Say how they asked for it.")), by=by)
    consent.withdraw([conversation], ConsentSource.USER, {conversation.id: said})
    return conversation


@atomic
def dismiss(conversation_id: int, by: User) -> Conversation:
    """No, they did not ask us to stop."""
    conversation = outbox.lock(conversation_id)
    if conversation.wants_out:
        conversation.wants_out = False
        db.session.flush()
        emit(RefusalDismissed.of(conversation))
    return conversation


@atomic
def lift(opt_out_id: int, reason: str, by: User | None = None) -> OptOut:
    """Text them again although they did not say START: only for a mistake, and it says which."""
    must_administer(by)
    standing = db.session.get(OptOut, opt_out_id)
    if standing is None:
        raise NotFound
    words = typed.line(reason, "reason", LONGEST, _("Say why they may be texted again."))
    consent.lift_one(standing, ConsentSource.USER, Said(words, by=by))
    return standing
