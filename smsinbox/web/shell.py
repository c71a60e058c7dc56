"""The frame of the pages and its files: an installed app keeps them, and a page that takes the
place of another one goes without."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, send_from_directory

from smsinbox.web.access import public

pages = Blueprint("shell", __name__)

_KEPT = {".css", ".js", ".svg", ".png", ".webmanifest"}
_YEAR = 365 * 86400
_NOT_KEPT = {"sw.js", "sandbox"}  # and what is in it
_MAIN = "main#main"  # what htmx calls the place of a page


@pages.get("/shell/<version>/<path:name>")
@public
def file(version: str, name: str) -> Response:
    """A file of the shell, by an address that changes with it: browsers ask for each but once."""
    answer = send_from_directory(_folder(), name)
    if version == shell_version():
        answer.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return answer


@pages.get("/sw.js")
@public
def service_worker() -> Response:
    """The worker of this version: other files make other bytes, so browsers see an upgrade."""
    files = [f"{shell()}/{name}" for name in _files(_folder())]
    told = f"const VERSION = {json.dumps(shell_version())};\nconst FILES = {json.dumps(files)};\n"
    answer = Response(told + (_folder() / "sw.js").read_text(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/offline")
@public
def offline() -> str:
    """Kept by the worker and shown instead of any page; the same for everybody."""
    return render_template("errors/offline.html")


@pages.before_app_request
def renew() -> Response | None:
    """A page of another version than ours is opened anew, frame and scripts."""
    asked = request.headers
    if asked.get("HX-Target") != _MAIN or asked.get("X-Shell") == shell():
        return None
    return Response(status=204, headers={"HX-Redirect": request.full_path.rstrip("?")})


@pages.app_template_global()
def frame() -> str:
    """The template around a page: all of it, or none when it takes the place of another page."""
    return "bare.html" if request.headers.get("HX-Target") == _MAIN else "base.html"


@pages.app_template_global()
def shell() -> str:
    """Where the files that pages are made of stand, in this version."""
    return _address(current_app.static_folder or "")  # asked for with every icon


def shell_version() -> str:
    """Another one whenever a file changes."""
    return _version(_folder())


@pages.app_template_global()
def scripts() -> tuple[str, ...]:
    """Everything that pages do by themselves. Each module minds one thing, is safe on every page,
    and imports those that it needs."""
    return tuple(f"{shell()}/{name}" for name in _files(_folder()) if name.startswith("js/"))


@lru_cache(maxsize=2)
def _address(folder: str) -> str:
    return f"/shell/{_version(Path(folder))}"


def _folder() -> Path:
    return Path(current_app.static_folder or "")


@lru_cache(maxsize=2)
def _version(folder: Path) -> str:
    digest = hashlib.sha256((folder / "sw.js").read_bytes())
    for name in _files(folder):
        digest.update(name.encode() + (folder / name).read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=2)
def _files(folder: Path) -> tuple[str, ...]:
    kept = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix in _KEPT)
    return tuple(sorted(path.as_posix() for path in kept if path.parts[0] not in _NOT_KEPT))
