"""Trunx: https://trunx.ai/docs. One bearer key, JSON, RFC 7807 problems, HMAC-signed webhooks."""

from smsinbox.core.i18n import _l
from smsinbox.dialects.sides import Dialect, Field
from smsinbox.dialects.trunx import client, registering, server, wire

_HEADER = r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}"
_OURS = _l("Trunx does not publish this; leave it unless your account says otherwise.")

DIALECT = Dialect(
    name="trunx",
    label="Trunx",
    base_url=wire.BASE_URL,
    client=client,
    server=server,
    registrar=registering,
    has_media=False,  # not documented, either way
    fields=(
        Field("key", _l("API key"), _l("Begins with tk_live_ or tk_test_.")),
        Field(
            "secret",
            _l("Webhook secret"),
            _l("Begins with whsec_; shown once when a webhook is made."),
        ),
        Field(
            "signature_header",
            _l("Signature header"),
            _OURS,
            wire.SIGNATURE_HEADER,
            pattern=_HEADER,
            advanced=True,
        ),
        Field(
            "signature_prefix",
            _l("Signature prefix"),
            _l("What stands before the digest; sha256= is always allowed."),
            required=False,
            advanced=True,
        ),
        Field(
            "signature_encoding",
            _l("Signature encoding"),
            default="hex",
            choices=("hex", "base64"),
            advanced=True,
        ),
        Field(
            "timestamp_header",
            _l("Timestamp header"),
            _l("Only if the signature covers a timestamp."),
            required=False,
            pattern=_HEADER,
            advanced=True,
        ),
    ),
)
