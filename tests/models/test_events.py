"""An event takes its ids from what it happened to."""

from smsinbox.models.events import ConversationClosed, MessageChanged, MessageIds


def test_an_event_of_a_text_carries_all_its_ids():
    happened = MessageChanged.of(MessageIds(1, 2, 3))
    assert happened == MessageChanged(message_id=1, conversation_id=2, number_id=3)


def test_an_event_of_a_conversation_names_no_text():
    happened = ConversationClosed.of(MessageIds(1, 2, 3))
    assert happened == ConversationClosed(conversation_id=1, number_id=3)
