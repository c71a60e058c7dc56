"""Search finds what people mean, on both databases alike, and nobody's number but one's own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy import text as text_of

from smsinbox.core import clock
from smsinbox.core.database import atomic, db, is_sqlite
from smsinbox.models import Activity, Attachment, Contact, ContactTag, Grant, Message, Tag, User
from smsinbox.queries.search.finding import search
from smsinbox.queries.search.reading import read
from tests import build
from tests.conftest import BACKENDS, empty

NOW = clock.now()


@pytest.fixture
def shop(number):
    return a_shop(number)


def a_shop(number):
    """A small corpus: three contacts on one number, one of them with a colleague's note."""
    ann = build.a_contact("+13125550199", name="Ann Lee", notes="Prefers the café")
    bo = build.a_contact("+491713920012", name="Zoë Ångström")
    ones = build.a_conversation(number, ann, received=2, unanswered=2, starred=True)
    twos = build.a_conversation(number, bo, status="closed")
    said = [
        (ones, "inbound", "Is the RED-bike ready? https://shop.example/a?b=c&d=1.5e3", {}),
        (ones, "outbound", "It is ready, 100% — see you at 5:30!", {"state": "failed"}),
        (twos, "inbound", "Où est le CAFÉ ❤️ naïve co-operate", {}),
        (twos, "outbound", "Call 0171 392-0012 or +491713920012", {"state": "accepted"}),
        (ones, "inbound", "привет नमस्ते ready steady", {}),
        (ones, "inbound", 'can\'t "stop" -now (AND OR NOT NEAR) body:x *', {}),
    ]
    for conversation, direction, body, fields in said:
        state = {"state": "received"} if direction == "inbound" else {}
        build.a_message(conversation, direction=direction, body=body, **(state | fields))
    note = Activity(
        conversation_id=twos.id,
        kind="note",
        body="Wants a refund, is ready to leave",
        author_name="Ben",
        at=clock.now(),
    )
    build.added(note)
    done = Activity(conversation_id=twos.id, kind="done", body="closed it, ready", at=clock.now())
    build.added(done)
    vip = build.added(Tag(name="vip", created_at=NOW))
    build.added(ContactTag(contact_id=ann.id, tag_id=vip.id))
    first = build.every(Message)[0]
    picture = {"position": 0, "state": "stored", "content_type": "image/png", "name": ""}
    build.added(Attachment(message_id=first.id, attempts=0, **picture))
    return number


def bodies(viewer, text, **more):
    """The beginning of each text and note that is found, newest first."""
    found = search(viewer, read(text), **more)
    return ["".join(piece.text for piece in hit.pieces)[:8] for hit in found.hits]


BIKE, SEE, CAFE, CALL, HELLO, CANT, NOTE = (
    "Is the R", "It is re", "Où est l", "Call 017", "привет न", "can't \"s", "Wants a ",
)  # fmt: skip


FINDS = {
    "ready": [NOTE, HELLO, SEE, BIKE],
    "READ": [NOTE, HELLO, SEE, BIKE],
    "ready bike": [BIKE],
    '"is ready"': [NOTE, SEE],
    '"is read"': [],
    "ready -bike -steady": [NOTE, SEE],
    'ready -"is ready"': [HELLO, BIKE],
    "cafe": [CAFE],
    "naive": [CAFE],
    "co-op": [CAFE],
    "red-bike": [BIKE],
    "ПРИВ": [HELLO],
    "नमस्ते": [HELLO],
    "नमस": [HELLO],
    "shop.example/a": [BIKE],
    "https://shop.example": [BIKE],
    "0171 392 0012": [CALL],
    "01713920012": [],
    "0171-392": [CALL],
    "is:failed": [SEE],
    "is:closed": [NOTE, CALL, CAFE],
    "is:closed -is:outbound": [NOTE, CAFE],
    "is:starred bike": [BIKE],
    "is:waiting": [],
    "is:mine": [],
    "is:unread ready": [HELLO, SEE, BIKE],
    "from:ann ready": [HELLO, BIKE],
    "from:0199 ready": [HELLO, BIKE],
    'from:"(312) 555-0199" ready': [HELLO, BIKE],
    "from:zoe": [CAFE],
    "from:angstrom": [CAFE],
    "from:cafe": [],
    "to:ann": [SEE],
    "from:support": [CALL, SEE],
    "to:support ready": [HELLO, BIKE],
    "number:supp refund": [NOTE],
    "number:0142 refund": [NOTE],
    "tag:vip ready": [HELLO, SEE, BIKE],
    "-tag:vip ready": [NOTE],
    "has:file": [BIKE],
    "-has:file ready": [NOTE, HELLO, SEE],
    "-ready is:unread": [CANT],
    "-ready": [CANT, CALL, CAFE],
    "before:2001": [],
    "after:2001 bike": [BIKE],
    "after:7d before:today bike": [],
    "AND": [CANT],
    "body:x": [],
    '"body:x"': [CANT],
    "!!! ❤️": [],
    "": [],
}


def test_what_is_found(shop, ada):
    assert {text: bodies(ada, text) for text in FINDS} == FINDS


def test_a_search_shows_only_granted_numbers_in_every_branch(shop, cy):
    """The outsider's own number has a conversation with one of the same people."""
    own = build.a_number("+14155550143", name="Sales")
    cy = build.again(cy)
    atomic(lambda: cy.grants.append(Grant(number_id=own.id)))()
    ann = build.every(Contact)[0]
    theirs = build.a_conversation(own, ann)
    build.a_message(theirs, direction="inbound", state="received", body="Hello ready")
    for text in [*FINDS, "ann", "0199", "zoe", "cafe", "392 0012", "number:support", "tag:vip"]:
        found = search(cy, read(text))
        rows = [hit.row for hit in found.hits] + [person.row for person in found.people]
        assert {row.number_id for row in rows} <= {own.id}, text
    assert bodies(cy, "ready") == ["Hello re"]
    assert not search(cy, read("zoe")).people
    assert search(cy, read("number:support")).problems
    assert not search(build.a_user("Di", active=False), read("ready")).hits


PEOPLE = {
    "ann": ["Ann Lee"],
    "lee an": ["Ann Lee"],
    "CAFÉ": ["Ann Lee"],  # by what is noted
    "angstr": ["Zoë Ångström"],
    "0199": ["Ann Lee"],
    "(312) 555-0199": ["Ann Lee"],
    "+1 312 555 01": ["Ann Lee"],
    "0171 3920012": ["Zoë Ångström"],
    "199": [],  # three digits are in too many numbers
    "nn": [],
    '"an"': [],
    "ann -lee": [],
    "ann is:failed": [],
    "tag:vip": ["Ann Lee"],
    "ann -tag:vip": [],
    "ann%": ["Ann Lee"],
    "a_n": [],
}


def test_which_people_are_found(shop, ada):
    def names(text):
        return [person.row.contact_name for person in search(ada, read(text)).people]

    assert {text: names(text) for text in PEOPLE} == PEOPLE
    [person] = search(ada, read("555 0199")).people
    assert [piece.text for piece in person.phone if piece.is_match] == ["555-0199"]


def test_what_is_changed_or_deleted_leaves_the_index(shop, ada):
    assert [bodies(ada, "bike"), bodies(ada, "refund")] == [[BIKE], [NOTE]]
    first, [note, _] = build.every(Message)[0], build.every(Activity)
    ids = first.id, note.id
    build.changed(first, body="(erased)")
    build.changed(note, body="Nothing")
    build.changed(build.every(Contact)[0], name="", notes="")
    assert not bodies(ada, "bike") + bodies(ada, "refund")
    assert not search(ada, read("ann")).people
    assert bodies(ada, "erased") == ["(erased)"]
    _delete(Attachment, build.every(Attachment)[0].id)
    _delete(Message, ids[0])
    _delete(Activity, ids[1])
    assert not bodies(ada, "erased") + bodies(ada, "nothing")
    assert _words_of(*ids) == 0


def test_pages_go_on_where_the_one_before_ended(shop, ada):
    whole, place, pages = bodies(ada, "-nowhere"), None, []
    for _ in range(len(whole)):
        found = search(ada, read("-nowhere"), before=place, limit=2)
        pages += [hit.pieces[0].text[:8] for hit in found.hits]
        place = found.next
        if place is None:
            break
    assert len(whole) == 7
    assert pages == whole
    assert bodies(ada, "ready", before="nonsense") == bodies(ada, "ready")


EXAMPLES = ("ready bike", "from:ann", "-cafe", 'is:"', '"is ready" OR', "tag:x has:", "0171-392")
SYNTAX = [*"\"-*:^'\\|&!%_\0é ", "NEAR(", "<->", "re", "{body}", "after:9999"]
QUESTIONS = st.text() | st.lists(st.sampled_from([*EXAMPLES, *SYNTAX])).map("".join)


def test_whatever_is_typed_is_answered_and_alike_on_both_databases(apps):
    answers = {backend: _opened(apps[backend]) for backend in BACKENDS}

    @given(QUESTIONS)
    @settings(max_examples=150)
    def alike(text):
        sqlite, postgres = (answers[backend](text) for backend in BACKENDS)
        assert sqlite == postgres

    alike()


def _opened(app):
    """The same corpus in each database; what is asked there, by which nothing is changed."""
    with app.app_context():
        empty()
        a_shop(build.a_number(name="Support"))
        build.a_user("Ada", role="admin")
        db.session.remove()

    def answer(text):
        with app.app_context():
            found = search(build.every(User)[0], read(text))
            db.session.remove()
        people = [person.row.contact_name for person in found.people]
        return [(hit.kind, hit.pieces) for hit in found.hits], people, found.problems

    return answer


@atomic
def _delete(model, id_):
    db.session.execute(delete(model).where(model.id == id_))


def _words_of(message_id, note_id):
    """How many of these Postgres still knows by their words; SQLite checks its index as a whole."""
    if is_sqlite():
        check = "INSERT INTO search_message (search_message, rank) VALUES ('integrity-check', 1)"
        db.session.execute(text_of(check))
        return 0
    asked = "SELECT (SELECT count(*) FROM search_message WHERE message_id = :m)"
    asked += " + (SELECT count(*) FROM search_note WHERE activity_id = :n)"
    return db.session.scalar(text_of(asked), {"m": message_id, "n": note_id})
