"""What was done to a conversation can be undone from the toast that tells of it."""

from tests import build


def test_closing_offers_to_reopen(app, ben, number):
    conversation = build.a_conversation(number)
    answer = build.signed_in(app, ben).post(f"/conversations/{conversation.id}/close").text
    assert "Closed." in answer
    assert f'hx-post="/conversations/{conversation.id}/reopen"' in answer


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
