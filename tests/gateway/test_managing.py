"""Programs manage their webhooks in their carrier's own shapes; each sees its own, and the
carriers' inbound door stays where it is."""

from typing import Any

import pytest
from flask import Flask

from smsinbox.core import clock
from smsinbox.core.database import atomic, db
from smsinbox.dialects.base import Credentials
from smsinbox.models import Callback, CallbackPost, Message
from smsinbox.services import api_keys, callback_endpoints
from tests import build

URL = "https://program.example/hooks"
DOORS = {
    "trunx": ("/api/webhooks", {"url": URL, "events": ["sms.*"]}),
    "pingram": ("/webhooks", {"webhook": URL, "events": ["SMS_INBOUND", "SMS_FAILED"]}),
}


@pytest.fixture
def plain(app: Flask) -> str:
    return api_keys.create("Shop", "send")[1]


def ask(app: Flask, key: str, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    how = {"data": body} if isinstance(body, bytes) else {"json": body}
    return app.test_client().open(path, method=method, headers=headers, **how)


def test_trunx_makes_lists_and_deletes_as_its_page_shows(app, plain):
    made = ask(app, plain, "POST", "/api/webhooks", {"url": URL, "events": ["sms.*", "voice.*"]})
    assert made.status_code == 201
    assert set(made.json) == {"id", "url", "events", "secret"}
    assert (made.json["url"], made.json["events"]) == (URL, ["sms.*", "voice.*"])
    assert made.json["id"].startswith("whk_")
    assert made.json["secret"].startswith("whsec_")
    (listed,) = ask(app, plain, "GET", "/api/webhooks").json["webhooks"]
    assert set(listed) == {"id", "url", "events", "active", "createdAt"}
    assert listed["active"] is True
    path = f"/api/webhooks/{made.json['id']}"
    assert ask(app, plain, "DELETE", path).status_code == 204
    assert ask(app, plain, "GET", "/api/webhooks").json == {"webhooks": []}
    assert ask(app, plain, "DELETE", path).status_code == 404


def test_trunx_shows_the_log_newest_first_and_no_longer_than_asked(app, plain, number):
    made = ask(app, plain, "POST", "/api/webhooks", {"url": URL, "events": ["*"]}).json
    message = build.a_message(build.a_conversation(number))
    for n in range(25):
        a_post(build.every(Callback)[0], message, n)
    logs = ask(app, plain, "GET", f"/api/webhooks/{made['id']}/logs?limit=2").json["logs"]
    assert [set(line) for line in logs] == [
        {"id", "eventType", "status", "attempts", "responseCode", "createdAt"}
    ] * 2
    assert (logs[0]["eventType"], logs[0]["status"]) == ("sms.sent", "delivered")
    assert (logs[0]["responseCode"], logs[0]["attempts"]) == (200, 1)
    assert logs[0]["id"] > logs[1]["id"]
    for limit, count in (("", 20), ("?limit=0", 1), ("?limit=-5", 1), ("?limit=x", 20)):
        answer = ask(app, plain, "GET", f"/api/webhooks/{made['id']}/logs{limit}")
        assert len(answer.json["logs"]) == count


@atomic
def a_post(callback: Callback, message: Message, n: int) -> None:
    now = clock.now()
    db.session.add(
        CallbackPost(
            callback_id=callback.id, event_id=str(n), happening="sent", name="sms.sent",
            message_id=message.id, conversation_id=message.conversation_id, state="done",
            due_at=now, attempts=1, last_status=200, created_at=now, ended_at=now,
        )
    )  # fmt: skip


def test_pingram_makes_lists_changes_and_deletes_as_its_client_wants(app, plain):
    made = ask(app, plain, "POST", *DOORS["pingram"])
    assert made.status_code == 200
    assert set(made.json) == {"id", "webhook", "events", "secret"}
    assert made.json["secret"].startswith("pingram_whsecret_")
    assert ask(app, plain, "GET", "/webhooks").json == {"endpoints": [made.json]}
    path, other = f"/webhooks/{made.json['id']}", {"webhook": f"{URL}/2", "events": ["SMS_FAILED"]}
    changed = ask(app, plain, "PUT", path, other)
    assert changed.json == made.json | other
    assert ask(app, plain, "DELETE", path).status_code == 204
    assert ask(app, plain, "GET", "/webhooks").json == {"endpoints": []}


def test_a_pattern_is_spelled_out_for_pingrams_client(app):
    key, plain = api_keys.create("Shop", "all")
    build.a_callback(key, "pingram", events=["*"])
    (listed,) = ask(app, plain, "GET", "/webhooks").json["endpoints"]
    assert sorted(listed["events"]) == [
        "SMS_DELIVERED", "SMS_FAILED", "SMS_INBOUND", "SMS_SUBSCRIBE", "SMS_UNSUBSCRIBE",
    ]  # fmt: skip


@pytest.mark.parametrize("dialect", DOORS)
def test_the_secret_told_is_the_one_that_signs(app, plain, dialect):
    secret = ask(app, plain, "POST", *DOORS[dialect]).json["secret"]
    (callback,) = build.every(Callback)
    assert callback_endpoints.credentials(callback) == Credentials("", "", secret)
    assert secret not in callback.secret_sealed


def test_a_key_sees_and_changes_only_its_own(app, plain):
    others = build.a_key("Other")
    mine, theirs = (build.a_callback(others, dialect) for dialect in DOORS)
    calls = [
        ("DELETE", f"/api/webhooks/whk_{mine.id}"),
        ("GET", f"/api/webhooks/whk_{mine.id}/logs"),
        ("PUT", f"/webhooks/{theirs.id}"),
        ("DELETE", f"/webhooks/{theirs.id}"),
    ]
    for method, path in calls:
        body = DOORS["pingram"][1] if method == "PUT" else None
        assert ask(app, plain, method, path, body).status_code in (400, 404), (method, path)
    assert ask(app, plain, "GET", "/api/webhooks").json == {"webhooks": []}
    assert ask(app, plain, "GET", "/webhooks").json == {"endpoints": []}
    assert {one.url for one in build.every(Callback)} == {URL}


def test_the_webhooks_of_one_dialect_are_not_there_in_the_other(app, plain):
    made = ask(app, plain, "POST", *DOORS["trunx"]).json
    ours = made["id"].removeprefix("whk_")
    assert ask(app, plain, "DELETE", f"/webhooks/{ours}").status_code in (400, 404)
    assert len(build.every(Callback)) == 1


@pytest.mark.parametrize("path", ["/api/webhooks", "/webhooks"])
@pytest.mark.parametrize("key", ["", "sk_unknown"])
def test_without_a_good_key_it_is_401(app, path, key):
    for method in ("GET", "POST"):
        assert ask(app, key, method, path, {}).status_code == 401


@pytest.mark.parametrize("dialect", DOORS)
def test_a_key_that_may_only_read_has_no_webhooks(app, dialect):
    reader = api_keys.create("Reader", "read")[1]
    assert ask(app, reader, "POST", *DOORS[dialect]).status_code in (401, 403)
    assert build.every(Callback) == []


@pytest.mark.parametrize("dialect", DOORS)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"[" * 100_000, b'{"url":"\xff"}', b"{}",
        {"events": ["*"]}, {"url": URL, "webhook": URL}, {"url": URL, "webhook": URL, "events": []},
        {"url": 1, "webhook": 1, "events": ["*"]},
        {"url": URL, "webhook": URL, "events": "*"},
        {"url": URL, "webhook": URL, "events": [1]},
        {"url": URL, "webhook": URL, "events": ["[a-z]*"]},
        {"url": URL, "webhook": URL, "events": ["a" * 200]},
        {"url": URL, "webhook": URL, "events": ["*"] + [f"e{n}" for n in range(60)]},
        {"url": "\0", "webhook": "\0", "events": ["*"]},
        {"url": "\ud800", "webhook": "\ud800", "events": ["*"]},
    ],
)  # fmt: skip
def test_nonsense_is_refused_and_nothing_kept(app, plain, dialect, body):
    answer = ask(app, plain, "POST", DOORS[dialect][0], body)
    assert 400 <= answer.status_code < 500
    assert answer.json
    assert build.every(Callback) == []


@pytest.mark.parametrize("dialect", DOORS)
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:8000/", "http://10.0.0.1/", "http://[::1]/",
        "http://169.254.169.254/latest/meta-data", "http://2130706433/", "http://0x7f.1/",
        "http://user@program.example/", "ftp://program.example/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_address_inside_is_refused_when_it_is_made_and_when_it_is_changed(
    app, plain, dialect, url
):
    path, good = DOORS[dialect]
    field = "url" if dialect == "trunx" else "webhook"
    assert 400 <= ask(app, plain, "POST", path, good | {field: url}).status_code < 500
    assert build.every(Callback) == []
    if dialect == "pingram":
        made = ask(app, plain, "POST", path, good).json
        changed = ask(app, plain, "PUT", f"{path}/{made['id']}", good | {field: url})
        assert 400 <= changed.status_code < 500
        assert build.every(Callback)[0].url == URL


def test_a_key_has_no_more_than_twenty(app, plain):
    answers = [ask(app, plain, "POST", *DOORS["trunx"]).status_code for _ in range(21)]
    assert answers == [201] * 20 + [409]


def test_webhooks_are_asked_for_no_faster_than_texts(app, plain):
    app.config["GATEWAY_RATE"] = "3 per hour"
    try:
        answers = [ask(app, plain, "GET", "/api/webhooks").status_code for _ in range(4)]
    finally:
        del app.config["GATEWAY_RATE"]
    assert answers == [200, 200, 200, 429]


@pytest.mark.parametrize("name", ["x", "%00", "%F0%9F%91%8B", "a" * 3000, "..%2f", "whk_"])
def test_a_name_that_no_webhook_has_is_not_there(app, plain, name):
    assert ask(app, plain, "DELETE", f"/api/webhooks/{name}").status_code == 404
    assert ask(app, plain, "DELETE", f"/webhooks/{name}").status_code in (400, 404)


def test_the_carriers_door_and_pingrams_do_not_shadow_one_another(app, plain, client, number):
    made = ask(app, plain, "POST", *DOORS["pingram"]).json
    took = build.post_webhook(client, number.account, build.received("Through the door"))
    assert took.status_code == 200
    assert [message.body for message in build.every(Message)] == ["Through the door"]
    changed = ask(app, plain, "PUT", f"/webhooks/{made['id']}", DOORS["pingram"][1])
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "view"),
    [
        ("POST", "/webhooks", "pingram_create"),
        ("GET", "/webhooks", "pingram_list"),
        ("PUT", "/webhooks/trunx", "pingram_update"),
        ("DELETE", "/webhooks/trunx", "pingram_delete"),
        ("POST", "/webhooks/trunx/token", "receive"),
        ("POST", "/api/webhooks", "trunx_create"),
        ("DELETE", "/api/webhooks/x", "trunx_delete"),
        ("GET", "/api/webhooks/x/logs", "trunx_log"),
    ],
)
def test_each_path_leads_to_one_room(app, method, path, view):
    found, _ = app.url_map.bind("inbox.test").match(path, method)
    assert app.view_functions[found].__name__ == view


def test_a_program_named_like_a_carrier_reaches_its_own_webhooks_only(app, plain, number):
    """The shortcut before Flask takes POSTs with two steps behind /webhooks, and nothing else."""
    token = number.account.token
    for method in ("PUT", "DELETE", "GET"):
        answer = ask(app, plain, method, f"/webhooks/trunx/{token}", DOORS["pingram"][1])
        assert answer.status_code in (404, 405)
    assert ask(app, plain, "POST", f"/webhooks/{token}", {}).status_code == 405
    assert ask(app, plain, "POST", "/webhooks/trunx/", {}).status_code == 404
