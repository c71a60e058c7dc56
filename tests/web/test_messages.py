"""A failed or uncertain text is sent again when a person asks, and only then."""

from datetime import UTC, datetime

import pytest

from tests import build


@pytest.fixture
def failed(number):
    return build.a_message(
        build.a_conversation(number), state="failed", error_code="expired", body="Hello"
    )


def test_a_failed_text_waits_to_be_sent_again(app, ben, failed):
    answer = build.signed_in(app, ben).post(f"/messages/{failed.id}/resend")
    assert f'id="message-{failed.id}"' in answer.text
    assert "Waiting to send" in answer.text
    assert build.again(failed).state == "queued"


def test_a_text_that_arrived_cannot_be_sent_again(app, ben, number):
    arrived = build.a_message(build.a_conversation(number), state="accepted", delivery=60)
    assert build.signed_in(app, ben).post(f"/messages/{arrived.id}/resend").status_code == 409


def test_only_those_who_may_answer_send_again(app, cy, number, failed):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    assert build.signed_in(app, cy).post(f"/messages/{failed.id}/resend").status_code == 404
    assert build.signed_in(app, viewer).post(f"/messages/{failed.id}/resend").status_code == 403
    assert build.again(failed).state == "failed"


def test_a_scheduled_text_says_for_when(app, ben, number):
    conversation = build.a_conversation(number)
    at = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)
    build.a_message(conversation, state="scheduled", next_at=at)
    page = build.signed_in(app, ben).get(f"/conversations/{conversation.id}").text
    assert "Scheduled for" in page
    assert 'title="Monday, March 9, 2026, 12:30\u202fPM UTC">Mar 9, 12:30\u202fPM</time>' in page


def test_a_text_that_its_program_took_back_says_so(app, ben, number):
    conversation = build.a_conversation(number)
    build.a_message(conversation, state="canceled", error_code="canceled")
    page = build.signed_in(app, ben).get(f"/conversations/{conversation.id}").text
    assert "took it back" in page
