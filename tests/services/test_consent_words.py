"""Consent words: the law's always count, and admins add to them."""

import pytest

from smsinbox.core.errors import Forbidden, Invalid
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.dialects.base import InboundText
from smsinbox.models import AddedWord, Conversation, Message, OptOut
from smsinbox.services import consent_words, inbound, inbox
from smsinbox.services.inbound import Arrival
from tests import build
from tests.build import THEIRS

FCC = ("stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe")


def receive(number, body, carrier_id="a", answered=""):
    text = InboundText(carrier_id, THEIRS, number.phone, body, None, answered=answered)
    inbound.receive([Arrival(number.account_id, b"{}", text)])


def replies() -> list[str]:
    return [one.body for one in build.every(Message) if not one.is_inbound]


@pytest.mark.parametrize("spelling", [*FCC, "stopall", "Stop All", "optout"])
@pytest.mark.parametrize("shape", ["{}", " {}! ", "“{}.”", "\u200b{}\n"])
def test_s87_each_word_of_the_law_is_honoured_however_it_is_written(spelling, shape):
    for word in (spelling, spelling.upper(), spelling.title()):
        assert consent_word(shape.format(word)) is ConsentWord.STOP


@pytest.mark.parametrize("body", ["stop by at 5?", "please stop texting me", "stop please now"])
def test_s87_free_words_are_flagged_and_opt_nobody_out(number, body):
    receive(number, body)
    assert build.every(OptOut) == []
    assert build.every(Conversation)[0].wants_out == (body != "stop by at 5?")
    assert replies() == []


def test_s87_one_confirmation_at_most_and_our_own_block_lets_it_through(number):
    for n, body in enumerate(["STOP", "Unsubscribe", "QUIT!"]):
        receive(number, body, str(n))
    [reply] = replies()
    assert "unsubscribed" in reply


def test_s87_the_carriers_confirmation_is_enough(number):
    receive(number, "STOP", answered="STOP")
    assert (len(build.every(OptOut)), replies()) == (1, [])


@pytest.mark.parametrize("place", ["everywhere", "number", "country"])
def test_an_added_word_counts_where_it_was_added(number, place):
    consent_words.create(
        "Arrêt",
        "stop",
        number.id if place == "number" else None,
        "US" if place == "country" else "",
    )
    receive(number, "ARRET !")
    assert len(build.every(OptOut)) == 1


@pytest.mark.parametrize("place", ["number", "country"])
def test_elsewhere_it_is_a_text_like_any_other(number, place):
    other = build.a_number("+14155550143", account=number.account)
    consent_words.create(
        "arret",
        "stop",
        other.id if place == "number" else None,
        "FR" if place == "country" else "",
    )
    receive(number, "arret")
    assert build.every(OptOut) == []


def test_an_added_word_is_taken_away_again(number):
    word = consent_words.create("basta", "stop")
    consent_words.delete(word.id)
    receive(number, "basta")
    assert (build.every(AddedWord), build.every(OptOut)) == ([], [])


@pytest.mark.parametrize("word", [*FCC, "START", "help", "?!", "", "x" * 41])
def test_a_word_of_the_law_is_neither_added_nor_given_another_meaning(app, word):
    with pytest.raises(Invalid):
        consent_words.create(word, "start")


def test_a_word_is_there_once_and_never_one_that_a_rule_waits_for(number):
    consent_words.create("basta", "stop")
    build.a_rule(number, "hours")
    for word in ("BASTA", "Hours"):
        with pytest.raises(Invalid):
            consent_words.create(word, "stop")


@pytest.mark.parametrize("wrong", [{"meaning": "maybe"}, {"number_id": 9}, {"country": "ZZ"}])
def test_what_cannot_be_is_refused(number, wrong):
    with pytest.raises(Invalid):
        consent_words.create(**({"words": "basta", "meaning": "stop"} | wrong))


def test_only_admins_add_words(number, ben):
    with pytest.raises(Forbidden):
        consent_words.create("basta", "stop", by=ben)


def test_help_answers_with_company_and_contact(number):
    inbox.edit("Acme Dental", "call (415) 555-0100", "number")
    receive(number, "HELP")
    [reply] = replies()
    assert reply == "Acme Dental: for help, call (415) 555-0100. Reply STOP to unsubscribe."


def test_only_admins_say_who_we_are(app, number, ben):
    with pytest.raises(Forbidden):
        inbox.edit("Acme", "", "all", ben)
    with pytest.raises(Invalid):
        inbox.edit("Acme", "", "galaxy")
