"""A thread says what became of every text, and is the reader's own: what is new, where it opens."""

import re

import pytest

from smsinbox.core import clock
from smsinbox.models import Activity
from tests import build
from tests.web.test_inbox_list import text_of


def test_a_thread_has_the_names_that_people_rely_on(agent, maria):
    page = agent.get(f"/conversations/{maria.id}").text
    assert re.search(r'role="log"\s+aria-label="Messages"', page)
    assert re.search(r'id="body"[^>]+aria-label="Message"', page)
    assert ">Send</span>" in page


def test_texts_stand_oldest_first_and_the_older_ones_are_fetched_above(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}").id for at in range(60)]
    page = agent.get(f"/conversations/{maria.id}").text
    assert bubbles(page) == texts[10:]
    above = re.search(r'hx-get="(/conversations/\d+/messages\?before=\d+)"', page)
    assert above is not None
    older = agent.get(above[1]).text
    assert bubbles(older) == texts[:10]
    assert "The beginning of this conversation" in older


def test_a_link_to_a_text_opens_the_thread_around_it_and_both_ends_load_from_there(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}").id for at in range(150)]
    page = agent.get(f"/conversations/{maria.id}?at={texts[60]}").text
    assert bubbles(page) == texts[35:85]
    assert f'data-goal="message-{texts[60]}"' in page
    assert re.search(rf'id="newer"\s+href="/conversations/{maria.id}"\s+hx-boost="false"\s*>', page)
    ways = re.findall(r'hx-get="(/conversations/\d+/messages\?(?:before|after)=\d+)"', page)
    above, below = (agent.get(way).text for way in ways)
    assert bubbles(above) == texts[:35]
    assert bubbles(below) == texts[85:135]
    assert re.search(rf'id="later-{texts[84]}"[^>]*hidden', below)
    last = agent.get(f"/conversations/{maria.id}/messages?after={texts[134]}").text
    assert bubbles(last) == texts[135:]
    assert "Loading" not in last


def test_lines_between_texts_come_once_whichever_way_they_are_loaded(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}") for at in range(120)]
    notes = [_a_note(maria, texts[at]) for at in (9, 34, 84, 85, 119)]
    page = agent.get(f"/conversations/{maria.id}?at={texts[60].id}").text
    above = agent.get(f"/conversations/{maria.id}/messages?before={texts[35].id}").text
    below = agent.get(f"/conversations/{maria.id}/messages?after={texts[84].id}").text
    found = re.findall(r'id="activity-(\d+)"', above + page + below)
    assert [int(one) for one in found] == notes


def test_a_link_to_a_note_opens_the_thread_around_it(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}") for at in range(120)]
    note = _a_note(maria, texts[30])
    page = agent.get(f"/conversations/{maria.id}?activity={note}").text
    assert f'data-goal="activity-{note}"' in page
    assert f'id="activity-{note}"' in page
    other = build.a_conversation(maria.number, build.a_contact("+13125550777"))
    for gone in (_a_note(other, build.a_message(other)), 10**12, "x"):
        page = agent.get(f"/conversations/{maria.id}?activity={gone}").text
        assert bubbles(page) == [one.id for one in texts[70:]]


def _a_note(conversation, message) -> int:
    note = Activity(
        conversation_id=conversation.id,
        message_id=message.id,
        kind="note",
        body="n",
        author_name="Ben",
        at=message.created_at,
    )
    return build.added(note).id


def test_a_text_that_is_not_of_this_conversation_opens_the_newest(agent, maria):
    other = build.a_message(build.a_conversation(maria.number, build.a_contact("+13125550777")))
    texts = [build.a_message(maria, body=f"text {at}").id for at in range(60)]
    for at in (other.id, 10**12, "x"):
        page = agent.get(f"/conversations/{maria.id}?at={at}").text
        assert bubbles(page) == texts[10:]


def test_new_texts_stay_unread_while_an_old_one_is_looked_at(agent, maria):
    texts = [build.a_message(maria, body=f"text {at}", direction="inbound").id for at in range(60)]
    build.changed(maria, received=60, unanswered=2)
    for at, shown in ((0, None), (50, 2), (50, None)):
        assert new_in(agent.get(f"/conversations/{maria.id}?at={texts[at]}").text) == shown


def new_in(page: str) -> int | None:
    """How many texts the divider above the first new one tells of."""
    found = re.search(r'<p class="fresh" data-key="\d+">New · (\d+)</p>', page)
    return int(found[1]) if found else None


@pytest.mark.parametrize(
    ("unread", "folded", "above", "told"),
    [(0, (), None, None), (2, (), 3, 2), (9, (), 0, 9), (2, (4,), 3, 1), (2, (3, 4), None, None)],
)
def test_the_divider_stands_above_the_first_text_that_is_new(
    agent, maria, unread, folded, above, told
):
    ids: list[int] = []
    for at in range(5):
        about = ids[0] if at in folded else None
        ids.append(build.a_message(maria, direction="inbound", reacts_to_id=about).id)
    build.changed(maria, received=unread, unanswered=unread)
    page = agent.get(f"/conversations/{maria.id}").text
    assert new_in(page) == told
    if above is not None:
        assert bubbles(page.partition('class="fresh"')[2])[0] == ids[above]


def bubbles(html: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="message-(\d+)"', html)]


def test_what_somebody_texted_is_text_and_never_markup(agent, maria):
    build.a_message(maria, direction="inbound", state="received", body="<b>&amp;\n  hi</b>")
    page = agent.get(f"/conversations/{maria.id}").text
    assert '<div class="bubble" dir="auto">&lt;b&gt;&amp;amp;\n  hi&lt;/b&gt;</div>' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"author": "rule", "author_name": "Opening hours"}, "Auto-reply · Opening hours"),
        ({"author": "consent"}, "Automatic · consent"),
        ({"author": "program", "author_name": "Shop"}, "Shop"),
        ({"author": "user", "author_name": "Ben"}, "Ben"),
        ({"state": "accepted", "delivery": 60}, "Delivered"),
        ({"state": "queued"}, "Waiting to send"),
        ({"state": "uncertain"}, "Send again"),
        ({"state": "failed", "error_code": "expired"}, "Try again"),
    ],
)
def test_a_bubble_says_who_wrote_it_and_how_far_it_got(agent, maria, fields, words):
    build.a_message(maria, **fields)
    assert words in text_of(agent.get(f"/conversations/{maria.id}/messages").text)


@pytest.mark.parametrize(
    ("arming", "state", "words"),
    [
        ("armed", "accepted", "Will answer the next text:"),
        ("armed", "scheduled", "Will answer the next text:"),
        ("armed", "failed", "Answers nothing, as this text did not leave:"),
        ("answered", "accepted", "Answered:"),
        ("replaced", "accepted", "Replaced by a newer one:"),
        ("canceled", "accepted", "Answers nothing, as the contact opted out:"),
        ("expired", "accepted", "Answered nothing within three days:"),
    ],
)
def test_a_bubble_tells_what_becomes_of_the_reply_it_armed(agent, maria, arming, state, words):
    asked = {"auto_reply": "<b>We got it"}
    build.a_message(maria, arming=arming, state=state, author="program", asked=asked)
    page = agent.get(f"/conversations/{maria.id}/messages").text
    assert words in text_of(page)
    assert '<q dir="auto">&lt;b&gt;We got it</q>' in page


def test_opening_a_conversation_reads_it(agent, maria):
    build.a_message(maria, direction="inbound")
    build.changed(maria, received=1, unanswered=1)
    assert new_in(agent.get(f"/conversations/{maria.id}").text) == 1
    assert new_in(agent.get(f"/conversations/{maria.id}").text) is None


def test_what_one_has_read_is_still_new_to_another_and_still_waits(agent, viewer, maria):
    build.a_message(maria, direction="inbound")
    build.changed(maria, received=1, unanswered=1, waiting_since=clock.now())
    agent.get(f"/conversations/{maria.id}")
    page = viewer.get(f"/conversations/{maria.id}").text
    assert "You can read this conversation, but not answer it." in page
    assert "<textarea" not in page.split('id="contact-pane"')[0]
    assert new_in(page) == 1
    assert build.again(maria).unanswered == 1


def test_a_pane_is_the_thread_alone_with_its_title(agent, maria):
    pane = agent.get(f"/conversations/{maria.id}/pane").text
    assert pane.startswith("<title>Maria Lopez · smsinbox</title>")
    assert "<html" not in pane
    assert 'id="conversations"' not in pane


def test_somebody_who_opted_out_cannot_be_texted_and_the_desk_says_why(agent, maria):
    build.an_opt_out(maria)
    page = agent.get(f"/conversations/{maria.id}").text
    assert "data-blocked" in page
    assert "Maria Lopez opted out of texts from this number" in text_of(page)


def test_a_short_code_cannot_be_answered(agent, number):
    bank = build.a_conversation(number, build.a_contact("72345", kind="short_code"))
    page = agent.get(f"/conversations/{bank.id}").text
    assert "data-blocked" in page
    assert "short codes take no replies" in text_of(page)
