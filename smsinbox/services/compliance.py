"""The look at a program's text before it may wait to leave: what it says, and how long it is."""

from collections.abc import Sequence

from smsinbox.core.segments import Encoding, Measure
from smsinbox.dialects.base import Asked
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.models.content_rule import Content, ContentRule

# Ours: Telnyx does not say how many parts it recommends, only that ten are the most.
RECOMMENDED_PARTS = 6


class Scan:
    """Holds texts against the rules of content, which are read once for a batch."""

    def __init__(self, rules: Sequence[ContentRule]) -> None:
        self._needles = [rule.needle for rule in rules]

    def check(self, asked: Asked, measured: Measure) -> None:
        """Raise Refusal unless the text may leave."""
        if asked.refuse_many_parts and measured.parts > RECOMMENDED_PARTS:
            words = f"The text has {measured.parts} parts; at most {RECOMMENDED_PARTS} are advised."
            raise Refusal(Reason.TOO_MANY_PARTS, words, field="text")
        if asked.encoding == "gsm7" and measured.encoding is Encoding.UCS_2:
            words = "The text has characters that GSM-7 does not have."
            raise Refusal(Reason.BAD_REQUEST, words, field="text")
        for said in (asked.text.body, asked.text.subject, asked.auto_reply):
            self.look(said)

    def look(self, said: str) -> None:
        """Raise Refusal if these words may not leave."""
        content = Content(said) if said and self._needles else None
        hit = content and next((one for one in self._needles if one.is_in(content)), None)
        if hit:
            found = f"what “{hit.words}” finds" if hit.is_pattern else f"“{hit.words}”"
            words = f"The text has {found} in it, which this inbox does not send."
            raise Refusal(Reason.CONTENT, words)
