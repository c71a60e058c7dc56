"""Texts are kept as they came, shown on one line, and compared by what was meant."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smsinbox.core.text import (
    ascii_digits,
    clean,
    normalise,
    normalise_with_accents,
    preview,
    without_signature,
)

anything = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\ud83d", "a\ufffd"),
        ("\ude00b", "\ufffdb"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("a\0b", "a␀b"),
        (json.loads('"\\ud83d and \\u0000"'), "\ufffd and ␀"),
    ],
)
def test_only_what_a_database_refuses_is_replaced(text, kept):
    assert clean(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \r\n\t",
        "\u202eabc",
        "e" + "\u0301" * 500,
        "👨‍👩‍👧‍👦",
        "раypаl.com",
        "ﬁ",
        "é",
        "e\u0301",
        "\x1b",
    ],
)
def test_all_else_is_kept_byte_for_byte(text):
    assert clean(text) == text


@given(anything)
def test_a_clean_text_can_be_stored_and_stays_clean(text):
    kept = clean(text)
    assert "\0" not in kept
    assert kept.encode().decode() == kept
    assert clean(kept) == kept


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("Hello\n\n  there\r\nyou", "Hello there you"),
        ("a\x1b[31m\x07b", "a [31m b"),
        ("word " * 40, "word word word word…"),
        ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa"),
        ("aaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaa…"),
        ("aaaaaaaaaaaaaaaaa👨‍👩‍👧 and more", "aaaaaaaaaaaaaaaaa…"),
        ("aaaaaaaaaaaaaaaaaa👍🏽 and more", "aaaaaaaaaaaaaaaaaa…"),
        ("a" + "\u0301" * 500, "a" + "\u0301" * 18 + "…"),
    ],
)
def test_a_preview_is_one_short_line_that_tears_no_emoji(text, line):
    assert preview(text, limit=20) == line


@given(anything, st.integers(1, 50))
def test_a_preview_never_exceeds_its_limit(text, limit):
    line = preview(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("", ""),
        (" ?!… ", ""),
        ("Hours please", "hours please"),
        ("HOURS!!", "hours"),
        (" “Hours?” ", "hours"),
        ("what are your hours", "what are your hours"),
        ("Opening-hours?", "opening hours"),
        ("stop_all", "stop all"),
        ("HÓURS", "hours"),
        ("HO\u0301URS", "hours"),
        ("𝗛𝗼𝘂𝗿𝘀", "hours"),
        ("ＨＯＵＲＳ", "hours"),
        ("ho\u200burs\ufeff", "hours"),
        ("ho\u00adurs", "hours"),
        ("١", "1"),
        ("१२३", "123"),
        ("👍🏽", "👍"),
        ("👍👍ok", "👍 👍 ok"),
        ("❤\ufe0f", "❤"),
        ("1\ufe0f\u20e3", "1"),
        ("hi🇬🇧🇺🇸", "hi 🇬🇧 🇺🇸"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("ok👨🏽\u200d👩🏻\u200d👧👍", "ok 👨\u200d👩\u200d👧 👍"),
        ("🤷🏽\u200d♀\ufe0f", "🤷\u200d♀"),
        ("👍\u200d ho\u200durs\u200d", "👍 hours"),
        ("क्\u200dष", "क्ष"),
        ("don't", "dont"),
        ("don’t", "dont"),
        ("DON´T", "dont"),
        ("'quoted' ’words’", "quoted words"),
        ("l’été", "lete"),
        ("ŉ", "n"),
        ("Straße", "strasse"),
        ("İSTANBUL", "istanbul"),
        ("5'10", "5 10"),
        ("Z\u0335\u0321a\u0489lgo", "zalgo"),
        ("がき", "がき"),
        ("ไม่", "ไม่"),
        ("हिन्दी", "हिन्दी"),
        ("שָׁלוֹם", "שלום"),
        ("مَرْحَبًا", "مرحبا"),
        ("café ☕ 10:30", "cafe ☕ 10 30"),
        ("\ud83d x", "x"),
    ],
)
def test_texts_are_compared_by_what_was_meant(text, normalised):
    assert normalise(text) == normalised


@given(anything)
@example("\u0345\u0301")
@example("👨\u200d👩 \u200d a\u200d👧")
@example("ŉ")
@example("ΐ")
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@pytest.mark.parametrize(
    ("text", "own_words"),
    [
        ("Hours\nSent from my iPhone", "Hours"),
        ("Hours\r\n\r\n-- Sent from my Galaxy S24, a great phone \n\u200b", "Hours"),
        ("Bonjour\nEnvoyé de mon iPhone", "Bonjour"),
        ("Hallo\nVon meinem iPhone gesendet", "Hallo"),
        ("a\nSent from my iPad\nGet Outlook for iOS", "a"),
        ("Sent from my iPhone", "Sent from my iPhone"),
        ("\nSent from my iPhone", "\nSent from my iPhone"),
        ("The box?\nSent from my mother's house", "The box?\nSent from my mother's house"),
        ("a\nSent from my iPhone\nb", "a\nSent from my iPhone\nb"),
        ("a\n\n", "a\n\n"),
    ],
)
def test_what_a_handset_adds_below_a_text_is_not_the_writers(text, own_words):
    assert without_signature(text).rstrip() == own_words.rstrip()


def test_accents_can_be_kept():
    assert normalise_with_accents("¿ABRE MAÑANA?") == "abre mañana"


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_the_short_cut_for_ascii_gives_what_all_texts_get(text):
    assert normalise(text) == normalise(f"{text} \u200b")


@given(st.text(st.characters(categories=["Nd"])))
def test_digits_of_every_script_are_digits(text):
    assert ascii_digits(text) == "".join(str(int(c)) for c in text)
