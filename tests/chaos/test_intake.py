"""Texts that arrive while the web process dies, twice, or a hundred times at once."""

import httpx
import pytest
from sqlalchemy import func, insert, select

from smsinbox.core import clock
from smsinbox.models import Decision, Number, Rule, Webhook
from smsinbox.sandbox_accounts import NUMBERS
from tests.chaos.processes import until
from tests.chaos.stack import Stack, a_phone
from tests.chaos.told import text_from
from tests.sandbox.inbox import free_port

pytestmark = pytest.mark.chaos


def test_f01_a_text_whose_intake_is_killed_before_the_commit_comes_again_and_is_kept_once(
    stack: Stack,
):
    text = text_from(a_phone(), "f01: never answered")
    stack.arm("intake.before_commit")
    with pytest.raises(httpx.TransportError):
        stack.post(text)
    assert stack.has_fired("intake.before_commit")
    assert stack.count(text.body) == 0

    assert stack.post(text) == 200
    assert stack.count(text.body) == 1


def test_f02_a_text_whose_intake_is_killed_after_the_commit_is_kept_once_and_answered_once(
    stack: Stack,
):
    a_rule(stack, "hours", "f02: nine to five")
    stack.arm("intake.after_commit")
    stack.type_text(a_phone(), "hours")
    until(lambda: stack.has_fired("intake.after_commit"))
    assert stack.count("hours") == 1

    until(lambda: stack.sent("f02: nine to five"))
    until(stack.is_quiet)  # the carrier came again and got its 2xx
    assert stack.count("hours") == 1
    assert len(stack.sent("f02: nine to five")) == 1
    assert stack.rows(select(func.count()).select_from(Decision)) == [1]


def test_f63_the_same_webhook_a_hundred_times_at_once_is_answered_and_kept_once(stack: Stack):
    text = text_from(a_phone(), "f63: a hundred times")
    assert stack.post_at_once(text, *[stack.url] * 100) == [200] * 100
    assert stack.count(text.body) == 1
    webhooks = select(Webhook).where(Webhook.dedupe_key.contains(text.carrier_id))
    assert len(stack.rows(webhooks)) == 1
    conversation = stack.conversation(stack.message(text.body).conversation_id)
    assert conversation.unanswered == 1


def test_f64_a_webhook_at_the_primary_and_at_the_failover_address_is_kept_once(stack: Stack):
    port = free_port()
    failover = f"http://127.0.0.1:{port}"
    stack.start("web.failover", PORT=port, SANDBOX="false")  # else the sandbox posts only there
    until(lambda: is_ready(failover))
    for number in range(20):
        text = text_from(a_phone(), f"f64: text {number}")
        assert stack.post_at_once(text, stack.url, failover) == [200, 200]
        assert stack.count(text.body) == 1
    stack.processes.kill("web.failover")


def a_rule(stack: Stack, keyword: str, reply: str) -> None:
    ours = Number.phone == NUMBERS["trunx"][0]
    [number] = stack.rows(select(Number).where(ours))
    said = {"match": {"terms": [keyword]}, "human_grace": 0, "cooldown": "none", "reply": reply}
    rule = {"name": keyword, "definition": said, "created_at": clock.now()}
    stack.write(insert(Rule).values(number_id=number.id, **rule))


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
