"""The phones of the make-believe people: what is typed on them, and what they got; by JSON."""

import re
import uuid

from flask import Blueprint, Response, abort, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from smsinbox.core import clock
from smsinbox.core.text import clean
from smsinbox.core.words import ConsentWord, consent_word
from smsinbox.dialects import DIALECTS
from smsinbox.dialects.base import Media
from smsinbox.sandbox.accounts import WebUrl
from smsinbox.sandbox.parts import Parts, as_dict, complaints, json_answer, parts, valid
from smsinbox.sandbox.pictures import LARGEST_FORM, MOST, kept_uploads
from smsinbox.sandbox.store import Plan, Text

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")

handsets = Blueprint("handsets", __name__)


class Link(BaseModel):
    """Where a file is that somebody else serves."""

    model_config = ConfigDict(strict=True, extra="forbid")

    url: str = WebUrl


class Typed(BaseModel):
    """A text as typed on a handset."""

    model_config = ConfigDict(strict=True, extra="forbid")

    to: str = Field(pattern=r"\A\+?[1-9][0-9]{2,14}\z")  # short codes too
    body: str = Field(default="", max_length=1600)
    media: list[Link] = Field(default=[], max_length=MOST)

    def files(self) -> tuple[Media, ...]:
        return tuple(Media(link.url) for link in self.media)


class Unsendable(Exception):
    """Why a text cannot leave its handset, in words for whoever typed it."""


@handsets.post("/handsets/<phone>/texts")
def send(phone: str) -> Response:
    """A text as JSON, its files by address; or as a form with files."""
    check_phone(phone)
    try:
        if request.mimetype == "multipart/form-data":
            text = type_form(phone)
        else:
            typed = valid(Typed)
            text = type_text(phone, typed, parts(), typed.files())
    except Unsendable as error:
        return json_answer({"errors": [str(error)]}, 422)
    except ValidationError as error:
        return json_answer({"errors": complaints(error)}, 400)
    return json_answer({"id": text.id}, 202)


@handsets.get("/handsets/<phone>/texts")
def texts(phone: str) -> Response:
    """Oldest first; direction "in" is a text that the handset got."""
    check_phone(phone)
    found = parts().store.texts(phone)
    return json_answer([as_dict(text) | {"direction": text.direction} for text in found])


def type_form(phone: str) -> Text:
    """The form that is being posted, as a text; raises ValidationError and Unsendable."""
    request.max_content_length = LARGEST_FORM
    form = {name: request.form.get(name, "") for name in ("to", "body")}
    typed = Typed.model_validate(form)
    return type_text(phone, typed, parts(), kept_uploads())


def type_text(phone: str, typed: Typed, sandbox: Parts, files: tuple[Media, ...] = ()) -> Text:
    """Send a text from a handset; the account that owns the number called hears of it.

    Raises Unsendable for files to a carrier that knows none, and for nothing at all.
    """
    if not (typed.body or files):
        raise Unsendable("Write something, or choose a picture.")
    account = sandbox.accounts.of(sandbox.accounts.owner(typed.to))
    if files and account and not DIALECTS[account.dialect].has_media:
        label = DIALECTS[account.dialect].label
        raise Unsendable(f"{label} carries words only. Send the picture to another number.")
    now, body = clock.now(), clean(typed.body)
    text = Text(str(uuid.uuid4()), phone, "out", phone, typed.to, body, now, media=files)
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
