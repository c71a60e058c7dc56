"""Programs manage their webhooks as they would at the carrier: Trunx at /api/webhooks, Pingram at
/webhooks. A key sees and changes its own only; those of others are not there.

The carriers' own door, POST /webhooks/<dialect>/<token>, is one step longer than any path here.
"""

from types import ModuleType

import orjson
from flask import Response, request

from smsinbox.core.database import db
from smsinbox.core.errors import Forbidden
from smsinbox.dialects.managing import Endpoint, Posted, wanted
from smsinbox.dialects.pingram import managing as pingram
from smsinbox.dialects.trunx import managing as trunx
from smsinbox.gateway.doors import Door, program
from smsinbox.models.api_key import ApiKey
from smsinbox.models.callback import Callback, CallbackPost, PostState
from smsinbox.queries import callbacks as callbacks_query
from smsinbox.services import callback_endpoints

_LOG, _LONGEST_LOG = 20, 100  # lines
_SUCCEEDED = {PostState.DONE.value: True, PostState.GIVEN_UP.value: False}


def add_to_trunx(door: Door) -> None:
    """Trunx's addresses."""
    door.add("/api/webhooks", GET=trunx_list, POST=trunx_create)
    door.add("/api/webhooks/<name>", DELETE=trunx_delete)
    door.add("/api/webhooks/<name>/logs", GET=trunx_log)


def add_to_pingram(door: Door) -> None:
    """Pingram's addresses."""
    door.add("/webhooks", GET=pingram_list, POST=pingram_create)
    door.add("/webhooks/<endpoint_id>", PUT=pingram_update, DELETE=pingram_delete)


def trunx_list() -> Response:
    """A program's webhooks."""
    return _json(trunx.listed(_all("trunx")))


def trunx_create() -> Response:
    """A new one. 201 is what Trunx answers where it makes keys; here it names no status."""
    return _json(trunx.made(_created("trunx", trunx)), 201)


def trunx_delete(name: str) -> Response:
    """Trunx does not show an answer; ours is 204."""
    _delete("trunx", trunx.id_of(name))
    return Response(status=204)


def trunx_log(name: str) -> Response:
    """What was posted there, newest first."""
    callback = _mine("trunx", trunx.id_of(name))
    limit = request.args.get("limit", _LOG, type=int)
    page = callbacks_query.posts(callback.id, limit=min(max(limit, 1), _LONGEST_LOG))
    return _json(trunx.log([_posted(post) for post in page.items]))


def pingram_list() -> Response:
    """A program's webhooks with their secrets, as Pingram tells them."""
    return _json(pingram.listed(_all("pingram")))


def pingram_create() -> Response:
    """A new one."""
    return _json(pingram.shown(_created("pingram", pingram)))


def pingram_update(endpoint_id: str) -> Response:
    """Another address and other events; the secret stays."""
    key, callback = _program(), _mine("pingram", endpoint_id)
    url, events = wanted(request.get_data(cache=False), pingram.URL_FIELD)
    return _json(pingram.shown(_told(callback_endpoints.edit(callback.id, url, events, key))))


def pingram_delete(endpoint_id: str) -> Response:
    """It is gone."""
    _delete("pingram", endpoint_id)
    return Response(status=204)


def _program() -> ApiKey:
    key = db.session.get(ApiKey, program().api_key_id)
    if key is None:
        raise Forbidden("This key may not have webhooks.")
    return key


def _all(dialect: str) -> list[Endpoint]:
    return [_told(one) for one in callbacks_query.of_key(_program().id, dialect)]


def _created(dialect: str, wire: ModuleType) -> Endpoint:
    key = _program()
    url, events = wanted(request.get_data(cache=False), wire.URL_FIELD)
    callback, _ = callback_endpoints.create(key.id, dialect, url, events, key)
    return _told(callback)


def _mine(dialect: str, callback_id: str) -> Callback:
    return callbacks_query.of_program(callback_id, _program().id, dialect)


def _delete(dialect: str, callback_id: str) -> None:
    key, callback = _program(), _mine(dialect, callback_id)
    callback_endpoints.delete(callback.id, key)


def _told(callback: Callback) -> Endpoint:
    return Endpoint(
        callback.id,
        callback.url,
        callback.events,
        callback.active,
        callback.created_at,
        callback_endpoints.proof_of(callback),
    )


def _posted(post: CallbackPost) -> Posted:
    succeeded = _SUCCEEDED.get(post.state)
    return Posted(post.id, post.name, succeeded, post.attempts, post.last_status, post.created_at)


def _json(document: dict[str, object], status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, mimetype="application/json")
