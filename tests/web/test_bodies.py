"""Strangers write texts: nothing in one runs, and no link hides where it leads."""

import re

import pytest

from smsinbox.web.bodies import is_long, linked, mentioned


def links(html: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', html)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.com/a?b=1&c=2.", ["https://example.com/a?b=1&amp;c=2"]),
        ("example.com is new", ["http://example.com"]),
        ("(https://example.com/x)", ["https://example.com/x"]),
        ("javascript:alert(1) data:text/html,x", []),
        ("ftp://example.com //example.com mailto:a@example.com", []),
        ("write to a@example.com", []),
        ("at 10.30 or 3.14, then 192.168.0.1", []),
        ("JaVaScRiPt://example.com/%0aalert(1)", []),
        ("https://" + "a" * 3000 + ".com", []),
        ("http://[", []),
    ],
)
def test_only_web_pages_are_links(text, found):
    assert links(linked(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        'https://example.com/"onmouseover="alert(1)',
        "https://example.com/<script>",
        "your code is 123456 <b>",
        "{{ 7 * 7 }} {% raw %}",
    ],
)
def test_nothing_that_was_written_becomes_markup(text):
    html = re.sub(r"</?(?:a|button|span)(?: [a-z-]+=\"[^\"<>]*\")*>", "", linked(text))
    assert not re.search(r"[<>\"]", html)
    assert "49" not in html


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://bank.com@evil.example/x", "evil.example"),
        ("https://аpple.com/id", "xn--pple-43d.com"),
        ("https://münchen.de", "xn--mnchen-3ya.de"),
    ],
)
def test_a_link_that_looks_like_another_shows_its_host(text, host):
    assert f'<span class="host">({host})</span>' in linked(text)


def test_a_plain_link_shows_no_host_twice_and_tells_the_other_side_nothing():
    html = linked("https://example.com:8080/a")
    assert "host" not in html
    assert 'target="_blank" rel="noopener noreferrer nofollow"' in html


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Your code is 123456.", ["123456"]),
        ("PIN: 4711, valid 10 minutes", ["4711"]),
        ("482-913 is your verification code", ["482913"]),
        ("I come at 1430 with 2000 $", []),
        ("Your code costs 12.50 or 1234.50 or $1234", []),
        ("code https://example.com/123456", []),
    ],
)
def test_a_code_can_be_copied_where_the_text_speaks_of_one(text, codes):
    assert re.findall(r'data-copy="(\d+)"', linked(text)) == codes


@pytest.mark.parametrize(
    ("text", "long"),
    [("Hi", False), ("x" * 1140, False), ("x" * 1141, True), ("\n" * 18, False), ("\n" * 19, True)],
)
def test_a_text_that_would_fill_the_screen_is_long(text, long):
    assert is_long(text) is long


def test_a_note_marks_the_colleagues_it_names(app, ben):
    html = mentioned("@Ben <b> @nobody")
    assert html == '<mark class="mention">@Ben</mark> &lt;b&gt; @nobody'
