"""Signing in as browsers do."""

import re

import httpx

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def sign_in(browser: httpx.Client, email: str, password: str) -> httpx.Response:
    """Fill in the form at the door."""
    token = csrf_of(browser.get("/sign-in"))
    form = {"csrf_token": token, "email": email, "password": password}
    return browser.post("/sign-in", data=form)


def csrf_of(page: httpx.Response) -> str:
    """The token of its forms."""
    found = _TOKEN.search(page.text)
    assert found
    return found[1]
