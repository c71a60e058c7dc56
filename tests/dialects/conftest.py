"""What the tests of dialects share: a certificate that nobody vouches for."""

import ssl
from pathlib import Path

import pytest

from tests import certificates


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    return certificates.self_signed(tmp_path / "carrier.pem")
