"""Texts and the matches they must and must not fit: one table, for the evaluator and the page."""

from typing import Any, NamedTuple

Match = dict[str, Any]
EXACT: Match = {"type": "exact", "terms": ["HOURS"]}
FIRST: Match = {"type": "first_word", "terms": ["HOURS"]}
WORD: Match = {"type": "word", "terms": ["HOURS"]}
PHRASE: Match = {"type": "phrase", "terms": ["opening hours"]}
FOUR = (EXACT, FIRST, WORD, PHRASE)
KEYED = (EXACT, FIRST, WORD)


class Vector(NamedTuple):
    """A text and whether a rule with this match, and no other condition, answers it."""

    match: Match
    body: str
    fits: bool
    files: int = 0
    new: bool = False


def _row(body: str, fits: str) -> list[Vector]:
    """One row of the product's table: ✓ or - for exact, first word, word and phrase."""
    return [Vector(match, body, mark == "✓") for match, mark in zip(FOUR, fits, strict=True)]


def _of(kind: str, terms: str, fits: str, fits_not: str, **more: Any) -> list[Vector]:
    match = {"type": kind, "terms": terms.split("|"), **more}
    texts = [(body, True) for body in fits.split("|") if body]
    texts += [(body, False) for body in fits_not.split("|") if body]
    return [Vector(match, body, fit) for body, fit in texts]


def _each(term: str, body: str, fits: bool = True, **more: Any) -> list[Vector]:
    return [Vector({"type": one["type"], "terms": [term], **more}, body, fits) for one in KEYED]


# The table of the product's page about rules.
GIVEN = [
    *_row("hours", "✓✓✓-"),
    *_row("HOURS!!", "✓✓✓-"),
    *_row(" “Hours?” ", "✓✓✓-"),
    *_row("Hours please", "-✓✓-"),
    *_row("what are your hours", "--✓-"),
    *_row("Opening-hours?", "--✓✓"),
    *_row("hourss", "----"),
    *_each("HOURS", "hourss", typos=1),
    *_row("thours", "----"),
    *_row("hoursglass", "----"),
    *_row("HÓURS", "✓✓✓-"),
    *_row("𝗛𝗼𝘂𝗿𝘀", "✓✓✓-"),
    *_row("ho\u200burs", "✓✓✓-"),
    *_each("1", "١"),
    *_each("👍", "👍🏽"),
    *_row("Liked “hours”", "----"),
    Vector({"type": "no_text"}, "", True, files=1),
    *_row("thanks", "----"),
]

OURS = [
    # typos: one, in a word of five letters or more, never in its first letter
    *_of("exact", "hours", "huors|hour|hurs|hoors", "yours|thours|ours|houuurs|huros", typos=1),
    *_of("exact", "open", "open", "opens|opne|ope", typos=1),
    *_of("exact", "24680", "24680", "24681|2468", typos=1),
    *_of("exact", "opening hours", "openning hours|opening huors", "openning huors", typos=1),
    *_of("word", "parking", "any praking there?", "a park", typos=1),
    # words are whole, whatever stands around them
    *_of("word", "hi", "hi|oh, hi!|(hi)", "this|hip|s-hip|hi5"),
    *_of("first_word", "stop", "stop by at 5?|Stop, wait", "stopwatch|bus stop"),
    *_of("first_word", "call me", "call me maybe|CALL-ME!", "call|me call me"),
    *_of("phrase", "opening hours", "your opening  hours?|opening,hours", "hours opening|opening"),
    *_of("phrase", "new york", "in New\nYork", "new yorker|renew york"),
    *_of("exact", "e-mail", "e-mail|E mail|e_mail", "email"),
    *_of("exact", "don’t", "dont|DON'T|don´t", "don t"),
    # accents, width, scripts, digits
    *_of("exact", "café", "CAFE|cafe\u0301|ＣＡＦＥ", "cafes"),
    *_of("exact", "straße", "STRASSE|Straße", "strase"),
    *_of("word", "mañana", "¿abre manana?|¿ABRE MAÑANA?", "mananas"),
    *_of("exact", "часы", "ЧАСЫ!|часы?", "часы работы"),
    *_of("word", "ώρες", "ΏΡΕΣ|τι ώρες", "ώρεςς"),
    *_of("exact", "שלום", "שָׁלוֹם", "שלומ"),
    *_of("exact", "2", "２|②|२|2.", "22|2 2"),
    *_of("phrase", "营业时间", "你们的营业时间是什么?|营业时间", "营业|时间营业"),
    *_of("word", "เปิด", "ร้านเปิดกี่โมง", "ปิด"),
    *_of("exact", "हिन्दी", "हिन्दी!", "हिनदी"),
    # emoji are words
    *_of("word", "👍", "ok👍🏿|👍👍|👍\ufe0f", "👎|ok"),
    *_of("exact", "❤", "❤️|❤", "❤️‍🔥|💔"),
    *_of("exact", "👨‍👩‍👧", "👨🏽‍👩🏻‍👧", "👨|👨👩👧"),
    *_of("word", "🇫🇷", "vive 🇫🇷!|🇩🇪🇫🇷", "🇩🇪|🇷🇫"),
    # vetoes
    *_of("word", "hours", "hours?", "happy hours|Happy-Hours!", not_terms=["happy hours"]),
    Vector({"type": "any", "not_terms": ["test"]}, "this is a test", False),
    Vector({"type": "any", "not_terms": ["test"]}, "contest", True),
    # patterns look at the text as it came and as it is compared, blind to case
    *_of("regex", r"^order #?\d+$", "Order #12|ORDER 12!", "my order 12|order"),
    *_of("regex", r"\b(mon)day\b", "on Monday?", "mondays"),
    *_of("regex", "^año nuevo", "¡AÑO NUEVO!|Año nuevo", "el año nuevo"),
    # signatures of handsets are nobody's words
    *_of("exact", "hours", "Hours\n\nSent from my iPhone", "Hours\nSent from my mother's house"),
    # what has no words, and what somebody else's phone says
    Vector({"type": "any"}, "", True, files=1),
    Vector({"type": "any"}, "?!", True),
    Vector({"type": "any"}, "Loved “see you at 5”", False),
    Vector({"type": "any"}, "Laughed at an image", False),
    Vector({"type": "any"}, "👍 to “hours”", False),
    Vector({"type": "any"}, "Reacted 😂 to “hours”", False),
    Vector({"type": "any"}, "Removed a heart from “hours”", False),
    Vector({"type": "any"}, "Le gustó “hours”", False),
    Vector({"type": "any"}, "Loved it", True),
    Vector({"type": "any"}, "Welcome to “the club”", True),
    Vector({"type": "no_text"}, "", False),
    Vector({"type": "no_text"}, " \u200b\n", True, files=2),
    Vector({"type": "no_text"}, "look", False, files=1),
    Vector({"type": "first_contact"}, "hello", True, new=True),
    Vector({"type": "first_contact"}, "hello", False),
]

VECTORS = GIVEN + OURS

# Whole texts that are law, and texts that only sound like it: these a rule may answer.
CONSENT = [
    *((body, "stop") for body in ("Stop", "STOP.", "stop all", "Stop\n", "Opt-out!", "revoke")),
    *((body, "start") for body in ("START", "unstop")),
    *((body, "help") for body in ("Help?", "info")),
    *(
        (body, None)
        for body in ("please stop", "We have got to STOP this bill", "STOP 12345", "yes", "stopp")
    ),
]
