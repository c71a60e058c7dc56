"""One person is forgotten, whole; that they opted out is not."""

import pytest
from sqlalchemy import MetaData, exc, select, update

from smsinbox.core.database import atomic, db, engine
from smsinbox.core.errors import Conflict, Forbidden, OptedOut
from smsinbox.core.files import shelf
from smsinbox.models import (
    Activity,
    Attachment,
    ConsentEvent,
    Contact,
    Decision,
    Erasure,
    Message,
    OptOut,
    Webhook,
)
from smsinbox.services import (
    consent,
    conversations,
    delivery,
    erasing,
    merging,
    transfer_jobs,
    transfer_requests,
    upkeep,
)
from smsinbox.services.consent_lines import Said
from tests import build
from tests.files import aged

SECRET = "Sesame"
PHONE = "+13125550177"


@pytest.fixture
def ana(app, ada, number, client):
    """Somebody of whom there is something everywhere; a second phone, a file, a raw webhook."""
    build.post_webhook(client, number.account, build.received(SECRET, sender=PHONE))
    [text] = build.every(Message)
    contact = db.session.get_one(Contact, text.conversation.contact_id)
    build.changed(contact, name=SECRET, notes=SECRET, attributes={"a": SECRET})
    for fields in ({"state": "failed", "error_raw": SECRET}, {"body": SECRET}):
        build.a_message(text.conversation, **fields)
    kept = shelf.keep([SECRET.encode()], 100)
    file = {"content_type": "image/png", "name": SECRET, "state": "stored"}
    build.added(Attachment(message_id=text.id, position=0, sha256=kept.sha256, **file))
    line = {"kind": "note", "body": SECRET, "at": text.created_at}
    build.added(Activity(conversation_id=text.conversation_id, **line))
    why = {"outcome": "no_rule", "reason": SECRET, "detail": {"said": SECRET}}
    build.added(Decision(message_id=text.id, at=text.created_at, **why))
    other = build.a_contact("+13125550178", name=SECRET)
    build.a_message(build.a_conversation(number, other), body=SECRET)
    merging.merge(contact.id, other.id, ada)
    return build.again(contact)


def opted_out(contact, number):
    """In words that name them."""

    @atomic
    def said():
        consent.take_out({(contact.id, number.id): Said(SECRET)}, "word")

    said()


def dump():
    """All that is in the database, as text."""
    found = []
    metadata = MetaData()
    with engine().connect() as connection:
        metadata.reflect(connection)
        for table in metadata.sorted_tables:
            rows = connection.execute(select(table))
            found += [" ".join(map(_plain, row)) for row in rows]
    return "\n".join(found)


def _plain(value):
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def test_nothing_about_them_is_left_anywhere_but_that_there_was_somebody(ada, ana, number):
    opted_out(ana, number)
    assert SECRET in dump()
    place = shelf.path(build.every(Attachment)[0].sha256)
    aged()
    removed = erasing.erase(ana.id, ada)
    left = dump()
    assert [word for word in (SECRET, PHONE[1:], "3125550178") if word in left] == []
    assert not place.exists()
    assert removed == {"texts": 4, "files": 1, "notes": 4, "webhooks": 1}
    assert len(build.every(Message)) == 4
    assert {message.state for message in build.every(Message)} == {
        "received",
        "canceled",
        "failed",
    }
    assert {one.author_name for one in build.every(Erasure)} == {"Ada"}
    assert [event.source for event in build.every(ConsentEvent)] == ["word"]


def test_others_keep_everything_a_shared_file_included(ada, ana, number):
    build.every(Attachment)
    other = build.a_message(build.a_conversation(number), body="Mine")
    [theirs] = build.every(Attachment)
    file = {"content_type": "image/png", "name": "same.png", "state": "stored"}
    build.added(Attachment(message_id=other.id, position=0, sha256=theirs.sha256, **file))
    hook = {"dedupe_key": "k", "body": b'{"from": "+13125550179"}', "state": "processed"}
    build.added(Webhook(account_id=number.account_id, received_at=other.created_at, **hook))
    place = shelf.path(theirs.sha256)
    aged()
    erasing.erase(ana.id, ada)
    assert place.exists()
    assert build.again(other).body == "Mine"
    assert build.every(Webhook)[-1].body == hook["body"]


def test_files_with_everybody_in_them_go_and_one_half_made_is_begun_again(ada, ana):
    done, half = (transfer_requests.export(ada) for _ in range(2))
    transfer_jobs.carry_ready(5)
    place = shelf.path(build.again(done).result)
    assert SECRET in place.read_text()
    build.changed(half, state="running", result=None, done=1, next_at=ana.created_at, fence=7)
    aged()
    erasing.erase(ana.id, ada)
    assert not place.exists()
    transfer_jobs.carry_ready(5)
    assert SECRET not in shelf.path(build.again(half).result).read_text()
    assert (build.again(done).result, build.again(half).state) == (None, "done")


@pytest.mark.parametrize("everywhere", [False, True])
def test_who_opted_out_is_not_texted_after_they_were_erased(ada, ana, number, everywhere):
    build.added(
        OptOut(
            contact_id=ana.id,
            number_id=None if everywhere else number.id,
            source="word",
            at=ana.created_at,
        )
    )
    erasing.erase(ana.id, ada)
    with pytest.raises(OptedOut):
        conversations.start(number.id, PHONE, "Hello again", None, ada)


def test_not_even_by_a_text_that_never_asked(app, ada, ana, number, client):
    opted_out(ana, number)
    erasing.erase(ana.id, ada)
    build.post_webhook(client, number.account, build.received("Hi", sender=PHONE))
    fresh = build.every(Contact)[-1]
    assert (fresh.phone, fresh.name) == (PHONE, "")
    text = build.a_message(build.every(Message)[-1].conversation)
    assert delivery.claim() is None
    assert build.again(text).state == "canceled"
    assert build.every(OptOut)[-1].contact_id == fresh.id
    assert upkeep.expire_leases() == 0


def test_who_says_start_afterwards_is_back(app, ada, ana, number, client):
    opted_out(ana, number)
    erasing.erase(ana.id, ada)
    build.post_webhook(client, number.account, build.received("Hi", sender=PHONE))
    there = build.every(Message)[-1].conversation
    build.a_message(there)
    delivery.claim()  # the opt-out stands again
    build.post_webhook(client, number.account, build.received("START", sender=PHONE))
    text = build.a_message(there, client_token="after")
    while (claim := delivery.claim()) is not None and claim.message_id != text.id:
        build.changed(db.session.get_one(Message, claim.message_id), state="accepted")
    assert claim is not None


def test_who_never_opted_out_may_be_texted_as_anybody(ada, ana, number):
    erasing.erase(ana.id, ada)
    assert conversations.start(number.id, PHONE, "Hello", None, ada).state == "queued"


def test_only_admins_erase_and_never_under_a_text_that_is_on_its_way(ada, ben, ana):
    with pytest.raises(Forbidden):
        erasing.erase(ana.id, ben)
    text = build.every(Message)[-1]
    build.changed(text, state="sending")
    with pytest.raises(Conflict):
        erasing.erase(ana.id, ada)
    assert build.again(ana).name == SECRET
    build.changed(text, state="failed")
    erasing.erase(ana.id, ada)
    with pytest.raises(Conflict):
        erasing.erase(ana.id, ada)


@pytest.mark.parametrize("values", [{"words": ""}, {"words": "x"}, {"opted_out": False}])
def test_the_database_lets_go_of_words_only_about_the_erased(ada, ana, number, values):
    opted_out(ana, number)
    change = update(ConsentEvent).values(**values)
    with pytest.raises(exc.DatabaseError):
        db.session.execute(change)
    db.session.rollback()
    erasing.erase(ana.id, ada)
    if values == {"words": ""}:
        return
    with pytest.raises(exc.DatabaseError):
        db.session.execute(change)
    db.session.rollback()
