"""Our own errors. Each knows its HTTP status and carries words for people.

Problem
├── NotFound        404  not there, or not granted to you: the two look alike on purpose
├── Forbidden       403  you may see it, but not do this
├── Invalid         422  what you sent cannot be used; `field` names the input
├── Conflict        409  the state does not allow it (any more)
│   ├── OptedOut    409  the contact withdrew consent
│   └── Doubtful    409  look again: there may be a mistake; sent when the writer says so
│       └── Overtaken    the thread went on while it was written
└── Busy            503  the database is locked or away; nothing was changed, try again
"""

from collections.abc import Sequence
from typing import NamedTuple

from smsinbox.core.i18n import _


class Problem(Exception):
    """Something to tell the person or program that asked; `str()` is the plain sentence."""

    status = 400
    kind = "bad-request"
    title = "Bad Request"

    def __init__(self, words: str, field: str | None = None) -> None:
        self.words = str(words)  # in the language of whoever asked
        super().__init__(self.words)
        self.field = field


class NotFound(Problem):
    """Not there, or not for you."""

    status, kind, title = 404, "not-found", "Not Found"

    def __init__(self, words: str = "") -> None:
        super().__init__(words or _("There is no such thing, or you may not see it."))


class Forbidden(Problem):
    """Your role does not allow this."""

    status, kind, title = 403, "forbidden", "Forbidden"


class Invalid(Problem):
    """What came in cannot be used."""

    status, kind, title = 422, "validation-error", "Unprocessable Entity"


class Conflict(Problem):
    """The state of things does not allow it."""

    status, kind, title = 409, "conflict", "Conflict"


class OptedOut(Conflict):
    """The contact said STOP; nobody may text them before they say START."""

    kind = "dnc-blocked"

    def __init__(self, words: str = "") -> None:
        super().__init__(
            words or _("The contact opted out. You can text them after they text START.")
        )


class Doubt(NamedTuple):
    """Why a text should be looked at again; `kind` is what the writer agrees to, and `mended` are
    words to add, where that would do."""

    kind: str
    words: str
    mended: str = ""


class Doubtful(Conflict):
    """Nothing was sent: there may be a mistake. The same text with these kinds agreed is sent."""

    kind = "doubtful"

    def __init__(self, doubts: Sequence[Doubt]) -> None:
        super().__init__(" ".join(doubt.words for doubt in doubts))
        self.doubts = doubts


class Overtaken(Doubtful):
    """The thread went on while this was written; `missed` are the ids of the texts not seen."""

    kind = "overtaken"

    def __init__(self, doubts: Sequence[Doubt], missed: Sequence[int]) -> None:
        super().__init__(doubts)
        self.missed = missed


class Busy(Problem):
    """Try again: nothing was kept."""

    status, kind, title = 503, "busy", "Service Unavailable"
