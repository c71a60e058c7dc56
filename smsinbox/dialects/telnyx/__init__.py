"""Telnyx, API v2: https://developers.telnyx.com. Bearer key, JSON, Ed25519-signed webhooks."""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import MEDIA_HOSTS, Dialect, Field
from smsinbox.dialects.telnyx import client, server, wire

DIALECT = Dialect(
    name="telnyx",
    label="Telnyx",
    base_url=wire.BASE_URL,
    client=client,
    server=server,
    media_hosts=(".telnyx.com",),  # by its examples: media.telnyx.com
    takes_encoding=True,
    texts_short_codes=True,
    fields=(
        Field("key", _l("API key"), _l("Begins with KEY.")),
        Field(
            "secret",
            _l("Public key"),
            _l("Telnyx shows it beside the API keys; it proves that a webhook is theirs."),
            pattern=r"[A-Za-z0-9+/]{43}=",
        ),
        Field(
            "messaging_profile_id",
            _l("Messaging profile"),
            _l("Its id; needed to send from a name or from a number pool."),
            required=False,
            pattern=r"[0-9A-Za-z-]{1,64}",
        ),
        MEDIA_HOSTS,
    ),
)
