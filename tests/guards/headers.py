"""The headers that keep browsers and caches in bounds stand on every answer, error pages included."""

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import ENGLISH, signed_in
from tests.guards.access import admin_addresses, named_urls
from tests.guards.people import arguments

PEOPLE = ["nobody", "owner", "support_session", "administrator"]
METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE"]
# The same for everybody; their address changes with the brand.
CACHED = {"/brand.css", "/brand/logo"}


def wrong_headers(response, address):
    """What is missing or too wide in the headers of one answer."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    policy = headers.get("content-security-policy", "")
    rules = {
        "a policy without frames": "frame-ancestors 'none'" in policy or policy == "sandbox",
        "a policy without inline code": "unsafe" not in policy,
        "a policy for plug-ins and base addresses": policy == "sandbox"
        or ("object-src 'none'" in policy and "base-uri 'none'" in policy),
        "no other origin may read it": "access-control-allow-origin" not in headers,
        # What people attach is handed out as it came; nobody knows its character set.
        "a character set with every text": not headers.get("content-type", "").startswith("text/")
        or "charset=" in headers["content-type"]
        or headers.get("content-disposition", "").startswith("attachment"),
        "nosniff": headers.get("x-content-type-options") == "nosniff",
        "a referrer for ourselves only": headers.get("referrer-policy") in ("same-origin", "no-referrer"),
        "an opener of its own": headers.get("cross-origin-opener-policy") == "same-origin",
        "no-store": "no-store" in headers.get("cache-control", "") or address in CACHED,
    }
    return {rule for rule, holds in rules.items() if not holds}


def ask(client, method, address):
    """One answer, read to its end."""
    response = client.generic(method, address)
    if response.streaming:
        list(response.streaming_content)
    return response


@pytest.fixture
def wrong(browsers, world, undo):
    """`wrong()` is every (person, method, address, rule) that is broken anywhere."""

    def wrong(people=PEOPLE, methods=METHODS):
        addresses = [reverse(name, args=arguments(name, world)) for name in named_urls()]
        found = set()
        for address in [*addresses, "/nowhere/", "/?q=%00"]:
            for person, method in product(people, methods):
                with undo():
                    response = ask(browsers[person], method, address)
                found |= {(person, method, address, rule) for rule in wrong_headers(response, address)}
        return found

    return wrong


def test_every_answer_has_them(wrong):
    assert wrong() == set()


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        ("panel.middleware.ResponseHeadersMiddleware", "no-store"),
        ("csp.middleware.CSPMiddleware", "a policy without frames"),
        ("django.middleware.security.SecurityMiddleware", "nosniff"),
    ],
)
def test_a_missing_layer_is_noticed(wrong, settings, layer, rule):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != layer]
    found = wrong(["nobody", "owner"], ["GET"])
    assert ("owner", "GET", "/data/", rule) in found
    assert ("nobody", "GET", "/nowhere/", rule) in found


def test_the_administration_has_them_too(administrator, world, undo):
    client = signed_in(administrator)
    for address in admin_addresses():
        with undo():
            assert wrong_headers(ask(client, "GET", address), address) == set(), address


def test_styles_and_scripts_have_them_but_may_be_kept(provider):
    for address in ("/static/css/tokens.css", "/static/js/theme.js"):
        answer = ask(Client(), "GET", address)
        assert answer.status_code == 200
        assert wrong_headers(answer, address) == {"no-store"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT"])
def test_methods_that_no_page_has_are_refused(provider, method):
    assert ask(Client(), method, "/sign-in/").status_code == 405


def test_error_pages_have_them(provider, settings, monkeypatch):
    def broken(request):
        raise RuntimeError("broken")

    forged = Client(headers=ENGLISH, enforce_csrf_checks=True).post("/sign-in/")
    assert (forged.status_code, wrong_headers(forged, "/sign-in/")) == (403, set())

    monkeypatch.setattr(named_urls()["accounts:terms"], "callback", broken)
    broken.login_required = False
    failed = Client(headers=ENGLISH, raise_request_exception=False).get("/terms/")
    assert (failed.status_code, wrong_headers(failed, "/terms/")) == (500, set())

    settings.ALLOWED_HOSTS = ["panel.example.com"]
    other = Client(headers=ENGLISH).get("/sign-in/", headers={"Host": "evil.example"})
    assert (other.status_code, wrong_headers(other, "/sign-in/")) == (400, set())


def test_https_is_asked_for_in_production(provider, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    assert "max-age=31536000" in Client().get("/sign-in/", secure=True)["Strict-Transport-Security"]
