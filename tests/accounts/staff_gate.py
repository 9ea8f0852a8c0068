"""Staff work only after an app or a passkey; until then one page opens (STAFF_STRONG_SECOND_STEP)."""

import re
import time
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import factors
from accounts.models import User
from tests.accounts.reading import code_in
from tests.cast import PASSWORD
from tests.guards.access import admin_addresses, named_urls

WORK = ["/", "/desk/", "/desk/caller/", "/admin/", "/admin/accounts/user/", "/security/", "/data/"]


def text(response):
    return " ".join(response.content.decode().split())


def come_in(client, login, mailbox):
    client.post("/sign-in/", {"login": login, "password": PASSWORD})
    client.post("/sign-in/code/", {"code": code_in(mailbox(f"{login}@example.com")[-1])})
    return client


@pytest.fixture
def newcomer(anonymous, administrator, mailbox):
    """An administrator after password and mailed code, without anything stronger."""
    User.objects.filter(pk=administrator.pk).update(is_support=True)
    return come_in(anonymous, "aleks", mailbox)


@pytest.mark.parametrize("address", WORK)
def test_nothing_opens_before_it_is_set_up(newcomer, address):
    assert newcomer.get(address)["Location"] == "/security/staff/"
    assert newcomer.post(address)["Location"] == "/security/staff/"


@pytest.mark.slow
def test_no_address_of_the_panel_is_forgotten(newcomer):
    """Whatever asks a stranger to sign in asks this person for a stronger step."""
    open_pages = {
        "accounts:strong_step",
        "accounts:app_add",
        "accounts:passkey_add",
        "accounts:password_again",
    }
    plain = {name: pattern for name, pattern in named_urls().items() if not pattern.pattern.regex.groups}
    for name, pattern in plain.items():
        if getattr(pattern.callback, "login_required", True) and name not in open_pages:
            assert newcomer.get(reverse(name)).get("Location") == "/security/staff/", name
    for address in admin_addresses():
        assert newcomer.get(address).get("Location") in ("/security/staff/", None) or address.startswith("/admin/log")
        assert newcomer.get(address).status_code != 200, address


def test_without_the_gate_everything_opens(newcomer, settings):
    settings.STAFF_STRONG_SECOND_STEP = False
    assert newcomer.get("/desk/").status_code == 200
    assert newcomer.get("/admin/").status_code == 200


def test_an_app_set_up_there_opens_the_rest(newcomer, administrator, mailbox):
    page = newcomer.get("/", follow=True)
    assert "A stronger second step" in text(page)
    page = newcomer.get("/security/app/")
    assert "Keep them as another way" not in text(page), "staff are not asked: codes by mail end"
    seed = re.search(r'id="seed">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")
    done = newcomer.post("/security/app/", {"code": pyotp.TOTP(seed).now()})
    assert done["Location"] == "/security/recovery-codes/"
    assert newcomer.get("/desk/").status_code == 200
    newcomer.post("/sign-out/")
    newcomer.post("/sign-in/", {"login": "aleks", "password": PASSWORD})
    assert "Code from the app" in text(newcomer.get("/sign-in/code/"))
    newcomer.post("/sign-in/way/", {"way": "mail"})
    assert "Code from the app" in text(newcomer.get("/sign-in/code/"))
    newcomer.post("/sign-in/code/", {"code": pyotp.TOTP(seed).at(int(time.time()) + 30)})
    assert newcomer.get("/admin/").status_code == 200


def test_setting_it_up_wants_the_password_again_after_a_while(newcomer):
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert newcomer.get("/security/app/")["Location"].startswith("/password-again/")
        form = {"current_password": PASSWORD, "next": "/security/app/"}
        assert newcomer.post("/password-again/", form)["Location"] == "/security/app/"
        assert newcomer.get("/security/app/").status_code == 200


def test_a_recovery_code_leads_to_setting_a_new_one_up(anonymous, support):
    factors.add_app(support, factors.new_seed(), 0, message_codes=True)
    codes = factors.new_recovery_codes(support)
    anonymous.post("/sign-in/", {"login": "sylwia", "password": PASSWORD})
    anonymous.post("/sign-in/way/", {"way": "recovery"})
    anonymous.post("/sign-in/code/", {"code": codes[0]})
    assert anonymous.get("/desk/")["Location"] == "/security/staff/"
    assert anonymous.get("/security/app/").status_code == 200


def test_who_has_one_takes_it_without_signing_in_anew(anonymous, support, mailbox):
    seed = factors.new_seed()
    come_in(anonymous, "sylwia", mailbox)
    factors.AuthenticatorApp.objects.create(user=support, seed=factors.keys.encrypt(seed), last_step=0)
    assert "Use the one I have" in text(anonymous.get("/security/staff/"))
    assert anonymous.post("/security/staff/")["Location"] == "/sign-in/code/"
    anonymous.post("/sign-in/code/", {"code": pyotp.TOTP(seed).now()})
    assert anonymous.get("/desk/").status_code == 200


def test_who_becomes_staff_meets_the_gate_at_once(client_of, owner):
    browser = client_of(owner)
    assert browser.get("/").status_code == 200
    User.objects.filter(pk=owner.pk).update(is_support=True)
    assert browser.get("/")["Location"] == "/security/staff/"


def test_customers_meet_no_gate(client_of, owner, support):
    assert client_of(owner).get("/").status_code == 200
    assert client_of(owner).get("/security/staff/")["Location"] == "/"
    assert client_of(support).get("/security/staff/")["Location"] == "/"


def test_the_demo_says_that_it_asks_for_less(anonymous, settings):
    settings.STAFF_STRONG_SECOND_STEP = False
    assert "staff sign in without" not in text(anonymous.get("/sign-in/"))
    settings.DEMO = True
    assert "staff sign in without" in text(anonymous.get("/sign-in/"))
