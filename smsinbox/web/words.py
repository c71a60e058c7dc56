"""The words that our own scripts say, for pages in another language than English.

Scripts mark them as templates do, `_("New message from %(name)s", …)`; Babel finds them there.
"""

from functools import lru_cache
from pathlib import Path

from babel.messages.extract import extract_from_file
from flask import Flask, current_app

from smsinbox.core.i18n import language, speaking, unfilled

_MARKS = {"_": None, "_n": (1, 2)}


def init_app(app: Flask) -> None:
    """Hand them to every page."""
    app.jinja_env.globals["words_for_scripts"] = words_for_scripts


def words_for_scripts() -> dict[str, str]:
    """English → the page's language; nothing on English pages."""
    return {} if language() == "en" else _translated(language(), str(current_app.static_folder))


@lru_cache
def _translated(spoken: str, folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with speaking(spoken):
        for words in _marked(Path(folder) / "js"):
            if isinstance(words, str):
                found[words] = unfilled(words)
            else:
                one, many = words
                found |= {one: unfilled(one, many, 1), many: unfilled(one, many, 2)}
    return found


@lru_cache(maxsize=1)
def _marked(folder: Path) -> tuple[str | tuple[str, ...], ...]:
    found: list[str | tuple[str, ...]] = []
    for file in sorted(folder.glob("*.js")):
        marked = extract_from_file("javascript", file, _MARKS)
        found.extend(words for _line, words, *_more in marked)
    return tuple(found)
