"""The page shows the phones as people know them, and only redraws what changed."""

import re

from flask.testing import FlaskClient

from tests.sandbox.inbox import Inbox, until
from tests.sandbox.test_texts import MARIA, send

SEEN = re.compile(r'hx-get="(/handsets/[^"]+)"')


def test_three_phones_are_on_the_desk(sandbox: FlaskClient) -> None:
    page = sandbox.get("/").text
    for name in ("Maria Lopez", "Dev Patel", "Jo Brandt"):
        assert name in page
    assert "Connected" in page
    assert "No texts yet." in page


def test_a_phone_that_was_texted_or_asked_for_is_there_too(sandbox: FlaskClient) -> None:
    send(sandbox, to="+13125550155")
    page = sandbox.get("/?phone=%2B13125550166&phone=nonsense").text
    assert 'id="handset-13125550155"' in page
    assert 'id="handset-13125550166"' in page
    assert page.count('class="phone ') == 5


def test_a_thread_is_sent_again_only_when_it_changed(sandbox: FlaskClient) -> None:
    [address] = SEEN.findall(sandbox.get(f"/handsets/{MARIA}/thread").text)
    assert sandbox.get(address).status_code == 204
    send(sandbox, message="News")
    changed = sandbox.get(address)
    assert changed.status_code == 200
    assert "News" in changed.text
    [address] = SEEN.findall(changed.text)
    assert sandbox.get(address).status_code == 204


def test_typing_shows_the_bubble_and_empties_the_line(sandbox: FlaskClient, inbox: Inbox) -> None:
    form = {"to": "+13125550100", "body": "<b>Hi</b>"}
    answer = sandbox.post(f"/handsets/{MARIA}/type", data=form)
    assert "&lt;b&gt;Hi&lt;/b&gt;" in answer.text
    assert 'hx-swap-oob="outerHTML"' in answer.text
    until(lambda: len(inbox.texts) == 1)
    until(lambda: "delivered" in sandbox.get(f"/handsets/{MARIA}/thread").text)


def test_a_text_the_inbox_has_not_got_says_so(sandbox: FlaskClient, inbox: Inbox) -> None:
    inbox.answers = [500] * 3
    form = {"to": "+13125550100", "body": "Hi"}
    assert "on its way" in sandbox.post(f"/handsets/{MARIA}/type", data=form).text
    assert "on the way" in sandbox.get("/status").text


def test_nonsense_typed_is_refused(sandbox: FlaskClient) -> None:
    for form in ({}, {"to": "x", "body": "Hi"}):
        assert sandbox.post(f"/handsets/{MARIA}/type", data=form).status_code == 400
    assert sandbox.post("/handsets/maria/type", data={}).status_code == 404


def test_the_panel_turns_the_knobs_and_calms_them(sandbox: FlaskClient) -> None:
    form = {"answer": "503", "answer_times": "2", "delay": "0.1", "duplicate": "3", "fail": "on"}
    panel = sandbox.post("/panel", data=form).text
    assert "Back to normal" in panel
    faults = sandbox.get("/faults").json
    assert faults
    assert faults["answer"] == "503"
    assert faults["receipts"]["duplicate"] == 3
    assert faults["receipts"]["fail"] is True
    assert "503" in sandbox.get("/status").text

    assert sandbox.post("/panel", data={"answer": "teapot"}).status_code == 400
    assert sandbox.post("/panel", data={"delay": "soon"}).status_code == 400
    assert "Back to normal" not in sandbox.post("/panel", data={"calm": "1"}).text
    assert (sandbox.get("/faults").json or {})["answer"] == "ok"
