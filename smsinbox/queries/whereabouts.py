"""By which clock a contact lives."""

from smsinbox.core.whereabouts import local_time
from smsinbox.models.conversation import Conversation


def zone_beside(conversation: Conversation) -> str:
    """The contact's time zone (IANA); our number's where theirs is not known."""
    contact = conversation.contact
    there = local_time(contact.phone, contact.zone)
    return there.zone if there and there.zone else conversation.number.zone
