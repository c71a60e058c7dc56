"""Times on pages: `{{ text.created_at|time("clock") }}` is a <time> as its reader writes it, with
all there is to say behind it. What passes meanwhile the page keeps up itself (static/js/times.js).
"""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from markupsafe import Markup

from smsinbox.core import times
from smsinbox.core.i18n import _, style

_WRITTEN: dict[str, Callable[[datetime], str]] = {
    "clock": times.hour,
    "moment": times.moment,
    "date": times.day,
    "exact": times.exact,
    "when": times.when,
    "ago": times.ago,
}


def init_app(app: Flask) -> None:
    """Hand them to every template."""
    app.jinja_env.filters.update(time=time, when=times.when, wall=times.wall)
    app.jinja_env.globals.update(day_line=times.day_line, passing=passing)


def time(instant: datetime, kind: str, classes: str = "") -> Markup:
    """The element; its `kind` is clock, moment, date, exact, when or ago."""
    words = _WRITTEN[kind](instant)
    looks = f' class="{classes}"' if classes else ""
    if kind in times.ages():
        looks += f' data-as="{kind}"'
    at, full = iso(instant), times.full(instant)
    # Nothing in here was written by anybody.
    return Markup(f'<time{looks} datetime="{at}" title="{full}">{words}</time>')


def iso(instant: datetime) -> str:
    """For `<time datetime>`: the page's scripts read it."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def passing() -> dict[str, object]:
    """What the page's script needs to keep up what passes: how long ago, and which day is today."""
    return {"zone": style().zone or "UTC", "days": [_("Today"), _("Yesterday")], **times.ages()}
