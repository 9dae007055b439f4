"""Which internet addresses may be fetched from: only those that belong to the public internet.

The ranges are written out here. The flags of Python's ``ipaddress`` are never asked: they differ between
versions and call several of these ranges public.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

# Sources: the IANA special-purpose registries for IPv4 and IPv6; the clouds' pages on metadata addresses.
_FORBIDDEN: Final = {
    "0.0.0.0/8": "this very machine",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "a carrier's inner network",  # holds one cloud's metadata, 100.100.100.200
    "127.0.0.0/8": "this very machine",
    "168.63.129.16/32": "a cloud's inner service",  # Azure
    "169.254.0.0/16": "a local link",  # holds the clouds' metadata, 169.254.169.254
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "a protocol's own range",  # holds one cloud's metadata, 192.0.0.192
    "192.0.2.0/24": "a range for examples",
    "192.31.196.0/24": "a protocol's own range",  # AS112
    "192.52.193.0/24": "a protocol's own range",  # AMT relays
    "192.88.99.0/24": "a tunnel",  # 6to4 relays
    "192.168.0.0/16": "a private network",
    "192.175.48.0/24": "a protocol's own range",  # AS112
    "198.18.0.0/15": "a range for measurements",
    "198.51.100.0/24": "a range for examples",
    "203.0.113.0/24": "a range for examples",
    "224.0.0.0/4": "a multicast group",
    "240.0.0.0/4": "a reserved range",  # and 255.255.255.255
    "::/128": "this very machine",
    "::1/128": "this very machine",
    "::/96": "a disguised IPv4 address",
    "::ffff:0:0/96": "a disguised IPv4 address",  # mapped
    "::ffff:0:0:0/96": "a disguised IPv4 address",  # translated
    "64:ff9b:1::/48": "a local translator",  # where in it the IPv4 address stands differs by network
    "100::/64": "a range that discards",
    "100:0:0:1::/64": "a range for measurements",
    "2001::/23": "a protocol's own range",  # holds Teredo, benchmarking, ORCHID
    "2001:db8::/32": "a range for examples",
    "2002::/16": "a tunnel",  # 6to4
    "2620:4f:8000::/48": "a protocol's own range",  # AS112
    "3ffe::/16": "a range given back",  # 6bone
    "3fff::/20": "a range for examples",
    "5f00::/16": "a protocol's own range",  # SRv6
    "fc00::/7": "a private network",
    "fe80::/10": "a local link",
    "fec0::/10": "a private network",  # site-local, as it was once called
    "ff00::/8": "a multicast group",
    "::/3": "a range that is not public",  # public IPv6 is 2000::/3, and these three are all the rest
    "4000::/2": "a range that is not public",
    "8000::/1": "a range that is not public",
}
_V4: Final = tuple(
    (net, why)
    for net, why in ((ip_network(c), w) for c, w in _FORBIDDEN.items())
    if isinstance(net, IPv4Network)
)
_V6: Final = tuple(
    (net, why)
    for net, why in ((ip_network(c), w) for c, w in _FORBIDDEN.items())
    if isinstance(net, IPv6Network)
)
_NAT64: Final = IPv6Network(
    "64:ff9b::/96"
)  # the well-known prefix: its last 32 bits are the address that is reached


def forbidden(address: str) -> str | None:
    """Return what makes an address off limits, such as "a private network"; None when it is public.

    Args:
        address: An IPv4 or IPv6 address in numbers, as a resolver returns it.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return "no address at all"
    return _judge_v4(found) if isinstance(found, IPv4Address) else _judge_v6(found)


def _judge_v4(address: IPv4Address) -> str | None:
    return next((why for network, why in _V4 if address in network), None)


def _judge_v6(address: IPv6Address) -> str | None:
    if address.scope_id is not None:
        return "a local link"
    if address in _NAT64:
        return _judge_v4(IPv4Address(int(address) & 0xFFFF_FFFF))
    return next((why for network, why in _V6 if address in network), None)
