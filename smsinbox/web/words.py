"""The words that our own scripts say, for pages in another language than English.

Scripts mark them as templates do, `_("%(count)s new ↑", …)`; Babel finds them there.
"""

from functools import lru_cache
from pathlib import Path

from babel.messages.extract import extract_from_file
from flask import Flask, current_app

from smsinbox.core.i18n import language, speaking, unfilled


def init_app(app: Flask) -> None:
    """Hand them to every page."""
    app.jinja_env.globals["words_for_scripts"] = words_for_scripts


def words_for_scripts() -> dict[str, str]:
    """English → the page's language; nothing on English pages."""
    return {} if language() == "en" else _translated(language(), str(current_app.static_folder))


@lru_cache
def _translated(spoken: str, folder: str) -> dict[str, str]:
    with speaking(spoken):
        return {words: unfilled(words) for words in _marked(Path(folder) / "js")}


@lru_cache(maxsize=1)
def _marked(folder: Path) -> tuple[str, ...]:
    found: list[str] = []
    for file in sorted(folder.glob("*.js")):
        marked = extract_from_file("javascript", file, {"_": None})
        found.extend(words for _line, words, *_more in marked if isinstance(words, str))
    return tuple(found)
