"""The search page: what is found while one types."""

from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from smsinbox.queries.search.finding import search
from smsinbox.queries.search.reading import LONGEST, read
from smsinbox.web.access import viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("search", __name__)


@pages.get("/search")
def page() -> str:
    """The box, and what `q` finds."""
    return render_template(
        "search/page.html", q=_asked(), longest=LONGEST, results=_results(_asked())
    )


@pages.get("/search/results")
def results() -> ResponseReturnValue:
    """What `q` finds, for a page that is there; with `before`, only what follows."""
    if before := request.args.get("before"):
        found = search(viewer(), read(_asked()), before)
        return fragment("search/hits", found=found, q=_asked())
    answer = make_response(_results(_asked()))
    answer.headers["HX-Replace-Url"] = f"/search?{urlencode({'q': _asked()})}"
    return answer


def _results(q: str) -> Markup:
    return fragment("search/results", found=search(viewer(), read(q)), q=q)


def _asked() -> str:
    return request.args.get("q", "").replace("\0", " ").strip()[:LONGEST]
