"""The demo: a believable week at a bicycle shop, told through the services like any real one.

It happens in the past (`clock.at`) and in one transaction: it is there as a whole or not at all,
and no worker sees its texts before a make-believe carrier has taken and delivered them.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from smsinbox.core import clock
from smsinbox.core.config import settings
from smsinbox.core.database import atomic, db
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Accepted, Credentials, InboundText, Posting, Rank, Receipt
from smsinbox.dialects.errors import Rejected, Uncertain
from smsinbox.models.account import Account
from smsinbox.models.contact import Contact
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message
from smsinbox.models.number import Number
from smsinbox.models.user import Role, User
from smsinbox.queries import accounts as account_queries
from smsinbox.queries import numbers as number_queries
from smsinbox.rules.decision import Mode
from smsinbox.services import (
    accounts,
    contacts,
    conversations,
    delivery,
    inbound,
    numbers,
    outbound,
    outcomes,
    receipts,
    rules,
    users,
)
from smsinbox.services.demo_stories import Story, Words, beats, stories

COMPANY = "Juniper Cycles"
PHONES = {"Shop": "+14155550120", "Workshop": "+14155550121"}
AGENTS = {"ana": "Ana Flores", "ben": "Ben Okafor"}
HOURS = (
    "Juniper Cycles, 12 Alder St. Open Mon to Fri 10-7, Sat 10-6, Sun 10-4. "
    "Workshop drop-off from 8:30. Reply with your question and one of us will answer."
)
OPENING = {"match": {"type": "exact", "terms": ["HOURS", "OPEN", "TIMES"]}, "reply": HOURS}
_BEFORE = timedelta(days=9)
_PACE = 50.0
_ANSWERS = ("HOURS", "STOP")  # what the house answers by itself


@dataclass(frozen=True, slots=True)
class Week:
    """How much there is of it."""

    numbers: int
    contacts: int
    messages: int


@atomic
def create() -> Week | None:
    """Tell the whole week; None when it was told before."""
    if any(number_queries.by_phone(phone) for phone in PHONES.values()):
        return None
    told = stories()
    now = clock.now()
    with clock.at(now - _BEFORE):
        shop = _Shop.open()
    week = beats(told, now)
    waiting = _newest_outbound([words for _, _, words in week]) if shop.has_sandbox else set()
    for at, story, words in week:
        with clock.at(at):
            shop.happen(story, words, waits=id(words) in waiting)
    for story in told:
        shop.settle(story, now)
    return Week(len(PHONES), len(told), shop.messages())


def _newest_outbound(words: list[Words]) -> set[int]:
    """Two texts for the sandbox to deliver before your eyes; so it learns the numbers, too."""
    return {id(one) for one in [one for one in words if one.agent][-2:]}


@dataclass(frozen=True, slots=True)
class _Shop:
    """Who and what the stories need."""

    account: Account
    credentials: Credentials
    numbers: dict[str, Number]
    agents: dict[str, User]
    has_sandbox: bool

    @classmethod
    def open(cls) -> "_Shop":
        sandbox = f"http://127.0.0.1:{settings().sandbox_port}"
        known = [one for one in account_queries.all_accounts() if one.base_url == sandbox]
        account = known[0] if known else _account(sandbox)
        ours = {
            name: numbers.create(account.id, phone, name, _PACE) for name, phone in PHONES.items()
        }
        rules.create(ours["Shop"].id, "Opening hours", OPENING, None, Mode.ON)
        agents = {short: _agent(short, name, ours) for short, name in AGENTS.items()}
        return cls(account, accounts.credentials(account), ours, agents, bool(known))

    def happen(self, story: Story, words: Words, *, waits: bool) -> None:
        """One text, in the clock's present."""
        if words.agent:
            conversation = self.conversation(story)
            outbound.reply(conversation.id, words.body, None, self.agents[words.agent])
            if not waits:
                self._carry(words.fate)
            return
        self._receive(story, words)
        if words.is_first:
            contact = self.conversation(story).contact
            contacts.edit(contact.id, story.name, "", self.agents["ana"])
        if words.body in _ANSWERS:
            self._carry("")

    def settle(self, story: Story, now: datetime) -> None:
        """Leave the conversation the way that the story ends."""
        conversation = self.conversation(story)
        agent = self.agents.get(story.holder)
        by = agent or self.agents["ana"]
        with clock.at(min(conversation.last_message_at + timedelta(minutes=1), now)):
            if agent:
                conversations.assign(conversation.id, agent.id, by)
            if story.ending == "closed":
                conversations.close(conversation.id, by)
            elif conversation.last_message_at < now - timedelta(hours=12):
                conversations.settle(conversation.id, by)

    def conversation(self, story: Story) -> Conversation:
        return db.session.scalars(
            select(Conversation)
            .join(Contact, Contact.id == Conversation.contact_id)
            .where(
                Conversation.number_id == self.numbers[story.number].id,
                Contact.phone == story.phone,
            )
            .execution_options(populate_existing=True)
        ).one()

    def messages(self) -> int:
        """How many texts the numbers have."""
        ids = [number.id for number in self.numbers.values()]
        counted = select(func.count()).select_from(Message).where(Message.number_id.in_(ids))
        return db.session.scalar(counted) or 0

    def _receive(self, story: Story, words: Words) -> None:
        text = InboundText(
            f"demo-{secrets.token_hex(8)}",
            story.phone,
            PHONES[story.number],
            words.body,
            clock.now(),
        )
        server = DIALECTS[self.account.dialect].server
        posting = Posting(secrets.token_hex(8), "", clock.now())
        webhook = server.announce(text, self.credentials, posting)
        assert webhook is not None, "every carrier tells about texts"
        inbound.receive([inbound.Arrival(self.account.id, webhook.body, text)])

    def _carry(self, fate: str) -> None:
        """What a carrier would do with what waits now."""
        with _later(1):
            claimed = delivery.claim()
        if claimed is None:
            return
        if claimed.text.sender not in PHONES.values():  # somebody's real text: not ours to touch
            outcomes.give_back(claimed.message_id, claimed.fence)
            return
        with _later(2):
            match fate:
                case "refused":
                    flagged = "Message content was flagged by the compliance scanner."
                    error = Rejected(flagged, code="content-blocked", status=422)
                    outcomes.refuse(claimed.message_id, claimed.fence, error)
                case "doubtful":
                    doubt = Uncertain("The carrier did not answer in time.", code="no-answer")
                    outcomes.refuse(claimed.message_id, claimed.fence, doubt)
                case _:
                    self._accept(claimed, is_delivered=fate != "undelivered")

    def _accept(self, claimed: delivery.Claim, *, is_delivered: bool) -> None:
        carrier_id = f"demo-{claimed.message_id}"
        outcomes.accept(claimed.message_id, claimed.fence, Accepted(carrier_id))
        code = None if is_delivered else "undeliverable"
        reports = [
            Receipt(carrier_id, "sent", Rank.SENT),
            Receipt(carrier_id, "delivered", Rank.DELIVERED)
            if is_delivered
            else Receipt(carrier_id, "failed", Rank.UNDELIVERED, code=code),
        ]
        with _later(3):
            receipts.receive([receipts.Reported(self.account.id, one) for one in reports])


def _account(base_url: str) -> Account:
    """An account that leads nowhere, for a house without a sandbox."""
    key, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    return accounts.create("trunx", "Demo carrier", base_url, f"tk_test_{key}", f"whsec_{secret}")


def _agent(short: str, name: str, ours: dict[str, Number]) -> User:
    """Nobody knows the password: an admin can set one."""
    email = f"{short}@juniper-cycles.example"
    granted = [number.id for number in ours.values()]
    return users.create(email, name, secrets.token_urlsafe(24), Role.AGENT.value, granted)


@contextmanager
def _later(seconds: int) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        yield
