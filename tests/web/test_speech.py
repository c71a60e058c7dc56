"""Pages speak what the reader chose, else what their browser asks for; programs hear English."""

import json
import re
from datetime import UTC, datetime

import pytest

from smsinbox.core.i18n import PSEUDO, language
from smsinbox.core.pseudo import pseudo
from smsinbox.models import User
from tests import build


@pytest.mark.parametrize(
    ("asked", "spoken"), [("de-AT,en;q=0.5", "de"), ("fr, en-GB", "en"), ("", "en"), ("x;;q", "en")]
)
def test_the_door_speaks_what_the_browser_asks_for(client, asked, spoken):
    page = client.get("/sign-in", headers={"Accept-Language": asked}).text
    assert f'<html lang="{spoken}" dir="ltr"' in page


def test_what_somebody_chose_goes_before_what_their_browser_asks_for(app, ben):
    browser = build.signed_in(app, ben)
    form = {"language": "de", "single_keys": "1"}
    assert browser.post("/you/preferences", data=form).status_code == 303
    assert build.again(ben).language == "de"
    assert '<html lang="de"' in browser.get("/you", headers={"Accept-Language": "en"}).text
    assert language() == "en"  # for whatever comes next


@pytest.mark.parametrize(
    ("asked", "cookie", "fields", "words"),
    [
        ("en-US", "Europe/Berlin", {}, "Mar 9, 1:30\u202fAM"),
        ("fr, en-GB", "Europe/Berlin", {}, "9 Mar, 01:30"),
        ("de-AT", "Europe/Berlin", {}, "9. März, 01:30"),
        ("en-GB", "Europe/Berlin", {"zone": "Asia/Tokyo"}, "9 Mar, 09:30"),
        ("en-US", "Europe/Berlin", {"clock": "h23"}, "Mar 9, 01:30"),
        ("en-GB", "Moon/<b>", {}, "9 Mar, 00:30"),
        ("en-GB", "../../etc/passwd", {}, "9 Mar, 00:30"),
        ("en-" + "x" * 999, "", {}, "Mar 9, 12:30\u202fAM"),
        ("en-US", "", {"language": "de"}, "9. März, 00:30"),
    ],
)
def test_times_are_those_of_who_reads(app, ben, number, asked, cookie, fields, words):
    build.changed(ben, **fields)
    at = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)
    plan = build.a_message(build.a_conversation(number), state="scheduled", next_at=at)
    browser = build.signed_in(app, ben)
    browser.set_cookie("zone", cookie)
    path = f"/conversations/{plan.conversation_id}"
    assert f">{words}</time>" in browser.get(path, headers={"Accept-Language": asked}).text


def test_a_language_that_reads_from_right_to_left_says_so(app, client, with_pseudo):
    page = client.get("/sign-in", headers={"Accept-Language": PSEUDO}).text
    assert f'lang="{PSEUDO}" dir="rtl"' in page
    assert pseudo("Sign in") in page


@pytest.mark.parametrize("path", ["/api/v1/messages", "/api/v1/nothing", "/webhooks/trunx/none"])
def test_programs_hear_english_whatever_they_ask_for(client, with_pseudo, path):
    answer = client.get(path, headers={"Accept-Language": PSEUDO})
    assert answer.text.isascii()


def test_a_language_that_is_not_there_is_refused(app, ben):
    answer = build.signed_in(app, ben).post("/you/preferences", data={"language": "tlh"})
    assert answer.status_code == 422
    assert build.every(User)[0].language == ""


def test_pages_carry_the_words_that_scripts_say(app, ben):
    browser = build.signed_in(app, ben)
    assert '<script type="application/json" id="words">{}</script>' in browser.get("/you").text
    build.changed(ben, language=PSEUDO)
    carried = re.search(r'id="words">(.*?)</script>', browser.get("/you").text)
    assert carried
    words = json.loads(carried[1])
    assert words["Copied."] == pseudo("Copied.")
