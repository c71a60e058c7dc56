"""Opting out by hand, lifting it, the reach of an opt-out, and the proof that stays."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from smsinbox.core import events
from smsinbox.core.database import atomic, db
from smsinbox.core.errors import Forbidden, Invalid, OptedOut
from smsinbox.dialects.base import ConsentChange, InboundText
from smsinbox.models import Activity, ConsentEvent, Conversation, Message, OptOut
from smsinbox.queries import opt_outs as query
from smsinbox.queries import timeline
from smsinbox.services import consent_changes, inbound, inbox, opt_out_files, opt_outs, outbound
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import THEIRS

REASON = "They asked on the phone."


@pytest.fixture
def maria(number):
    return build.a_conversation(number, build.a_contact(THEIRS, name="Maria"))


@pytest.fixture
def elsewhere(number, maria):
    """The same contact with another number of ours."""
    other = build.a_number("+14155550143", account=number.account, name="Sales")
    return build.a_conversation(other, maria.contact)


def say(number, body, carrier_id):
    text = InboundText(carrier_id, THEIRS, number.phone, body, None)
    inbound.receive([Arrival(number.account_id, b"{}", text)])


def proof() -> list[tuple[bool, str, str, str]]:
    return [
        (one.opted_out, one.source, one.words, one.author_name) for one in build.every(ConsentEvent)
    ]


def test_f92_stop_then_resend_is_refused_and_allowed_after_start(number, maria, ada):
    text = build.a_message(maria, state="failed")
    say(number, "STOP", "a")
    with pytest.raises(OptedOut):
        outbound.resend(text.id, ada)
    say(number, "Start!", "b")
    assert outbound.resend(text.id, ada).state == "queued"
    assert proof() == [(True, "word", "STOP", ""), (False, "word", "Start!", "")]
    received = [one.id for one in build.every(Message) if one.is_inbound]
    assert [one.message_id for one in build.every(ConsentEvent)] == received


def test_by_hand_with_a_reason(maria, ben):
    waiting = build.a_message(maria)
    opt_outs.opt_out(maria.id, REASON, ben)
    opt_outs.opt_out(maria.id, "again", ben)
    assert build.again(waiting).state == "canceled"
    assert proof() == [(True, "user", REASON, "Ben")]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_without_a_reason_nothing_is_done_by_hand(maria, ada, reason):
    with pytest.raises(Invalid):
        opt_outs.opt_out(maria.id, reason, ada)
    out = build.an_opt_out(maria)
    with pytest.raises(Invalid):
        opt_outs.lift(out.id, reason, ada)
    assert proof() == []


def test_only_an_admin_lifts_one_and_that_is_kept_too(maria, ada, ben):
    opt_outs.opt_out(maria.id, REASON, ben)
    [out] = build.every(OptOut)
    with pytest.raises(Forbidden):
        opt_outs.lift(out.id, "They called back", ben)
    opt_outs.lift(out.id, "They called back", ada)
    assert proof()[-1] == (False, "user", "They called back", "Ada")
    assert build.every(OptOut) == []
    assert outbound.reply(maria.id, "Hello", None, ada).state == "queued"


def test_every_thread_that_it_is_about_tells_it_and_the_timeline_does_so_once(
    number, maria, elsewhere, ada
):
    inbox.edit("", "", "all")
    say(number, "STOP", "a")
    [out] = build.every(OptOut)
    opt_outs.lift(out.id, "They called back", ada)
    told = [(one.conversation_id, one.author_name, one.body) for one in build.every(Activity)]
    out_now, in_again = "Opted out: they texted “STOP”.", "Lifted the opt-out: They called back"
    assert sorted(told) == [
        (there.id, name, line)
        for there in (maria, elsewhere)
        for name, line in (("", out_now), ("Ada", in_again))
    ]
    kinds = [one.kind for one in timeline.page(ada, [maria.contact]).items]
    assert timeline.LINE not in kinds
    assert kinds.count(timeline.CONSENT) == 2


def test_no_they_did_not_mean_it(maria, ben):
    build.changed(maria, wants_out=True)
    before = events.newest()
    opt_outs.dismiss(maria.id, ben)
    assert not build.again(maria).wants_out
    assert [entry.kind for entry in events.since(before)] == ["RefusalDismissed"]


@pytest.mark.parametrize(("scope", "reaches"), [("number", False), ("all", True)])
@pytest.mark.parametrize("way", ["word", "user", "carrier"])
def test_a_stop_reaches_as_far_as_the_setting_says(
    number, maria, elsewhere, ada, scope, reaches, way
):
    inbox.edit("", "", scope)
    waiting = build.a_message(elsewhere)
    match way:
        case "word":
            say(number, "STOP", "a")
        case "user":
            opt_outs.opt_out(maria.id, REASON, ada)
        case _:
            change = ConsentChange(THEIRS, number.phone, True, event_id="e")
            consent_changes.receive(number.account_id, "k", b"{}", change)
    assert build.again(waiting).state == ("canceled" if reaches else "queued")
    for conversation, out in ((maria, True), (elsewhere, reaches)):
        if out:
            with pytest.raises(OptedOut):
                outbound.reply(conversation.id, "Hello", None, ada)
        else:
            assert outbound.reply(conversation.id, "Hello", None, ada).id


def test_start_at_one_number_lifts_what_held_for_all(number, maria, elsewhere, ada):
    inbox.edit("", "", "all")
    say(number, "STOP", "a")
    text = InboundText("b", THEIRS, elsewhere.number.phone, "START", None)
    inbound.receive([Arrival(number.account_id, b"{}", text)])
    assert build.every(OptOut) == []
    assert outbound.reply(maria.id, "Hello", None, ada).id


def test_start_at_one_number_leaves_what_was_said_to_another(number, maria, elsewhere, ada):
    say(number, "STOP", "a")
    build.an_opt_out(elsewhere)
    say(number, "START", "b")
    assert [one.number_id for one in build.every(OptOut)] == [elsewhere.number_id]


def test_an_older_opt_out_grows_when_they_repeat_it_and_is_not_confirmed_twice(number, maria):
    say(number, "STOP", "a")
    inbox.edit("", "", "all")
    say(number, "STOP", "b")
    assert {one.number_id for one in build.every(OptOut)} == {number.id, None}
    assert len([one for one in build.every(Message) if one.author == "consent"]) == 1


def test_the_carriers_event_is_proof(number, maria):
    change = ConsentChange(THEIRS, number.phone, True, event_id="evt_7")
    consent_changes.receive(number.account_id, "k", b"{}", change)
    assert proof() == [(True, "carrier", "event evt_7", "")]


def test_proof_is_never_rewritten(number, maria):
    say(number, "STOP", "a")

    @atomic
    def forge() -> None:
        db.session.execute(update(ConsentEvent).values(words="YES PLEASE"))

    with pytest.raises(IntegrityError, match="never rewritten"):
        forge()


def test_the_list_is_searched_by_phone_and_name(maria, elsewhere):
    build.an_opt_out(maria)
    build.an_opt_out(build.a_conversation(elsewhere.number, build.a_contact("+13125550111")))
    assert len(query.listed().items) == 2
    for search in ("maria", "555-0199", "+1 312 555 0199"):
        assert [one.contact.name for one in query.listed(search).items] == ["Maria"]
    assert query.listed("%").items == []


# ── files ───────────────────────────────────────────────────────────────────


def test_a_file_is_looked_at_before_anything_is_done(number, maria):
    build.an_opt_out(maria)
    text = (
        "Phone,Number,Since,Reason\r\n"
        f"{THEIRS},{number.phone},,\r\n"
        "(312) 555-0111,all,2024-05-06,old system\r\n"
        "12,,,\r\n"
        "+13125550112,+14155559999,,\r\n"
        "+13125550113,,next year,\r\n"
        "+13125550114,,2999-01-01,\r\n"
        "12345,,,\r\n"
        "\r\n"
    )
    plan = opt_out_files.plan(text)
    assert (plan.new, plan.known) == (1, 1)
    assert [flaw.line for flaw in plan.flaws] == [4, 5, 6, 7, 8]
    assert all(flaw.words for flaw in plan.flaws)
    assert len(build.every(OptOut)) == 1


def test_what_it_names_is_opted_out_with_its_date_and_proof(number, maria, ada):
    waiting = build.a_message(maria)
    text = f"phone,since,reason\n{THEIRS},2024-05-06,old system\nnobody,,\n"
    assert opt_out_files.bring_in(text, ada) == 1
    assert opt_out_files.bring_in(text, ada) == 0
    [out] = build.every(OptOut)
    assert (out.number_id, out.at) == (None, datetime(2024, 5, 6, tzinfo=UTC))
    assert build.again(waiting).state == "canceled"
    assert proof() == [(True, "import", "old system", "Ada")]


def test_what_goes_out_comes_back_in_the_same(number, maria, elsewhere):
    build.an_opt_out(maria)
    build.an_opt_out(elsewhere)
    text = opt_out_files.as_csv()
    plan = opt_out_files.plan(text)
    assert (plan.new, plan.known, plan.flaws) == (0, 2, [])


def test_no_cell_is_a_formula(number):
    contact = build.a_contact(THEIRS, name='=HYPERLINK("https://evil.example")')
    build.an_opt_out(build.a_conversation(number, contact))
    for line in opt_out_files.as_csv().splitlines():
        for cell in line.split(","):
            assert not cell.strip('"').startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("text", ["", "name\nMaria\n", "\0", '"', "phone\n" + '"' + "x" * 140_000])
def test_what_is_no_list_is_refused_or_empty(app, text):
    with pytest.raises(Invalid) as refused:
        opt_out_files.plan(text)
    assert refused.value.field == "file"


def test_only_admins_bring_files(number, ben):
    with pytest.raises(Forbidden):
        opt_out_files.bring_in("phone\n", ben)


@pytest.mark.parametrize(("closes", "status"), [(False, "open"), (True, "closed")])
def test_a_conversation_that_nobody_may_answer_waits_for_nobody(number, closes, status):
    inbox.edit("", "", "number", closes_on_opt_out=closes)
    for body in ("hello?", "STOP", "stop"):
        say(number, body, body)
    (conversation,) = build.every(Conversation)
    assert (conversation.waiting_since, conversation.unanswered) == (None, 0)
    assert conversation.status == status
