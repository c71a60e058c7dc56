"""Files come from a carrier's own hosts, by https, from public addresses, and from nowhere else."""

import socket
import time

import httpcore
import httpx
import pytest

from smsinbox.dialects import DIALECTS
from smsinbox.dialects.media import (
    Anywhere,
    MediaGone,
    MediaLater,
    MediaRefused,
    Place,
    Source,
    opened,
)
from tests.files import PNG, a_carrier

TELNYX = Source((".telnyx.com", "media.example.net"), "https://api.example.org")


@pytest.fixture
def carrier():
    with a_carrier() as one:
        yield one


def source(carrier) -> Source:
    return Source((".telnyx.com",), carrier.url)


def download(url: str, from_where: Place, deadline: float = 5) -> bytes:
    with opened(url, from_where, deadline) as parts:
        return b"".join(parts)


@pytest.mark.parametrize(
    "url",
    [
        "https://media.telnyx.com/a",
        "https://MEDIA.TELNYX.COM/a",
        "https://a.b.telnyx.com:443/a",
        "https://media.example.net/a?x=1",
        "https://api.example.org/a",
    ],
)
def test_a_carriers_own_host_is_allowed(url):
    TELNYX.check(httpx.URL(url))


@pytest.mark.parametrize(
    "url",
    [
        "http://media.telnyx.com/a",
        "https://media.telnyx.com:8443/a",
        "https://media.telnyx.com.evil.org/a",
        "https://eviltelnyx.com/a",
        "https://telnyx.com/a",
        "https://a.media.example.net/a",
        "https://evil.org/#media.telnyx.com",
        "https://evil.org\\@media.telnyx.com/",
        "https://media.telnyx.com@evil.org/",
        "https://user:password@media.telnyx.com/a",
        "https://media.telnyx.com./a",
        "https://127.0.0.1/a",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://0177.0.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://localhost/a",
        "https://xn--telnyx-1234.com/a",
        "https://telnyx\N{FULLWIDTH FULL STOP}com/a",
        "ftp://media.telnyx.com/a",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "gopher://media.telnyx.com/a",
        "//media.telnyx.com/a",
        "media.telnyx.com/a",
        "",
    ],
)
def test_anything_else_is_refused_before_anybody_is_asked(url):
    with pytest.raises(MediaRefused):
        download(url, TELNYX)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"],
)
def test_a_host_of_the_carriers_that_leads_inside_is_refused(monkeypatch, address):
    resolve(monkeypatch, [address])
    with pytest.raises(MediaRefused, match="not public"):
        download("https://media.telnyx.com/a", TELNYX)


def test_one_inner_address_among_public_ones_is_refused(monkeypatch):
    resolve(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    with pytest.raises(MediaRefused):
        download("https://media.telnyx.com/a", TELNYX)


def test_the_address_that_was_checked_is_the_one_we_connect_to(monkeypatch):
    resolve(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    connected = []

    def connect(_self, host, *_):
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(MediaLater):
        download("https://media.telnyx.com/a", TELNYX)
    assert connected == ["93.184.216.34"]


def resolve(monkeypatch, *answers: list[str]) -> None:
    """A name server that gives these, one after the other."""
    left = list(answers)

    def look_up(*_args, **_named):
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 0)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def test_a_file_of_the_accounts_own_machine_comes(carrier):
    assert download(carrier.at("/a"), source(carrier)) == PNG


def test_no_key_goes_along_and_no_compression_is_asked_for(carrier):
    download(carrier.at("/a"), source(carrier))
    [(_, headers)] = carrier.asked
    assert headers["Accept-Encoding"] == "identity"
    assert not {"authorization", "cookie"} & {name.lower() for name in headers}


def test_another_port_of_this_machine_is_refused(carrier):
    with a_carrier() as other, pytest.raises(MediaRefused):
        download(other.at("/a"), source(carrier))
    assert other.asked == []


def test_this_machine_is_refused_to_an_account_that_is_elsewhere(carrier):
    with pytest.raises(MediaRefused):
        download(carrier.at("/a"), TELNYX)
    assert carrier.asked == []


def test_a_private_network_is_refused_even_to_an_account_that_is_there(monkeypatch):
    resolve(monkeypatch, ["10.0.0.5"])
    with pytest.raises(MediaRefused):
        download("https://sms.intranet/a", Source((), "https://sms.intranet"))


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_any_more_is_gone(carrier, status):
    with pytest.raises(MediaGone):
        download(carrier.at("/a", status=status), source(carrier))


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 204])
def test_any_other_answer_may_be_better_later(carrier, status):
    with pytest.raises(MediaLater, match=str(status)):
        download(carrier.at("/a", status=status), source(carrier))


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:1/a", "http://localhost/", "https://evil.org/", "file:///etc/passwd"],
)
def test_a_redirect_to_elsewhere_is_refused(carrier, target):
    url = carrier.at("/a", status=302, headers={"Location": target})
    with pytest.raises(MediaRefused):
        download(url, source(carrier))


def test_a_redirect_within_the_carrier_is_followed(carrier):
    carrier.at("/b")
    url = carrier.at("/a", status=302, headers={"Location": "/b"})
    assert download(url, source(carrier)) == PNG


def test_redirects_without_end_are_refused(carrier):
    url = carrier.at("/a", status=302, headers={"Location": "/a"})
    with pytest.raises(MediaRefused):
        download(url, source(carrier))
    assert len(carrier.asked) == 3


def test_a_dripping_carrier_has_one_deadline_for_everything(carrier):
    url = carrier.at("/a", body=b"x", pause=0.05, parts=200)
    began = time.monotonic()
    with pytest.raises(MediaLater):
        download(url, source(carrier), deadline=0.5)
    assert time.monotonic() - began < 2


def test_a_compressed_file_is_not_unpacked(carrier):
    url = carrier.at("/a", body=b"\x1f\x8b bomb", headers={"Content-Encoding": "gzip"})
    assert download(url, source(carrier)) == b"\x1f\x8b bomb"


def test_a_proxy_in_the_environment_is_not_asked(carrier, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert download(carrier.at("/a"), source(carrier)) == PNG


def test_nobody_there_is_for_later():
    closed = Source((), "http://127.0.0.1:9")
    with pytest.raises(MediaLater):
        download("http://127.0.0.1:9/a", closed)


def test_every_carrier_with_files_has_hosts_for_them():
    for dialect in DIALECTS.values():
        assert bool(dialect.media_hosts) == dialect.has_media
        assert (dialect.field("media_hosts") is not None) == dialect.has_media


@pytest.mark.parametrize(
    "url",
    [
        "ftp://files.example.com/a",
        "https://me:secret@files.example.com/a",
        "https://localhost./a",
        "https://127.0.0.1/a",
        "https://[::]/a",
        "https://[64:ff9b::7f00:1]/a",
        "https://0x7f000001/a",
        "https://2130706433/a",
        "https://100.64.0.1/a",
        "//files.example.com/a",
        "",
    ],
)
def test_a_program_cannot_name_what_is_not_of_the_public_internet(url):
    with pytest.raises(MediaRefused):
        download(url, Anywhere())


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"])
def test_a_programs_host_that_leads_inside_is_refused(monkeypatch, address):
    resolve(monkeypatch, ["93.184.216.34", address])
    with pytest.raises(MediaRefused, match="not public"):
        download("http://files.example.com:8080/a", Anywhere())


def test_a_programs_file_may_lie_on_any_port_of_any_public_host(monkeypatch, carrier):
    url = carrier.at("/a.png").replace("127.0.0.1", "files.example.com")
    monkeypatch.setattr("smsinbox.dialects.media.addresses_of", lambda _host: ["127.0.0.1"])
    monkeypatch.setattr(Anywhere, "lets_in", lambda *_: True)
    assert download(url, Anywhere()) == PNG
