"""What no text of a program may have in it: whole words, phrases and links."""

import time

import pytest

from smsinbox.core.errors import Forbidden, Invalid
from smsinbox.dialects.base import Asked, OutboundText
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models import Author, ContentRule, Message
from smsinbox.services import content_rules
from smsinbox.services.outbox import Writer
from smsinbox.services.submission import Submission
from smsinbox.services.submissions import submit
from tests import build


def passes(body: str, **asked) -> bool:
    text = OutboundText(build.OURS, build.THEIRS, body)
    submission = Submission(Asked(text, **asked), Writer(Author.PROGRAM, "Shop"))
    submit([submission])
    if isinstance(submission.problem, Refusal):
        assert submission.problem.reason in (Reason.CONTENT, Reason.TOO_MANY_PARTS)
    return submission.problem is None


@pytest.mark.parametrize(
    "body", ["Vodka", "cheap VODKA!", "ｖｏｄｋａ", "Sex  chat now", "sex-chat"]
)
def test_a_word_or_a_phrase_is_found_however_it_is_written(number, body):
    for words in ("vodka", "Sex chat"):
        content_rules.create(words)
    assert not passes(body)
    assert build.every(Message) == []


@pytest.mark.parametrize("body", ["Vodkas", "avodka", "sex and a chat", "Essex chat", "beers"])
def test_parts_of_words_are_no_words(number, body):
    for words in ("vodka", "sex chat", "beer"):
        content_rules.create(words)
    assert passes(body)


@pytest.mark.parametrize(
    "body", ["bit.ly/x", "See https://BIT.ly/abc.", "http://www.bit.ly", "(bit.ly)", "a bit.ly"]
)
def test_a_shortened_link_is_found(number, body):
    content_rules.create("bit.ly")
    assert not passes(body)


@pytest.mark.parametrize(
    "body", ["a bit ly", "rabbit.ly", "bit.ly.example.com", "bit.lyon", "AT&T Co"]
)
def test_another_host_is_another(number, body):
    for words in ("bit.ly", "t.co"):
        content_rules.create(words)
    assert passes(body)


def test_an_armed_reply_is_looked_at_too(number):
    content_rules.create("vodka")
    assert not passes("Hello", auto_reply="Vodka")


def test_a_text_of_many_parts_is_refused_only_when_asked_to(number):
    assert passes("x" * 1000)
    assert not passes("x" * 1000, refuse_many_parts=True)
    assert passes("x" * 900, refuse_many_parts=True)


def test_a_long_text_of_dots_is_looked_at_quickly(number):
    content_rules.create("bit.ly")
    assert passes("a." * 799 + "1")


@pytest.mark.parametrize("words", ["", " ", "!!", "x" * 81])
def test_what_means_nothing_is_no_rule(app, words):
    with pytest.raises(Invalid):
        content_rules.create(words)


def test_a_rule_is_there_once_and_goes_when_deleted(number, ada):
    rule = content_rules.create("Vodka", ada)
    with pytest.raises(Invalid):
        content_rules.create("vodka", ada)
    content_rules.delete(rule.id, ada)
    assert passes("vodka")
    assert build.every(ContentRule) == []


def test_only_admins_say_what_may_be_sent(number, ben):
    with pytest.raises(Forbidden):
        content_rules.create("vodka", ben)


@pytest.mark.parametrize(
    ("body", "may_leave"),
    [("Get FREE  pills now", False), ("free-money", False), ("free moneybox", True), ("Hi", True)],
)
def test_a_pattern_is_found_anywhere_in_any_case(number, body, may_leave):
    content_rules.create(r"\bfree\W+(pills|money)\b", is_pattern=True)
    assert passes(body) is may_leave


def test_a_pattern_keeps_its_case_because_it_has_a_meaning(number):
    content_rules.create(r"^\D{3}$", is_pattern=True)
    assert not passes("abc")
    assert passes("123")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "empty"),
        ("(", "cannot be used"),
        ("a*", "every text"),
        (r"(a)\1", "refers back"),
        ("(?=a)b", "looks ahead"),
        ("x" * 501, "500 characters"),
        ("(a{1000}){1000}", "repeats too much"),
        ("a\nb", "one line"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_at_once_and_told_why(app, written, why):
    with pytest.raises(Invalid, match=why):
        content_rules.create(written, is_pattern=True)
    assert content_rules.create("fine words").words == "fine words"


def test_a_rule_is_made_ready_once_however_often_it_is_read():
    def needle(**fields):
        return ContentRule(
            **{"words": "bit.ly", "is_pattern": False, "does": "refuse"} | fields
        ).needle

    assert needle() is needle()
    assert (needle().is_host, needle(is_pattern=True).is_host) == (True, False)
    assert (needle().blocks, needle(does="block").blocks) == (False, True)


def test_no_pattern_takes_long(number):
    content_rules.create("(a+)+b", is_pattern=True)
    began = time.monotonic()
    assert passes("a" * 1500)
    assert time.monotonic() - began < 5
