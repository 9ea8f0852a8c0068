"""How passwords are typed and kept, and how much chance is in what we make ourselves."""

import math
import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import factors, keys
from accounts.models import Link, OneTimeCode, User
from tests.cast import PASSWORD

INPUT = re.compile(r'<input[^>]*name="(?:password|repeated|current_password)"[^>]*>')
LONGEST = "Zielony-Rower-7 " * 8


def inputs(client, address):
    return INPUT.findall(client.get(address).content.decode())


def test_password_fields_hide_and_let_managers_work(anonymous, client_of, owner):
    owner.phone = owner.confirmed_phone = "+48600100200"
    owner.save()
    pages = {
        "/sign-in/": anonymous,
        "/register/": anonymous,
        "/security/password/": client_of(owner),
        "/security/second-step/": client_of(owner),
        "/data/close/": client_of(owner),
    }
    for address, browser in pages.items():
        found = inputs(browser, address)
        assert found, address
        for field in found:
            assert 'type="password"' in field
            assert re.search(r'autocomplete="(?:current|new)-password"', field)
            assert "maxlength" not in field and "onpaste" not in field and "readonly" not in field


def change(client, new):
    form = {"current_password": PASSWORD, "password": new, "repeated": new}
    return client.post("/security/password/", form, follow=True).content.decode()


def test_128_characters_are_taken_and_each_counts(client_of, anonymous, owner):
    assert len(LONGEST) == 128
    assert "The password is changed." in change(client_of(owner), LONGEST)
    for typed in (LONGEST[:-1], LONGEST.strip(), LONGEST.upper(), LONGEST[:72]):
        answer = anonymous.post("/sign-in/", {"login": "anna", "password": typed})
        assert "Wrong login or password." in answer.content.decode(), typed
    assert anonymous.post("/sign-in/", {"login": "anna", "password": LONGEST})["Location"] == "/sign-in/code/"


def test_one_more_is_refused_in_words_and_not_cut_off(client_of, owner):
    assert "at most 128 characters" in change(client_of(owner), LONGEST + "x")
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "words"), [("kT9#mvL", "still needs: at least 8 characters"), ("kT9#mvLq", "is changed")]
)
def test_eight_characters_are_the_fewest(client_of, owner, new, words):
    assert words in change(client_of(owner), new)


def test_a_password_does_not_age(anonymous, owner):
    with time_machine.travel(timezone.now() + timedelta(days=5 * 365)):
        answer = anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD})
        assert answer["Location"] == "/sign-in/code/"


@pytest.mark.django_db
def test_a_new_panel_has_nobody_in_it():
    assert not User.objects.exists()


def test_a_page_about_text_messages_says_what_is_safer(client_of, owner, settings):
    owner.phone = "+48600100200"
    owner.save()
    page = client_of(owner).get("/security/phone/").content.decode()
    assert "An authenticator app or a passkey is safer." in page


def test_what_we_make_ourselves_cannot_be_guessed(client_of, owner):
    """In bits: codes of one try in ten minutes 19.9, recovery codes, session keys, links."""
    assert 10**OneTimeCode.DIGITS >= 10**6
    assert factors.RECOVERY_LENGTH * math.log2(len(set(factors.RECOVERY_LETTERS))) >= 45
    assert len(client_of(owner).session.session_key) * math.log2(36) >= 128
    assert len(keys.new_selector()) * 6 >= 128
    link = Link.issue(owner, Link.Purpose.PASSWORD)
    assert len(link.mac) * 6 >= 192
    made = {keys.new_selector() for _ in range(100)} | {OneTimeCode.issue(owner, "x", "mail").nonce for _ in range(10)}
    assert len(made) == 110
