"""An installed app asks for its worker, its manifest and a page for when we are away."""

import json
import re

import pytest

from smsinbox.web import shell
from tests import build
from tests.vendor import STATIC


def test_the_worker_names_its_version_and_files_that_are_there(client):
    worker = client.get("/sw.js")
    assert worker.mimetype == "text/javascript"
    files = json.loads(re.findall(r"const FILES = (\[.*?\]);", worker.text)[0])
    assert {"/static/app.js", "/static/css/tokens.css", "/static/vendor/htmx.min.js"} <= set(files)
    assert all((STATIC.parent / file[1:]).is_file() for file in files)


def test_pages_carry_the_version_of_the_worker(app, ben):
    version = re.findall(r'VERSION = "(\w+)"', app.test_client().get("/sw.js").text)[0]
    page = build.signed_in(app, ben).get("/conversations")
    assert page.headers["X-Shell"] == version


def test_pages_name_every_module_at_once_however_deep_it_is_imported(app, ben):
    page = build.signed_in(app, ben).get("/conversations").text
    named = {f"/static/{file}" for file in ("app.js", "js/live.js", "js/changes.js", "segments.js")}
    preloaded = re.findall(r'rel="modulepreload" href="(.+?)"', page)
    assert named <= {"/static/app.js", *preloaded}
    assert all((STATIC.parent / file[1:]).is_file() for file in preloaded)


def test_another_file_makes_another_version(tmp_path):
    (tmp_path / "sw.js").write_text("// worker")
    (tmp_path / "a.js").write_text("1")
    before = shell._version(tmp_path)
    (tmp_path / "a.js").write_text("2")
    shell._version.cache_clear()
    assert shell._version(tmp_path) != before


def test_the_offline_page_says_nothing_of_anybody(app, client, ben):
    assert client.get("/offline").text == build.signed_in(app, ben).get("/offline").text
    assert "No connection" in client.get("/offline").text


def test_the_manifest_names_icons_of_the_sizes_they_have(client):
    with client.get("/static/app.webmanifest") as answer:
        assert answer.mimetype == "application/manifest+json"
        icons = answer.get_json()["icons"]
    for icon in icons:
        picture = (STATIC.parent / icon["src"][1:]).read_bytes()
        if icon["type"] == "image/png":
            size = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
            assert icon["sizes"] == f"{size[0]}x{size[1]}"


@pytest.mark.parametrize("part", ["sidebar", "contact"])
def test_what_was_folded_stays_folded(app, ben, part):
    browser = build.signed_in(app, ben)
    assert f"data-folded-{part}" not in browser.get("/conversations").text
    browser.set_cookie(part, "1")
    assert f"data-folded-{part}" in browser.get("/conversations").text
