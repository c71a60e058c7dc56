"""Deny by default: the whole URL map is walked, as nobody, as an outsider, as a viewer."""

import pytest
from flask import Flask

from smsinbox.models import SignIn
from tests import build

OPEN_DOORS = {
    "static", "shell.file", "media.fetch", "health.alive", "health.ready", "session.sign_in",
    "shell.service_worker", "shell.offline",
}  # fmt: skip
KEYED = ("webhooks", "api", "gateway")  # prove who asks by signature or key


def rules(app: Flask):
    """Every route of a page, with a method and an address that could be real."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_DOORS or rule.endpoint.split(".")[0].startswith(KEYED):
            continue
        if rule.endpoint.startswith(("session.", "live")):
            continue
        values = dict.fromkeys(rule.arguments, "1")
        path = rule.build(values, append_unknown=False)
        assert path is not None
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield method, path[1], rule.endpoint


def test_nobody_gets_past_the_sign_in(app, client):
    walked = list(rules(app))
    assert len(walked) > 30
    for method, path, endpoint in walked:
        answer = client.open(path, method=method)
        assert answer.status_code == 302, endpoint
        assert answer.headers["Location"].startswith("/sign-in"), endpoint


def test_an_htmx_request_of_nobody_leads_the_whole_page_to_the_sign_in(client):
    answer = client.get("/conversations/views", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_an_outsider_finds_nothing_of_a_number_that_is_not_theirs(app, number, cy):
    message = build.a_message(build.a_conversation(number))
    conversation, client = message.conversation, build.signed_in(app, cy)
    for method, path in [
        ("GET", f"/conversations/{conversation.id}"),
        ("GET", f"/conversations/{conversation.id}/pane"),
        ("GET", f"/conversations/{conversation.id}/menu"),
        ("GET", f"/conversations/{conversation.id}/messages"),
        ("POST", f"/conversations/{conversation.id}/reply"),
        ("POST", f"/conversations/{conversation.id}/assign"),
        ("POST", f"/conversations/{conversation.id}/close"),
        ("POST", f"/conversations/{conversation.id}/reopen"),
        ("POST", f"/conversations/{conversation.id}/unread"),
        ("POST", f"/conversations/{conversation.id}/typing"),
        ("POST", f"/conversations/{conversation.id}/seen"),
        ("POST", f"/conversations/{conversation.id}/settle"),
        ("POST", f"/conversations/{conversation.id}/star"),
        ("POST", f"/messages/{message.id}/resend"),
        ("POST", f"/contacts/{conversation.contact_id}"),
    ]:
        answer = client.open(path, method=method, data={"body": "x", "client_token": "t"})
        assert answer.status_code == 404, path
    assert conversation.contact.phone not in client.get("/conversations?view=all").text


def test_an_outsider_cannot_begin_a_conversation_from_it(app, number, cy):
    form = {"number_id": number.id, "phone": "+13125550188", "body": "x", "client_token": "t"}
    assert build.signed_in(app, cy).post("/conversations", data=form).status_code in (403, 404)


def test_a_viewer_reads_and_changes_nothing(app, number):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    conversation, client = build.a_conversation(number), build.signed_in(app, viewer)
    assert client.get(f"/conversations/{conversation.id}").status_code == 200
    for verb in ("reply", "assign", "close", "reopen", "settle", "unsettle", "star", "typing"):
        answer = client.post(f"/conversations/{conversation.id}/{verb}", data={"body": "x"})
        assert answer.status_code == 403, verb


def test_only_admins_reach_the_settings(app, ben):
    client = build.signed_in(app, ben)
    settings = ("rules", "accounts", "numbers", "users", "keys", "quarantine", "first_steps")
    walked = [one for one in rules(app) if one[2].split(".")[0] in settings]
    assert len(walked) > 15
    for method, path, endpoint in walked:
        assert client.open(path, method=method).status_code in (403, 404), endpoint


def test_every_change_needs_a_csrf_token(app, ada):
    client = build.signed_in(app, ada)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for method, path, endpoint in rules(app):
            if method == "POST":
                assert client.post(path).status_code == 400, endpoint
        assert client.post("/sign-out").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_no_get_changes_anything(app, ada, number):
    client, message = build.signed_in(app, ada), build.a_message(build.a_conversation(number))
    for method, path, _endpoint in rules(app):
        if method == "GET":
            client.get(path)
    assert build.again(message).state == "queued"


def test_signing_out_ends_every_copy_of_the_cookie(app, ben):
    client = build.signed_in(app, ben)
    cookie = client.get_cookie("smsinbox")
    assert cookie is not None
    assert client.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("smsinbox", cookie.value)
    assert thief.get("/conversations").status_code == 302
    assert build.every(SignIn)[0].ended_at is not None


@pytest.mark.parametrize("path", ["/conversations", "/sign-in", "/nowhere", "/static/js/live.js"])
def test_every_answer_forbids_strangers_scripts(app, ben, path):
    answer = build.signed_in(app, ben).get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    answer.close()


def test_private_pages_are_kept_nowhere(app, ben):
    answer = build.signed_in(app, ben).get("/conversations")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://localhost.evil", "http://localhost:1"]
)
def test_a_socket_of_another_site_is_refused_before_it_opens(app, ben, origin):
    headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
    if origin:
        headers["Origin"] = origin
    assert build.signed_in(app, ben).get("/live", headers=headers).status_code in (400, 403)


def test_a_socket_needs_a_sign_in(client):
    answer = client.get("/live", headers={"Upgrade": "websocket", "Origin": "http://localhost"})
    assert answer.status_code in (400, 401)


def test_a_server_that_does_one_thing_at_a_time_opens_no_socket(app, ada):
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    headers = {"Origin": "http://localhost", **upgrade}
    alone = {"wsgi.multithread": False}
    answer = build.signed_in(app, ada).get("/live", headers=headers, environ_overrides=alone)
    assert answer.status_code == 503
