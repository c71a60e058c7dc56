"""What an admin sees beside an empty inbox: what is left to do until the first answer is out."""

from urllib.parse import urlsplit

from flask import Blueprint, request
from markupsafe import Markup

from smsinbox.core.addresses import is_loopback
from smsinbox.core.config import settings
from smsinbox.queries.first_steps import FirstSteps, first_steps
from smsinbox.web.access import administrators, viewer
from smsinbox.web.fragments import fragment

pages = Blueprint("first_steps", __name__)


@pages.get("/first-steps")
@administrators
def again() -> Markup:
    """The steps as they stand now; asked for as long as one is left."""
    found = first_steps()
    return _drawn(found) if found else Markup()


def left() -> Markup:
    """The steps, for an admin who has any left."""
    found = first_steps() if viewer().is_admin else None
    return Markup() if found is None or found.are_done else _drawn(found)


def _drawn(found: FirstSteps) -> Markup:
    return fragment("conversations/steps", found=found, handset=_handset())


def _handset() -> str:
    """Where the make-believe phones are, for a browser on their own machine."""
    host = urlsplit(request.host_url).hostname or ""
    is_here = host == "localhost" or is_loopback(host)
    return f"http://{host}:{settings().sandbox_port}" if settings().sandbox and is_here else ""
