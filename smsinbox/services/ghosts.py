"""What a rule in shadow would have sent: a person sends it after all, or says no."""

from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Conflict, NotFound
from smsinbox.core.events import emit
from smsinbox.core.i18n import _
from smsinbox.models.activity import Activity, ActivityKind, GhostState
from smsinbox.models.conversation import Conversation
from smsinbox.models.events import ActivityWritten, MessageIds
from smsinbox.models.user import User
from smsinbox.services import outbound, outbox
from smsinbox.services.manner import Manner


@atomic
def send(activity_id: int, by: User) -> Activity:
    """Send it now, as a text of that person; twice is once. Raises OptedOut and Conflict."""
    ghost, conversation = _open(activity_id)
    if ghost.ghost == GhostState.REFUSED:
        raise Conflict(_("Somebody has said no to it already. Write the text yourself."))
    if ghost.ghost == GhostState.OPEN:
        as_it_is = Manner(literal=True)
        outbound.reply(conversation.id, ghost.body, f"ghost-{ghost.id}", by, manner=as_it_is)
        _settle(ghost, GhostState.SENT, conversation)
    return ghost


@atomic
def refuse(activity_id: int, by: User) -> Activity:
    """It would have been wrong; the line stays and says so."""
    ghost, conversation = _open(activity_id)
    if ghost.ghost == GhostState.SENT:
        raise Conflict(_("It has been sent already."))
    _settle(ghost, GhostState.REFUSED, conversation)
    return ghost


def _open(activity_id: int) -> tuple[Activity, Conversation]:
    """The ghost, and its conversation held, so that of two people one is first."""
    known = db.session.get(Activity, activity_id)
    if known is None or known.kind != ActivityKind.GHOST:
        raise NotFound
    conversation = outbox.lock(known.conversation_id)
    db.session.refresh(known)
    return known, conversation


def _settle(ghost: Activity, state: GhostState, conversation: Conversation) -> None:
    ghost.ghost = state.value
    db.session.flush()
    about = MessageIds(ghost.message_id or 0, conversation.id, conversation.number_id)
    emit(ActivityWritten.of(about))
