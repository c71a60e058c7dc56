"""What the admins' pages share: their frame, and forms that remember what was typed into them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from smsinbox.core.errors import Problem
from smsinbox.queries import callbacks, webhooks


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: stored or typed values and, when it was refused, why."""

    id: str
    values: Mapping[str, object] = field(default_factory=dict)
    problem: Problem | None = None

    def __getitem__(self, name: str) -> object:
        return self.values.get(name, "")

    def error(self, name: str) -> str:
        """Why this field cannot be used, or nothing."""
        at_fault = self.problem is not None and self.problem.field == name
        return self.problem.words if self.problem and at_fault else ""

    @property
    def trouble(self) -> str:
        """What no field of this form is to blame for, or nothing."""
        if self.problem is None or self.problem.field in self.values:
            return ""
        return self.problem.words

    def refused(self, problem: Problem) -> "Form":
        """The same form, with the reason."""
        return replace(self, problem=problem)

    def text(self, name: str) -> str:
        """One value as text."""
        return str(self[name])

    def integers(self, name: str) -> list[int]:
        """The values of checkboxes that are ids; what is no id is left out."""
        values = self[name]
        found = values if isinstance(values, list) else []
        return [number for number in map(whole, found) if number is not None]

    def decimal(self, name: str) -> float:
        """One value as a number; what is none is not a number, which services refuse."""
        try:
            return float(self.text(name).replace(",", "."))
        except ValueError:
            return float("nan")


def typed(form_id: str, *names: str, several: tuple[str, ...] = ()) -> Form:
    """The form as the request carries it; `several` names its groups of checkboxes."""
    values: dict[str, object] = {name: request.form.get(name, "") for name in names}
    values |= {name: request.form.getlist(name) for name in several}
    return Form(form_id, values)


def whole(text: object) -> int | None:
    """An id that somebody sent, or None when it is none; databases count no further than this."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= 18 else None


def page(template: str, current: str, form: Form | None = None, **context: object) -> Response:
    """A set-up page; 422 or 409 when it shows why its form was refused."""
    status = form.problem.status if form and form.problem else 200
    html = render_template(
        template,
        current=current,
        quarantined=webhooks.quarantined_count(),
        switched_off=callbacks.switched_off_count(),
        form=form or Form(""),
        **context,
    )
    return Response(html, status, mimetype="text/html")


def back(words: str, endpoint: str, **values: object) -> Response:
    """To the list again, with a sentence about what was done."""
    flash(str(words))  # what is looked up lazily cannot lie in a session
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[arg-type]
