"""A house in which nobody wrote a Latin letter: what still is one, the interface says."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from smsinbox.core import clock
from smsinbox.core.database import atomic
from smsinbox.core.i18n import PSEUDO
from smsinbox.models import Attachment, Conversation, MessageState, User
from smsinbox.models.content_rule import Does
from smsinbox.models.notification import NotificationKind
from smsinbox.services import (
    attributes,
    blocking,
    calendars,
    contact_tags,
    content_rules,
    conversations,
    filters,
    handovers,
    inbound,
    notes,
    notifications,
    opt_outs,
    paired_numbers,
    pausing,
    saved_replies,
    snoozing,
    webhooks,
)
from smsinbox.services.handovers import Card
from smsinbox.services.saved_replies import Wanted
from tests import build
from tests.services.test_inbound import an_arrival

# What stays as it is in every language: names, what people type, units, zones, addresses. What the
# house texts to customers begins with the name of the number.
KEPT = re.compile(
    r"""^Лавка:\ .*|smsinbox|SMSinbox|Deutsch|English|Pseudo|Trunx|Telnyx|Pingram|legacy|\bv[12]\b
    |GSM-7|Unicode|UCS-2|\bUTC\b|\b[kMG]B\b|\b[A-Z]\w+(?:/\w+)+|\bCtrl\b|\bShift\b|\bEsc\b|\bEnter\b
    |\b[A-Z]{3,}\b                                      # consent words
    |Chicago(?:,\ IL)?|Los\ Angeles                      # where a phone number or a zone is from
    |\b(?:file|picture|audio)-\d\.\w+                     # a file without a name
    |^(?:open|es)$                                        # examples of what is typed
    |Sun\ 03:00
    |\bis:[a-z]*|\bopen(?:,\ [a-z]+)+|\bnonsense\b|nosuch:|\S+@\S+|https?://\S+|/[\w/.-]+|\bsms\.\w+|\{\{.*?\}\}|\d{4}-\d\d-\d\dT[\d:.]+Z
    """,
    re.VERBOSE,
)
_SAID = (
    "aria-label",
    "title",
    "placeholder",
    "alt",
    "label",
    "data-label",
    "data-placeholder-note",
)
_SILENT = {"script", "style", "code", "kbd", "pre"}
_LATIN = re.compile(r"[A-Za-z]{2,}")


def untranslated(html: str) -> list[str]:
    """What the page says in plain Latin letters."""
    reader = _Reader()
    reader.feed(html)
    return [words for words in reader.said if _LATIN.search(KEPT.sub("", words))]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self.said += [value for name, value in attrs if name in _SAID and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data.strip())


def a_shop() -> User:
    """Its admin, who reads the pseudo-language; a conversation for everything that can happen."""
    ada = build.a_user("Ада", role="admin", language=PSEUDO)
    build.changed(ada, email="1@2.3")
    number = build.a_number(name="Лавка", account=build.an_account(name="Почта"))
    inbound.receive([an_arrival(number, "Привет", "a")])
    [conversation] = build.every(Conversation)
    build.changed(conversation.contact, name="Вера")
    _texts(conversation)
    _lines(conversation, ada)
    _others(number, ada)
    saved_replies.create(Wanted("Ответ", "Да", "да", is_button=True), ada)
    filters.save("Отбор", "is:open", True, ada)
    attributes.create("Цвет 1a", "text")
    for does in Does:
        content_rules.create("слово", does=does)
    inbound.receive([an_arrival(number, "Вот слово", "b")])
    paired_numbers.create("+13125550188", "Зал")
    build.a_rule(number, "ЧАСЫ", reply="Всегда", name="Часы")
    key = build.a_key("Касса")
    build.a_callback(key)
    calendars.create({"name": "Часы", "zone": "Europe/Berlin", "weekly": {}})
    for kind in set(NotificationKind) - {NotificationKind.STRANGE}:
        notifications.notify(kind, [ada.id], conversation.id)
    webhooks.ignore(number.account_id, "1", b"{}", "слово")
    pausing.pause(number.id, ada)
    return ada


def _texts(conversation: Conversation) -> None:
    later = clock.now() + timedelta(days=1)
    each: tuple[tuple[MessageState, dict[str, Any]], ...] = (
        (MessageState.QUEUED, {"next_at": later, "error_code": "busy"}),
        (MessageState.SCHEDULED, {"next_at": later, "unless_texted": True}),
        (MessageState.SENDING, {}),
        (MessageState.ACCEPTED, {}),
        (MessageState.FAILED, {"error_code": "bad-request"}),
        (MessageState.FAILED, {"error_code": "unauthorized"}),
        (MessageState.CANCELED, {"error_code": "opted-out"}),
        (MessageState.UNCERTAIN, {}),
        (MessageState.ACCEPTED, {"author": "rule"}),
        (MessageState.ACCEPTED, {"author": "consent"}),
    )
    for state, more in each:
        build.a_message(conversation, state=state.value, body="Да", author_name="Ада", **more)
    pictured = build.a_message(conversation, body="", author_name="Ада")
    for place, (how, kind, error) in enumerate(
        [
            ("waiting", "image/png", "The carrier could not be reached."),
            ("stored", "image/png", None),
            ("stored", "audio/mpeg", None),
            ("gone", "image/png", "Expired at the carrier."),
        ]
    ):
        file = {"state": how, "content_type": kind, "error": error, "name": "", "size": 1200}
        build.added(Attachment(message_id=pictured.id, position=place, **file))


def _lines(conversation: Conversation, ada: User) -> None:
    """Everything that people can do, as the thread tells it."""
    there = conversation.id
    conversations.assign(there, ada.id, ada)
    conversations.close(there, ada)
    conversations.reopen(there, ada)
    snoozing.snooze(there, None, ada)
    snoozing.snooze(there, clock.now() + timedelta(days=1), ada)
    snoozing.wake()
    notes.write(there, "Заметка", None, ada)
    handovers.hand_over(there, Card("Это", "То", "Сё"), ada)
    handovers.finish(there, ada)
    handovers.hand_over(there, Card("Это", "То", "Сё"), ada)
    contact_tags.put_on(conversation.contact_id, "важно", ada)
    _wants_out(conversation)


@atomic
def _wants_out(conversation: Conversation) -> None:
    conversation.wants_out = True
    conversation.pause(clock.now(), "25 automatic texts within a day.")


def _others(number, ada: User) -> None:
    """Conversations with somebody who is blocked, who opted out, and who cannot be answered."""
    blocked, out, name = (
        build.a_conversation(number, contact=build.a_contact(**fields))
        for fields in ({}, {}, {"phone": "729725", "kind": "short_code"})
    )
    blocking.block(blocked.contact_id, ada)
    opt_outs.opt_out(out.id, "Звонок", ada)
    build.changed(name, preview="Код")
