"""No other web site can read the sandbox or make it do anything."""

import pytest
from flask.testing import FlaskClient

MARIA = "/handsets/+13125550101/texts"
TEXT = {"to": "+13125550100", "body": "Hello"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8001", "[::1]:8001", "box.localhost"])
def test_a_loopback_name_is_answered(sandbox: FlaskClient, host: str) -> None:
    assert sandbox.get("/log", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "[::"]
)
def test_any_other_name_is_not(sandbox: FlaskClient, host: str) -> None:
    assert sandbox.get("/log", headers={"Host": host}).status_code in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
    ],
    ids=str,
)
def test_a_page_of_another_site_changes_nothing(
    sandbox: FlaskClient, headers: dict[str, str]
) -> None:
    assert sandbox.post(MARIA, json=TEXT, headers=headers).status_code == 403
    assert sandbox.post("/panel", data={"answer": "500"}, headers=headers).status_code == 403
    assert sandbox.put("/faults", json={"answer": "500"}, headers=headers).status_code == 403
    assert sandbox.get(MARIA).json == []


def test_our_own_page_may_post(sandbox: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert sandbox.post(MARIA, json=TEXT, headers=headers).status_code == 202


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_json_must_call_itself_json(sandbox: FlaskClient, mimetype: str) -> None:
    body = b'{"to":"+13125550100","body":"Hello","answer":"500","url":"http://localhost/"}'
    headers = {"Authorization": "Bearer x", "Content-Type": mimetype}
    for call, path in (
        (sandbox.post, MARIA),
        (sandbox.post, "/api/sms"),
        (sandbox.post, "/api/webhooks"),
        (sandbox.put, "/faults"),
        (sandbox.put, "/account"),
    ):
        assert call(path, data=body, headers=headers).status_code == 415


def test_the_page_runs_no_inline_script_or_style(sandbox: FlaskClient) -> None:
    answer = sandbox.get("/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert " onclick=" not in answer.text
