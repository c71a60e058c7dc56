"""Everything that can have happened, in the past tense. Events carry ids, never content."""

from smsinbox.core.events import Event


class MessageReceived(Event):
    """A text came in: conversation, message, number."""


class MessageQueued(Event):
    """A text was written and waits to leave: conversation, message, number."""


class MessageChanged(Event):
    """A text's state or delivery moved: conversation, message, number."""


class ConversationAssigned(Event):
    """It has another assignee, or none."""


class ConversationClosed(Event):
    """It was put away."""


class ConversationReopened(Event):
    """It was taken up again."""


class ConversationRead(Event):
    """Its unread count changed: somebody read it, or marked it unread."""


class ContactChanged(Event):
    """A contact's name or notes changed; sent once for each conversation of theirs."""


class ConsentChanged(Event):
    """The contact said STOP or START: the composer shows or hides."""


class UserChanged(Event):
    """Role, grants or activity of a user changed: what they may see is asked again."""


class SignedOut(Event):
    """A sign-in of that user ended."""


class NumberChanged(Event):
    """A number was added or renamed."""


class AccountPaused(Event):
    """Sending through an account stopped, or goes on again."""


class CallbackSwitchedOff(Event):
    """A program's endpoint failed for so long that we post nothing to it any more."""


class WebhookQuarantined(Event):
    """Something genuine came in that we could not use."""
