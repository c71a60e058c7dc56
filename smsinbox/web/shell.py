"""What an installed app needs: its service worker, and a page for when we cannot be reached."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template

from smsinbox.web.access import public

pages = Blueprint("shell", __name__)

_KEPT = {".css", ".js", ".svg", ".png", ".webmanifest"}
_NOT_KEPT = {"sw.js", "sandbox.css"}
_IMPORT = re.compile(r'^import (?:[^"]* from )?"(\.[^"]+)"', re.MULTILINE)


@pages.get("/sw.js")
@public
def service_worker() -> Response:
    """The worker of this version: other files make other bytes, so browsers see an upgrade."""
    folder = Path(current_app.static_folder or "")
    told = f"const VERSION = {json.dumps(shell_version())};\n"
    told += f"const FILES = {json.dumps([f'/static/{name}' for name in _files(folder)])};\n"
    answer = Response(told + (folder / "sw.js").read_text(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.get("/offline")
@public
def offline() -> str:
    """Kept by the worker and shown instead of any page; the same for everybody."""
    return render_template("errors/offline.html")


@pages.app_template_global()
def shell_version() -> str:
    """Names the files that pages are made of."""
    return _version(Path(current_app.static_folder or ""))


@pages.app_template_global()
def modules() -> tuple[str, ...]:
    """All that `app.js` imports, however deep: a page names it at once, as a browser would find one
    level only after the other."""
    return _imported(Path(current_app.static_folder or ""))


@pages.after_app_request
def _name_version(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["X-Shell"] = shell_version()
    return response


@lru_cache(maxsize=2)
def _version(folder: Path) -> str:
    digest = hashlib.sha256((folder / "sw.js").read_bytes())
    for name in _files(folder):
        digest.update(name.encode() + (folder / name).read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=2)
def _files(folder: Path) -> tuple[str, ...]:
    kept = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix in _KEPT)
    return tuple(sorted(path.as_posix() for path in kept if path.name not in _NOT_KEPT))


@lru_cache(maxsize=2)
def _imported(folder: Path) -> tuple[str, ...]:
    found: dict[Path, None] = {}  # in the order of their imports
    left = [folder.resolve() / "app.js"]
    while left:
        script = left.pop(0)
        named = [(script.parent / name).resolve() for name in _IMPORT.findall(script.read_text())]
        left += [module for module in named if module not in found]
        found |= dict.fromkeys(named)
    return tuple(f"/static/{module.relative_to(folder.resolve()).as_posix()}" for module in found)
