"""The token that a page gives a text before it is sent, so that a double click writes one."""

import re

from smsinbox.core.errors import Invalid


def checked_token(client_token: str | None) -> str | None:
    """The token, if it is one; raises Invalid."""
    if client_token is not None and not re.fullmatch(r"[\x21-\x7e]{1,64}", client_token):
        raise Invalid("A client token has 1 to 64 visible ASCII characters.", "client_token")
    return client_token
