"""The phones of the make-believe people: what is typed on them, and what they got; by JSON."""

import re
import uuid

from flask import Blueprint, Response, abort
from pydantic import BaseModel, ConfigDict, Field

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.sandbox.parts import Parts, as_dict, json_answer, parts, valid
from smsinbox.sandbox.store import Plan, Text

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

handsets = Blueprint("handsets", __name__)


class Typed(BaseModel):
    """A text as typed on a handset."""

    model_config = ConfigDict(strict=True, extra="forbid")

    to: str = Field(pattern=r"\A\+?[1-9][0-9]{2,14}\z")  # short codes too
    body: str = Field(min_length=1, max_length=1600)


@handsets.post("/handsets/<phone>/texts")
def send(phone: str) -> Response:
    check_phone(phone)
    return json_answer({"id": type_text(phone, valid(Typed), parts()).id}, 202)


@handsets.get("/handsets/<phone>/texts")
def texts(phone: str) -> Response:
    """Oldest first; direction "in" is a text that the handset got."""
    check_phone(phone)
    found = parts().store.texts(phone)
    return json_answer([as_dict(text) | {"direction": text.direction} for text in found])


def type_text(phone: str, typed: Typed, sandbox: Parts) -> Text:
    """Send a text from a handset; the account that owns the number called hears of it."""
    now = clock.now()
    text = Text(str(uuid.uuid4()), phone, "out", phone, typed.to, clean(typed.body), now)
    kind = _heard_by_the_carrier(text, sandbox) or "received"
    plan = Plan(kind, sandbox.accounts.owner(typed.to), now.timestamp())
    [number] = sandbox.store.add(text, [plan])
    sandbox.courier.bring([(plan.due, number)])
    return text


def _heard_by_the_carrier(text: Text, sandbox: Parts) -> str:
    """What a carrier that heeds STOP and START itself makes of the text."""
    word = consent_word(text.body)
    if not sandbox.knobs.show().blocks_stop or word not in (ConsentWord.STOP, ConsentWord.START):
        return ""
    pair = text.sender, text.recipient
    (sandbox.blocked.add if word is ConsentWord.STOP else sandbox.blocked.discard)(pair)
    return word.value


def is_phone(phone: str) -> bool:
    return _E164.fullmatch(phone) is not None


def check_phone(phone: str) -> None:
    if not is_phone(phone):
        abort(404, "A handset has a number in E.164 format.")
