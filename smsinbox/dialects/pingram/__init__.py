"""Pingram, once NotificationAPI: https://www.pingram.io/docs. One bearer key, flat JSON, one
webhook secret for each endpoint, and Telnyx or Twilio behind it, whose codes shine through."""

from smsinbox.core.i18n import _l
from smsinbox.dialects.pingram import client, server, wire
from smsinbox.dialects.sides import MEDIA_HOSTS, Dialect, Field

_REGIONS = _l(
    "Begins with pingram_sk_ and is good in one region, which the address chooses: "
    "https://api.pingram.io (US), https://api.eu.pingram.io (Europe) or "
    "https://api.ca.pingram.io (Canada)."
)

DIALECT = Dialect(
    name="pingram",
    label="Pingram",
    base_url=wire.BASE_URL,
    client=client,
    server=server,
    media_field="mediaUrls",
    media_hosts=(
        ".pingram.io",
        ".telnyx.com",
        "api.twilio.com",
        ".twiliocdn.com",
    ),  # not documented
    fields=(
        Field("key", _l("API key"), _REGIONS),
        Field(
            "secret",
            _l("Webhook secret"),
            _l("Begins with pingram_whsecret_; every webhook endpoint has its own."),
        ),
        Field(
            wire.TYPE_SETTING,
            _l("Notification type"),
            _l("What Pingram files our texts under; it makes the type when it first sees it."),
            wire.DEFAULT_TYPE,
            pattern=r"[A-Za-z0-9_-]{1,60}",
            advanced=True,
        ),
        MEDIA_HOSTS,
    ),
)
