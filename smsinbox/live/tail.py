"""The tail of the log: reads what is new, renders it once, sends it to the screens it concerns.

Woken by a commit in this process, by Redis for commits elsewhere, and once a second without
either. Grants are asked at every push: a change of them is read before what happened after it.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask
from sqlalchemy import select

from smsinbox.core import events
from smsinbox.core.database import db, is_sqlite
from smsinbox.core.doorbell import bell, listen
from smsinbox.core.events import Cursor, Entry
from smsinbox.live.company import Company, Telling
from smsinbox.live.faces import Faces
from smsinbox.live.frames import CROWDED, frame
from smsinbox.live.known import Known
from smsinbox.live.meter import Meter
from smsinbox.live.reading import Reading
from smsinbox.live.redraw import BELL, Change, bells, changes, own_changes, personal_parts
from smsinbox.live.screens import Screen
from smsinbox.models.events import SignedOut, UserChanged
from smsinbox.models.permission import Permission, can
from smsinbox.models.sign_in import SignIn
from smsinbox.models.user import User
from smsinbox.queries import conversations, personal, rings
from smsinbox.queries.personal import Personal

log = logging.getLogger(__name__)

MOST_OF_ONE = 20  # screens of one user in this process; of more, the newest ones
_LOOK = 1.0  # seconds between looks without a hint
_PAUSE = 0.01  # seconds between two looks at least: what comes in a burst is drawn together
_BREATH = 50  # screens between two chances for everybody else: carriers wait for their answers
_RETRIES = (0.003, 0.006, 0.012, 0.025, 0.05)  # Postgres: an older transaction still hides ours
_WHO = {UserChanged.__name__, SignedOut.__name__}


class Tail:
    """One for each process; its thread starts with the first screen."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._screens: set[Screen] = set()
        self._known = Known()
        self._of: dict[int, list[Screen]] = defaultdict(list)  # by user, oldest first
        self._cursor = Cursor(0, 0)
        self._wake = threading.Event()
        self._starting = threading.Lock()
        self._started = self._moved = False  # whether screens may show something else than before
        self.company = Company(self._known.may_see, self._of)
        self.reading = Reading(self._known)
        self._meter, self._faces = Meter(), Faces(app)

    def add(self, screen: Screen) -> None:
        """Serve this screen from now on."""
        with self._starting:
            if not self._started:
                self._cursor = events.newest()
                db.session.rollback()
                self._start()
            self._screens.add(screen)
        self._make_room(screen)
        self._known.forget(screen.user_id)
        self.moved()

    def remove(self, screen: Screen) -> None:
        """It is gone."""
        self._screens.discard(screen)
        own = self._of[screen.user_id]
        if screen in own:
            own.remove(screen)
        if not own:
            del self._of[screen.user_id]
        self.company.attention.turn(screen, 0)
        self.moved()

    def moved(self) -> None:
        """A screen shows something else, or somebody types."""
        self._moved = True
        self._wake.set()

    def _make_room(self, screen: Screen) -> None:
        """Nobody's forgotten tabs, or a page gone wild, may cost what all the others need."""
        own = self._of[screen.user_id]
        own.append(screen)
        while len(own) > MOST_OF_ONE:
            own[0].close(CROWDED)
            self.remove(own[0])

    def catch_up(self, screen: Screen, since: Cursor) -> None:
        """Send what happened after the cursor, or tell the page to start anew."""
        entries = events.since(since, limit=501)
        if len(entries) > 500 or (entries and not events.reaches_back_to(since)):
            screen.send(frame({"refresh": True}))
            return
        if entries:
            screen.send(frame({"left": len(entries)}))
            self._send({screen}, changes(entries, screen.conversations), entries[-1].cursor)
            self._send_own({screen}, entries)
        user = self._known.user(screen.user_id)
        if user is not None:
            screen.send(self._meter.beat(events.newest())(user, screen.language))

    def ring(self, *screens: Screen) -> None:
        """Draw the bell of these screens of one user as it is now."""
        shown = [screen for screen in screens if screen.has_bell]
        user = self._known.user(shown[0].user_id) if shown else None
        drawn = bells(user, (screen.language for screen in shown)) if user else {}
        frames = {key: frame({"content": html, "beat": True}) for key, html in drawn.items()}
        for screen in shown if user else ():
            screen.send(frames[screen.language])

    def introduce(self, screen: Screen) -> None:
        """Show whoever opens it that they are there."""
        screen.send(frame({"content": self._faces.own(screen)}))

    def _ring_for(self, entries: Iterable[Entry]) -> None:
        for user_id in {entry.user_id for entry in entries if entry.kind in BELL}:
            self.ring(*self._of.get(user_id or 0, ()))

    def _tell(self, entries: Sequence[Entry], found: Iterable[Change]) -> None:
        """Let the pages of those ring who want to hear of it and do not see it anyway."""
        if not any(entry.kind in rings.KINDS for entry in entries):
            return
        rows = {change.row.id: change.row for change in found}
        more = {one.conversation_id for one in entries if one.conversation_id} - rows.keys()
        rows |= conversations.rows(more) if more else {}
        for one in rings.rings(entries, rows, self._known.ears(self._of)):
            is_in_view = self.company.attention.is_on(one.user_id, one.conversation_id)
            for screen in self._of.get(one.user_id, ()):
                if screen.has_bell and not is_in_view:
                    screen.send(frame({"ring": one.told(screen.language)}))

    def _start(self) -> None:
        self._started = True
        bell.listeners.append(self._wake.set)
        for work in (self._run, self._listen):
            threading.Thread(target=work, daemon=True, name=f"live{work.__name__}").start()

    def _run(self) -> None:
        while True:
            hinted = self._wake.wait(_LOOK)
            self._wake.clear()
            time.sleep(0)  # the answers to those who wrote it come first
            try:
                with self._app.app_context():
                    self._look(patient=hinted)
                    self.reading.look()
                    self._keep_company()
                    self._beat()
            except Exception:
                # Whatever it was, the screens of this process hang on this loop: go on.
                log.exception("cannot draw; trying again")
            for screen in list(self._screens):
                screen.flush()
            time.sleep(_PAUSE)

    def _look(self, *, patient: bool) -> None:
        if not self._screens:
            self._cursor = events.newest()
            return
        entries = events.since(self._cursor)
        for pause in _RETRIES if patient and not is_sqlite() else ():
            if entries:
                break
            db.session.rollback()
            if self._wake.wait(pause):  # the next hint is not kept waiting by an echo of the last
                self._wake.clear()
            entries = events.since(self._cursor)
        while entries:
            self._notice(entries)
            found = changes(entries, {one for s in self._screens for one in s.conversations})
            self._send(self._screens, found, entries[-1].cursor)
            self._send_own(self._screens, entries)
            self.reading.notice(self._screens, entries)
            self._ring_for(entries)
            self._tell(entries, found)
            self._cursor = entries[-1].cursor
            entries = events.since(self._cursor)

    def _notice(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.kind in _WHO:
                self._known.forget(entry.user_id or 0)
                self._drop_ended()

    def _send(self, screens: set[Screen], found: list[Change], cursor: Cursor) -> None:
        for change in found:
            frames: dict[tuple[object, ...], bytes | None] = {}
            here = list(screens)  # others may come while the database thinks
            own = personal.by_user(change.row, {one.user_id for one in here})
            for count, screen in enumerate(here, 1):
                # Screens of one user that show the same get the same bytes.
                is_open = change.row.id in screen.conversations
                alike = screen.user_id, screen.style, screen.views, is_open
                try:
                    ready = frames[alike]
                except KeyError:
                    mine = own[screen.user_id]
                    ready = frames[alike] = self._frame(screen, change, cursor, mine)
                if ready is not None:
                    screen.send(ready)
                if count % _BREATH == 0:
                    time.sleep(0)

    def _send_own(self, screens: Iterable[Screen], entries: Iterable[Entry]) -> None:
        """Tell users' own screens what they have read and begun to write, there or elsewhere."""
        for user_id, ids in own_changes(entries, self._of).items():
            found = personal.of_user(user_id, ids).items()
            news = {one: own for one, own in found if self._known.may_see(user_id, one)}
            read = [one for one, is_read in ids.items() if is_read]
            for screen in [one for one in screens if one.user_id == user_id]:
                drawn = personal_parts(news, screen.language) if screen.views else ""
                if drawn or read:
                    screen.send(frame({"content": drawn, "read": read}))

    def _keep_company(self) -> None:
        if self._moved:
            self._moved = False
            self.company.look(self._screens)
        news = self.company.news()
        telling = Telling(news, self._known)
        for screen in list(self._screens) if news else ():
            telling.tell(screen)

    def greet(self, screen: Screen) -> None:
        """Who is where at present: all for a page that has just come, else what it opened."""
        is_new, screen.is_greeted = not screen.is_greeted, True
        present = (self.company.all() if is_new else set()) | screen.conversations
        Telling(self.company.met(present), self._known, whole=is_new).tell(screen)

    def _frame(self, screen: Screen, change: Change, cursor: Cursor, own: Personal) -> bytes | None:
        content = self._content(screen, change, own)
        if content is None:
            return None
        message: dict[str, Any] = {"cursor": str(cursor), "content": content}
        if change.counts:
            message["counts"] = True
        return frame(message)

    def _content(self, screen: Screen, change: Change, own: Personal) -> str | None:
        """What this screen redraws; None when it may not see the conversation or shows none."""
        user = self._known.user(screen.user_id)
        if user is None or not can(user, Permission.SEE, change.row.number_id):
            return None
        style = screen.style
        parts = [
            change.list_html(view, own if view.shows(change.row, user.id) else None, style)
            for view in screen.views
        ]
        if change.row.id in screen.conversations:
            parts.append(change.thread(style))
        return "".join(parts) if parts or change.counts else None

    def _beat(self) -> None:
        if not self._screens or not self._meter.is_due(self._cursor):
            return
        self._known.forget()
        self._drop_ended()
        beat = self._meter.beat(self._cursor)
        changed = self._faces.look(self._screens)
        faces = frame({"content": changed}) if changed else None
        for screen in list(self._screens):
            user = self._known.user(screen.user_id)
            if user is not None:
                screen.send(beat(user, screen.language))
            if faces is not None:
                screen.send(faces)
        self._moved = True
        self.company.repeat()

    def _drop_ended(self) -> None:
        """Close the sockets of sign-ins that ended or whose user may not come in any more."""
        ids = {screen.sign_in_id for screen in self._screens}
        alive = set(
            db.session.scalars(
                select(SignIn.id)
                .join(User, User.id == SignIn.user_id)
                .where(SignIn.id.in_(ids), SignIn.ended_at.is_(None), User.active)
            )
        )
        for screen in [one for one in self._screens if one.sign_in_id not in alive]:
            screen.drop()
            self.remove(screen)

    def _listen(self) -> None:
        """Hints of other processes; a lost one costs a second."""
        listen(self._wake.set, threading.Event(), self._overhear)

    def _overhear(self, words: bytes) -> None:
        if self.company.hear(words):
            self._wake.set()
