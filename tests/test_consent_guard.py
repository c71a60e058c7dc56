"""No path texts somebody who opted out: each is walked, and raw SQL meets the trigger."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from time_machine import travel

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import OptedOut
from smsinbox.dialects.base import Asked, InboundText, OutboundText
from smsinbox.dialects.errors import Unavailable
from smsinbox.models import Author, Message, OptOut
from smsinbox.queries import outbox as waiting
from smsinbox.services import (
    api_keys,
    delivery,
    inbound,
    inbox,
    numbers,
    outbound,
    outcomes,
    schedules,
    submissions,
)
from smsinbox.services.inbound import Arrival
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from tests import build
from tests.build import OURS, THEIRS
from tests.gateway.test_doors import BODIES, post, told

REACHED_NOBODY = Unavailable(code="unreachable")
CODES = {
    "trunx": (422, "dnc-blocked"),
    "telnyx": (403, "40300"),
    "telnyx_v1": (400, "40300"),
    "pingram": (502, "40300"),
}
_STATEMENT = """
    INSERT INTO message (conversation_id, account_id, number_id, direction, body, encoding,
      segments, author, author_name, state, delivery, attempts, route, created_at)
    VALUES (:conversation, :account, :number, :direction, 'Hi', 'gsm7', 1, :author, '', :state,
      0, 0, 0, 0)
"""


@pytest.fixture
def maria(number):
    return build.a_conversation(number, build.a_contact(THEIRS))


@pytest.fixture(params=["this number", "all numbers"])
def out(request, maria):
    """She opted out; of this number, or of all of them by another."""
    opt_out = build.an_opt_out(maria)
    if request.param == "all numbers":
        build.changed(opt_out, number_id=None)
    return opt_out


@pytest.fixture
def forgetful(monkeypatch):
    """Code that has forgotten to ask: only the database is left."""
    monkeypatch.setattr(outbound, "opted_out", lambda _conversation: None)
    monkeypatch.setattr(submissions, "_consenting", lambda placed, _places, _ledger: placed)


def say(number, body, carrier_id="a"):
    said = InboundText(carrier_id, THEIRS, OURS, body, None)
    inbound.receive([Arrival(number.account_id, b"{}", said)])


def nothing_leaves() -> bool:
    texts = [one for one in build.every(Message) if not one.is_inbound]
    moving = [one for one in texts if one.state in ("queued", "scheduled", "sending")]
    return moving == [] and delivery.claim() is None and waiting.ready_at() is None


def claimed() -> delivery.Claim:
    claim = delivery.claim()
    assert claim is not None
    return claim


# ── each path, and the code's own refusal; then the same with the code forgetting to ask ─────────


@pytest.mark.parametrize("asks", [True, False])
class TestWhoeverAsksIsRefusedInWords:
    @pytest.fixture(autouse=True)
    def _forgets(self, asks, request):
        if not asks:
            request.getfixturevalue("forgetful")

    def test_an_agents_reply(self, app, maria, out, ada):
        form = {"body": "Hello", "client_token": "t"}
        path = f"/conversations/{maria.id}/reply"
        answer = build.signed_in(app, ada).post(path, data=form, headers={"HX-Request": "true"})
        assert (answer.status_code, "opted out" in answer.text) == (409, True)
        assert nothing_leaves()

    def test_an_agents_first_text(self, app, number, out, ada):
        form = {"number_id": number.id, "phone": THEIRS, "body": "Hello", "anyway": "endless"}
        answer = build.signed_in(app, ada).post("/conversations", data=form)
        assert (answer.status_code, "opted out" in answer.text) == (409, True)
        assert nothing_leaves()

    @pytest.mark.parametrize("state", ["failed", "uncertain"])
    def test_f92_a_resend(self, app, maria, out, ada, state):
        message = build.a_message(maria, state=state)
        answer = build.signed_in(app, ada).post(f"/messages/{message.id}/resend")
        assert (answer.status_code, "opted out" in answer.text) == (409, True)
        assert build.again(message).state == state

    def test_our_own_api(self, app, maria, out):
        _, plain = api_keys.create("Shop", "all")
        answer = app.test_client().post(
            f"/api/v1/conversations/{maria.id}/messages",
            json={"body": "Hello"},
            headers={"Authorization": f"Bearer {plain}"},
        )
        assert answer.status_code == 409
        assert answer.json["type"].endswith("/errors/dnc-blocked")
        assert nothing_leaves()

    @pytest.mark.parametrize("dialect", BODIES)
    def test_each_gateway(self, app, out, dialect):
        _, plain = api_keys.create("Shop", "all")
        answer = post(app, dialect, plain)
        assert (answer.status_code, told(dialect, answer)) == CODES[dialect]
        assert nothing_leaves()


@pytest.mark.usefixtures("out")
def test_one_scheduled_by_a_program(number):
    asked = Asked(OutboundText(OURS, THEIRS, "Later"), send_at=clock.now() + timedelta(hours=1))
    submission = Submission(asked, Writer(Author.PROGRAM, "Shop"), "pingram")
    submissions.submit([submission])
    assert isinstance(submission.problem, OptedOut)


def test_a_rule(number, out):
    build.a_rule(number, "hours")
    say(number, "hours")
    assert nothing_leaves()


def test_a_reply_that_was_armed(number, maria, out):
    asked = {"auto_reply": "We got it"}
    armed = build.a_message(maria, state="accepted", asked=asked, arming="armed")
    build.changed(maria, armed_id=armed.id)
    say(number, "M")
    assert nothing_leaves()


def test_the_confirmation_is_the_one_text_that_leaves(number, maria):
    say(number, "STOP")
    claim = claimed()
    assert "unsubscribed" in claim.text.body
    outcomes.refuse(claim.message_id, claim.fence, REACHED_NOBODY)
    with travel(clock.now() + timedelta(minutes=5), tick=False):
        assert claimed().message_id == claim.message_id


# ── what was written before ──────────────────────────────────────────────────


@pytest.mark.parametrize("author", ["user", "rule"])
def test_one_that_waits_is_never_claimed(maria, author):
    build.a_message(maria, author=author)
    build.an_opt_out(maria)
    assert delivery.claim() is None
    assert waiting.ready_at() is None


@pytest.mark.parametrize("author", ["program", "rule"])
def test_a_schedule_or_a_delay_that_comes_due_is_taken_back(maria, author):
    message = build.a_message(maria, state="scheduled", author=author)
    other = build.a_message(build.a_conversation(maria.number), state="scheduled", author=author)
    build.an_opt_out(maria)
    assert schedules.release() == 1
    now = build.again(message)
    assert (now.state, now.error_code) == ("canceled", "opted-out")
    assert build.again(other).state == "queued"


def test_a_retry_is_taken_back(maria):
    build.a_message(maria)
    claim = claimed()
    build.an_opt_out(maria)
    outcomes.refuse(claim.message_id, claim.fence, REACHED_NOBODY)
    assert build.every(Message)[0].state == "canceled"
    assert nothing_leaves()


def test_the_way_by_a_backup_is_closed_too(number, maria):
    numbers.edit(number.id, number.name, 1000.0, [build.an_account().id], None)
    build.a_message(maria)
    claim = claimed()
    build.an_opt_out(maria)
    outcomes.refuse(claim.message_id, claim.fence, REACHED_NOBODY)
    assert build.every(Message)[0].state == "canceled"
    assert nothing_leaves()


def test_f91_a_stop_while_it_is_on_its_way_leaves_that_one_the_last(number, maria):
    build.a_message(maria)
    build.a_message(maria)
    claim = claimed()
    say(number, "STOP")
    outcomes.give_back(claim.message_id, claim.fence)
    states = [one.state for one in build.every(Message) if one.author == "user"]
    assert states == ["canceled", "canceled"]


def test_a_claim_that_the_trigger_stops_takes_nothing_and_breaks_nothing(maria, monkeypatch):
    """As when STOP is committed between the claim's look and its write."""
    build.a_message(maria)
    build.an_opt_out(maria)
    blind = delivery._CLAIM.replace("m.author = 'consent' OR NOT EXISTS", "true OR NOT EXISTS")
    monkeypatch.setattr(delivery, "_CLAIM_SQLITE", text(blind.format(lock="")))
    monkeypatch.setattr(delivery, "_CLAIM_POSTGRES", text(blind.format(lock="")))
    assert delivery.claim() is None
    assert build.every(Message)[0].state == "queued"


# ── raw SQL ──────────────────────────────────────────────────────────────────


@atomic
def insert(conversation, **fields) -> None:
    row = {
        "conversation": conversation.id,
        "account": conversation.number.account_id,
        "number": conversation.number_id,
        "direction": "outbound",
        "author": "user",
        "state": "queued",
    }
    db.session.execute(text(_STATEMENT), row | fields)


@atomic
def move(message, state) -> None:
    statement = text("UPDATE message SET state = :state WHERE id = :id")
    db.session.execute(statement, {"state": state, "id": message.id})


@pytest.mark.parametrize("state", ["scheduled", "queued", "sending"])
@pytest.mark.parametrize("author", ["user", "rule", "program", "armed"])
def test_the_database_takes_no_text_for_them(maria, out, author, state):
    with pytest.raises(OptedOut, match="opted out"):
        insert(maria, author=author, state=state)
    assert build.every(Message) == []


@pytest.mark.parametrize("fields", [{"author": "consent"}, {"direction": "inbound"}], ids=str)
def test_it_takes_the_confirmation_and_what_they_say(maria, out, fields):
    insert(maria, **fields)
    assert len(build.every(Message)) == 1


@pytest.mark.parametrize("before", ["failed", "uncertain", "canceled", "scheduled", "accepted"])
@pytest.mark.parametrize("after", ["queued", "sending"])
def test_it_lets_no_text_of_theirs_go_again(maria, before, after):
    message = build.a_message(maria, state=before)
    build.an_opt_out(maria)
    with pytest.raises(OptedOut):
        move(message, after)
    assert build.again(message).state == before


@pytest.mark.parametrize("after", ["accepted", "failed", "uncertain", "canceled"])
def test_what_was_on_its_way_may_end(maria, after):
    message = build.a_message(maria, state="sending")
    build.an_opt_out(maria)
    move(message, after)
    assert build.again(message).state == after


def test_it_takes_texts_for_others_and_from_numbers_that_they_did_not_stop(number, maria):
    build.an_opt_out(maria)
    other = build.a_number("+14155550143", account=number.account)
    insert(build.a_conversation(number))
    insert(build.a_conversation(other, maria.contact))
    assert len(build.every(Message)) == 2


def test_with_one_for_all_no_pool_chooses_another_number(number, maria, ada):
    inbox.edit("", "", "all")
    say(number, "STOP")
    build.a_number("+14155550143", account=number.account)
    submission = Submission(Asked(OutboundText("", THEIRS, "Hi")), Writer(Author.PROGRAM, "Shop"))
    submissions.submit([submission])
    assert isinstance(submission.problem, OptedOut)
    assert [one.number_id for one in build.every(OptOut)] == [None]
