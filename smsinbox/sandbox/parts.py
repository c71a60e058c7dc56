"""What the sandbox is made of, for its routes to find; and how they read and write JSON."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from flask import Response, abort, current_app, request
from pydantic import BaseModel, ValidationError

from smsinbox.core.files import Shelf
from smsinbox.sandbox.accounts import AccountBook
from smsinbox.sandbox.courier import Courier
from smsinbox.sandbox.faults import Knobs
from smsinbox.sandbox.store import Store, Text

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Parts:
    store: Store
    accounts: AccountBook
    courier: Courier
    knobs: Knobs
    shelf: Shelf
    blocked: set[tuple[str, str]] = field(default_factory=set)  # handset and number, after STOP

    def close(self) -> None:
        self.courier.stop()
        self.store.close()


def parts() -> Parts:
    """The parts of the sandbox that serves this request."""
    found = current_app.extensions["sandbox"]
    assert isinstance(found, Parts)
    return found


def json_answer(document: object, status: int = 200) -> Response:
    return Response(orjson.dumps(document), status, mimetype="application/json")


def require_json() -> None:
    """Refuse all that does not call itself JSON, which no form of another web site can."""
    if request.mimetype != "application/json":
        abort(json_answer({"errors": ["Send application/json."]}, 415))


def json_body() -> Any:
    require_json()
    try:
        return orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        abort(json_answer({"errors": ["The body is not JSON."]}, 400))


def valid(model: type[ModelT]) -> ModelT:
    """The request's JSON as this model; anything else is answered 400 with what is wrong."""
    document = json_body()
    try:
        return model.model_validate(document)
    except ValidationError as error:
        abort(json_answer({"errors": complaints(error)}, 400))


def complaints(error: ValidationError) -> list[str]:
    return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]


def as_dict(text: Text) -> dict[str, object]:
    document: dict[str, object] = {
        "id": text.id,
        "from": text.sender,
        "to": text.recipient,
        "body": text.body,
        "at": text.at,
    }
    if text.media:
        document["media"] = [{"url": file.url, "sha256": file.sha256} for file in text.media]
    return document
