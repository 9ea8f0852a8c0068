"""What every page owes to the browser: forms that cannot be forged, reading that changes nothing, the way out."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.guards.access import named_urls
from tests.guards.people import arguments
from tests.panel.deploy_checks import PRODUCTION

PEOPLE = ["owner", "support_session", "administrator"]
# Nobody's session is asked there: gateways and servers sign what they send, a mail program has a token.
WITHOUT_TOKEN = {"billing:notify", "services:used", "services:webhook", "accounts:unsubscribe"}
# What reading a page may write: the session, the history of looks and downloads, what was read, attempts, the
# empty balance of a customer who never had one, and how often an article is opened.
WRITTEN_BY_READING = {
    "accounts_usersession",
    "accounts_event",
    "accounts_limitcounter",
    "tickets_readmark",
    "billing_wallet",
    "panel_articleday",
}
# One question, with the way back to a page that has the way out; and what visitors will see, beside its own page.
WITHOUT_WAY_OUT = {"accounts:password_again", "billing:product_preview"}
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
TOO_LARGE = [2**31, 2**63, 10**30]


def forged(browser, address):
    """The status that a form from elsewhere gets in this person's browser."""
    attacker = Client(enforce_csrf_checks=True)
    attacker.cookies = browser.cookies
    return attacker.post(address).status_code


def taken(browsers, world, undo):
    """(person, name) of every address that takes a form without its token."""
    found = set()
    for name in named_urls().keys() - WITHOUT_TOKEN:
        for person in PEOPLE:
            with undo():
                if forged(browsers[person], reverse(name, args=arguments(name, world))) not in (403, 404, 405):
                    found.add((person, name))
    return found


@pytest.mark.usefixtures("short_refusals")
def test_no_form_from_elsewhere_is_taken(browsers, world, undo):
    assert taken(browsers, world, undo) == set()


@pytest.mark.usefixtures("short_refusals")
def test_without_the_token_forms_from_elsewhere_are_taken(browsers, world, undo, monkeypatch):
    monkeypatch.setattr("django.middleware.csrf.CsrfViewMiddleware.process_view", lambda *args: None)
    assert ("owner", "accounts:end_other_sessions") in taken(browsers, world, undo)


def written(browser, address):
    """Tables that a GET writes to."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        whole(browser.get(address))
    return {match[1] for query in queries if (match := WRITES.match(query["sql"]))}


def test_reading_changes_nothing(browsers, world, undo):
    changed = {}
    for name in named_urls():
        for person in ["nobody", *PEOPLE]:
            with undo():
                tables = written(browsers[person], reverse(name, args=arguments(name, world)))
            if tables - WRITTEN_BY_READING:
                changed[person, name] = tables
    assert changed == {}


def test_a_page_that_changes_something_is_noticed(browsers, world, undo, monkeypatch, customer):
    def obeys(request):
        customer.contacts.all().delete()
        return HttpResponse("done")

    monkeypatch.setattr(named_urls()["accounts:terms"], "callback", obeys)
    with undo():
        assert "accounts_contact" in written(browsers["owner"], reverse("accounts:terms"))


def test_every_page_has_the_way_out(browsers, world, undo):
    without, seen = set(), 0
    for name, pattern in named_urls().items():
        if not getattr(pattern.callback, "login_required", True):
            continue  # strangers see it, too
        for person in PEOPLE:
            with undo():
                response = browsers[person].get(reverse(name, args=arguments(name, world)))
                page = whole(response)
            if response.status_code == 200 and b"</html>" in page:
                seen += 1
                if b'action="/sign-out/"' not in page:
                    without.add(name)
    assert without == WITHOUT_WAY_OUT, sorted(without)
    assert seen > 50


def whole(response):
    """What an answer says, read to its end."""
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.usefixtures("short_refusals")
def test_numbers_too_large_are_not_found(browsers, world, undo):
    tried = 0
    for name in named_urls():
        values = arguments(name, world)
        if not any(isinstance(value, int) for value in values):
            continue
        for number in TOO_LARGE:
            address = reverse(name, args=[number if isinstance(value, int) else value for value in values])
            for person in ("owner", "support_session"):
                with undo():
                    assert browsers[person].get(address).status_code in (403, 404, 405), address
                    # A server without its signature hears nothing of what there is.
                    refused = {400} if name in WITHOUT_TOKEN else {302, 403, 404, 405}
                    assert browsers[person].post(address).status_code in refused | {403, 404, 405}, address
            tried += 1
    assert tried > 20


def test_signing_out_clears_what_the_browser_kept(client_of, owner):
    assert client_of(owner).post("/sign-out/")["Clear-Site-Data"] == '"cache"'


PRINT_COOKIES = """
import django; django.setup()
from django.conf import settings
from accounts import signin, trust
from accounts.views import invitations
from panel.help import voting
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME,
      trust.COOKIE, signin.KNOWN_BROWSER_COOKIE, invitations.COOKIE, voting.COOKIE)
print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.LANGUAGE_COOKIE_SECURE,
      settings.SESSION_COOKIE_HTTPONLY, settings.CSRF_COOKIE_HTTPONLY)
print(settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE, settings.LANGUAGE_COOKIE_SAMESITE)
print(settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN, settings.LANGUAGE_COOKIE_DOMAIN)
"""


def test_in_production_cookies_are_tied_to_the_host():
    answer = subprocess.run(
        [sys.executable, "-c", PRINT_COOKIES],
        cwd=settings.BASE_DIR,
        env=PRODUCTION | {"PATH": "", "DJANGO_SETTINGS_MODULE": "panel.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names, flags, sites, domains = answer.stdout.splitlines()
    assert all(name.startswith("__Host-") for name in names.split())
    assert set(flags.split()) == {"True"}
    assert set(sites.split()) == {"Lax"}
    assert set(domains.split()) == {"None"}


def cookie_calls(source):
    """The keywords of every set_cookie call of a module."""
    for call in re.finditer(r"set_cookie\((.*?)\n?\s*\)\n", source, re.DOTALL):
        yield set(re.findall(r"(\w+)=", call[1]))


def test_every_cookie_of_ours_says_who_may_have_it():
    calls = [
        keywords
        for app in ("accounts", "billing", "panel", "services", "tickets")
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        for keywords in cookie_calls(path.read_text("utf-8"))
    ]
    assert len(calls) >= 5
    assert all({"secure", "httponly", "samesite"} <= keywords for keywords in calls)


@pytest.mark.parametrize("call", ['r.set_cookie("a", "b")\n', 'r.set_cookie(\n    "a", "b", secure=True\n)\n'])
def test_a_planted_cookie_is_noticed(call):
    assert [{"secure", "httponly", "samesite"} <= keywords for keywords in cookie_calls(call)] == [False]
