"""Copies what we ship of other projects out of their packages: `make vendor`.

Minified scripts are taken as they are; the icons become one sprite. What was taken, from which
version and under which licence, is written to `static/vendor/VENDOR.json` with its SHA-256, which
`test_vendor.py` checks.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

STATIC = Path(__file__).resolve().parent.parent / "static"
VENDOR = STATIC / "vendor"
RECORD = VENDOR / "VENDOR.json"
SPRITE = STATIC / "icons.svg"
AXE = STATIC.parent / "tests" / "axe" / "VENDOR.json"
SVG = "{http://www.w3.org/2000/svg}"

SCRIPTS = {
    "htmx.min.js": "dist/htmx.min.js",
    "hx-ws.min.js": "dist/ext/hx-ws.min.js",
    "hx-upsert.min.js": "dist/ext/hx-upsert.min.js",
    "hx-sse.min.js": "dist/ext/hx-sse.min.js",
}
EXPANDER = VENDOR / "text-expander-element.js"
EMOJI = VENDOR / "emoji.en.json"
LOOK = ("viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin")
NAVIGATION = {"combobox-nav.js": "dist/index.js"}
SORTABLE = {"sortable.min.js": "Sortable.min.js"}
ICONS = """
    alarm-clock archive archive-restore arrow-down arrow-left arrow-right arrow-up ban bell bot
    building-2 calendar check check-check chevron-down chevron-left chevron-right chevron-up
    chevrons-up-down circle-alert circle-check circle-help circle-x clock command copy
    corner-down-left download ellipsis ellipsis-vertical external-link eye file file-x filter
    globe grip-vertical hash history inbox info key keyboard link loader lock log-in log-out
    mail mail-open menu message-square message-square-plus minus monitor moon panel-left
    panel-right paperclip pause pencil phone pin play plus refresh-cw rotate-ccw save search
    send settings shield smartphone smile square-pen star sticky-note sun tag trash-2 triangle-alert
    undo-2 user user-check user-plus user-x users webhook wifi wifi-off x zap
""".split()


def vendor(
    htmx: Path,
    lucide: Path,
    expander: Path,
    emoji: Path,
    navigation: Path,
    sortable: Path,
    axe: Path,
) -> None:
    """Take everything anew from the unpacked packages."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    EXPANDER.write_bytes(without_map((expander / "dist/bundle.js").read_bytes()))
    (VENDOR / "text-expander.LICENSE").write_bytes((expander / "LICENSE").read_bytes())
    EMOJI.write_bytes((emoji / "en/cldr/data.json").read_bytes())
    (VENDOR / "emoji.LICENSE").write_bytes((emoji / "LICENSE").read_bytes())
    SPRITE.write_text(sprite(lucide / "icons", version(lucide)))
    AXE.write_text(json.dumps(axe_of(axe), indent=2) + "\n")
    record = [
        entry(htmx, "0BSD", scripts(htmx, "htmx", SCRIPTS)),
        entry(lucide, "ISC and MIT", [SPRITE, *scripts(lucide, "lucide", {})]),
        entry(navigation, "MIT", scripts(navigation, "combobox-nav", NAVIGATION)),
        entry(sortable, "MIT", scripts(sortable, "sortable", SORTABLE)),
        entry(expander, "MIT", [EXPANDER, VENDOR / "text-expander.LICENSE"]),
        entry(emoji, "Apache-2.0", [EMOJI, VENDOR / "emoji.LICENSE"]),
    ]
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def scripts(package: Path, name: str, files: dict[str, str]) -> list[Path]:
    """Copy scripts of a package and its licence; where they lie now."""
    for file, source in files.items():
        (VENDOR / file).write_bytes(without_map((package / source).read_bytes()))
    licence = VENDOR / f"{name}.LICENSE"
    licence.write_bytes((package / "LICENSE").read_bytes())
    return [*(VENDOR / file for file in files), licence]


def axe_of(package: Path) -> dict[str, Any]:
    """The checker of accessibility is for tests only, and stays as its package has it."""
    AXE.parent.mkdir(exist_ok=True)
    for name in ("axe.min.js", "LICENSE"):
        (AXE.parent / name).write_bytes((package / name).read_bytes())
    return {
        "package": "axe-core",
        "version": version(package),
        "licence": "MPL-2.0",
        "sha256": sha256(AXE.parent / "axe.min.js"),
    }


def entry(package: Path, licence: str, files: list[Path]) -> dict[str, Any]:
    about = json.loads((package / "package.json").read_text())
    return {
        "package": about["name"],
        "version": about["version"],
        "licence": licence,
        "files": [
            {"file": str(file.relative_to(STATIC)), "sha256": sha256(file)} for file in files
        ],
    }


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text())["version"])


def without_map(script: bytes) -> bytes:
    """A pointer to a source map that we do not ship would only be a 404 in every developer tool."""
    return re.sub(rb"\n?//# sourceMappingURL=.*\s*$", b"", script)


def sprite(icons: Path, release: str) -> str:
    """One SVG with a <symbol> per icon, in the text's colour; the page sets the stroke's width."""
    symbols = "\n".join(symbol(name, icons) for name in sorted(ICONS))
    licence = f"<!-- Lucide {release}, ISC licence: vendor/lucide.LICENSE -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{licence}\n{symbols}\n</svg>\n'


def symbol(name: str, icons: Path) -> str:
    drawing = ElementTree.parse(icons / f"{name}.svg").getroot()
    shapes = "".join(shape(child) for child in drawing)
    look = "".join(f' {key}="{drawing.attrib[key]}"' for key in LOOK)
    return f'<symbol id="{name}"{look}>{shapes}</symbol>'


def shape(element: ElementTree.Element) -> str:
    attributes = "".join(f' {key}="{value}"' for key, value in element.attrib.items())
    return f"<{element.tag.removeprefix(SVG)}{attributes}/>"


if __name__ == "__main__":
    vendor(*(Path(folder) for folder in sys.argv[1:8]))
