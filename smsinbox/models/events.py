"""Everything that can have happened, in the past tense. Events carry ids, never content."""

from typing import NamedTuple, Protocol, Self

from smsinbox.core.events import Event


class Numbered(Protocol):
    """A Conversation, or whatever else has an id and a Number."""

    @property
    def id(self) -> int: ...
    @property
    def number_id(self) -> int: ...


class Threaded(Numbered, Protocol):
    """A Message, or its ids."""

    @property
    def conversation_id(self) -> int: ...


class MessageIds(NamedTuple):
    """What events tell of a Message, where only its ids are at hand."""

    id: int
    conversation_id: int
    number_id: int


class _OfMessage(Event):
    @classmethod
    def of(cls, message: Threaded) -> Self:
        """It happened to this text."""
        return cls(
            conversation_id=message.conversation_id,
            message_id=message.id,
            number_id=message.number_id,
        )


class OfConversation(Event):
    """What can happen to a conversation as a whole."""

    @classmethod
    def of(cls, conversation: Numbered) -> Self:
        """It happened to this conversation."""
        return cls(conversation_id=conversation.id, number_id=conversation.number_id)


class MessageReceived(_OfMessage):
    """A text came in."""


class MessageQueued(_OfMessage):
    """A text was written and waits to leave, or its time has come to."""


class MessageChanged(_OfMessage):
    """A text's state, delivery or arming moved."""


class MessageUnscheduled(_OfMessage):
    """A text that waited for its time was taken back; beside MessageChanged."""


class ConversationAssigned(OfConversation):
    """It has another assignee, or none."""


class ConversationClosed(OfConversation):
    """It was put away."""


class ConversationReopened(OfConversation):
    """It was taken up again."""


class ConversationSnoozed(OfConversation):
    """It was put away for a while."""


class TroubleDismissed(OfConversation):
    """Somebody saw that texts of it did not arrive, and let it be."""


class AutomationPaused(OfConversation):
    """Nothing answers there by itself any more."""


class AutomationResumed(OfConversation):
    """Rules may answer there again."""


class ActivityWritten(_OfMessage):
    """A line that is no text came into a conversation; about this message."""


class UserNotified(Event):
    """That user was told of something: in this conversation, or without one of an account."""


class NotificationsRead(Event):
    """That user has read some of what they were told."""


class ProgramsNotified(_OfMessage):
    """A rule wants the programs to know of this text."""


class ConversationSettled(OfConversation):
    """Whether it needs a reply changed, by a person's word or an answer."""


class ConversationStarred(OfConversation):
    """A star was set or taken away."""


class ConversationRead(Event):
    """A user read it, or left it unread: that user's own marker moved."""


class DraftChanged(Event):
    """What a user has begun to write there begins otherwise now; nobody else hears of it."""


class ContactChanged(OfConversation):
    """A contact's name or notes changed; sent once for each conversation of theirs."""


class ContactBlocked(OfConversation):
    """Its contact disturbs nobody any more; sent once for each conversation of theirs."""


class ContactUnblocked(OfConversation):
    """Its contact is listened to again; sent once for each conversation of theirs."""


class ConsentChanged(OfConversation):
    """The contact said STOP or START: the composer shows or hides."""


class RefusalNoticed(OfConversation):
    """A text seems to ask us to stop in other words than STOP; the banner shows."""


class RefusalDismissed(OfConversation):
    """It did not mean that, somebody says; the banner hides."""


class UserChanged(Event):
    """Role, grants or activity of a user changed: what they may see is asked again."""


class SignedOut(Event):
    """A sign-in of that user ended."""


class NumberChanged(Event):
    """A number was added or renamed."""


class HandoverChanged(OfConversation):
    """Its hand-over card was written or taken down."""


class SendingPaused(Event):
    """Nothing leaves from that number any more, without one from any."""


class SendingResumed(Event):
    """Texts may leave from that number again, without one from all others."""


class AccountPaused(Event):
    """Sending through an account stopped, or goes on again."""


class CallbackSwitchedOff(Event):
    """A program's endpoint failed for so long that we post nothing to it any more."""


class WebhookQuarantined(Event):
    """Something genuine came in that we could not use."""
