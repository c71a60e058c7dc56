"""A carrier tells that somebody said STOP or START to it, so that we text nobody who did."""

from sqlalchemy import exists, or_, select

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.phones import Address, BadAddress, address
from smsinbox.dialects.base import ConsentChange
from smsinbox.models.backup import Backup
from smsinbox.models.consent_event import ConsentSource
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.number import Number
from smsinbox.services import consent, webhooks
from smsinbox.services.consent_lines import Said
from smsinbox.services.ends import CONTACTS


@atomic
def receive(account_id: int, key: str, body: bytes, change: ConsentChange) -> None:
    """Keep the webhook, and do what it says for the number it names or all of the account's."""
    try:
        sender = address(change.sender)
        recipient = address(change.recipient).value if change.recipient else None
    except BadAddress as error:
        webhooks.quarantine(account_id, key, body, f"Consent: {error}")
        return
    if not webhooks.keep(account_id, key, body):
        return
    contact = _contact(sender)
    for number in _numbers(account_id, recipient):
        _apply(contact, number, change)


def _apply(contact: Contact, number: Number, change: ConsentChange) -> None:
    said = Said(f"event {change.event_id}" if change.event_id else "")
    conversation = db.session.scalar(
        select(Conversation)
        .where(Conversation.number_id == number.id, Conversation.contact_id == contact.id)
        .with_for_update(of=Conversation, key_share=True)
        .execution_options(populate_existing=True)
    )
    if conversation is not None:
        if change.opted_out:
            consent.withdraw([conversation], ConsentSource.CARRIER, {conversation.id: said})
        else:
            consent.restore([conversation], ConsentSource.CARRIER, {conversation.id: said})
    elif not change.opted_out:
        consent.lift({(contact.id, number.id): said}, ConsentSource.CARRIER)
    else:
        end = contact.id, None if consent.reaches_everywhere() else number.id
        consent.take_out({end: said}, ConsentSource.CARRIER)


def _contact(sender: Address) -> Contact:
    row = {"phone": sender.value, "kind": sender.kind.value}
    CONTACTS.run([row], now=clock.now_micros())
    return db.session.scalars(select(Contact).where(Contact.phone == sender.value)).one()


def _numbers(account_id: int, phone: str | None) -> list[Number]:
    is_backup = exists().where(Backup.number_id == Number.id, Backup.account_id == account_id)
    ours = select(Number).where(or_(Number.account_id == account_id, is_backup)).order_by(Number.id)
    return list(db.session.scalars(ours if phone is None else ours.where(Number.phone == phone)))
