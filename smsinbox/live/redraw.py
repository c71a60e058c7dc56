"""What redraws when: each change is rendered once for all who read alike, however many screens."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from markupsafe import Markup

from smsinbox.core import clock
from smsinbox.core.database import db
from smsinbox.core.events import Entry
from smsinbox.core.i18n import Style, _n, speaking, writing_in
from smsinbox.models import events
from smsinbox.models.conversation import Conversation
from smsinbox.models.message import Message, MessageState
from smsinbox.models.user import User
from smsinbox.queries import (
    activities,
    conversations,
    days,
    handovers,
    messages,
    notifications,
)
from smsinbox.queries.conversation_rows import ConversationRow
from smsinbox.queries.personal import Personal
from smsinbox.queries.views import View
from smsinbox.web.fragments import bubbles, fragment, partial, upsert

_FRESH = timedelta(seconds=20)  # so long nothing moves that was just written

MESSAGE = "message"
HEADER = "header"
CONSENT = "consent"
LINES = "lines"
PAUSED = "paused"
HANDOVER = "handover"

# Per kind of event: the pieces of the open conversation that it changes.
PIECES: dict[str, tuple[str, ...]] = {
    events.MessageReceived.__name__: (MESSAGE, HEADER),  # it may have been put away
    events.MessageQueued.__name__: (MESSAGE,),
    events.MessageChanged.__name__: (MESSAGE,),
    events.MessageUnscheduled.__name__: (MESSAGE,),
    events.ConversationAssigned.__name__: (HEADER,),
    events.ConversationClosed.__name__: (HEADER,),
    events.ConversationReopened.__name__: (HEADER,),
    events.ConversationSnoozed.__name__: (HEADER,),
    events.AutomationPaused.__name__: (HEADER, LINES, PAUSED),
    events.AutomationResumed.__name__: (HEADER, LINES, PAUSED),
    events.ConversationSettled.__name__: (HEADER,),
    events.ConversationStarred.__name__: (HEADER,),
    events.HandoverChanged.__name__: (HANDOVER,),
    events.TroubleDismissed.__name__: (HEADER,),
    events.ContactChanged.__name__: (HEADER,),
    events.ContactBlocked.__name__: (HEADER, CONSENT, LINES),
    events.ContactUnblocked.__name__: (HEADER, CONSENT, LINES),
    events.ConsentChanged.__name__: (CONSENT, PAUSED),
    events.RefusalNoticed.__name__: (CONSENT,),
    events.RefusalDismissed.__name__: (CONSENT,),
    events.ActivityWritten.__name__: (LINES, PAUSED),
}
# These may move a conversation in its lists; the others change its row where it is.
MOVES = {
    events.MessageReceived.__name__,
    events.MessageQueued.__name__,
    events.ConversationSettled.__name__,
    events.ConversationClosed.__name__,
    events.ConversationReopened.__name__,
}
# These change the figures beside the views.
COUNTS = PIECES.keys() - {
    events.MessageChanged.__name__,
    events.ActivityWritten.__name__,
    events.HandoverChanged.__name__,
    events.RefusalNoticed.__name__,
    events.RefusalDismissed.__name__,
}


# These change all open conversations of a number, without one those of all.
SWITCHES = {events.SendingPaused.__name__, events.SendingResumed.__name__}
# These change one user's bell.
BELL = {events.UserNotified.__name__, events.NotificationsRead.__name__}
# These change what a row shows to one user.
READ = events.ConversationRead.__name__
OWN = {READ, events.DraftChanged.__name__}
_BELLS = ("top", "side")  # where a page has one


@dataclass
class Change:
    """Everything that happened to one conversation in one look at the log."""

    row: ConversationRow
    pieces: set[str]
    texts: set[int]
    came: set[int]
    moves: bool
    counts: bool
    threads: dict[Style, Markup] = field(default_factory=dict)
    lists: dict[tuple[View, Personal | None, Style], Markup] = field(default_factory=dict)

    def thread(self, style: Style) -> Markup:
        """HTML for those who have the conversation open and read it so."""
        if style not in self.threads:
            with writing_in(style):
                thread = _Thread(self.row.id, self.pieces, self.texts)
                self.threads[style] = thread.html() + self._said()
        return self.threads[style]

    def _said(self) -> Markup:
        """What screen readers say of texts that came: how many, not each."""
        words = _n(
            "New message from %(name)s",
            "%(num)s new messages from %(name)s",
            len(self.came),
            name=self.row.title,
        )
        return partial("#said", "innerHTML", words) if self.came else Markup()

    def list_html(self, view: View, own: Personal | None, style: Style) -> Markup:
        """HTML for the lists of all to whom it shows the same: put the row where it belongs; None
        takes it away."""
        known = view, own, style
        if known not in self.lists:
            with writing_in(style):
                self.lists[known] = self._list_html(view, own)
        return self.lists[known]

    def _list_html(self, view: View, own: Personal | None) -> Markup:
        there = f"#conversations[data-topic='list:{view}']"
        gone = partial(f"{there} > #conversation-{self.row.id}", "delete", "")
        if own is None:
            return gone
        drawn = fragment("conversations/row", row=self.row, key=view.key(self.row), own=own)
        put = upsert(there, drawn, view.order)
        return gone + put if self.moves else put


def changes(entries: Iterable[Entry], shown: Iterable[int] = ()) -> list[Change]:
    """What these entries of the log mean for screens, one change a conversation; `shown` are the
    conversations that are open on any."""
    pieces: dict[int, set[str]] = defaultdict(set)
    texts: dict[int, set[int]] = defaultdict(set)
    came: dict[int, set[int]] = defaultdict(set)
    kinds: dict[int, set[str]] = defaultdict(set)
    entries = list(entries)
    switched = {entry.number_id for entry in entries if entry.kind in SWITCHES}
    of_number = conversations.numbers_of(shown) if switched else {}
    for conversation_id, number_id in of_number.items():
        if switched & {None, number_id}:
            pieces[conversation_id].add(PAUSED)
    for entry in entries:
        if entry.conversation_id is None or entry.kind not in PIECES:
            continue
        pieces[entry.conversation_id].update(PIECES[entry.kind])
        kinds[entry.conversation_id].add(entry.kind)
        if entry.message_id is not None:
            texts[entry.conversation_id].add(entry.message_id)
            if entry.kind == events.MessageReceived.__name__:
                came[entry.conversation_id].add(entry.message_id)
    rows = conversations.rows(pieces) if pieces else {}
    return [
        Change(
            row=rows[conversation_id],
            pieces=wanted,
            texts=texts[conversation_id],
            came=came[conversation_id],
            moves=bool(kinds[conversation_id] & MOVES),
            counts=rows[conversation_id].has_failed or bool(kinds[conversation_id] & COUNTS),
        )
        for conversation_id, wanted in pieces.items()
        if conversation_id in rows
    ]


def own_changes(entries: Iterable[Entry], users: Container[int]) -> dict[int, dict[int, bool]]:
    """For each of these users: the conversations whose rows now show them something else, and
    whether that is because they have read."""
    found: dict[int, dict[int, bool]] = defaultdict(dict)
    for one in entries:
        if one.kind in OWN and one.user_id is not None and one.user_id in users:
            there = one.conversation_id or 0
            before = found[one.user_id].get(there, False)
            found[one.user_id][there] = before or one.kind == READ
    return found


def personal_parts(of: Mapping[int, Personal], language: str) -> Markup:
    """HTML for all lists of one user: what these conversations' rows show to them alone."""
    parts = []
    with speaking(language):
        for one, own in of.items():
            count = fragment("conversations/unread", id=one, count=own.unread)
            draft = fragment("conversations/draft", id=one, draft=own.draft)
            parts.append(partial(f"#count-{one}", "outerHTML", count))
            parts.append(partial(f"#draft-{one}", "outerHTML", draft))
    return Markup().join(parts)


def bells(user: User, languages: Iterable[str]) -> dict[str, Markup]:
    """HTML for every page of this user, and nobody else, by language."""
    count, drawn = notifications.unread(user), {}
    for language in set(languages):
        with speaking(language):
            both = [fragment("notifications/bell", place=one, count=count) for one in _BELLS]
        parts = (
            partial(f"#bell-{one}", "outerHTML", html)
            for one, html in zip(_BELLS, both, strict=True)
        )
        drawn[language] = Markup().join(parts)
    return drawn


@dataclass(frozen=True, slots=True)
class _Thread:
    conversation_id: int
    pieces: set[str]
    texts: set[int]

    def html(self) -> Markup:
        parts = [self._messages()] if MESSAGE in self.pieces else []
        if LINES in self.pieces:
            parts.append(self._lines())
        if HANDOVER in self.pieces:
            parts.append(self._handover())
        if self.pieces & {HEADER, CONSENT, PAUSED}:
            conversation = db.session.get_one(Conversation, self.conversation_id)
            parts += self._around(conversation)
        return Markup().join(parts)

    def _messages(self) -> Markup:
        found = messages.by_ids(sorted(self.texts))
        placed = days.brought(found.values())
        drawn = bubbles((found[one] for one in sorted(found)), placed)
        there = f"#messages[data-conversation='{self.conversation_id}']"
        moved = [one for one in self.texts if one not in found or _may_move(found[one])]
        begun = [one.day for one in placed.lines.values()]
        moved_days = [f"{kind}-{day}" for day in begun for kind in ("day", "planned")]
        away = [f"message-{one}" for one in sorted(moved)] + moved_days
        gone = Markup().join(partial(f"#{one}", "delete", "") for one in away)
        put = upsert(there, drawn)
        return gone + put + _aloud(found.values())

    def _lines(self) -> Markup:
        found = activities.latest(self.conversation_id)
        drawn = Markup().join(fragment("conversations/line", line=line) for line in found)
        there = f"#messages[data-conversation='{self.conversation_id}']"
        return upsert(there, drawn)

    def _handover(self) -> Markup:
        card = handovers.of(self.conversation_id)
        drawn = fragment("conversations/handover", conversation_id=self.conversation_id, card=card)
        return partial(f"#handover-{self.conversation_id}", "outerHTML", drawn)

    def _around(self, conversation: Conversation) -> list[Markup]:
        parts: list[Markup] = []
        if HEADER in self.pieces:
            header = fragment("conversations/header", conversation=conversation)
            parts.append(partial(f"#header-{conversation.id}", "outerHTML", header))
        if CONSENT in self.pieces:
            opt_out = messages.opted_out(conversation)
            consent = fragment("conversations/consent", conversation=conversation, opt_out=opt_out)
            parts.append(partial(f"#consent-{conversation.id}", "outerHTML", consent))
        if PAUSED in self.pieces:
            paused = fragment("conversations/paused", conversation=conversation)
            parts.append(partial(f"#paused-{conversation.id}", "outerHTML", paused))
        return parts


def _may_move(message: Message) -> bool:
    """Whether it may have waited at the end of the thread for its time."""
    is_late = message.created_at < clock.now() - _FRESH
    return message.state == MessageState.CANCELED or (
        message.state == MessageState.QUEUED and message.attempts == 0 and is_late
    )


def _aloud(found: Iterable[Message]) -> Markup:
    """What screen readers say at once of texts that did not get through; each sentence once."""
    lost = [one for one in found if one.is_lost and one.dismissed_at is None]
    words = Markup(" ").join(dict.fromkeys(fragment("messages/aloud", message=one) for one in lost))
    return partial("#said-loud", "innerHTML", words) if lost else Markup()
