"""Reactions that phones send as texts are told from ordinary texts."""

import pytest

from smsinbox.core import reactions
from smsinbox.core.reactions import Reaction


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Liked “See you at 5”", Reaction("👍", "See you at 5")),
        ("Loved “See you\nat 5”", Reaction("❤️", "See you at 5")),
        ('Laughed at "Ha"', Reaction("😂", "Ha")),
        ("Emphasized “He said “no” again”", Reaction("‼️", "He said “no” again")),
        ("Questioned “5?”", Reaction("❓", "5?")),
        ("Disliked an image", Reaction("👎", None)),
        ("Loved an attachment", Reaction("❤️", None)),
        ("Removed a heart from “Hi”", Reaction("❤️", "Hi", True)),
        ("Removed an exclamation mark from “Hi”", Reaction("‼️", "Hi", True)),
        ("Removed a like from an image", Reaction("👍", None, True)),
        ("Reacted 🎉 to “Hi”", Reaction("🎉", "Hi")),
        ("Removed a 🎉 from “Hi”", Reaction("🎉", "Hi", True)),
        ("\u200a\u200b👍\u200b to “\u200aHi\u200a”\u200a", Reaction("👍", "Hi")),
        ("👍🏽 to “Hi”", Reaction("👍🏽", "Hi")),
        ("👍 removed from “Hi”", Reaction("👍", "Hi", True)),
    ],
)
def test_what_phones_write_is_read(text, found):
    assert reactions.read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Liked it",
        "I liked “Hamlet”",
        "Liked “Hamlet” a lot",
        "Liked the image",
        "5 to “six”",
        "off to “work”",
        "... to “work”",
        "! to “work”",
        "“Hi”",
        "Removed a tooth from “Hi”",
        "STOP",
        "Liked “" + "x" * 5000 + "”",
    ],
)
def test_ordinary_texts_stay_what_they_are(text):
    assert reactions.read(text) is None


def test_what_was_taken_back_does_not_stand_and_twice_is_once():
    assert reactions.standing(["👍", "👍", "❤️", "-👍", "-😂"]) == ["❤️"]
