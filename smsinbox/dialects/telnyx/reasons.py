"""Why we, as Telnyx, refuse: its status, code and title for each of our reasons."""

from smsinbox.dialects.errors import Reason
from smsinbox.dialects.words import NO_FILE, NO_MEDIA

# Codes and titles are Telnyx's. Which status goes with a 403xx is documented for few of them; for
# the rest, and for 10012, the choice is ours (official clients would repeat a 409).
ERRORS: dict[Reason, tuple[int, str, str]] = {
    Reason.BAD_REQUEST: (400, "10015", "Bad Request"),
    Reason.BAD_VALUE: (422, "10027", "Unprocessable entity"),
    Reason.BAD_SENDER: (400, "40305", "Invalid 'from' address"),
    Reason.BAD_RECIPIENT: (400, "40310", "Invalid 'to' address"),
    Reason.NO_CONTENT: (400, "40316", "No content provided"),
    Reason.TOO_LONG: (400, "40302", "Message too large"),
    Reason.TOO_MANY_PARTS: (400, "40328", "Message exceeds recommended length"),
    Reason.BAD_MEDIA: (400, "40317", "Invalid MMS content"),
    Reason.NO_MEDIA: (400, "40308", "The 'from' number does not support MMS"),
    Reason.UNAUTHORIZED: (401, "10009", "Authentication failed"),
    Reason.FORBIDDEN: (403, "10010", "Authorization failed"),
    Reason.NOT_FOUND: (404, "10005", "Resource not found"),
    Reason.CONFLICT: (422, "10012", "Duplicate resource"),
    Reason.TOO_LATE: (422, "10027", "Unprocessable entity"),
    Reason.OPTED_OUT: (403, "40300", "Blocked due to STOP message"),
    Reason.CONTENT: (400, "40322", "Message content blocked"),
    Reason.UNHEALTHY: (400, "40315", "Unhealthy 'from' address"),
    Reason.QUOTA: (429, "40333", "Daily spend limit reached"),
    Reason.RATE: (429, "10011", "Too many requests"),
    Reason.INTERNAL: (500, "10007", "Unexpected error"),
    Reason.UNAVAILABLE: (503, "10037", "Service unavailable"),
}

# Our own codes for what became of a text's files: what Telnyx would have said of them.
OF_FILES = {NO_FILE: ERRORS[Reason.BAD_MEDIA][1], NO_MEDIA: ERRORS[Reason.NO_MEDIA][1]}

# Why a text that we had taken did not arrive.
TITLES: dict[str, str] = {
    "40001": "Not routable",
    "40002": "Blocked as spam - temporary",
    "40003": "Blocked as spam - permanent",
    "40004": "Rejected by destination",
    "40005": "Message expired during transmission",
    "40006": "Recipient server unavailable",
    "40007": "Loop detected",
    "40008": "Undeliverable",
    "40009": "Invalid message body",
    "40010": "Not 10DLC registered",
    "40011": "Too many requests",
    "40012": "Invalid destination number",
    "40013": "Invalid source number",
    "40014": "Message expired in queue",
    "40015": "Blocked by internal spam filter",
    "40016": "T-Mobile limit reached",
    "40017": "AT&T spam filter",
    "40018": "AT&T limit reached",
    "40019": "AT&T tag data mismatch",
    "40020": "Blocked as traffic pumping",
}

# What HTTP itself says no to.
OF_STATUS: dict[int, tuple[str, str]] = {
    404: ("10005", "Resource not found"),
    405: ("10030", "Method not allowed"),
    413: ("10015", "Bad Request"),
    415: ("10014", "Unsupported media type"),
}
