"""Where a request comes from: what limits count by, and what the history and the mail about a sign-in tell."""

import pytest
from django.test import RequestFactory

from accounts import origin


@pytest.fixture
def address(settings):
    """`address(peer, forwarded)` is the address of a request that `peer` hands over, behind two proxies of ours."""
    settings.TRUSTED_PROXIES = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"]
    origin.trusted_networks.cache_clear()

    def address(peer, forwarded=""):
        return origin.client_ip(RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded}))

    yield address
    origin.trusted_networks.cache_clear()


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:192.0.2.7", "198.51.100.1", "192.0.2.7"),
        ("", "198.51.100.1", None),
    ],
)
def test_only_our_proxies_are_believed(address, peer, forwarded, found):
    assert address(peer, forwarded) == found


def test_without_proxies_nobody_is(settings):
    settings.TRUSTED_PROXIES = []
    origin.trusted_networks.cache_clear()
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.1"})
    assert origin.client_ip(request) == "127.0.0.1"


@pytest.mark.parametrize(
    ("ip", "key"),
    [("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), (None, "unknown")],
)
def test_a_network_of_ipv6_counts_as_one(ip, key):
    assert origin.limit_key(ip) == key
