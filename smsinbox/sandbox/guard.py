"""Keeping other web sites out: the sandbox has no password, only this machine's trust."""

from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, request

_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'; object-src 'none'"
)
_HARMLESS = ("GET", "HEAD", "OPTIONS")


def install(app: Flask) -> None:
    app.before_request(_refuse_strangers)
    app.after_request(_add_headers)


def _refuse_strangers() -> None:
    # A name of somebody else's that leads to us would let their page read ours.
    if not _is_loopback(request.host):
        abort(421, "This sandbox answers to localhost only.")
    if request.method not in _HARMLESS and not _is_same_origin(request):
        abort(403, "Another web site may not do this.")


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in {"localhost", "127.0.0.1", "::1"} or name.endswith(".localhost")


def _is_same_origin(received: Request) -> bool:
    """Whether our own page sent this, or a program, which sends neither header."""
    if received.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}:
        return False
    origin = received.headers.get("Origin")
    return origin is None or origin == f"{received.scheme}://{received.host}"


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
