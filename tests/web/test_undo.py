"""What was done to a conversation can be undone from the toast that tells of it."""

import re
from datetime import timedelta

from smsinbox.core import clock
from tests import build


def test_closing_offers_to_reopen(app, ben, number):
    conversation = build.a_conversation(number)
    answer = build.signed_in(app, ben).post(f"/conversations/{conversation.id}/close").text
    assert "Closed." in answer
    assert f'hx-post="/conversations/{conversation.id}/reopen"' in answer


def test_undoing_a_close_lets_it_wait_since_it_waited(app, ben, number):
    conversation = build.a_conversation(
        number, waiting_since=(since := clock.now() - timedelta(minutes=9))
    )
    browser, path = build.signed_in(app, ben), f"/conversations/{conversation.id}"
    told = browser.post(f"{path}/close").text
    assert build.again(conversation).waiting_since is None
    waiting = re.findall(r'"waiting": (\d+)', told)[0]
    browser.post(f"{path}/reopen", data={"waiting": waiting})
    assert build.again(conversation).waiting_since == since


def test_assigning_offers_whoever_had_it_before(app, ben, ada, number):
    conversation = build.a_conversation(number)
    browser, path = build.signed_in(app, ben), f"/conversations/{conversation.id}/assign"
    browser.post(path, data={"assignee_id": "me"})
    answer = browser.post(path, data={"assignee_id": str(ada.id)}).text
    assert "Assigned to Ada." in answer
    assert f'{{"assignee_id": {ben.id}}}' in answer


def test_what_changed_nothing_offers_nothing(app, ben, number):
    conversation = build.a_conversation(number)
    answer = build.signed_in(app, ben).post(
        f"/conversations/{conversation.id}/assign", data={"assignee_id": ""}
    )
    assert "toast" not in answer.text
