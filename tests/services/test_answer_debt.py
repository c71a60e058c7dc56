"""Whoever texts is owed an answer until a person replies, says that none is needed, snoozes or
closes; nothing that happens by itself pays that debt."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.models import Contact, Conversation
from smsinbox.queries import conversations as query
from smsinbox.queries.views import View
from smsinbox.services import bulk, conversations, outbound
from tests import build
from tests.ruling import receive

ACTS = ("text", "keyword", "reply", "settle", "unsettle", "snooze", "wake", "close")


@pytest.mark.parametrize("backend", ["sqlite"])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=8), nth=st.uuids())
def test_a_conversation_leaves_needs_reply_by_nothing_but_a_persons_deed(number, ben, acts, nth):
    if not db.session.query(Contact).count():
        build.a_rule(number, "hours")
    phone = f"+1312{nth.int % 8_000_000 + 2_000_000}"
    receive(number, "hello", sender=phone)
    theirs = select(Conversation.id).join(Contact).where(Contact.phone == phone)
    id_ = db.session.scalars(theirs).one()
    owed, status = True, "open"
    for act in acts:
        owed, status = done(act, number, phone, id_, ben, (owed, status))
        listed = {row.id for row in query.listed(ben, View("needs-reply"), limit=500).items}
        assert (id_ in listed) == (owed and status == "open"), acts


def done(act, number, phone, id_, ben, before) -> tuple[bool, str]:
    """Do it; whether an answer is owed now, and how the conversation stands."""
    owed, status = before
    match act:
        case "text" | "keyword":
            receive(number, "hours" if act == "keyword" else "hello?", sender=phone)
            return True, "open"
        case "reply":
            outbound.reply(id_, "Here you are", None, ben)
            return False, "open"
        case "settle" | "unsettle":
            (conversations.settle if act == "settle" else conversations.unsettle)(id_, ben)
            return act == "unsettle", status
        case "snooze" if status != "closed":
            bulk.snooze(id_, clock.now() + timedelta(hours=1), ben)
            return owed, "snoozed"
        case "wake" if status == "snoozed":
            conversations.reopen(id_, ben)
            return owed, "open"
        case "close":
            conversations.close(id_, ben)
            return False, "closed"
    return before
