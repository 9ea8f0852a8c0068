"""Where a request comes from: the address behind trusted proxies, and the browser in a few words."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network

from django.conf import settings

BROWSERS = [
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS|Chromium)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari"),
]
SYSTEMS = [
    ("Android", r"Android"),
    ("iOS", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh"),
    ("Linux", r"Linux|X11"),
]


@dataclass(frozen=True)
class Origin:
    """Address and browser of the person whose request this is; empty in the worker."""

    ip: str | None = None
    browser: str = ""


NOWHERE = Origin()
current = ContextVar("origin", default=NOWHERE)


def of(request):
    """The origin of a request."""
    return Origin(client_ip(request), browser_name(request.headers.get("User-Agent", "")))


def browser_name(user_agent):
    """A short name such as "Firefox 128, Windows"; "" when nothing is known."""
    user_agent = user_agent[:500]
    browser = next((f"{name} {m[1]}" for name, pattern in BROWSERS if (m := re.search(pattern, user_agent))), "")
    system = next((name for name, pattern in SYSTEMS if re.search(pattern, user_agent)), "")
    return ", ".join(part for part in (browser, system) if part)


@cache
def trusted_networks():
    return [ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES]


def client_ip(request):
    """The nearest address that is not one of our proxies; forwarded ones are believed only from those."""
    chain = [request.META.get("REMOTE_ADDR", "")]
    if trusted_networks():
        chain += reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(","))
    best = None
    for text in chain:
        try:
            best = plain(ip_address(text.strip()))
        except ValueError:
            break
        if not any(best in network for network in trusted_networks()):
            break
    return str(best) if best else None


def plain(address):
    """An IPv4 address as itself, also where a socket for both families shows it as ::ffff:192.0.2.1."""
    return getattr(address, "ipv4_mapped", None) or address


def limit_key(ip):
    """What attempts are counted by: an IPv4 address, or the /64 of an IPv6 one."""
    if not ip:
        return "unknown"
    address = ip_address(ip)
    if address.version == 6:
        return str(ip_network(f"{address}/64", strict=False))
    return str(address)
