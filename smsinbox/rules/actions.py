"""What a rule can do beside replying. Each says in words what it does: `str(action)`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from smsinbox.core.i18n import _, _n
from smsinbox.rules import fields
from smsinbox.rules.reading import Strict

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^\S+@\S+$"),
]
LONGEST_NOTE = 2000
NoteText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE)
]


class Tag(Strict):
    """Put a tag on the contact."""

    do: Literal["tag"]
    tag: Label

    def __str__(self) -> str:
        return _("tag the contact “%(tag)s”", tag=self.tag)


class Untag(Strict):
    """Take a tag off the contact."""

    do: Literal["untag"]
    tag: Label

    def __str__(self) -> str:
        return _("take the tag “%(tag)s” off", tag=self.tag)


class Assign(Strict):
    """Give the conversation to a user, named by the address they sign in with."""

    do: Literal["assign"]
    to: Email

    def __str__(self) -> str:
        return _("assign it to %(name)s", name=self.to)


class Snooze(Strict):
    """Put the conversation away for some minutes, at most 30 days."""

    do: Literal["snooze"]
    minutes: int = Field(ge=1, le=43_200)

    def __str__(self) -> str:
        return _("snooze it for %(span)s", span=minutes(self.minutes))


class Close(Strict):
    """Put the conversation away until the contact writes again."""

    do: Literal["close"]

    def __str__(self) -> str:
        return _("close it")


class Note(Strict):
    """Write words for colleagues; merge fields are filled in."""

    do: Literal["note"]
    text: NoteText

    @field_validator("text")
    @classmethod
    def _has_fields_that_we_know(cls, text: str) -> str:
        fields.check(text)
        return text

    def __str__(self) -> str:
        return _("leave a note")


class Notify(Strict):
    """Alert the agents of the number, or only these users."""

    do: Literal["notify"]
    users: tuple[Email, ...] = ()

    def __str__(self) -> str:
        if not self.users:
            return _("notify the agents")
        return _("notify %(names)s", names=", ".join(self.users))


class Callback(Strict):
    """Tell the programs that listen."""

    do: Literal["callback"]

    def __str__(self) -> str:
        return _("tell the programs")


class OptOut(Strict):
    """Withdraw the contact's consent; the confirmation goes out by itself."""

    do: Literal["opt_out"]

    def __str__(self) -> str:
        return _("opt them out")


class OptIn(Strict):
    """Give consent back."""

    do: Literal["opt_in"]

    def __str__(self) -> str:
        return _("opt them in")


Action = Annotated[
    Tag | Untag | Assign | Snooze | Close | Note | Notify | Callback | OptOut | OptIn,
    Field(discriminator="do"),
]


def minutes(count: int) -> str:
    """A stretch of time as people say it."""
    if count and count % 1440 == 0:
        return _n("%(num)s day", "%(num)s days", count // 1440)
    if count and count % 60 == 0:
        return _n("%(num)s hour", "%(num)s hours", count // 60)
    return _n("%(num)s minute", "%(num)s minutes", count)
