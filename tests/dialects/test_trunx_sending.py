"""Every answer to a send is sorted into what may be done about it next."""

from datetime import UTC, datetime

import httpx
import pytest

from smsinbox.dialects.base import Accepted, Credentials, OutboundText
from smsinbox.dialects.errors import (
    CarrierError,
    Rejected,
    Uncertain,
)
from smsinbox.dialects.trunx import client

ACCOUNT = Credentials("https://carrier.test", "tk_test_1", "whsec_1", {})
TEXT = OutboundText("+13125550100", "+13125550199", "Hello")
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def send(answer: httpx.Response | Exception, account: Credentials = ACCOUNT) -> Accepted:
    calls: list[httpx.Request] = []

    def carrier(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    try:
        with httpx.Client(transport=httpx.MockTransport(carrier)) as http:
            return client.send(TEXT, account, http)
    finally:
        assert len(calls) <= 1


def failure(answer: httpx.Response | Exception) -> CarrierError:
    with pytest.raises(CarrierError) as caught:
        send(answer)
    return caught.value


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    body = {"type": f"https://api.trunx.io/errors/{code}", "title": "No", "detail": "Because."}
    return httpx.Response(status, json=body | {"status": status}, headers=headers)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [(400, "content-something-new", Rejected), (500, "internal-error", Uncertain)],
)
def test_a_problem_of_a_type_that_nobody_documented_is_judged_by_its_status(
    status: int, code: str, kind: type[CarrierError]
) -> None:
    error = failure(problem(status, code))
    assert (type(error), error.detail, error.status) == (kind, "Because.", status)
