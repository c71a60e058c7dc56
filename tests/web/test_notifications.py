"""The bell and its list are each user's own."""

import pytest

from smsinbox.core.database import atomic
from smsinbox.models import NotificationKind
from smsinbox.queries import notifications as told_query
from smsinbox.services import notifications, webhooks
from tests import build


@pytest.fixture
def there(number):
    return build.a_conversation(number, build.a_contact(name="Maya <b>"))


@pytest.fixture
def told(there, ben):
    @atomic
    def tell(kind=NotificationKind.RULE, said="Urgent"):
        text = build.a_message(there, direction="inbound", state="received", body="My order")
        notifications.notify(kind, [ben.id], there.id, text.id, said=said)
        return text

    return tell


def test_the_bell_counts_what_is_news_to_this_user(app, told, ben, cy):
    told()
    assert "Notifications, 1 unread" in build.signed_in(app, ben).get("/conversations").text
    assert "Notifications, " not in build.signed_in(app, cy).get("/notifications").text


def test_the_list_leads_to_the_text_and_opening_the_conversation_reads_it(app, told, there, ben):
    text = told()
    browser = build.signed_in(app, ben)
    page = browser.get("/notifications").text
    assert f'href="/conversations/{there.id}?at={text.id}"' in page
    assert "My order" in page
    assert "Maya &lt;b&gt;" in page
    browser.get(f"/conversations/{there.id}/pane")
    assert told_query.unread(ben) == 0


@pytest.mark.parametrize("kind", sorted({*NotificationKind} - {NotificationKind.STRANGE}))
def test_every_kind_has_words(app, told, ben, kind):
    told(kind)
    assert "Maya" in build.signed_in(app, ben).get("/notifications").text


def test_a_word_that_we_do_not_know_leads_to_its_account_and_is_read_there(app, ada):
    account = build.an_account(name="Trunx <b>")
    webhooks.ignore(account.id, "k", b"{}", "sms.dreamt")
    browser = build.signed_in(app, ada)
    page = browser.get("/notifications").text
    assert f'href="/accounts/{account.id}/setup"' in page
    assert "Trunx &lt;b&gt;" in page
    assert "Unknown event sms.dreamt." in page
    assert "sms.dreamt" in browser.get(f"/accounts/{account.id}/setup").text
    assert told_query.unread(ada) == 0


def test_only_admins_are_asked_whether_they_want_to_hear_of_such_words(app, ada, ben):
    asked = "A carrier says what we do not know"
    assert asked in build.signed_in(app, ada).get("/you").text
    assert asked not in build.signed_in(app, ben).get("/you").text


def test_everything_is_read_at_once_and_only_one_s_own(app, told, ben, ada, there):
    told()
    atomic(notifications.notify)(NotificationKind.WAITING, [ada.id], there.id)
    browser = build.signed_in(app, ben)
    assert browser.post("/notifications/read").status_code == 303
    assert (told_query.unread(ben), told_query.unread(ada)) == (0, 1)
    assert "Mark all read" not in browser.get("/notifications").text


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 30])
def test_a_place_that_is_none_begins_at_the_beginning_or_gives_nothing(app, told, ben, before):
    told()
    answer = build.signed_in(app, ben).get(f"/notifications/list?before={before}")
    assert answer.status_code == 200


def test_nobody_hears_anything_signed_out(client, number):
    for path in ("/notifications", "/notifications/list"):
        assert "/sign-in" in client.get(path).location
