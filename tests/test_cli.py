"""What an operator does from a shell: one command, one plain answer."""

import json

import pytest

from smsinbox.application import create_app
from smsinbox.core.config import Settings
from smsinbox.models import (
    Account,
    Conversation,
    Delivery,
    Message,
    MessageState,
    Number,
    OptOut,
    Rule,
    User,
)
from smsinbox.queries.messages import thread
from smsinbox.services import api_keys, passwords
from smsinbox.services.accounts import credentials
from tests import build
from tests.mail_server import mail_server, used


@pytest.fixture
def inbox(runner):
    """Run `inbox …`; the result."""
    return lambda *words: runner.invoke(args=["inbox", *words])


def printed(result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    return json.loads(result.stdout)


def assert_refused(result, *words: str) -> None:
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    for word in words:
        assert word in result.output


def an_account(inbox, name: str = "Trunx"):
    names = ("--dialect", "trunx", "--name", name)
    where = ("--base-url", "https://api.trunx.io", "--key", "tk_live_1", "--secret", "whsec_1")
    return inbox("account", "create", *names, *where)


def test_an_account_tells_where_the_carrier_posts_its_webhooks(inbox):
    shown = printed(an_account(inbox))
    (account,) = build.every(Account)
    assert (shown["id"], shown["webhook_path"]) == (account.id, account.webhook_path)
    assert credentials(account).key == "tk_live_1"
    assert "tk_live_1" not in str(shown)


def test_a_number_belongs_to_its_account_and_keeps_its_pace(inbox):
    account = printed(an_account(inbox))["id"]
    words = ("--account", str(account), "--phone", "+14155550142", "--pace", "0.5")
    shown = printed(inbox("number", "create", *words, "--name", "Support"))
    (number,) = build.every(Number)
    assert shown == {"id": number.id, "phone": "+14155550142", "name": "Support"}
    assert (number.account_id, number.pace) == (account, 0.5)


def test_a_rule_listens_to_every_word_given(inbox, number):
    words = ("--number", "+1 (415) 555-0142", "--exact", "HOURS", "--exact", "OPEN")
    shown = printed(inbox("rule", "create", *words, "--reply", "9 to 5."))
    (rule,) = build.every(Rule)
    assert shown["id"] == rule.id
    assert (rule.keywords, rule.reply) == (["HOURS", "OPEN"], "9 to 5.")


def test_making_a_key_prints_only_the_key(inbox):
    result = inbox("key", "create", "--name", "Shop", "--scope", "all")
    assert result.exit_code == 0
    key = api_keys.key_of(result.stdout.strip())
    assert key is not None
    assert (key.name, key.scope) == ("Shop", "all")


def test_a_user_is_made_with_the_numbers_they_may_see(inbox, number):
    words = ("--email", "Ann@Example.com", "--name", "Ann", "--password", "a password")
    shown = printed(inbox("user", "create", *words, "--number", number.phone))
    (user,) = build.every(User)
    assert shown == {"id": user.id, "email": "ann@example.com", "role": "agent"}
    assert user.granted == {number.id}
    assert passwords.fits("a password", user.password_hash)


def test_a_user_without_a_password_gets_one_that_is_printed_once(inbox):
    words = ("--email", "ann@example.com", "--name", "Ann", "--role", "admin")
    shown = printed(inbox("user", "create", *words))
    (user,) = build.every(User)
    assert passwords.fits(str(shown["password"]), user.password_hash)


def test_a_password_can_be_typed_unseen(runner):
    words = ["inbox", "user", "create", "--email", "ann@example.com", "--name", "Ann"]
    result = runner.invoke(args=[*words, "--password"], input="a password\na password\n")
    assert result.exit_code == 0
    (user,) = build.every(User)
    assert passwords.fits("a password", user.password_hash)
    assert "a password" not in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("number create --account 4711 --phone +14155550143", "There is no such thing"),
        ("number create --account 1 --phone +1", "phone"),
        ("number create --account 1 --phone +14155550142", "here already"),
        ("number create --account 1 --phone +14155550143 --pace nan", "pace"),
        ("rule create --number +14155550143 --exact HI --reply Hey", "not one of our numbers"),
        ("rule create --number nobody! --exact HI --reply Hey", "number"),
        ("rule create --number +14155550142 --exact STOP --reply Hey", "STOP word"),
        ("user create --email nobody --name Ann", "email"),
        ("user create --email a@b.c --name Ann --password short", "8 to 200"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_with_exit_code_1(inbox, number, words, says):
    assert_refused(inbox(*words.split()), says)


def test_a_key_needs_a_name(inbox):
    assert_refused(inbox("key", "create", "--name", " "), "Name the program")


def test_an_unknown_carrier_is_refused(inbox):
    words = ("--dialect", "pigeon", "--name", "P", "--base-url", "https://p.example")
    assert_refused(inbox("account", "create", *words, "--key", "k", "--secret", "s"), "carrier")


# A demo takes seconds, so one demo proves several facts.


def test_the_demo_is_a_believable_week_told_once_that_waits_for_no_carrier(inbox):
    result = inbox("demo")
    assert result.exit_code == 0, result.output
    messages, conversations = build.every(Message), build.every(Conversation)
    assert len(build.every(Number)) == 2
    assert 25 <= len(conversations) <= 40
    assert 150 <= len(messages) <= 220
    moments = [message.created_at for message in messages]
    assert moments == sorted(moments)
    assert 5 <= (moments[-1] - moments[0]).days <= 7
    assert {conversation.status for conversation in conversations} == {"open", "closed"}
    assert 0 < sum(conversation.unanswered for conversation in conversations) < 15
    assert all(conversation.contact.name for conversation in conversations)
    assert len(build.every(OptOut)) == 1

    outbound = [message for message in messages if not message.is_inbound]
    states = {message.state for message in outbound}
    assert states == {MessageState.ACCEPTED, MessageState.FAILED, MessageState.UNCERTAIN}
    delivered = sum(message.delivery == Delivery.DELIVERED for message in outbound)
    assert delivered >= len(outbound) - 3
    assert {message.author for message in outbound} == {"user", "rule", "consent"}

    again = inbox("demo")
    assert (again.exit_code, again.stdout) == (0, "The demo week is here already.\n")
    assert len(build.every(Message)) == len(messages)


def test_with_a_sandbox_the_demo_delivers_its_newest_two_texts_and_touches_no_real_one(inbox):
    sandbox = build.an_account("http://127.0.0.1:8001")
    number = build.a_number("+14155550199", account=sandbox)
    real = build.a_message(build.a_conversation(number), body="For a real person")
    inbox("demo")
    assert build.again(real).state == MessageState.QUEUED
    assert {number.account_id for number in build.every(Number)} == {sandbox.id}
    waiting = [
        message
        for message in build.every(Message)
        if message.state == "queued" and message.id != real.id
    ]
    assert len({message.number_id for message in waiting}) == len(waiting) == 2
    for message in waiting:
        later = thread(message.conversation_id).messages[-1]
        assert later.is_inbound


def test_check_finds_everything_in_order(inbox):
    result = inbox("check")
    assert result.exit_code == 0, result.output
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["ok", "settings"],
        ["ok", "database"],
        ["ok", "migrations"],
        ["ok", "redis"],
        ["ok", "mail"],
    ]


def test_a_test_mail_is_sent_or_it_is_said_why_not(inbox, monkeypatch):
    sent = ("mail", "test", "--to", "ada@example.com")
    assert_refused(inbox(*sent), "MAIL_URL", "smtp://user:password@host:587")
    with mail_server() as post, used(monkeypatch, f"smtp://127.0.0.1:{post.port}"):
        assert inbox(*sent).stdout == "The mail server took it.\n"
        assert post.to == ["ada@example.com"]
        assert "ok   mail        MAIL_URL answers." in inbox("check").stdout
        post.answers = ["554 Never"]
        assert_refused(inbox(*sent), "The mail server says 554.")
    with used(monkeypatch, f"smtp://127.0.0.1:{post.port}"):
        assert_refused(inbox(*sent), "cannot be reached")
        assert "BAD  mail" in inbox("check").stdout


def test_check_says_what_to_do_about_missing_tables(tmp_path):
    app = create_app(Settings(instance_path=tmp_path))
    result = app.test_cli_runner().invoke(args=["inbox", "check"])
    assert result.exit_code == 1
    assert "BAD  migrations" in result.stdout
    assert "db upgrade" in result.stdout


def test_without_tables_a_command_says_so_in_words(tmp_path):
    app = create_app(Settings(instance_path=tmp_path))
    words = ["inbox", "key", "create", "--name", "Shop"]
    assert_refused(app.test_cli_runner().invoke(args=words), "inbox check")


def test_a_pool_is_made_and_filled(runner, number):
    other = build.a_number("+14155550143", account=number.account)
    made = runner.invoke(args=["inbox", "profile", "create", "--name", "A", "--number", build.OURS])
    profile = json.loads(made.output)
    assert build.again(number).profile_id == profile["id"]
    put = ["inbox", "profile", "put", "--profile", profile["id"], "--number", other.phone]
    assert runner.invoke(args=put).exit_code == 0
    assert build.again(other).profile_id == profile["id"]
