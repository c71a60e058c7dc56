"""Segments are counted as carriers bill them, the same in Python and in the browser."""

import base64
import json
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from smsinbox.core.segments import Measure, fold, forcing, measure

HERE = Path(__file__).parent
MODULE = HERE.parents[1] / "static" / "js" / "segments.js"
VECTORS = json.loads((HERE / "segments.json").read_text())["vectors"]

GSM_7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = "\f^{}\\[~]|€"

texts = st.one_of(
    st.text("ab€", max_size=500),
    st.text("x😀", max_size=300),
    st.text("x’–… ", max_size=300),
    st.text(GSM_7 + ESCAPED, max_size=500),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.builds(lambda n, tail: "a" * n + tail, st.integers(0, 1700), st.text("a€😀", max_size=9)),
)


def counted_slowly(text):
    """The same by the letter of the specification: place one character after the other."""
    gsm = all(c in GSM_7 + ESCAPED for c in text)
    alone, joined = (160, 153) if gsm else (70, 67)
    sizes = [1 + (c in ESCAPED if gsm else ord(c) > 0xFFFF) for c in text]
    parts, room = 0, 0
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    units = sum(sizes)
    return ("GSM-7" if gsm else "UCS-2", units, parts if units > alone else min(units, 1))


def told(found: Measure):
    return found.encoding, found.units, found.parts


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_text_makes_the_segments_that_independent_counters_agree_on(vector):
    assert told(measure(vector["text"])) == (vector["encoding"], vector["units"], vector["parts"])


@given(texts)
@example("a" * 152 + "€" * 77)
@example("x" * 66 + "😀" * 40)
def test_segments_are_filled_one_character_after_the_other(text):
    assert told(measure(text)) == counted_slowly(text)


@given(texts)
def test_a_text_has_a_forcing_character_exactly_when_it_is_ucs_2(text):
    found = forcing(text)
    assert (found is not None) == (measure(text).encoding == "UCS-2")
    assert found is None or text.index(found) == min(text.index(c) for c in text if forcing(c))


@pytest.mark.parametrize(
    ("text", "character"),
    [("Hello", None), ("It’s “fine”", "’"), ("ok 😀 é", "😀"), ("`", "`"), ("a\tb", "\t")],
)
def test_the_first_character_that_costs_is_named(text, character):
    assert forcing(text) == character


def test_a_broken_surrogate_counts_one_unit():
    assert told(measure("\ud83d" * 70)) == ("UCS-2", 70, 1)


@pytest.fixture(scope="module")
def counted_by_browser():
    """A function that runs the page's own module in Chromium over many texts at once."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert chromium, "no Chromium: install one or name it in CHROMIUM"
    source = base64.b64encode(MODULE.read_bytes()).decode()
    load = "async address => { window.segments = await import(address) }"
    count = """texts => texts.map(text => {
        const {encoding, units, parts} = segments.measure(text)
        return [encoding, units, parts]
    })"""
    with sync_playwright() as play, play.chromium.launch(executable_path=chromium) as browser:
        page = browser.new_page()
        page.set_content("<!doctype html>")
        page.evaluate(load, f"data:text/javascript;charset=utf-8;base64,{source}")
        yield lambda many: [tuple(found) for found in page.evaluate(count, many)]


@pytest.mark.browser
def test_the_browser_counts_every_vector_alike(counted_by_browser):
    assert counted_by_browser([vector["text"] for vector in VECTORS]) == [
        (vector["encoding"], vector["units"], vector["parts"]) for vector in VECTORS
    ]


@pytest.mark.browser
@settings(deadline=None)
@given(many=st.lists(texts, min_size=1, max_size=20))
def test_the_browser_counts_as_the_server_does(counted_by_browser, many):
    assert counted_by_browser(many) == [told(measure(text)) for text in many]


SINGLE = "\u2018\u2019\u201a\u201b\u2032\u00b4\u0060"
DOUBLE = "\u201c\u201d\u201e\u00ab\u00bb\u2033"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\u2022"
ODD = f"{SINGLE}{DOUBLE}{DASHES}\u2026\u00a0\u2009\u202f\u200b\ufeff\t"


def test_what_word_processors_write_is_made_plain():
    assert fold(ODD) == "'" * 7 + '"' * 6 + "-" * 7 + "...    "


def test_accented_letters_and_emoji_have_no_plain_twin():
    assert fold("naïve ☕ Ő") == "naïve ☕ Ő"
