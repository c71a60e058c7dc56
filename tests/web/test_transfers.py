"""Files of contacts on pages: for admins, step by step, and for a day."""

import io
from datetime import timedelta

from smsinbox.core import clock
from smsinbox.models import Transfer
from smsinbox.services import transfer_jobs, transfer_requests
from tests import build


def test_an_admin_brings_a_file_looks_and_runs_it(app, ada, number):
    browser = build.signed_in(app, ada)
    file = (io.BytesIO(b"phone,name\n4155550171,<b>Ana</b>\nx,Bo\n"), "a.csv")
    at = browser.post("/transfers", data={"file": file}).location
    assert "&lt;b&gt;Ana" in browser.get(at).text
    browser.post(f"{at}/look", data={"column": ["phone", "name"], "region": "US"})
    assert "Looking at it" in browser.get(f"{at}/progress").text
    transfer_jobs.carry_ready(5)
    assert "Import 1" in browser.get(at).text
    with browser.get(f"{at}/file") as left_out:
        assert b"x,Bo,3" in left_out.data
    browser.post(f"{at}/run")
    transfer_jobs.carry_ready(5)
    assert "See the contacts" in browser.get(at).text
    assert "&lt;b&gt;Ana" in browser.get("/contacts").text


def test_a_wrong_choice_is_told_and_nothing_is_begun(app, ada, number):
    browser = build.signed_in(app, ada)
    file = (io.BytesIO(b"phone\n4155550171\n"), "a.csv")
    at = browser.post("/transfers", data={"file": file}).location
    answer = browser.post(f"{at}/look", data={"column": [""]})
    assert (answer.status_code, "which column is the phone" in answer.text) == (422, True)
    assert build.every(Transfer)[0].state == "draft"
    assert browser.post("/transfers", data={}).status_code == 422


def test_nobody_else_sees_a_file_and_nobody_after_a_day(app, ada, ben, number):
    contact = build.a_contact()
    transfer = transfer_requests.export(ada)
    transfer_jobs.carry_ready(5)
    admin, agent = build.signed_in(app, ada), build.signed_in(app, ben)
    for path in ("", "/file", "/progress"):
        assert agent.get(f"/transfers/{transfer.id}{path}").status_code == 403
    assert agent.post("/transfers/export").status_code == 403
    assert agent.post(f"/contacts/{contact.id}/export").status_code == 403
    with admin.get(f"/transfers/{transfer.id}/file") as file:
        assert file.status_code == 200
    build.changed(transfer, expires_at=clock.now() - timedelta(seconds=1))
    assert admin.get(f"/transfers/{transfer.id}/file").status_code == 404
