"""A consent word is a whole text and nothing less; refusals in other words are only pointed out."""

import pytest

from smsinbox.core.words import ConsentWord, asks_to_stop, consent_word, tells_how_to_stop

STOPS = ["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "revoke"]
STOPS += ["optout", "opt out"]


@pytest.mark.parametrize("body", STOPS)
def test_every_stop_word_stops_in_any_dress(body):
    for dressed in (body, body.upper(), f" {body}. ", f"“{body.title()}”!\n", f"{body}\u200b"):
        assert consent_word(dressed) is ConsentWord.STOP


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("STOP.", ConsentWord.STOP),
        (" stop ", ConsentWord.STOP),
        ("Stop\n", ConsentWord.STOP),
        ("ＳＴＯＰ", ConsentWord.STOP),
        ("𝗦𝗧𝗢𝗣", ConsentWord.STOP),
        ("St\u00f3p", ConsentWord.STOP),
        ("Opt-Out", ConsentWord.STOP),
        ("STOP\xa0ALL", ConsentWord.STOP),
        ("Stop\n\nSent from my iPhone", ConsentWord.STOP),
        ("Start", ConsentWord.START),
        ("UNSTOP!", ConsentWord.START),
        ("help?", ConsentWord.HELP),
        ("INFO", ConsentWord.HELP),
    ],
)
def test_a_whole_text_is_a_consent_word(body, word):
    assert consent_word(body) is word


def test_a_number_may_know_further_words_and_loses_none():
    arret = {"arret": ConsentWord.STOP, "stop": ConsentWord.START}
    assert consent_word("Arrêt !", arret) is ConsentWord.STOP
    assert consent_word("stop", arret) is ConsentWord.STOP


@pytest.mark.parametrize(
    "body",
    [
        "",
        "yes",
        "please stop",
        "We have got to STOP this bill",
        "stop by at 5?",
        "STOP 12345",
        "stop stop",
        "s t o p",
        "nonstop",
        "stopp",
        "the end",
        "Liked “stop”",
        "help me",
        "🛑",
    ],
)
def test_a_text_that_says_more_is_no_consent_word(body):
    assert consent_word(body) is None


@pytest.mark.parametrize(
    "body",
    [
        "please stop",
        "STOP 12345",
        "Stop 🛑",
        "stop stop STOP",
        "ok stop it, thanks",
        "Please stop texting me",
        "stop sending me these messages",
        "Stop all texts",
        "stop the spam!!",
        "stop with the texts",
        "Don’t text me again",
        "do not contact us",
        "Never message this number. Don't message me",
        "don't send me any more of this",
        "no more texts pls",
        "unsubscribe me",
        "I want to opt out",
        "opt me out",
        "take me off your list",
        "remove my number",
        "Leave me alone",
        "I revoke my consent",
        "STOP",
    ],
)
def test_a_refusal_in_ones_own_words_is_noticed(body):
    assert asks_to_stop(body)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "stop by at 5?",
        "We have got to STOP this bill",
        "the bus stop",
        "please don't stop",
        "Never stop texting me",
        "cancel my appointment",
        "in the end it worked",
        "please don't send me the blue one",
        "when do you text me the code?",
        "get me off at the next stop",
        "contact me",
        "START",
        "yes",
    ],
)
def test_a_text_that_only_sounds_like_a_refusal_is_not_noticed(body):
    assert not asks_to_stop(body)


@pytest.mark.parametrize(
    "body",
    [
        "Hi, Ann here. Reply STOP to opt out.",
        "Text END, and we do",
        "OPT OUT any time",
        "Write “stop” when it is enough",
        'Or say "Opt-out".',
        "unsubscribe: shop.example/u",
        "reply stop to end",
        "Répondez ARRÊT",
        "أرسل توقف",
    ],
)
def test_a_text_that_names_a_word_to_send_back_tells_how_to_stop(body):
    added = {"arret": ConsentWord.STOP, "توقف": ConsentWord.STOP}
    assert tells_how_to_stop(body, added)


@pytest.mark.parametrize(
    "body",
    [
        "We stop by at 5",
        "Cancel any time",
        "Sale ends",
        "STOPPED",
        "x",
        "",
        "Text INFO",
        "a “b” END-less",
    ],
)
def test_a_text_that_only_has_such_a_word_does_not(body):
    assert not tells_how_to_stop(body, {"info": ConsentWord.HELP})
