"""The carriers' door: only what is signed, everything that is genuine, nothing twice."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from smsinbox.models import Account, Conversation, Message, Receipt, Webhook
from smsinbox.web.webhooks import LARGEST
from tests import build
from tests.build import post_webhook, received


@pytest.fixture
def account(number):
    return number.account


def test_a_signed_text_is_kept_before_the_answer(client, account):
    answer = post_webhook(client, account, received("My order has not arrived"))
    assert answer.status_code == 200
    assert [message.body for message in build.every(Message)] == ["My order has not arrived"]


def test_a_hundred_copies_at_once_are_one_message_and_a_hundred_thanks(app, account):
    body = received("Once")

    def post(_):
        return post_webhook(app.test_client(), account, body).status_code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(100)))
    assert set(answers) == {200}
    assert len(build.every(Message)) == 1
    assert build.every(Conversation)[0].unanswered == 1


@pytest.mark.parametrize("signature", [None, "", "garbage", "sha256=", "é", "0" * 64, "a" * 10_000])
def test_a_forged_text_is_refused_and_only_counted(client, account, signature):
    headers = (
        {} if signature is None else {"X-Trunx-Signature": signature.encode().decode("latin1")}
    )
    answer = client.post(account.webhook_path, data=json.dumps(received()), headers=headers)
    assert answer.status_code == 401
    assert build.every(Message) == build.every(Webhook) == []
    assert build.every(Account)[0].forged_count == 1


def test_another_accounts_secret_opens_nothing(client, account):
    answer = post_webhook(client, account, received(), secret="another")
    assert answer.status_code == 401


def test_an_unknown_address_is_not_there(client, account):
    assert client.post("/webhooks/trunx/nobody", data=b"{}").status_code == 404
    assert client.post(f"/webhooks/telnyx/{account.token}", data=b"{}").status_code == 404


def test_a_body_over_256_kb_is_refused(client, account):
    assert post_webhook(client, account, b"x" * (LARGEST + 1)).status_code == 413
    assert build.every(Webhook) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"event": "sms.received"}',
        b'{"event": "sms.received", "data": []}',
        b'{"event": "sms.received", "data": {"id": 7, "from": [], "to": {}, "message": null}}',
        b'{"event": "sms.received", "data": {"id": NaN}}',
        b'{"event": 7, "data": {}}',
        json.dumps(received(id="")).encode(),
        json.dumps(received(id="x" * 5000)).encode(),
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_a_genuine_body_nobody_can_read_is_quarantined_with_thanks(client, account, body):
    answer = post_webhook(client, account, body)
    assert answer.status_code == 200
    [webhook] = build.every(Webhook)
    assert (webhook.state, webhook.body) == ("quarantined", body)


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b'"a\\u0000b"', "a\u2400b"),
        (b'"\\ud83d"', "\ufffd"),
        ('"👨\u200d👩\u200d👧 \u202eRTL"'.encode(), "👨\u200d👩\u200d👧 \u202eRTL"),
        (b'""', ""),
        (json.dumps("z̷" * 500).encode(), "z̷" * 500),
    ],
)
def test_every_text_a_person_can_write_is_kept(client, account, body, kept):
    raw = json.dumps(received("@@")).encode().replace(b'"@@"', body)
    assert post_webhook(client, account, raw).status_code == 200
    assert build.every(Message)[0].body == kept


def test_an_unknown_event_is_kept_as_ignored(client, account):
    body = {"event": "voice.ringing", "data": {"id": "1"}}
    assert post_webhook(client, account, body).status_code == 200
    assert build.every(Webhook)[0].state == "ignored"


def test_receipts_in_any_order_and_number_end_the_same(client, account, number):
    build.a_message(build.a_conversation(number), state="accepted", carrier_id="c1")
    for event in ("sms.delivered", "sms.sent", "sms.failed", "sms.delivered", "sms.sent"):
        body = {"event": event, "data": {"id": "c1", "status": event[4:]}}
        assert post_webhook(client, account, body).status_code == 200
    assert build.every(Message)[0].delivery == 60
    assert len(build.every(Receipt)) == 3


def test_a_failed_receipt_says_why(client, account, number):
    build.a_message(build.a_conversation(number), state="accepted", carrier_id="c1")
    post_webhook(client, account, {"event": "sms.failed", "data": {"id": "c1"}})
    [message] = build.every(Message)
    assert message.delivery == 50
    assert message.can_be_resent


def test_a_text_for_an_unknown_number_can_be_replayed_once_it_is_ours(client, account, ada, app):
    post_webhook(client, account, received("Hello?", to="+14155550177"))
    [webhook] = build.every(Webhook)
    admin = build.signed_in(app, ada)
    assert admin.post(f"/quarantine/{webhook.id}/replay").status_code in (303, 409)
    assert build.every(Message) == []
    build.a_number("+14155550177", account=account)
    admin.post(f"/quarantine/{webhook.id}/replay")
    assert [message.body for message in build.every(Message)] == ["Hello?"]


def test_admins_see_when_the_last_good_webhook_came(client, account, monkeypatch):
    monkeypatch.setattr("smsinbox.web.webhooks._noted", {})
    post_webhook(client, account, received(), secret="another")
    assert build.every(Account)[0].last_webhook_at is None
    post_webhook(client, account, received())
    assert build.every(Account)[0].last_webhook_at is not None


def test_a_nul_in_the_address_is_an_account_that_is_not_there(client):
    assert client.post("/webhooks/trunx/a%00b", data=b"{}").status_code == 404
