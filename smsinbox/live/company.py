"""Who looks at a conversation now, and who types in it: known for moments, and stored nowhere.

Each process knows its own screens and whispers ids to the others; what it hears from them it
believes for a few seconds. Names are looked up here, and a user who may not see a conversation is
not in its company, whatever anybody says. A page keeps who looks where in one place, #company, as
its rows come and go in many ways; each shows what is there of its own.
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

import orjson
from markupsafe import Markup

from smsinbox.core.doorbell import whisper
from smsinbox.core.i18n import _n, speaking
from smsinbox.live.attention import BELIEVED, Attention
from smsinbox.live.frames import frame
from smsinbox.live.known import Known
from smsinbox.live.screens import Screen
from smsinbox.web.fragments import fragment, partial, upsert

TYPES = 5.0  # seconds that one key counts
_MOST = 100_000  # bytes of a whisper
_FACES = 1000  # conversations whose company a page is told of when it comes

Here: TypeAlias = dict[int, set[int]]  # conversation → users
Met: TypeAlias = tuple[list[int], list[int]]  # who looks, who types
Told: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...] | None]  # in which; where it is open


class Company:
    """One for each tail. `may` says whether that user may see that conversation; `pages` are those
    of this process, by user."""

    def __init__(
        self, may: Callable[[int, int], bool], pages: Mapping[int, Sequence[Screen]]
    ) -> None:
        self._may = may
        self._me = secrets.token_hex(8)
        self.attention = Attention(self._me, pages)
        self._mine: Here = {}
        self._others: dict[str, tuple[float, Here]] = {}
        self._typing: dict[tuple[int, int], float] = {}  # (conversation, user) → until
        self._changed: set[int] = set()

    def look(self, screens: Iterable[Screen]) -> None:
        """Take note of what these, all of this process, show now, and say so to the others when
        it is something else than before."""
        mine: Here = defaultdict(set)
        for screen in list(screens):
            for one in screen.conversations:
                if self._may(screen.user_id, one):
                    mine[one].add(screen.user_id)
        if mine != self._mine:
            self._note(self._mine, mine)
            self._mine = dict(mine)
            self.say()

    def say(self) -> None:
        """Tell the other processes who is here."""
        told = {str(key): sorted(users) for key, users in self._mine.items()}
        whisper(orjson.dumps({"from": self._me, "here": told}))

    def repeat(self) -> None:
        """Tell them again, as they believe it only for a while."""
        self.say()
        self.attention.repeat()

    def type(self, user_id: int, conversation_id: int) -> None:
        """That user pressed a key there, on a screen of ours."""
        self._types(user_id, conversation_id)
        whisper(orjson.dumps({"from": self._me, "types": [user_id, conversation_id]}))

    def hear(self, words: bytes) -> bool:
        """Another process says who is with it; nonsense is passed over. Whether pages may now have
        to show something else."""
        try:
            said = orjson.loads(words[:_MOST])
            if said["from"] == self._me:
                return False
            if "types" in said:
                self._types(*map(int, said["types"]))
            elif "in_view" in said:
                self.attention.hear(str(said["from"]), said["in_view"])
            else:
                self._hear(str(said["from"]), said["here"])
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            return False
        return bool(self._changed)

    def _hear(self, process: str, here: dict[str, Any]) -> None:
        theirs = {int(key): {int(one) for one in users} for key, users in here.items()}
        _, before = self._others.get(process, (0.0, {}))
        self._others[process] = time.monotonic() + BELIEVED, theirs
        self._note(before, theirs)

    def _types(self, user_id: int, conversation_id: int) -> None:
        self._typing[conversation_id, user_id] = time.monotonic() + TYPES
        self._changed.add(conversation_id)

    def _note(self, before: Here, after: Here) -> None:
        either = before.keys() | after.keys()
        self._changed |= {one for one in either if before.get(one) != after.get(one)}

    def news(self) -> dict[int, Met]:
        """Since the last time: who looks and who types, in each conversation where that changed."""
        self._forget()
        changed, self._changed = self._changed, set()
        return self.met(changed)

    def met(self, conversations: Iterable[int]) -> dict[int, Met]:
        """Who looks and who types in each of these."""
        return {one: self.of(one) for one in conversations}

    def of(self, conversation_id: int) -> Met:
        """Who looks and who types there."""
        looking = set(self._mine.get(conversation_id, ()))
        for _, here in self._others.values():
            looking |= here.get(conversation_id, set())
        typing = [user for there, user in self._typing if there == conversation_id]
        return self._those(looking, conversation_id), self._those(typing, conversation_id)

    def all(self) -> set[int]:
        """Conversations where somebody is; of very many, some."""
        known = [self._mine, *(here for _, here in self._others.values())]
        return set(islice((one for here in known for one, users in here.items() if users), _FACES))

    def _those(self, users: Iterable[int], conversation_id: int) -> list[int]:
        return sorted(one for one in users if self._may(one, conversation_id))

    def _forget(self) -> None:
        now = time.monotonic()
        for process, (until, here) in list(self._others.items()):
            if until < now:
                del self._others[process]
                self._note(here, {})
        for key in [key for key, until in self._typing.items() if until < now]:
            del self._typing[key]
            self._changed.add(key[0])


class Telling:
    """What pages are told of who is in these conversations. Pages that are told the same get the
    same bytes; `whole` takes the place of all that a page was told before."""

    def __init__(self, found: Mapping[int, Met], known: Known, *, whole: bool = False) -> None:
        self._found, self._known, self._whole = found, known, whole
        self._drawn: dict[tuple[object, ...], bytes] = {}

    def tell(self, screen: Screen) -> None:
        """Send it what concerns it, if anything does."""
        told = tuple(self._told(screen))
        if not told and not (self._whole and screen.views):
            return
        key = screen.language, told
        if key not in self._drawn:
            with speaking(screen.language):
                self._drawn[key] = frame({"content": "".join(self._parts(told))})
        screen.send(self._drawn[key])

    def _told(self, screen: Screen) -> Iterator[Told]:
        """The conversations that it may show, and who but its own user looks and types there."""
        me = screen.user_id
        for one, (looking, typing) in self._found.items():
            is_open = one in screen.conversations
            if (is_open or screen.views) and self._known.may_see(me, one):
                others = tuple(user for user in looking if user != me)
                types = tuple(user for user in typing if user != me)
                yield one, others, types if is_open else None

    def _parts(self, told: Iterable[Told]) -> Iterator[Markup]:
        drawn = {one: self._faces(one, looking) for one, looking, _ in told}
        faces = Markup().join(drawn.values())
        if self._whole:
            yield partial("#company", "innerHTML", faces)
        else:
            yield upsert("#company", faces)
            yield from (partial(f"#company-{one}", "delete", "") for one in drawn if not drawn[one])
        for one, _, typing in told:
            if typing is not None:  # said with every key; aloud only when the words are new
                yield partial(f"#typing-{one}", "innerMorph", self._typing(typing))

    def _faces(self, conversation_id: int, users: Iterable[int]) -> Markup:
        people = self._known.named(users)
        if not people:
            return Markup()
        return fragment("conversations/company", conversation_id=conversation_id, people=people)

    def _typing(self, users: Iterable[int]) -> str:
        people = self._known.named(users)
        if not people:
            return ""
        count, names = len(people), ", ".join(one.name for one in people)
        return _n("%(names)s is typing…", "%(names)s are typing…", count, names=names)
