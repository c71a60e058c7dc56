"""Nobody answers a thread that went on while they wrote, unless they say so."""

import random
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from smsinbox.core.errors import Overtaken
from smsinbox.dialects.base import InboundText
from smsinbox.models import Activity, Message
from smsinbox.queries import doubts
from smsinbox.services import inbound, outbound
from smsinbox.services.manner import Manner
from tests import build

FORCED = frozenset({"overtaken"})


@pytest.fixture
def conversation(number):
    return build.a_conversation(number)


def an_inbound(conversation, **fields):
    return build.a_message(
        conversation, direction="inbound", state="received", author="contact", **fields
    )


def write(conversation, by, seen, agreed=frozenset(), token=None):
    manner = Manner(seen=seen, agreed=agreed)
    return outbound.reply(conversation.id, secrets.token_hex(8), token, by, manner=manner)


def test_a_reply_that_did_not_see_the_contacts_text_is_held_back(conversation, ben):
    seen = an_inbound(conversation)
    missed = an_inbound(conversation, body="Wait, no")
    with pytest.raises(Overtaken) as refused:
        write(conversation, ben, seen.id)
    assert refused.value.missed == [missed.id]
    assert len(build.every(Message)) == 2


def test_a_colleagues_text_overtakes_and_ones_own_does_not(conversation, ada, ben):
    seen = an_inbound(conversation)
    write(conversation, ben, seen.id)
    write(conversation, ben, seen.id)
    with pytest.raises(Overtaken) as refused:
        write(conversation, ada, seen.id)
    assert len(refused.value.missed) == 2


def test_whoever_was_shown_what_came_may_send_anyway_and_a_line_says_so(conversation, ben):
    missed = an_inbound(conversation)
    sent = write(conversation, ben, missed.id, FORCED)
    [line] = build.every(Activity)
    assert (line.message_id, line.author_name) == (sent.id, "Ben")
    assert "newer texts" in line.body


def test_to_agree_is_not_enough_for_what_came_after(conversation, ben):
    shown = an_inbound(conversation)
    an_inbound(conversation)
    with pytest.raises(Overtaken):
        write(conversation, ben, shown.id, FORCED)


def test_a_repeated_request_is_not_overtaken_by_what_came_after_it(conversation, ben):
    seen = an_inbound(conversation)
    sent = write(conversation, ben, seen.id, token="t")
    an_inbound(conversation)
    assert write(conversation, ben, seen.id, token="t").id == sent.id


def test_no_reply_is_blind_in_a_thousand_interleavings(app, number, ada, ben):
    """Two agents and a handset, none of whom waits for another."""
    conversation = build.a_conversation(number, build.a_contact(build.THEIRS))
    with ThreadPoolExecutor(3) as pool:
        texts = pool.submit(chatter, app, number)
        agents = [pool.submit(hurry, app, conversation, user) for user in (ada, ben)]
        texts.result()
        tries = [one for agent in agents for one in agent.result()]
    accepted = [one for one in tries if one[1] is not None]
    assert len(tries) == 1000
    assert min(len(accepted), len(tries) - len(accepted)) > 50
    there = [(message.id, message.user_id) for message in build.every(Message)]
    for seen, sent, user in accepted:
        assert not [one for one, by in there if seen < one < sent and by != user]


def chatter(app, number):
    """A contact who does not stop."""
    with app.app_context():
        for at in range(200):
            text = InboundText(str(at), build.THEIRS, number.phone, "And?")
            inbound.receive([inbound.Arrival(number.account_id, b"{}", text)])


def hurry(app, conversation, user):
    """An agent who does not always look: what they had seen, and the text that came of it."""
    dice, seen, tries = random.Random(user.id), 0, []
    with app.app_context():
        for _ in range(500):
            if dice.random() < 0.7:
                seen = doubts.newest(conversation.id)
            try:
                sent = write(conversation, user, seen).id
            except Overtaken:
                sent = None
            tries.append((seen, sent, user.id))
    return tries
