"""Nouns: the tables and what they decide. Models never commit, emit, render or call the network."""

from smsinbox.core.events import LogEntry
from smsinbox.models.account import Account
from smsinbox.models.activity import Activity, ActivityKind, GhostState
from smsinbox.models.api_key import ApiKey
from smsinbox.models.attachment import Attachment, AttachmentState
from smsinbox.models.attempt import Attempt
from smsinbox.models.attribute import Attribute, AttributeKind
from smsinbox.models.backup import Backup
from smsinbox.models.calendar import Calendar
from smsinbox.models.callback import Callback, CallbackPost, PostState
from smsinbox.models.consent_event import ConsentEvent, ConsentSource
from smsinbox.models.consent_word import AddedWord
from smsinbox.models.contact import Contact
from smsinbox.models.content_rule import ContentRule, Does
from smsinbox.models.conversation import Conversation, ConversationStatus
from smsinbox.models.daily_mail import DailyMail
from smsinbox.models.decision import Decision
from smsinbox.models.draft import Draft, Mode
from smsinbox.models.edition import Edition
from smsinbox.models.erasure import Erasure
from smsinbox.models.firing import Firing
from smsinbox.models.handover import Handover
from smsinbox.models.hearing import Hearing
from smsinbox.models.idempotency import Idempotency
from smsinbox.models.inbox import Inbox, Scope
from smsinbox.models.key_use import KeyUse
from smsinbox.models.lease import Lease
from smsinbox.models.merge import Merge
from smsinbox.models.message import Arming, Author, Delivery, Direction, Message, MessageState
from smsinbox.models.notification import Notification, NotificationKind
from smsinbox.models.number import Number
from smsinbox.models.opt_out import OptOut
from smsinbox.models.paired_number import PairedNumber
from smsinbox.models.preference import Channel, Level, Preference
from smsinbox.models.presence import Availability, Presence
from smsinbox.models.profile import Profile
from smsinbox.models.read_marker import ReadMarker
from smsinbox.models.reader import Reader
from smsinbox.models.receipt import Receipt
from smsinbox.models.rule import Rule
from smsinbox.models.saved_filter import ListOrder, SavedFilter
from smsinbox.models.saved_reply import SavedReply
from smsinbox.models.sign_in import SignIn
from smsinbox.models.strange_word import StrangeWord
from smsinbox.models.subscription import PushKey, Subscription
from smsinbox.models.tag import ContactTag, Tag
from smsinbox.models.transfer import Transfer, TransferKind, TransferState
from smsinbox.models.upload import Upload
from smsinbox.models.user import Grant, Role, User
from smsinbox.models.webhook import Webhook, WebhookState

__all__ = [
    "Account",
    "Activity",
    "ActivityKind",
    "AddedWord",
    "ApiKey",
    "Arming",
    "Attachment",
    "AttachmentState",
    "Attempt",
    "Attribute",
    "AttributeKind",
    "Author",
    "Availability",
    "Backup",
    "Calendar",
    "Callback",
    "CallbackPost",
    "Channel",
    "ConsentEvent",
    "ConsentSource",
    "Contact",
    "ContactTag",
    "ContentRule",
    "Conversation",
    "ConversationStatus",
    "DailyMail",
    "Decision",
    "Delivery",
    "Direction",
    "Does",
    "Draft",
    "Edition",
    "Erasure",
    "Firing",
    "GhostState",
    "Grant",
    "Handover",
    "Hearing",
    "Idempotency",
    "Inbox",
    "KeyUse",
    "Lease",
    "Level",
    "ListOrder",
    "LogEntry",
    "Merge",
    "Message",
    "MessageState",
    "Mode",
    "Notification",
    "NotificationKind",
    "Number",
    "OptOut",
    "PairedNumber",
    "PostState",
    "Preference",
    "Presence",
    "Profile",
    "PushKey",
    "ReadMarker",
    "Reader",
    "Receipt",
    "Role",
    "Rule",
    "SavedFilter",
    "SavedReply",
    "Scope",
    "SignIn",
    "StrangeWord",
    "Subscription",
    "Tag",
    "Transfer",
    "TransferKind",
    "TransferState",
    "Upload",
    "User",
    "Webhook",
    "WebhookState",
]
