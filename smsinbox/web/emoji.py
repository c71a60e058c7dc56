"""Emoji to choose from; asked for when somebody opens them."""

from itertools import groupby
from pathlib import Path

from flask import Blueprint, current_app, request
from markupsafe import Markup

from smsinbox.core.i18n import _
from smsinbox.queries import emoji
from smsinbox.web.fragments import fragment

pages = Blueprint("emoji", __name__)


@pages.get("/emoji")
def chosen() -> Markup:
    """All of them with a field to search; with `q`, those that fit alone."""
    file = Path(str(current_app.static_folder)) / "vendor" / "emoji.en.json"
    typed = request.args.get("q", "")[:40]
    if typed.strip():
        return fragment("emoji/grid", title=_("Found"), emoji=emoji.found(file, typed))
    groups = groupby(emoji.every(file), key=lambda one: one.group)
    grids = [
        fragment("emoji/grid", title=emoji.GROUPS[group], emoji=list(some))
        for group, some in groups
    ]
    whole = Markup().join(grids)
    return whole if "q" in request.args else fragment("emoji/picker", grids=whole)
