"""Users and conversations as a tail knows them between two beats: asked at every push."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from smsinbox.core.database import db
from smsinbox.models.permission import Permission, can
from smsinbox.models.preference import Preference
from smsinbox.models.user import User
from smsinbox.queries import conversations, preferences, rings


class Person(NamedTuple):
    """A user as colleagues see them."""

    id: int
    name: str
    initials: str


class Known:
    """Grants are forgotten with every beat and with every change of a user."""

    def __init__(self) -> None:
        self._users: dict[int, User] = {}
        self._wishes: dict[int, Preference] = {}
        self._numbers: dict[int, int] = {}  # of conversations; a conversation never changes its own

    def user(self, user_id: int) -> User | None:
        """With role and grants as they were when last asked for."""
        if user_id not in self._users:
            user = db.session.get(User, user_id, populate_existing=True)
            if user is None:
                return None
            for one in (*user.grants, user):  # as they are now, whatever becomes of the session
                db.session.expunge(one)
            self._users[user_id] = user
        return self._users[user_id]

    def forget(self, user_id: int | None = None) -> None:
        """Ask for this user anew, or for all."""
        if user_id is None:
            self._users.clear()
            self._wishes.clear()
        else:
            self._users.pop(user_id, None)

    def named(self, user_ids: Iterable[int]) -> list[Person]:
        """Those of them that there are."""
        users = (self.user(one) for one in user_ids)
        return [Person(one.id, one.name or one.email, one.initials) for one in users if one]

    def may_see(self, user_id: int, conversation_id: int) -> bool:
        """Whether the conversation's number is granted to that user."""
        user, number_id = self.user(user_id), self._numbers.get(conversation_id)
        if number_id is None:
            self._numbers.update(conversations.numbers_of([conversation_id]))
            number_id = self._numbers.get(conversation_id)
        return user is not None and number_id is not None and can(user, Permission.SEE, number_id)

    def ears(self, user_ids: Collection[int]) -> list[rings.Ear]:
        """Who of these listens, and for what."""
        if set(user_ids) - self._wishes.keys():
            self._wishes = preferences.of_all(user_ids)
        there = ((user_id, self.user(user_id)) for user_id in list(user_ids))
        return [rings.Ear(user, self._wishes[user_id]) for user_id, user in there if user]
