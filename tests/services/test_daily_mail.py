"""The daily mail: to whom, when, once, of what they may see, and never a word of a text."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from smsinbox.core import clock, mail
from smsinbox.core.database import db
from smsinbox.core.mail import MailError
from smsinbox.mailer import Mailer
from smsinbox.models import Conversation, DailyMail, User
from smsinbox.services import blocking, daily_mail, preferences
from tests import build
from tests.mail_server import mail_server, used

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SECRET = "my PIN is 4711"


@pytest.fixture
def post(monkeypatch):
    """A mail server that ours goes by."""
    monkeypatch.setenv("PUBLIC_URL", "https://inbox.example.com")
    with mail_server() as post, used(monkeypatch, f"smtp://127.0.0.1:{post.port}"):
        yield post


@pytest.fixture
def ada(app) -> User:
    return build.a_user("Ada", role="admin", zone="UTC")


@pytest.fixture
def failed(number) -> Conversation:
    """A text that failed, on Ben's number."""
    there = build.a_conversation(number, build.a_contact("+13125550111", name="Maya"))
    build.a_message(there, state="failed", error_code="unreachable", body=SECRET)
    return there


def morning(hours: float = 0) -> int:
    """What leaves so long after eight in the morning."""
    with clock.at(MORNING + timedelta(hours=hours)):
        return daily_mail.send_due()


def test_it_says_how_many_texts_wait_and_why_and_nothing_of_them(post, failed, number, ada):
    build.a_message(failed, state="uncertain", error_code="no-answer", body=SECRET)
    build.a_message(failed, state="failed", error_code="unreachable", body=SECRET)
    assert morning() == 1
    [letter] = post.got
    words = letter.get_content()
    assert (letter["to"], letter["subject"]) == (
        "ada@example.com",
        "3 texts failed and wait for you",
    )
    assert "2 × The carrier could not be reached." in words
    assert "https://inbox.example.com/conversations?view=failed" in words
    for private in (SECRET, "5550111", "Maya", number.phone, number.name):
        assert private not in str(letter)


@pytest.mark.parametrize(("hours", "sent"), [(-0.1, 0), (0, 1), (3.9, 1), (4.1, 0), (12, 0)])
def test_it_is_for_the_morning(post, failed, ada, hours, sent):
    assert morning(hours) == sent


@pytest.mark.parametrize(
    ("own", "of_number", "hours"),
    [
        ("Asia/Tokyo", "UTC", -9),
        ("", "America/New_York", 5),
        ("Nowhere/Land", "Europe/Berlin", -1),
    ],
)
def test_morning_is_by_their_own_clock_or_by_that_of_their_number(
    post, failed, number, ada, own, of_number, hours
):
    build.changed(ada, zone=own)
    build.changed(number, zone=of_number)
    assert (morning(hours - 0.1), morning(hours)) == (0, 1)


@pytest.mark.parametrize("hours", [-4, 1])
def test_a_look_costs_as_many_statements_for_twenty_as_for_two(
    post, failed, number, statements, hours
):
    build.changed(number, zone="UTC")
    costs = []
    for names in (("Di", "Ed"), [f"Eve{n}" for n in range(18)]):
        for name in names:
            user = build.a_user(name, numbers=[number])
            preferences.edit("mine", False, False, (), by=user, mails=True)
        assert morning() == len(names)
        with statements() as seen, clock.at(MORNING + timedelta(hours=hours)):
            assert daily_mail.due() == []
        costs.append(len(seen))
    assert costs[0] == costs[1] < 8


def test_it_is_sent_once_a_day_and_not_for_what_fails_later_that_day(post, ada, number):
    assert morning() == 0
    there = build.a_conversation(number)
    build.a_message(there, state="failed", error_code="unreachable")
    assert [morning(hours) for hours in (1, 24, 25, 48)] == [0, 1, 0, 1]


def test_agents_hear_of_it_once_they_say_yes_and_of_their_own_numbers_alone(
    post, failed, ada, ben, cy
):
    build.changed(ben, zone="UTC")
    other = build.a_number("+14155550143", name="Other")
    for _ in range(2):
        build.a_message(build.a_conversation(other), state="failed", error_code="busy")
    for user, mails in ((ada, False), (ben, True), (cy, True)):
        preferences.edit("mine", False, False, (), by=user, mails=mails)
    assert morning() == 1
    [letter] = post.got
    assert (letter["to"], letter["subject"]) == (
        "ben@example.com",
        "1 text failed and waits for you",
    )
    assert "busy" not in letter.get_content()


@pytest.mark.parametrize("who", [{"role": "viewer"}, {"active": False}])
def test_who_could_do_nothing_about_it_hears_nothing(post, failed, ada, who):
    preferences.edit("mine", False, False, (), by=ada, mails=True)
    build.changed(ada, **who)
    assert morning() == 0


def test_what_somebody_dismissed_blocked_or_closed_does_not_count(post, failed, number, ada):
    blocking.block(failed.contact_id, by=ada)
    closed = build.a_conversation(number, status="closed")
    build.a_message(closed, state="failed")
    seen = build.a_conversation(number)
    build.a_message(seen, state="failed", dismissed_at=clock.now())
    build.a_message(build.a_conversation(number), state="failed", author="program")
    assert morning() == 0


def test_it_is_written_in_the_language_of_its_reader(post, failed, ada):
    build.changed(ada, language="de")
    morning()
    [letter] = post.got
    assert letter["subject"] == "1 Nachricht ist fehlgeschlagen und wartet auf Sie"
    assert "Der Anbieter war nicht erreichbar." in letter.get_content()


def test_only_the_first_reasons_are_named(post, failed, ada):
    for code in ("busy", "tls", "payment", "forbidden", "redirect", "address"):
        build.a_message(failed, state="failed", error_code=code)
    morning()
    words = post.got[0].get_content()
    assert words.count("×") == 4
    assert "3 for other reasons" in words


def test_a_mail_that_was_refused_is_tried_again_later_and_each_time_later(post, failed, ada):
    post.answers = ["451 Later"] * 2
    assert [morning(minutes / 60) for minutes in (0, 9, 11, 29, 32, 33)] == [0, 0, 0, 0, 1, 0]
    assert len(post.got) == 1


def test_one_who_is_refused_keeps_it_from_nobody_else(post, failed, ada):
    build.a_user("Eve", role="admin", zone="UTC")
    post.answers = ["550 No such user"]
    assert morning() == 1


def test_a_server_that_is_away_is_left_alone_for_longer_and_longer(app, failed, ada, monkeypatch):
    with mail_server() as gone:
        pass
    build.a_user("Eve", role="admin", zone="UTC")
    mailer = Mailer(app, lambda: True)
    with used(monkeypatch, f"smtp://127.0.0.1:{gone.port}"), clock.at(MORNING):
        assert [mailer.look(), mailer.look(), mailer.look()] == [120.0, 240.0, 60.0]
    assert [one.tries for one in build.every(DailyMail)] == [1, 1]


@pytest.mark.parametrize("url", ["smtp://inbox:geheïm@127.0.0.1:{}", "smtp://a..b:{}"])
def test_what_the_server_cannot_be_told_costs_nobody_the_day(failed, ada, monkeypatch, url):
    with mail_server() as post:
        with used(monkeypatch, url.format(post.port)), pytest.raises(MailError):
            morning()
        with used(monkeypatch, f"smtp://127.0.0.1:{post.port}"):
            assert [morning(minutes / 60) for minutes in (9, 11)] == [0, 1]


def test_a_mail_that_may_have_left_is_not_sent_again(post, failed, ada):
    post.hangs_up = True
    assert [morning(), morning(2)] == [0, 0]
    assert len(post.got) == 1


def test_a_process_that_died_with_it_is_made_up_for_the_next_morning(post, failed, ada):
    with clock.at(MORNING):
        [(user_id, day)] = daily_mail.due()
        assert daily_mail.take(user_id, day) is not None
    assert [morning(2), morning(24)] == [0, 1]


def test_two_sweepers_send_it_once(app, post, failed, ada):
    users = [ada, *(build.a_user(f"Eve{n}", role="admin", zone="UTC") for n in range(5))]
    start = threading.Barrier(2)

    def sweep():
        with app.app_context(), clock.at(MORNING):
            start.wait()
            daily_mail.send_due()

    racing = [threading.Thread(target=sweep) for _ in range(2)]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    assert sorted(post.to) == sorted(user.email for user in users)


def test_no_transaction_is_open_while_the_mail_server_thinks(post, failed, ada, monkeypatch):
    open_then = []
    send = mail.send

    def watched(*letter):
        open_then.append(db.session().in_transaction())
        send(*letter)

    monkeypatch.setattr(mail, "send", watched)
    assert (morning(), open_then) == (1, [False])


def test_without_a_mail_server_nobody_looks(app, failed, ada):
    mailer = Mailer(app, lambda: True)
    mailer.start()
    assert not mailer._thread.is_alive()
    mailer.stop()
    with pytest.raises(MailError):
        mail.greet()
