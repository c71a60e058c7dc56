"""What a rule can do beside replying. Each says in words what it does: `str(action)`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

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
        return f"tag the contact “{self.tag}”"


class Untag(Strict):
    """Take a tag off the contact."""

    do: Literal["untag"]
    tag: Label

    def __str__(self) -> str:
        return f"take the tag “{self.tag}” off"


class Assign(Strict):
    """Give the conversation to a user, named by the address they sign in with."""

    do: Literal["assign"]
    to: Email

    def __str__(self) -> str:
        return f"assign it to {self.to}"


class Snooze(Strict):
    """Put the conversation away for some minutes, at most 30 days."""

    do: Literal["snooze"]
    minutes: int = Field(ge=1, le=43_200)

    def __str__(self) -> str:
        return f"snooze it for {minutes(self.minutes)}"


class Close(Strict):
    """Put the conversation away until the contact writes again."""

    do: Literal["close"]

    def __str__(self) -> str:
        return "close it"


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
        return "leave a note"


class Notify(Strict):
    """Alert the agents of the number, or only these users."""

    do: Literal["notify"]
    users: tuple[Email, ...] = ()

    def __str__(self) -> str:
        return f"notify {', '.join(self.users) or 'the agents'}"


class Callback(Strict):
    """Tell the programs that listen."""

    do: Literal["callback"]

    def __str__(self) -> str:
        return "tell the programs"


class OptOut(Strict):
    """Withdraw the contact's consent; the confirmation goes out by itself."""

    do: Literal["opt_out"]

    def __str__(self) -> str:
        return "opt them out"


class OptIn(Strict):
    """Give consent back."""

    do: Literal["opt_in"]

    def __str__(self) -> str:
        return "opt them in"


Action = Annotated[
    Tag | Untag | Assign | Snooze | Close | Note | Notify | Callback | OptOut | OptIn,
    Field(discriminator="do"),
]


def minutes(count: int) -> str:
    """A stretch of time as people say it."""
    for size, one in ((1440, "day"), (60, "hour")):
        if count >= size and count % size == 0:
            return f"{count // size} {one}{'s' * (count != size)}"
    return f"{count} minute{'s' * (count != 1)}"
