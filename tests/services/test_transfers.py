"""Contacts come in from a file and go out as one: by steps, harmless, the same a second time."""

import csv
import io
import json
import time
import zipfile
from datetime import timedelta

import pytest

from smsinbox.core import clock
from smsinbox.core.errors import Conflict, Forbidden, Invalid
from smsinbox.core.files import shelf
from smsinbox.models import Attachment, Contact, Tag
from smsinbox.queries import contacts as contacts_query
from smsinbox.services import (
    attributes,
    contact_import,
    contact_sheet,
    transfer_jobs,
    transfer_requests,
    transfers,
)
from smsinbox.services.sendable import RawFile
from tests import build
from tests.files import aged

CSV = """Mobile;Vorname;Nachname;Gruppe;Plan;Ignore
(415) 555-0171;Ana;Flores;"vip, new";gold;x
+49 1512 3456789;=HYPERLINK("x");;;;x
12;Too short;;;;x
+1 415 555 0173;Bo;;;iron;x
415.555.0171;Ana;Flores;VIP;Gold;x
"""


@pytest.fixture
def plan(ada):
    return attributes.create("Plan", "choice", "Gold\nSilver", ada)


def brought(ada, text=CSV):
    return transfer_requests.bring(RawFile("people.csv", text.encode()), ada)


def looked_at(ada, transfer):
    transfer_requests.look(transfer.id, transfer.options["columns"], "US", ada)
    transfer_jobs.carry_ready(5)
    return build.again(transfer)


def run(ada, transfer):
    transfer_requests.run(transfer.id, ada)
    transfer_jobs.carry_ready(5)
    return build.again(transfer)


def figures(transfer):
    counted = transfer.created, transfer.updated, transfer.unchanged, transfer.flawed
    return (transfer.state, *counted)


def lines(transfer):
    text = shelf.path(transfer.result).read_text()
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_file_is_guessed_rehearsed_and_run_and_a_second_time_changes_nothing(ada, number, plan):
    transfer = brought(ada)
    meant = ["phone", "first_name", "last_name", "tags", "attr:plan", ""]
    assert transfer.options["columns"] == meant
    looked_at(ada, transfer)
    assert figures(transfer) == ("looked", 2, 0, 1, 2)
    assert build.every(Contact) == []
    assert [row[-2:] for row in lines(transfer)[1:]] == [
        ["4", "This number is too short for its country."],
        ["5", "Plan must be one of: Gold, Silver."],
    ]
    assert figures(run(ada, transfer)) == ("done", 2, 0, 1, 2)
    ana, german = build.every(Contact)
    assert (ana.phone, ana.name, ana.attributes) == (
        "+14155550171",
        "Ana Flores",
        {"plan": "Gold"},
    )
    assert german.name == '=HYPERLINK("x")'
    assert [tag.name for tag in build.every(Tag)] == ["new", "vip"]
    again = looked_at(ada, brought(ada))
    assert figures(again) == ("looked", 0, 0, 3, 2)
    assert figures(run(ada, again)) == ("done", 0, 0, 3, 2)


def test_an_import_fills_in_and_leaves_what_the_file_does_not_say(ada, number):
    leader = build.a_contact("+14155550171", name="Old", notes="Kept", attributes={"a": "b"})
    other = build.a_contact("+14155550172", name="Old", person_id=leader.id)
    run(ada, looked_at(ada, brought(ada, "phone,name,notes\n+14155550172,New,\n")))
    assert {build.again(one).name for one in (leader, other)} == {"New"}
    assert (leader.notes, leader.attributes) == ("Kept", {"a": "b"})


def test_what_goes_out_comes_back_and_is_no_formula_on_its_way(ada, number, plan):
    build.a_contact("+14155550171", name="=1+1", notes="-5\n'=x", attributes={"plan": "Gold"})
    transfer = transfer_requests.export(ada)
    transfer_jobs.carry_ready(5)
    build.again(transfer)
    assert lines(transfer)[1][:3] == ["'+14155550171", "'=1+1", "'-5\n'=x"]
    text = shelf.path(transfer.result or "").read_text()
    assert figures(looked_at(ada, brought(ada, text))) == ("looked", 0, 0, 1, 0)


def test_a_worker_that_died_is_followed_by_one_that_goes_on(ada, number, monkeypatch):
    monkeypatch.setattr(contact_import, "BATCH", 1)
    text = "phone\n" + "".join(f"+1415555018{i}\n" for i in range(4))
    transfer = looked_at(ada, brought(ada, text))
    transfer_requests.run(transfer.id, ada)
    dead = transfers.claim()
    assert dead is not None
    contact_import.work(dead, time.monotonic() - 1)  # one step, then its time is over
    assert (build.again(transfer).done, len(build.every(Contact))) == (1, 1)
    transfer_jobs.carry_ready(5)
    assert figures(build.again(transfer)) == ("done", 4, 0, 0, 0)
    with pytest.raises(transfers.Lost):
        transfers.step(dead, done=0)


def test_what_is_never_got_on_with_fails_in_words(ada, number):
    transfer = transfer_requests.export(ada)
    for _ in range(6):
        build.changed(transfer, next_at=clock.now())
        transfers.claim()
    build.again(transfer)
    assert (transfer.state, transfer.next_at) == ("failed", None)
    assert "never got on" in (transfer.error or "")


@pytest.mark.parametrize(
    "content", [b"", b"phone\n", b"\x00\x01", b"phone\n" * 100_002, b"a," * 101 + b"\n1\n"]
)
def test_what_is_no_table_is_refused(ada, content):
    with pytest.raises(Invalid):
        transfer_requests.bring(RawFile("x.csv", content), ada)


@pytest.mark.parametrize("columns", [["", ""], ["phone", "phone"], ["phone", "id"]])
def test_columns_must_make_sense(ada, number, columns):
    with pytest.raises(Invalid):
        contact_sheet.check(columns)


def test_only_admins_bring_and_take_contacts(ada, ben, number):
    transfer = brought(ada, "phone\n+14155550171\n")
    contact = build.a_contact()
    for refused in (
        lambda: brought(ben),
        lambda: transfer_requests.look(transfer.id, ["phone"], None, ben),
        lambda: transfer_requests.run(transfer.id, ben),
        lambda: transfer_requests.export(ben),
        lambda: transfer_requests.export_person(contact.id, ben),
    ):
        with pytest.raises(Forbidden):
            refused()
    with pytest.raises(Conflict):
        transfer_requests.run(transfer.id, ada)  # nobody has looked at it


def test_files_are_thrown_away_after_a_day(ada, number):
    transfer = looked_at(ada, brought(ada))
    places = [shelf.path(name) for name in (transfer.source, transfer.result)]
    build.changed(transfer, expires_at=clock.now() - timedelta(seconds=1))
    aged()
    assert transfers.forget() == 1
    assert not any(place.exists() for place in places)
    assert transfers.forget() == 0


def test_the_export_of_one_person_holds_all_of_theirs_and_nothing_of_others(ada, number):
    contact = build.a_contact(name="Ana")
    other = build.a_contact(person_id=contact.id, notes="their second phone")
    text = build.a_message(build.a_conversation(number, other), body="Mine alone")
    build.a_message(build.a_conversation(number, build.a_contact()), body="Of a stranger")
    kept = shelf.keep([b"picture"], 100)
    file = {"content_type": "image/png", "name": "../../a.png", "state": "stored"}
    build.added(Attachment(message_id=text.id, position=0, sha256=kept.sha256, **file))
    transfer = transfer_requests.export_person(other.id, ada)
    transfer_jobs.carry_ready(5)
    with zipfile.ZipFile(shelf.path(build.again(transfer).result)) as archive:
        found = json.loads(archive.read("person.json"))
        [name] = set(archive.namelist()) - {"person.json"}
        assert archive.read(name) == b"picture"
    assert name.count("/") == 1
    assert [one["body"] for one in found["texts"]] == ["Mine alone"]
    assert [one["id"] for one in found["contacts"]] == contacts_query.phones_of(contact)
