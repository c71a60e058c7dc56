"""Two whole inboxes whose rules answer everything, customers of one carrier: they soon stop."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from smsinbox.dialects import DIALECTS
from smsinbox.models import Account, Author, Message, MessageState, Number
from tests.chaos.processes import until
from tests.chaos.stack import Stack, a_phone

pytestmark = pytest.mark.chaos

HERE, THERE = "+14155550188", "+14155550199"


@pytest.fixture
def inboxes(tmp_path) -> Iterator[tuple[Stack, Stack]]:
    """The second one has no sandbox of its own."""
    with ExitStack() as left:
        both = []
        for name in ("near", "far"):
            (tmp_path / name).mkdir()
            stack = Stack(tmp_path / name)
            left.callback(stack.end)
            both.append(stack)
        near, far = both
        near.start("valkey", "sandbox", "web")
        far.sandbox_port = near.sandbox_port
        far.start("valkey", "web")
        for stack in both:
            stack.start("worker", "sweeper")
        yield near, far


def test_f88_two_inboxes_that_answer_each_other_through_a_carrier_stop(inboxes):
    near, far = inboxes
    becomes_a_customer(far, near)
    begin_to_send(near, HERE)
    begin_to_send(far, THERE)
    rule = {"type": "any", "cooldown": "none", "human_grace": 0, "mode": "on"}
    for stack, phone, reply in (
        (near, HERE, "We answer soon."),
        (far, THERE, "Yes? How can we help?"),
    ):
        stack.fill_in("/rules", number_id=number(stack, phone).id, reply=reply, **rule)
    write(far, THERE, HERE, "Hello there")

    until(lambda: automatic(near) and automatic(far))
    until(lambda: is_still(near, far))
    assert automatic(near) <= 3
    assert automatic(far) <= 3


def becomes_a_customer(far: Stack, near: Stack) -> None:
    """What an admin does: a webhook at the carrier, and its secret here."""
    known = json.loads((far.instance / "sandbox.json").read_text())[0]
    registered = near.sandbox.post(
        "/api/webhooks",
        json={"url": known["webhook_url"]},
        headers={"Authorization": f"Bearer {known['key']}"},
    )
    secret = registered.raise_for_status().json()["secret"]
    settings = {field.name: field.default for field in DIALECTS["trunx"].settings}
    form = {"name": "Trunx", "base_url": str(near.sandbox.base_url), "secret": secret, **settings}
    far.fill_in(f"/accounts/{trunx(far)}", **form)


def begin_to_send(stack: Stack, phone: str) -> None:
    """A number of its own; the sandbox knows whose it is by the first text."""
    stack.fill_in("/numbers", account_id=trunx(stack), phone=phone, name="Ours", pace=50)
    write(stack, phone, a_phone(), f"First of {phone}")
    until(lambda: stack.is_(f"First of {phone}", MessageState.ACCEPTED))


def write(stack: Stack, sender: str, to: str, body: str) -> None:
    form = {"number_id": number(stack, sender).id, "phone": to, "body": body, "anyway": "endless"}
    stack.fill_in("/conversations", **form)


def trunx(stack: Stack) -> int:
    [account] = stack.rows(select(Account).where(Account.dialect == "trunx"))
    return int(account.id)


def number(stack: Stack, phone: str) -> Number:
    [found] = stack.rows(select(Number).where(Number.phone == phone))
    return found


def automatic(stack: Stack) -> int:
    return len(stack.rows(select(Message).where(Message.author == Author.RULE.value)))


def is_still(near: Stack, far: Stack) -> bool:
    """Nothing has moved for ten times as long as an exchange takes."""
    before = automatic(near), automatic(far)
    time.sleep(3)
    return near.is_quiet() and before == (automatic(near), automatic(far))
