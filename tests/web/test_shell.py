"""An installed app asks for its worker, its manifest and a page for when we are away."""

import json
import re

import pytest

from smsinbox.web import shell
from tests import build
from tests.bench.weight import code_of
from tests.vendor import STATIC


def at(address: str):
    """The file that an address of the shell stands for."""
    return STATIC / address.split("/", 3)[3]


def test_the_worker_names_its_version_and_files_that_are_there(client):
    worker = client.get("/sw.js")
    assert worker.mimetype == "text/javascript"
    files = json.loads(re.findall(r"const FILES = (\[.*?\]);", worker.text)[0])
    found = {at(file).relative_to(STATIC).as_posix() for file in files}
    assert {"js/live.js", "css/tokens.css", "vendor/htmx.min.js"} <= found
    assert all(at(file).is_file() for file in files)


def test_a_file_of_this_version_is_asked_for_once_and_one_of_another_each_time(app, client):
    with app.test_request_context():
        here = shell.shell()
    for path, wanted in ((here, "immutable"), ("/shell/older", "no-")):
        with client.get(f"{path}/css/tokens.css") as answer:
            assert wanted in answer.headers["Cache-Control"]
            assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("name", ["../app.py", "..%2f..%2fetc/passwd", "css", "nothing.css"])
def test_nothing_else_is_a_file_of_the_shell(client, name):
    assert client.get(f"/shell/x/{name}").status_code == 404


def test_pages_name_every_module_at_once_however_deep_it_is_imported(app, ben):
    page = build.signed_in(app, ben).get("/conversations").text
    named = set(
        re.findall(r'<script type="module"[^>]* src="(.+?)"|rel="modulepreload" href="(.+?)"', page)
    )
    files = {at("".join(either)) for either in named}
    assert all(file.is_file() for file in files)
    for script in [file for file in files if file.parent.name == "js"]:
        imported = re.findall(
            r'^import (?:[^"]* from )?"(\.[^"]+)"', script.read_text(), re.MULTILINE
        )
        assert {(script.parent / name).resolve() for name in imported} <= files


@pytest.mark.parametrize("path", ["/conversations", "/search", "/notifications", "/contacts"])
def test_a_page_that_takes_the_place_of_another_comes_without_its_frame(app, ben, path):
    browser = build.signed_in(app, ben)
    with app.test_request_context():
        headers = {"HX-Request": "true", "HX-Target": "main#main", "X-Shell": shell.shell()}
    page = browser.get(path, headers=headers).text
    assert page.startswith("<title>")
    assert 'id="main"' in page
    assert "<html" not in page
    assert 'id="sidebar"' not in page


def test_a_page_of_an_older_version_is_opened_anew(app, ben):
    headers = {"HX-Request": "true", "HX-Target": "main#main", "X-Shell": "/shell/older"}
    answer = build.signed_in(app, ben).get("/conversations?view=open", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/conversations?view=open"


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


def test_our_own_scripts_stay_few():
    scripts = [*STATIC.glob("js/*.js"), *STATIC.glob("*.js")]
    assert 500 < sum(len(code_of(one)) for one in scripts) <= 900
