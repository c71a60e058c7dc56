"""What opens below a button of a conversation's header, for the one who pressed it: people to
assign to, times to snooze until, tags, a hand-over card."""

from collections.abc import Mapping

from flask import Blueprint, request
from markupsafe import Markup

from smsinbox.core import clock, later
from smsinbox.core.i18n import _, _l
from smsinbox.models.conversation import Conversation
from smsinbox.models.user import User
from smsinbox.queries import availability, contacts, handovers, users
from smsinbox.web.access import answerable, viewer
from smsinbox.web.contacts import contact_tags_of
from smsinbox.web.fragments import fragment
from smsinbox.web.zones import zone_of

pages = Blueprint("sheets", __name__, url_prefix="/conversations/<int:conversation_id>/sheets")

SNOOZES = {**later.PRESETS, "reply": _l("Until they text")}


@pages.get("/people")
def people(conversation_id: int) -> Markup:
    """Who can have it; ?q= finds some by name or address. Who is online comes first."""
    conversation = answerable(conversation_id)
    states = availability.everybody()
    wanted = request.args.get("q", "").strip().casefold()
    choices = [
        ("me", viewer(), _("Assign to me"), ""),
        ("", None, _("Nobody"), "user-x"),
        *((str(one.id), one, one.name or one.email, "") for one in _others(conversation, states)),
    ]
    found = [one for one in choices if _fits(one[1], one[2], wanted)]
    return fragment("conversations/people", conversation=conversation, choices=found, states=states)


@pages.get("/snooze")
def snooze(conversation_id: int) -> Markup:
    """The usual times, in the viewer's zone, and any other."""
    conversation = answerable(conversation_id)
    zone, now = zone_of(conversation), clock.now()
    choices = [(one, words, later.moment(one, zone, now)) for one, words in SNOOZES.items()]
    return fragment("conversations/snooze", conversation=conversation, choices=choices)


@pages.get("/tags")
def tags(conversation_id: int) -> Markup:
    """The contact's tags, to change."""
    contact = answerable(conversation_id).contact
    return fragment(
        "conversations/tagging",
        contact=contact,
        tags=contact_tags_of(contacts.phones_of(contact)),
        all_tags=contacts.all_tags(),
    )


@pages.get("/handover")
def handover(conversation_id: int) -> Markup:
    """The card that is there, or a new one."""
    conversation = answerable(conversation_id)
    card = handovers.of(conversation.id)
    return fragment("conversations/handing", conversation=conversation, card=card)


def _others(conversation: Conversation, states: Mapping[int, str]) -> list[User]:
    rank = {"online": 0, "away": 1}
    found = [one for one in users.assignable(conversation.number_id) if one.id != viewer().id]
    return sorted(found, key=lambda one: (rank.get(states.get(one.id, ""), 2), one.name))


def _fits(user: User | None, words: str, wanted: str) -> bool:
    mail = user.email if user else ""
    return wanted in f"{words} {user.name if user else ''} {mail}".casefold()
