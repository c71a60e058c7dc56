"""What the inbox has written down, read with plain SQL beside its processes."""

from datetime import timedelta
from typing import Any

from sqlalchemy import NullPool, create_engine, select, update
from sqlalchemy.orm import Session

from smsinbox.core import clock
from smsinbox.models import Attempt, Conversation, Direction, Message, MessageState


class Records:
    """The database of an inbox."""

    def __init__(self, database_url: str) -> None:
        self._engine = create_engine(database_url, poolclass=NullPool)

    def rows(self, query: Any) -> list[Any]:
        with Session(self._engine) as session:
            return list(session.scalars(query).unique())

    def write(self, statement: Any) -> None:
        """One statement, committed."""
        with self._engine.begin() as connection:
            connection.execute(statement)

    def count(self, body: str) -> int:
        """How many texts have this body, either way."""
        return len(self.rows(select(Message).where(Message.body == body)))

    def message(self, body: str) -> Message:
        """The one text with this body, either way."""
        [found] = self.rows(select(Message).where(Message.body == body))
        assert isinstance(found, Message)
        return found

    def is_(self, body: str, state: MessageState) -> bool:
        return self.message(body).state == state.value

    def attempts(self, body: str) -> list[Attempt]:
        """Every try to hand this text to the carrier, oldest first."""
        query = select(Attempt).where(Attempt.message_id == self.message(body).id)
        return self.rows(query.order_by(Attempt.id))

    def conversation(self, conversation_id: int) -> Conversation:
        [found] = self.rows(select(Conversation).where(Conversation.id == conversation_id))
        assert isinstance(found, Conversation)
        return found

    def let_lease_end(self, body: str) -> None:
        """What a minute would do: nobody has come back for this text."""
        over = clock.now() - timedelta(seconds=1)
        self.write(update(Message).where(Message.body == body).values(lease_until=over))


def outbound() -> Any:
    """The query of all texts that were written here."""
    return select(Message).where(Message.direction == Direction.OUTBOUND.value)
