"""What was done to a conversation can be undone from the toast that tells of it."""

import re
from datetime import timedelta

from smsinbox.core import clock
from tests import build


def undo(browser, answer: str) -> None:
    """Press the button in the toast."""
    signed = re.findall(r'name="undo" value="([^"]+)"', answer)[0]
    assert browser.post("/conversations/undo", data={"undo": signed}).status_code == 200


def test_undoing_a_close_lets_it_wait_since_it_waited(app, ben, number):
    since = clock.now() - timedelta(minutes=9)
    conversation = build.a_conversation(number, waiting_since=since, unanswered=2)
    browser = build.signed_in(app, ben)
    told = browser.post(f"/conversations/{conversation.id}/close").text
    assert "Closed." in told
    assert build.again(conversation).waiting_since is None
    undo(browser, told)
    assert not build.again(conversation).is_closed
    assert build.again(conversation).waiting_since == since


def test_undoing_an_assignment_gives_it_back_to_whoever_had_it(app, ben, ada, number):
    conversation = build.a_conversation(number, assignee_id=ben.id)
    browser, path = build.signed_in(app, ben), f"/conversations/{conversation.id}/assign"
    answer = browser.post(path, data={"assignee_id": str(ada.id)}).text
    assert "Assigned to Ada." in answer
    undo(browser, answer)
    assert build.again(conversation).assignee_id == ben.id


def test_what_changed_nothing_offers_nothing(app, ben, number):
    conversation = build.a_conversation(number)
    answer = build.signed_in(app, ben).post(
        f"/conversations/{conversation.id}/assign", data={"assignee_id": ""}
    )
    assert 'name="undo"' not in answer.text
