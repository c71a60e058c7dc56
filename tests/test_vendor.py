"""What we ship of other projects is what its record says, and the pages ask for nothing else."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.vendor import ICONS, RECORD, SPRITE, STATIC, SVG, VENDOR, sha256

TEMPLATES = STATIC.parent / "templates"
PACKAGES = json.loads(RECORD.read_text())
FILES = [file for package in PACKAGES for file in package["files"]]


@pytest.mark.parametrize("record", FILES, ids=[file["file"] for file in FILES])
def test_a_file_is_byte_for_byte_what_was_recorded(record):
    assert sha256(STATIC / record["file"]) == record["sha256"]


def test_nothing_lies_in_the_vendor_folder_without_a_record():
    recorded = {STATIC / file["file"] for file in FILES} | {RECORD}
    assert set(VENDOR.iterdir()) <= recorded


@pytest.mark.parametrize("package", PACKAGES, ids=[package["package"] for package in PACKAGES])
def test_every_package_comes_with_its_version_and_its_licence(package):
    assert package["version"]
    assert package["licence"]
    assert any(file["file"].endswith(".LICENSE") for file in package["files"])


@pytest.mark.parametrize("script", sorted(VENDOR.glob("*.js")), ids=lambda script: script.name)
def test_a_script_points_at_no_source_map(script):
    assert b"sourceMappingURL" not in script.read_bytes()


def test_the_sprite_holds_each_icon_once():
    assert names_in(SPRITE) == sorted(ICONS)


def test_the_sprite_can_neither_run_nor_load_anything():
    assert not re.search(r"script|style|href|\bon\w+=", SPRITE.read_text().split("-->")[1])


def test_the_templates_use_no_icon_that_is_missing():
    pages = "".join(page.read_text() for page in TEMPLATES.rglob("*.html"))
    used = set(re.findall(r"\bicon\(\s*[\"']([a-z0-9-]+)[\"']", pages))
    used |= set(re.findall(r"icons\.svg[^#\s]*#([a-z0-9-]+)\"", pages))
    assert used <= set(ICONS)


def names_in(sprite: Path) -> list[str]:
    return [symbol.attrib["id"] for symbol in ElementTree.parse(sprite).iter(f"{SVG}symbol")]
