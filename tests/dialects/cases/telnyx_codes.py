"""What each of Telnyx's documented codes is taken for, whichever of its APIs says it.

https://developers.telnyx.com/docs/messaging/messages/error-codes and
https://developers.telnyx.com/development/api-fundamentals/api-errors
"""

from smsinbox.dialects.errors import Misconfigured, OptedOut, Rejected, Unavailable, Uncertain
from tests.dialects.cases.case import Kind

OF_CODES: dict[Kind, list[str]] = {
    OptedOut: ["40300"],
    Unavailable: ["10011", "40006", "40008", "40318", "40320"],
    Uncertain: ["10007", "10008", "10012"],
    Misconfigured: [
        *["10005", "10006", "10009", "10010", "10024", "10029", "10030", "10038", "10039"],
        *["20002", "20006", "20012", "20013", "20014", "20100"],
        *["40311", "40312", "40313", "40314", "40331", "40333"],
    ],
    Rejected: [
        *["10001", "10002", "10003", "10004", "10014", "10015", "10016", "10023", "10025"],
        *["10026", "10027", "10032", "10033", "40100"],
        *(str(code) for code in range(40001, 40021) if code not in (40006, 40008)),
        *(str(code) for code in range(40150, 40160)),
        *(str(code) for code in (*range(40301, 40311), *range(40315, 40318), 40319)),
        *(str(code) for code in (40321, 40322, 40323, *range(40325, 40331))),
    ],
}
CODES: dict[str, Kind] = {code: kind for kind, codes in OF_CODES.items() for code in codes}
