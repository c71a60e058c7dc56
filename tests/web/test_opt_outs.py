"""The list of opt-outs, its files, a contact's history, and the banner in the thread."""

import io

import pytest
from flask.testing import FlaskClient

from smsinbox.core import clock
from smsinbox.models import ConsentEvent, OptOut
from tests import build
from tests.build import THEIRS


@pytest.fixture
def maria(number):
    return build.a_conversation(number, build.a_contact(THEIRS, name="Maria"))


@pytest.fixture
def admin(app, ada) -> FlaskClient:
    return build.signed_in(app, ada)


def brought(admin: FlaskClient, text: str):
    return admin.post("/opt-outs/import", data={"file": (io.BytesIO(text.encode()), "list.csv")})


def test_the_list_says_who_from_where_since_when_and_how_we_know(admin, maria):
    build.changed(build.an_opt_out(maria), number_id=None)
    page = admin.get("/opt-outs").text
    for words in ("Maria", "All numbers", "They texted it", "<time"):
        assert words in page


def test_a_search_finds_some(admin, maria):
    build.an_opt_out(maria)
    assert "Maria" in admin.get("/opt-outs?search=mar").text
    assert "Nobody found" in admin.get("/opt-outs?search=zoe").text


def test_a_file_is_shown_before_it_counts(admin, number):
    answer = brought(admin, f"phone\n{THEIRS}\nnobody at all\n")
    assert answer.status_code == 200
    assert "Why it is left out" in answer.text
    assert build.every(OptOut) == []
    done = admin.post("/opt-outs/import", data={"csv": f"phone\n{THEIRS}\n", "sure": "1"})
    assert done.status_code == 303
    assert [one.source for one in build.every(OptOut)] == ["import"]


@pytest.mark.parametrize("text", ["name\nMaria\n", "\udcff", "phone\n" + f"{THEIRS}\n" * 30_000])
def test_a_file_that_cannot_be_used_says_why(admin, number, text):
    raw = io.BytesIO(text.encode("utf-8", "surrogateescape"))
    answer = admin.post("/opt-outs/import", data={"file": (raw, "list.csv")})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_the_export_is_a_file_of_its_own(admin, maria):
    build.an_opt_out(maria)
    answer = admin.get("/opt-outs.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "Maria" in answer.text


def test_words_of_strangers_are_never_markup(admin, number):
    evil = build.a_contact(THEIRS, name="<b>x</b>")
    conversation = build.a_conversation(number, evil)
    build.an_opt_out(conversation)
    pages = admin.get("/opt-outs").text + admin.get(f"/contacts/{evil.id}/consent").text
    shown = brought(admin, 'phone,reason\n"<b>x</b>",\n' + f'{THEIRS},"""><b>x</b>"\n').text
    assert "<b>x" not in pages + shown


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/opt-outs"),
        ("GET", "/opt-outs.csv"),
        ("POST", "/opt-outs/import"),
        ("POST", "/opt-outs/1/lift"),
        ("GET", "/consent"),
        ("POST", "/consent"),
        ("POST", "/consent/words"),
        ("GET", "/calendars"),
        ("POST", "/calendars"),
    ],
)
def test_agents_cannot_open_what_is_for_admins(agent, method, path):
    assert agent.open(path, method=method).status_code == 403


# ── by hand ─────────────────────────────────────────────────────────────────


def test_the_banner_opts_out_with_one_click(agent, maria):
    build.changed(maria, wants_out=True)
    assert "did not mean it" in agent.get(f"/conversations/{maria.id}").text
    answer = agent.post(f"/conversations/{maria.id}/opt-out")
    assert "opted out" in answer.text
    [event] = build.every(ConsentEvent)
    assert (event.source, event.author_name) == ("user", "Ben")


def test_or_says_that_they_did_not_mean_it(agent, maria):
    build.changed(maria, wants_out=True)
    answer = agent.post(f"/conversations/{maria.id}/dismiss-refusal")
    assert "seems to ask" not in answer.text
    assert build.every(OptOut) == []
    assert not build.again(maria).wants_out


@pytest.mark.parametrize("what", ["opt-out", "dismiss-refusal"])
def test_only_those_who_may_answer_decide(app, cy, number, maria, what):
    viewer = build.a_user("Vi", role="viewer", numbers=[number])
    path = f"/conversations/{maria.id}/{what}"
    assert build.signed_in(app, cy).post(path).status_code == 404
    assert build.signed_in(app, viewer).post(path).status_code == 403
    assert build.every(OptOut) == []


def test_an_agent_opts_out_with_a_reason_and_the_history_shows_it(agent, maria):
    path = f"/contacts/{maria.contact_id}"
    form = {"conversation_id": maria.id, "reason": "On the phone"}
    assert agent.post(f"{path}/opt-out", data=form | {"reason": " "}).status_code == 422
    assert agent.post(f"{path}/opt-out", data=form).status_code == 303
    page = agent.get(f"{path}/consent").text
    assert "On the phone" in page
    assert "Lift it" not in page


def test_an_admin_lifts_with_a_typed_reason(admin, maria):
    out = build.an_opt_out(maria)
    assert admin.post(f"/opt-outs/{out.id}/lift", data={"reason": ""}).status_code == 422
    answer = admin.post(f"/opt-outs/{out.id}/lift", data={"reason": "A wrong number"})
    assert answer.status_code == 303
    assert build.every(OptOut) == []
    assert "A wrong number" in admin.get(answer.location).text


def test_an_outsider_sees_no_history_and_opts_nobody_out(app, cy, number, maria):
    outsider = build.signed_in(app, cy)
    path = f"/contacts/{maria.contact_id}"
    assert outsider.get(f"{path}/consent").status_code == 404
    form = {"conversation_id": maria.id, "reason": "x"}
    assert outsider.post(f"{path}/opt-out", data=form).status_code == 404


def test_an_agent_sees_of_the_history_what_belongs_to_granted_numbers(agent, number, maria):
    other = build.a_number("+14155550177", account=number.account, name="The secret one")
    there = build.a_conversation(other, maria.contact)
    text = build.a_message(there, direction="inbound", state="received", author="contact")
    about = {"contact_id": maria.contact_id, "opted_out": True, "at": clock.now()}
    build.an_opt_out(there)
    for event in (
        {"number_id": other.id, "source": "user", "words": "whispered there"},
        {"source": "word", "words": "a word to it", "message_id": text.id},
        {"number_id": number.id, "source": "user", "words": "said to us"},
    ):
        build.added(ConsentEvent(**about, **event))
    page = agent.get(f"/contacts/{maria.contact_id}/consent").text
    assert "said to us" in page
    assert "Said to a number that you do not see" in page
    for hidden in ("The secret one", "whispered there", "a word to it"):
        assert hidden not in page


def test_nobody_is_opted_out_by_the_conversation_of_another(agent, number, maria):
    other = build.a_contact()
    form = {"conversation_id": maria.id, "reason": "x"}
    assert agent.post(f"/contacts/{other.id}/opt-out", data=form).status_code == 404
    assert build.every(OptOut) == []
