"""What people and programs may write, for the properties of all dialects."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from smsinbox.dialects.base import Media

phones = st.integers(10**6, 10**15 - 1).map("+{}".format)
ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=40)
# Everything a string of ours can hold, lone surrogates and NUL included.
bodies = st.text(st.characters(exclude_categories=()), max_size=330)
secrets = st.text(min_size=1, max_size=60)
moments = st.integers(0, 4_000_000_000_000).map(
    lambda millis: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=millis)
)
urls = st.integers(0).map("https://m.test/{}.jpg".format)
files = st.builds(
    Media,
    urls,
    st.sampled_from(["", "image/png"]),
    st.none() | st.integers(0, 2**31 - 1),
    st.just("") | st.binary(min_size=32, max_size=32).map(bytes.hex),
)

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


def fields(names: Iterable[str], *likely: object) -> st.SearchStrategy[dict[str, Any]]:
    """A document with some of these names, each with anything or something likely."""
    values = json_values | st.sampled_from(likely)
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


def written(documents: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """As JSON, or nothing of the kind."""
    return st.binary() | documents.map(lambda document: json.dumps(document).encode())
