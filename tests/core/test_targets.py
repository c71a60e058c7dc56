"""Where strangers may send us, and every spelling of where they may not."""

import pytest

from smsinbox.core import targets
from smsinbox.core.addresses import is_public

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:800::200e"]
NOT_PUBLIC = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001::1",
    "2001:db8::1", "3fff::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1",
    "100::1", "4000::1", "5f00::1", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_whatever_may_be_our_own_network_is_not(address):
    assert not is_public(address)


def test_one_private_address_of_a_name_spoils_it():
    with pytest.raises(targets.NotPublic):
        targets.all_public(["8.8.8.8", "10.0.0.1"])
    assert targets.all_public(PUBLIC) == PUBLIC


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/webhooks?a=1",
        "http://example.com:8080",
        "https://xn--bcher-kva.example./x",
        "https://8.8.8.8/x",
        "https://[2606:4700:4700::1111]:8443/x",
    ],
)
def test_a_plain_address_may_be_called(url):
    assert targets.check(url, to_private=False).hostname


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd",
        "gopher://example.com", "javascript:alert(1)", "http://", "http://./", "http://:80/",
        "http://example.com:0/", "http://example.com:99999/", "http://example.com:x/",
        "http://user@example.com/", "http://user:pw@example.com/", "http://8.8.8.8@127.0.0.1/",
        "http://example.com\\@127.0.0.1/", "http://exa mple.com/", "http://example.com/\r\nX: y",
        "http://bücher.example/", "http://１２７.0.0.1/", "http://example.com/" + "a" * 2000,
        "http://localhost/", "http://LOCALHOST./", "http://api.localhost:8000/",
        "http://127.0.0.1/", "http://127.0.0.1./", "http://127.1/", "http://2130706433/",
        "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/",
        "http://127.0.0.01/", "http://0/", "http://0x/", "http://256.256.256.256/",
        "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/",
        "http://[127.0.0.1]/", "http://[::1/", "http://169.254.169.254/latest/meta-data",
    ],
)  # fmt: skip
def test_no_odd_spelling_gets_past(url):
    with pytest.raises(targets.BadTarget):
        targets.check(url, to_private=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/x", "http://[::1]/", "http://localhost/"])
def test_the_setting_lets_private_addresses_in(url):
    assert targets.check(url, to_private=True).scheme == "http"


@pytest.mark.parametrize("url", ["http://user@127.0.0.1/", "ftp://127.0.0.1/", "http://0x7f.1/"])
def test_with_the_setting_nonsense_stays_out(url):
    with pytest.raises(targets.BadTarget):
        targets.check(url, to_private=True)
