from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest

from agents.tools.addresses import forbidden

# Written anew from the IANA registries and the vendors' pages, not taken from the module.
RANGES = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
::/128 ::1/128 ::/96 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b:1::/48 100::/64 2001::/32 2001:2::/48 2001:10::/28
2001:20::/28 2001:db8::/32 2002::/16 3ffe::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""
CLOSED = RANGES.split()
OPEN = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
]
OPEN += [
    "168.63.129.15",
    "168.63.129.17",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
]
OPEN += [
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700:4700::1111",
]
OPEN += ["2001:4860:4860::8888", "2a00:1450:4001:80e::200e", "2003::1", "2001:200::1", "64:ff9b::8.8.8.8"]


@pytest.mark.parametrize("network", CLOSED)
def test_both_ends_of_every_closed_range_are_forbidden(network: str):
    found = ip_network(network)

    assert forbidden(str(found[0])) is not None
    assert forbidden(str(found[-1])) is not None


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_beside_closed_ranges_are_open(address: str):
    assert forbidden(address) is None


@pytest.mark.parametrize("inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "168.63.129.16"])
def test_a_translated_address_is_judged_by_the_one_inside(inner: str):
    assert forbidden(str(IPv6Address(int(IPv6Address("64:ff9b::")) + int(IPv4Address(inner))))) is not None


@pytest.mark.parametrize(
    "address", ["", "localhost", "127.1", "0x7f000001", "2130706433", "fe80::1%eth0", "2606::1%eth0"]
)
def test_what_is_no_plain_address_is_forbidden(address: str):
    assert forbidden(address) is not None


def test_nothing_outside_global_unicast_is_open_in_ipv6():
    apart = 1 << 112  # one address of each /16
    opened = {a >> 112 for a in range(0, 1 << 128, apart) if forbidden(str(IPv6Address(a + 1))) is None}

    assert all(0x2000 <= prefix <= 0x3FFF for prefix in opened)
    assert len(opened) > 8_000
