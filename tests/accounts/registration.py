"""Registering a new customer (M1)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Customer, Event, Membership, Provider, Terms, TermsAcceptance, User
from tests.accounts.reading import link_in
from tests.cast import ENGLISH, PASSWORD

FORM = {
    "email": "nina@example.com",
    "login": "Nina",
    "password": PASSWORD,
    "repeated": PASSWORD,
    "language": "en",
    "accepted": "on",
}


@pytest.fixture
def registered(anonymous, terms):
    anonymous.post("/register/", FORM)
    return User.objects.get(login="nina")


def test_registering_opens_the_account_by_the_mailed_link(anonymous, terms, mailbox):
    page = anonymous.post("/register/", FORM, follow=True)
    assert "nina@example.com" in page.content.decode()
    nina = User.objects.get(login="NINA")
    assert not nina.is_active
    assert nina.memberships.get().role == Membership.Role.OWNER

    page = anonymous.get(link_in(mailbox("nina@example.com")[-1]), follow=True)
    assert page.redirect_chain == [("/confirm/", 302)]
    assert "Open the account" in page.content.decode()
    nina.refresh_from_db()
    assert not nina.is_active, "opening the link uses nothing up"

    anonymous.post("/confirm/")
    nina.refresh_from_db()
    assert nina.is_active
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == ["registered", "confirmed"]


def test_the_accepted_version_is_kept(registered, terms):
    acceptance = TermsAcceptance.objects.get(user=registered)
    assert (acceptance.terms, acceptance.ip) == (terms, "127.0.0.1")


def test_after_a_mistake_the_focus_is_where_it_was_made(anonymous, terms):
    def focused(page):
        return re.findall(r'<input[^>]* name="(\w+)"[^>]* autofocus', page.content.decode())

    assert focused(anonymous.get("/register/")) == ["email"]
    wrong = FORM | {"repeated": "Something-else-1!"}
    assert focused(anonymous.post("/register/", wrong)) == ["password"], "both passwords are empty again"
    assert focused(anonymous.post("/register/", wrong | {"login": "?"})) == ["login"]


def test_who_typed_a_wrong_address_may_start_again(anonymous, terms):
    page = anonymous.post("/register/", FORM, follow=True).content.decode()
    assert "Is the address above wrong?" in page and "with another login" in page
    assert "our notifications come" not in page, "nobody here gets any yet"


def test_a_used_link_leads_to_signing_in(anonymous, terms, mailbox):
    anonymous.post("/register/", FORM)
    link = link_in(mailbox("nina@example.com")[-1])
    anonymous.get(link)
    anonymous.post("/confirm/")
    page = anonymous.get(link)
    assert page.status_code == 410 and "If your account is open already, sign in." in page.content.decode()


@pytest.mark.parametrize("missing", [Provider, Terms])
def test_before_the_panel_is_set_up_nobody_registers(anonymous, terms, provider, missing):
    missing.objects.all().delete()
    cache.clear()
    for page in (anonymous.get("/register/"), anonymous.post("/register/", FORM)):
        assert page.status_code == 200 and "Accounts cannot be opened here yet." in page.content.decode()
    assert not User.objects.exists() and not Customer.objects.exists()


def test_without_accepting_nothing_is_opened(anonymous, terms):
    page = anonymous.post("/register/", FORM | {"accepted": ""})
    assert "Without accepting the terms" in page.content.decode()
    assert "nina@example.com" in page.content.decode(), "what was typed is still there"
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("login", "ab", "at least 3"),
        ("login", "a b c", "at least 3"),
        ("login", "other@example.com", "your own e-mail"),
        ("email", "nobody", "valid email"),
        ("repeated", "Other-1234!", "differ"),
        ("password", "short1!", "at least 8"),
        ("password", "all-lower-1!", "upper-case"),
        ("password", "ALL-UPPER-1!", "lower-case"),
        ("password", "No-Digit-Here!", "a digit"),
        ("password", "NoSpecial1234", "special"),
        ("password", "P@ssw0rd", "too common"),
        ("password", "Aa1!" + "x" * 200, "at most 128"),
    ],
)
def test_what_is_refused(anonymous, terms, field, value, words):
    form = FORM | {field: value}
    if field == "password":
        form["repeated"] = value
    page = anonymous.post("/register/", form)
    assert words in page.content.decode()
    assert not User.objects.exists()


def test_a_password_like_ones_own_data_is_refused(anonymous, terms):
    page = anonymous.post(
        "/register/", FORM | {"login": "Zofia-Maj9", "password": "Zofia-Maj9", "repeated": "Zofia-Maj9"}
    )
    assert "too similar to the login" in page.content.decode()


def test_a_login_is_unique_without_regard_to_case(anonymous, registered):
    page = anonymous.post("/register/", FORM | {"login": "NINA"})
    assert "This login is taken." in page.content.decode()
    assert User.objects.count() == Customer.objects.count() == 1


def test_an_email_may_belong_to_several_logins(anonymous, registered):
    anonymous.post("/register/", FORM | {"login": "nina2"})
    assert User.objects.filter(email="nina@example.com").count() == 2


def test_ones_own_email_may_be_the_login(anonymous, terms):
    anonymous.post("/register/", FORM | {"login": "Nina@Example.com"})
    assert User.objects.get().login == "nina@example.com"


@pytest.mark.parametrize(("seconds", "works"), [(48 * 3600 - 1, True), (48 * 3600 + 1, False)])
def test_the_link_lives_48_hours(anonymous, registered, mailbox, seconds, works):
    link = link_in(mailbox("nina@example.com")[-1])
    with time_machine.travel(timezone.now() + timedelta(seconds=seconds), tick=False):
        page = anonymous.get(link, follow=True)
    assert ("Open the account" in page.content.decode()) == works
    assert page.status_code == (200 if works else 410)


def test_the_link_works_once(anonymous, registered, mailbox):
    link = link_in(mailbox("nina@example.com")[-1])
    anonymous.get(link)
    anonymous.post("/confirm/")
    assert anonymous.post("/confirm/").status_code == 410
    assert anonymous.get(link).status_code == 410


def test_a_changed_secret_opens_nothing(anonymous, registered, mailbox):
    link = link_in(mailbox("nina@example.com")[-1])
    last = "A" if link.rstrip("/")[-1] != "A" else "B"
    assert anonymous.get(link.rstrip("/")[:-1] + last + "/").status_code == 410
    assert anonymous.get(link.replace("/registration/", "/password/")).status_code == 410


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_ten_times_at_once_opens_one_account(provider, terms, together):
    pages = together(
        10, lambda number: Client(headers=ENGLISH).post("/register/", FORM | {"email": f"n{number}@x.pl"})
    )
    assert sorted(page.status_code for page in pages) == [200] * 9 + [302]
    assert all("This login is taken." in page.content.decode() for page in pages if page.status_code == 200)
    assert User.objects.count() == Customer.objects.count() == 1


def test_asking_which_logins_are_taken_ends_soon(anonymous, registered):
    for _number in range(59):
        page = anonymous.post("/register/", FORM | {"email": "no address"})
    assert "This login is taken." in page.content.decode()
    page = anonymous.post("/register/", FORM | {"email": "no address"}, follow=True)
    assert "Too many registrations from here" in page.content.decode()
    assert "This login is taken." not in page.content.decode()


def test_one_address_gets_three_mails_an_hour(anonymous, terms, mailbox):
    for number in range(5):
        page = anonymous.post("/register/", FORM | {"login": f"nina{number}"})
    assert "Too many registrations" in page.content.decode()
    assert len(mailbox("nina@example.com")) == 3
