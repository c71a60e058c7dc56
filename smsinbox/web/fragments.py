"""Fragments: one piece of HTML with one template, whoever asks: a page, an htmx answer, a socket.

`fragment("messages/message", message=m)` renders `templates/messages/_message.html`. A fragment
has one root with an id and depends on nothing but its arguments: never on the viewer.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask import current_app
from jinja2 import Environment, Template
from markupsafe import Markup

from smsinbox.models.message import Message
from smsinbox.queries.days import Days


def fragment(name: str, **arguments: Any) -> Markup:
    """The HTML of a fragment, safe to put into a page."""
    return Markup(_template(current_app.jinja_env, name).render(arguments))


def partial(target: str, swap: str, html: str) -> Markup:
    """HTML for one place of a page; a page without that place passes it over. What is no Markup is
    escaped; `target` and `swap` are words of ours."""
    there = Markup(f'<hx-partial hx-target="{target}" hx-swap="{swap}">')
    return there + html + Markup("</hx-partial>")


def upsert(target: str, html: str, order: str = "") -> Markup:
    """HTML for a list of a page: each part takes the place of what has its id, else goes where its
    `data-key` puts it, by `order` "asc" or "desc". Escapes as `partial` does."""
    sort = f' sort="{order}"' if order else ""
    there = Markup(f'<hx-upsert hx-target="{target}" key="data-key"{sort}>')
    return there + html + Markup("</hx-upsert>")


def bubbles(messages: Iterable[Message], days: Days) -> Markup:
    """Texts for a thread that is open somewhere, under the days that they begin."""
    parts = []
    for one in messages:
        if one.id in days.lines:
            parts.append(fragment("messages/day", line=days.lines[one.id]))
        parts.append(fragment("messages/message", message=one, joined=one.id in days.joined))
    return Markup().join(parts)


@lru_cache(maxsize=256)
def _template(environment: Environment, name: str) -> Template:
    folder, _, leaf = name.rpartition("/")
    return environment.get_template(f"{folder}/_{leaf}.html")
