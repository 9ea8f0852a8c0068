"""Trusted browsers: the password is enough, for 30 days and for nothing sensitive (M3)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import blocking, factors, recovery
from accounts.models import Event, OneTimeCode, TrustedBrowser, User
from tests.accounts.reading import code_in, link_in
from tests.cast import ENGLISH, PASSWORD

FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"}


def first_step(client, login="anna", password=PASSWORD):
    return client.post("/sign-in/", {"login": login, "password": password}, headers=FIREFOX)


def text(response):
    return " ".join(response.content.decode().split())


def sign_out(client):
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


@pytest.fixture
def browser(anonymous, owner, mailbox):
    """A browser that the owner trusts; nobody is signed in."""
    first_step(anonymous)
    assert "Trust this browser for 30 days" in text(anonymous.get("/sign-in/code/"))
    form = {"code": code_in(mailbox("anna@example.com")[-1]), "trust": "on"}
    assert anonymous.post("/sign-in/code/", form, headers=FIREFOX).status_code == 302
    sign_out(anonymous)
    return anonymous


def needs_second_step(client, **form):
    return first_step(client, **form)["Location"] == "/sign-in/code/"


def test_the_password_is_enough_there_and_the_mail_says_so(browser, owner, mailbox):
    codes = OneTimeCode.objects.count()
    assert first_step(browser)["Location"] == "/"
    assert browser.get("/").status_code == 200
    assert OneTimeCode.objects.count() == codes, "no code went out"
    assert "Second step: none, the browser is trusted" in mailbox("anna@example.com")[-1].body
    assert Event.objects.get(action="browser_trusted").details == {"browser": "Firefox 128, Windows"}


def test_a_wrong_password_is_not_enough(browser):
    assert "Wrong login or password." in text(first_step(browser, password="Wrong-1234!"))
    assert browser.get("/").status_code == 302


def test_whoever_did_not_ask_for_it_is_not_trusted(anonymous, owner, mailbox):
    first_step(anonymous)
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    sign_out(anonymous)
    assert needs_second_step(anonymous)


def test_elsewhere_and_for_others_the_second_step_stays(browser, owner, standard):
    assert needs_second_step(Client(headers=ENGLISH))
    assert needs_second_step(browser, login="stefan")


def test_two_people_may_trust_one_browser(browser, standard, mailbox):
    first_step(browser, login="stefan")
    browser.post("/sign-in/code/", {"code": code_in(mailbox("stefan@example.com")[-1]), "trust": "on"})
    for login in ("anna", "stefan"):
        sign_out(browser)
        assert first_step(browser, login=login)["Location"] == "/"


@pytest.mark.parametrize("forged", ["", "x", "tampered", "selector alone"])
def test_a_forged_cookie_is_worth_nothing(browser, forged):
    cookie = browser.cookies["trusted"].value
    selector = TrustedBrowser.objects.get().selector
    browser.cookies["trusted"] = {"tampered": cookie[:-2] + "xx", "selector alone": f'["{selector}"]'}.get(
        forged, forged
    )
    assert needs_second_step(browser)


def test_the_row_holds_no_cookie(browser):
    row = TrustedBrowser.objects.get()
    assert browser.cookies["trusted"].value not in str(row.__dict__)
    assert browser.cookies["trusted"]["httponly"] and browser.cookies["trusted"]["samesite"] == "Lax"


def test_it_ends_after_thirty_days(browser):
    with time_machine.travel(timezone.now() + timedelta(days=29, hours=23)):
        assert first_step(browser)["Location"] == "/"
        sign_out(browser)
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        assert needs_second_step(browser)


def test_the_database_alone_ends_it_too(browser):
    TrustedBrowser.objects.update(expires_at=timezone.now())
    assert needs_second_step(browser)


CHANGES = {
    "password": lambda owner: recovery.change_password(owner, PASSWORD, by=owner),
    "app": lambda owner: factors.add_app(owner, factors.new_seed(), 0, message_codes=True),
    "recovery codes": factors.new_recovery_codes,
    "block": lambda owner: blocking.block_user(owner, by=None) or blocking.unblock_user(owner, by=None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_the_door_ends_it(browser, owner, change):
    CHANGES[change](User.objects.get(pk=owner.pk))
    assert not TrustedBrowser.objects.exists()
    assert needs_second_step(browser)


def test_this_was_not_me_ends_it(browser, owner, mailbox):
    victim = Client(headers=ENGLISH)
    victim.get(link_in(mailbox("anna@example.com")[-1], "not-me"))
    victim.post("/not-me/")
    assert needs_second_step(browser)


def test_trust_that_outlived_a_change_would_let_a_thief_in(browser, owner, monkeypatch):
    monkeypatch.setattr(TrustedBrowser.objects.none().__class__, "delete", lambda rows: (0, {}))
    recovery.change_password(owner, PASSWORD, by=owner)
    assert first_step(browser)["Location"] == "/"


def test_a_blocked_person_reads_why(browser, owner):
    User.objects.filter(pk=owner.pk).update(blocked_at=timezone.now(), blocked_reason="Unpaid since May.")
    page = first_step(browser)
    assert page.status_code == 403 and "Unpaid since May." in text(page)
    assert browser.get("/").status_code == 302


class TestSensitiveActs:
    """A session opened by trust takes the second step before anything sensitive."""

    PAGES = [
        "/security/app/",
        "/security/passkeys/add/",
        "/security/recovery-codes/",
        "/security/password/",
        "/security/second-step/",
        "/authorization-code/",
        "/data/export/",
        "/data/login/",
        "/data/email/",
    ]

    @pytest.mark.parametrize("address", PAGES)
    def test_trust_is_not_enough(self, browser, owner, address, mailbox):
        first_step(browser)
        assert browser.get(address)["Location"].startswith("/password-again/")
        assert browser.post(address)["Location"].startswith("/password-again/")
        page = browser.get(address, follow=True)
        assert "You came in from a trusted browser." in text(page)
        form = {"current_password": PASSWORD, "next": address}
        assert browser.post("/password-again/", form)["Location"] == "/sign-in/code/"
        assert browser.get(address).status_code == 302, "the password alone changes nothing"
        form = {"code": code_in(mailbox("anna@example.com")[-1])}
        before = browser.session.session_key
        signed_in = Event.objects.filter(action="signed_in").count()
        assert "Trust this browser" not in text(browser.get("/sign-in/code/"))
        assert browser.post("/sign-in/code/", form)["Location"] == address
        assert browser.session.session_key != before
        assert Event.objects.filter(action="signed_in").count() == signed_in, "it is the same session"
        assert browser.get(address).status_code == 200

    def test_with_trust_as_good_as_a_step_a_thief_would_get_there(self, browser, monkeypatch):
        monkeypatch.setattr("accounts.access.BY_TRUST", "no such way")
        first_step(browser)
        assert browser.get("/security/app/").status_code == 200

    def test_everyday_pages_open(self, browser):
        first_step(browser)
        for address in ("/", "/data/", "/security/", "/history/"):
            assert browser.get(address).status_code == 200


class TestStaff:
    def test_it_is_not_offered(self, anonymous, support, mailbox):
        first_step(anonymous, login="sylwia")
        assert "Trust this browser" not in text(anonymous.get("/sign-in/code/"))
        form = {"code": code_in(mailbox("sylwia@example.com")[-1]), "trust": "on"}
        anonymous.post("/sign-in/code/", form)
        assert "trusted" not in anonymous.cookies
        assert not TrustedBrowser.objects.exists()

    def test_who_becomes_staff_takes_both_steps(self, browser, owner):
        User.objects.filter(pk=owner.pk).update(is_support=True)
        assert needs_second_step(browser)


class TestList:
    def test_it_is_listed_and_forgotten(self, browser, owner):
        first_step(browser)
        page = text(browser.get("/security/"))
        assert "Trusted browsers" in page and page.count("Firefox 128, Windows") >= 2 and "127.0.0.1" in page
        row = TrustedBrowser.objects.get()
        browser.post(f"/security/browsers/{row.pk}/forget/")
        assert not TrustedBrowser.objects.exists()
        assert Event.objects.filter(action="browsers_forgotten").count() == 1
        sign_out(browser)
        assert needs_second_step(browser)

    def test_all_are_forgotten_at_once_but_only_ones_own(self, browser, client_of, owner, stranger):
        later = timezone.now() + timedelta(days=1)
        for person in (owner, stranger):
            TrustedBrowser.objects.create(user=person, expires_at=later)
        client_of(owner).post("/security/browsers/forget/")
        assert TrustedBrowser.objects.get().user == stranger

    def test_anothers_is_not_there(self, browser, client_of, stranger):
        row = TrustedBrowser.objects.get()
        assert client_of(stranger).post(f"/security/browsers/{row.pk}/forget/").status_code == 404
        assert TrustedBrowser.objects.exists()
