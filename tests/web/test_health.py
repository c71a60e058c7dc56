"""What whoever watches the processes is told."""

from smsinbox.services import pausing
from tests import build


def test_it_is_ready_and_tells_from_how_many_numbers_nothing_leaves(app, ada, number, client):
    build.a_number("+14155550177")

    def told():
        answer = client.get("/readyz")
        return answer.status_code, answer.json

    assert told() == (200, {"status": "ok", "numbers_paused": 0})
    pausing.pause(number.id, ada)
    assert told() == (200, {"status": "ok", "numbers_paused": 1})
    pausing.pause(None, ada)
    assert told() == (200, {"status": "ok", "numbers_paused": 2})
