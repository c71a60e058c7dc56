"""Which network addresses are the open Internet's: a stranger's link must not lead us inside."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

# Python's `is_global` says yes to these, though each can lead to a machine that is not public.
_DENIED = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",  # relays from IPv6
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b::/96",  # an IPv4 address inside: NAT64
        "64:ff9b:1::/48",
        "2001::/23",  # Teredo and its kin
        "2002::/16",  # 6to4
        "fec0::/10",
        "ff00::/8",
    )
)


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's on the Internet; False for what is no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast and not _is_denied(found)


def is_loopback(address: str) -> bool:
    """Whether an IP address is this very machine's."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return found.is_loopback


def _is_denied(address: IPv4Address | IPv6Address) -> bool:
    return any(address in network for network in _DENIED if network.version == address.version)
