"""All the ways in which a text can fail at a carrier, and in which we, as a carrier, say no.

    CarrierError
    ├── Unavailable    provably not taken: no connection, 429, 503+Retry-After   → queued again
    ├── Rejected       never will be: bad number, content, size                  → failed, with why
    │   └── OptedOut   the carrier says this person said STOP                    → failed, kept
    ├── Misconfigured  our key, balance or number is wrong                       → account paused
    ├── Uncertain      it may have been taken: time-out after sending, 500/502   → never resent
    └── Forged         a webhook signature that does not hold                    → 401, counted

`Unreadable` (genuine, but not something we can read) and `Refusal` (we are the carrier, and say no)
stand beside that tree, because neither tells anything about a carrier.
"""

from enum import StrEnum

RAW_LIMIT = 4096
DETAIL_LIMIT = 500


class CarrierError(Exception):
    """A carrier did not simply take our text.

    `detail` and `raw` (at most 4 KB) may quote the text; `str()` shows neither and is safe to log.
    """

    def __init__(
        self, detail: str = "", *, code: str | None = None, status: int | None = None, raw: str = ""
    ) -> None:
        super().__init__(code or type(self).__name__, status)
        self.code = code
        self.detail = detail[:DETAIL_LIMIT]
        self.status = status
        self.raw = raw.encode("utf-8", "replace")[:RAW_LIMIT].decode("utf-8", "ignore")

    def __str__(self) -> str:
        return f"{self.code or type(self).__name__} ({self.status or 'no answer'})"


class Unavailable(CarrierError):
    """Provably not taken; try again after `retry_after` seconds, if the carrier named a time."""

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        raw: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail, code=code, status=status, raw=raw)
        self.retry_after = retry_after
        self.status = status


class Rejected(CarrierError):
    """Not taken, and the same text never will be."""


class OptedOut(Rejected):
    """Not taken: the carrier knows that this person does not want texts."""


class Misconfigured(CarrierError):
    """Not taken, and no other text of this account will be, until an admin repairs something."""


class Uncertain(CarrierError):
    """Nobody can tell whether the carrier took it."""


class Forged(CarrierError):
    """A webhook that the carrier did not sign."""


class Unreadable(Exception):
    """A genuine webhook that says nothing we can read; the caller keeps it in quarantine."""


class Reason(StrEnum):
    """Why we, as a carrier, refuse; each dialect has its own status, code and title for it."""

    BAD_REQUEST = "bad-request"  # no document of that shape
    BAD_VALUE = "bad-value"  # a field is missing or of no use
    BAD_SENDER = "bad-sender"  # not a number of this inbox, or one that cannot do this
    BAD_RECIPIENT = "bad-recipient"
    NO_CONTENT = "no-content"
    TOO_LONG = "too-long"
    TOO_MANY_PARTS = "too-many-parts"
    BAD_MEDIA = "bad-media"
    NO_MEDIA = "no-media"  # the sender's carrier takes no files
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    TOO_LATE = "too-late"  # it has left, or ended otherwise: nothing can be changed
    OPTED_OUT = "opted-out"
    CONTENT = "content"  # the compliance scan
    UNHEALTHY = "unhealthy"  # too many of this sender's texts did not arrive
    QUOTA = "quota"  # what the key may send in a day is used up
    RATE = "rate"
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"


class Refusal(Exception):
    """Our no, as a carrier: why, a sentence for the programmer, and the field that it is about.

    `retry_after` is in seconds. With a `status` it is that one, not the one the dialect has for
    the reason: some of HTTP's have no other place in a carrier's words.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        field: str = "",
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail
        self.field = field
        self.retry_after = retry_after
        self.status = status
