"""Our own errors. Each knows its HTTP status and carries words for people.

Problem
├── NotFound        404  not there, or not granted to you: the two look alike on purpose
├── Forbidden       403  you may see it, but not do this
├── Invalid         422  what you sent cannot be used; `field` names the input
│   └── OptedOut    409  the contact withdrew consent
├── Conflict        409  the state does not allow it (any more)
└── Busy            503  the database is locked or away; nothing was changed, try again
"""


class Problem(Exception):
    """Something to tell the person or program that asked; `str()` is the plain sentence."""

    status = 400
    kind = "bad-request"
    title = "Bad Request"

    def __init__(self, words: str, field: str | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.field = field


class NotFound(Problem):
    """Not there, or not for you."""

    status, kind, title = 404, "not-found", "Not Found"

    def __init__(self, words: str = "There is no such thing, or you may not see it.") -> None:
        super().__init__(words)


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

    def __init__(
        self, words: str = "The contact opted out. You can text them after they text START."
    ) -> None:
        super().__init__(words)


class Busy(Problem):
    """Try again: nothing was kept."""

    status, kind, title = 503, "busy", "Service Unavailable"
