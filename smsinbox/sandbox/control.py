"""What tests and the product's first start turn and read: the account, the faults, the truth."""

from flask import Blueprint, Response
from pydantic import ValidationError

from smsinbox.sandbox.accounts import Account
from smsinbox.sandbox.parts import as_dict, complaints, json_answer, json_body, parts, valid

control = Blueprint("control", __name__)


@control.put("/account")
def set_account() -> Response:
    """The inbox's only account, as `sandbox.json` would set it."""
    parts().accounts.set_inbox([valid(Account)])
    return Response(status=204)


@control.get("/faults")
def show_faults() -> Response:
    return json_answer(parts().knobs.show().model_dump())


@control.put("/faults")
def change_faults() -> Response:
    """Merge these knobs into the ones that are set; an unknown or absurd one changes nothing."""
    changes = json_body()
    if not isinstance(changes, dict):
        return json_answer({"errors": ["Send an object."]}, 400)
    try:
        return json_answer(parts().knobs.merge(changes).model_dump())
    except ValidationError as error:
        return json_answer({"errors": complaints(error)}, 400)


@control.get("/log")
def show_log() -> Response:
    """Every text that was taken from a program, oldest first: what really was sent."""
    return json_answer([as_dict(text) for text in parts().store.sends()])
