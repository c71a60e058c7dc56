"""What the page shows: who has which phone, which bubbles are on it, how the carrier is."""

from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

import phonenumbers

from smsinbox.dialects import DIALECTS
from smsinbox.sandbox.accounts import Account
from smsinbox.sandbox.handsets import is_phone
from smsinbox.sandbox.parts import Parts
from smsinbox.sandbox.pictures import is_picture
from smsinbox.sandbox.store import Text

PEOPLE = {
    "+13125550101": "Maria Lopez",
    "+13125550102": "Dev Patel",
    "+13125550103": "Jo Brandt",
}
SHOWN_TEXTS = 100
OTHER_HANDSETS = 3
HUES = 6
GROUP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """One file of a text, where our page gets it."""

    src: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text; `mark` is "waiting" or "lost" while the inbox has not got it, else empty."""

    id: str
    is_mine: bool
    body: str
    at: datetime
    mark: str
    ends_group: bool
    files: tuple[Shown, ...] = ()


@dataclass(frozen=True, slots=True)
class Handset:
    phone: str
    name: str
    hue: int
    bubbles: list[Bubble]
    version: str  # changes with anything that the thread shows

    @property
    def is_somebody(self) -> bool:
        return self.phone in PEOPLE

    @property
    def slug(self) -> str:
        return self.phone.lstrip("+")

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()) if self.is_somebody else "#"


@dataclass(frozen=True, slots=True)
class Status:
    accounts: list[Account]
    waiting: int
    lost: int


def handset(phone: str, sandbox: Parts) -> Handset:
    texts = sandbox.store.texts(phone, SHOWN_TEXTS)
    marks = sandbox.store.undelivered(phone)
    return Handset(
        phone=phone,
        name=PEOPLE.get(phone) or pretty(phone),
        hue=int(phone[1:]) % HUES,
        bubbles=[
            _bubble(text, following, marks) for text, following in zip_longest(texts, texts[1:])
        ],
        version=f"{texts[-1].id if texts else 'none'}.{len(marks)}.{sum(marks.values())}",
    )


def phones(asked: list[str], sandbox: Parts) -> list[str]:
    """The three people, then the phones asked for, then others with the latest texts."""
    known = list(dict.fromkeys([*PEOPLE, *filter(is_phone, asked)]))
    recent = sandbox.store.recent_handsets(len(known) + OTHER_HANDSETS)
    return known + [phone for phone in recent if phone not in known][:OTHER_HANDSETS]


def numbers(sandbox: Parts) -> dict[str, str]:
    """The numbers that a handset can write to with words for each, the inbox's accounts' first."""
    own = {
        account.number: f"{pretty(account.number)} \N{MIDDLE DOT} {_carrier(account)}"
        for account in sandbox.accounts.inbox()
        if account.number
    }
    others = {one: pretty(one) for one in reversed(sandbox.store.numbers()) if one not in own}
    return dict(list((own | others).items())[:20])


def _carrier(account: Account) -> str:
    dialect = DIALECTS[account.dialect]
    return dialect.label if dialect.has_media else f"{dialect.label}, words only"


def status(sandbox: Parts) -> Status:
    return Status(sandbox.accounts.inbox(), *sandbox.store.backlog())


def pretty(phone: str) -> str:
    """A number as people write it to somebody abroad."""
    try:
        parsed = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def clock_time(at: datetime) -> str:
    return at.astimezone().strftime("%H:%M")


def _bubble(text: Text, following: Text | None, marks: dict[str, bool]) -> Bubble:
    mark = ""
    if text.id in marks:
        mark = "lost" if marks[text.id] else "waiting"
    goes_on = (
        following is not None
        and following.direction == text.direction
        and (following.at - text.at).total_seconds() < GROUP_SECONDS
    )
    return Bubble(
        id=text.id,
        is_mine=text.direction == "out",
        body=text.body,
        at=text.at,
        mark=mark,
        ends_group=bool(mark) or not goes_on,
        files=tuple(
            Shown(f"/handsets/{text.handset}/files/{text.id}/{place}", is_picture(media))
            for place, media in enumerate(text.media)
        ),
    )
