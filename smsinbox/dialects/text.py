"""Making the words of strangers safe to store: nothing is dropped that a person could have read."""

import re

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """The text without what databases refuse: lone surrogates become U+FFFD, NUL becomes U+2400."""
    return _LONE_SURROGATE.sub("\ufffd", text).replace("\0", "\u2400")
