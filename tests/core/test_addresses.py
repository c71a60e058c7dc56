"""Only addresses of the open Internet are public, in whatever dress an inner one comes."""

import pytest

from smsinbox.core.addresses import is_public

INNER = """
127.0.0.1 127.255.255.254 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254
100.64.0.1 100.127.255.255 192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2001::1 2001:db8::1
2002:7f00:1:: 2002:a00:1:: fc00::1 fd00::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1
localhost 2130706433 0x7f000001 017700000001 127.1 example.com
""".split()


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111"])
def test_an_address_of_the_internet_is_public(address):
    assert is_public(address)
