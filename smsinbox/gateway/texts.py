"""Texts that a program sent before: looked at, and those that wait for their time taken back.

A program knows the texts that came with its own key; of any other it is told that it is not there.
"""

from flask import Response

from smsinbox.core.errors import NotFound
from smsinbox.dialects.errors import Reason, Refusal
from smsinbox.dialects.pingram import server as pingram
from smsinbox.dialects.telnyx import server as telnyx
from smsinbox.dialects.telnyx_v1 import server as telnyx_v1
from smsinbox.gateway.doors import Door, program
from smsinbox.gateway.refusals import respond
from smsinbox.gateway.sending import body_of
from smsinbox.models.message import Message
from smsinbox.queries import messages
from smsinbox.services import schedules
from smsinbox.services.taken import progress_of, taken_of

_MOST = 100  # texts that a program may ask for at once; Pingram names no limit


def add_to_telnyx(door: Door) -> None:
    """GET and DELETE of a message."""
    door.add("/v2/messages/<text_id>", GET=_show_message, DELETE=_cancel_message)


def add_to_telnyx_v1(door: Door) -> None:
    """GET of a record."""
    door.add("/messages/<text_id>", GET=_show_record)


def add_to_pingram(door: Door) -> None:
    """The status of several texts, and what is scheduled."""
    door.add("/logs/status/<text_ids>", GET=_show_statuses)
    door.add("/sender/scheduler/<text_id>", PUT=_change_schedule, DELETE=_delete_schedule)


def _show_message(text_id: str) -> Response:
    return respond(telnyx.show(progress_of(_sent(text_id))))


def _cancel_message(text_id: str) -> Response:
    canceled = schedules.cancel(_id(text_id), program().api_key_id)
    return respond(telnyx.canceled(taken_of(canceled)))


def _show_record(text_id: str) -> Response:
    return respond(telnyx_v1.show(progress_of(_sent(text_id))))


def _show_statuses(text_ids: str) -> Response:
    asked = text_ids.split(",")
    if len(asked) > _MOST:
        raise Refusal(Reason.BAD_REQUEST, f"Ask for at most {_MOST} trackingIds at once.")
    ids = [int(one) for one in asked if _is_id(one)]
    found = messages.sent_by(program().api_key_id, ids)
    return respond(pingram.show([progress_of(message) for message in found]))


def _change_schedule(text_id: str) -> Response:
    schedules.change(_id(text_id), program().api_key_id, pingram.change(body_of()))
    return respond(pingram.changed("Schedule updated"))


def _delete_schedule(text_id: str) -> Response:
    schedules.cancel(_id(text_id), program().api_key_id)
    return respond(pingram.changed("Schedule deleted"))


def _sent(text_id: str) -> Message:
    found = messages.sent_by(program().api_key_id, [_id(text_id)])
    if not found:
        raise NotFound("There is no text with this id.")
    return found[0]


def _id(text_id: str) -> int:
    if not _is_id(text_id):
        raise NotFound("There is no text with this id.")
    return int(text_id)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
