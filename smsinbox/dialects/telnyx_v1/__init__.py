"""Telnyx's legacy messaging API: one profile secret that sends texts and signs webhooks.

https://developers.telnyx.com/development/migration/messaging-migration-guide
"""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import MEDIA_HOSTS, Dialect, Field
from smsinbox.dialects.telnyx_v1 import client, server, wire

DIALECT = Dialect(
    name="telnyx_v1",
    label="Telnyx (legacy v1)",
    base_url=wire.BASE_URL,
    client=client,
    server=server,
    media_hosts=(".telnyx.com",),  # by its examples: media.telnyx.com
    fields=(
        Field(
            "secret",
            _l("Profile secret"),
            _l("The messaging profile's secret: it sends texts and proves webhooks."),
        ),
        Field(
            "check_sender_health",
            _l("Check the sender's health"),
            _l("With true, Telnyx refuses texts from numbers that many recipients did not get."),
            required=False,
            choices=("", "true"),
            advanced=True,
        ),
        MEDIA_HOSTS,
    ),
)
