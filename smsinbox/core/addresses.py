"""Which network addresses are the open Internet's: a stranger's link must not lead us inside.

Python's `is_global` alone does not do: it is true for NAT64, 6to4 and multicast, which all can lead
to a machine of ours. So IPv6 must be plain global unicast, in which nothing else is wrapped.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_UNICAST = IPv6Network("2000::/3")
_WRAPPED = tuple(
    IPv6Network(net)
    for net in (
        "2001::/23",  # Teredo, ORCHID and other protocols' own
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
_SPECIAL = tuple(
    IPv4Network(net)
    for net in (
        "192.0.0.0/24",  # protocols' own
        "192.88.99.0/24",  # 6to4's relays
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the Internet; False for what is no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    match ip:
        case IPv4Address():
            special = ip.is_multicast or ip.is_reserved or any(ip in net for net in _SPECIAL)
            return ip.is_global and not special
        case IPv6Address():
            return ip in _UNICAST and ip.is_global and not any(ip in net for net in _WRAPPED)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this very machine's."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
