"""Fifty guesses at once on every kind of second step: exactly as many are looked at as may be (PostgreSQL)."""

import time
from copy import deepcopy
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import factors, keys, limits, passkeys
from accounts.models import AuthenticatorApp, OneTimeCode, RecoveryCode, User
from tests.accounts.authenticator import SoftwareKey
from tests.cast import ENGLISH, PASSWORD

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def armed(owner, settings):
    """The owner with one of everything."""
    settings.SITE_URL = "https://panel.example.com"
    seed = factors.new_seed()
    factors.add_app(owner, seed, 0, message_codes=True)
    key, challenge = SoftwareKey(settings.SITE_URL, counts=False), passkeys.new_challenge()
    row = passkeys.created(key.create(passkeys.creation_options(owner, challenge)), challenge)
    factors.add_passkey(owner, row, "key", message_codes=True)
    owner.seed, owner.key, owner.printed = seed, key, factors.new_recovery_codes(owner)
    return owner


GUESSES = {
    "app": lambda owner: factors.check_app(owner, "wrong"),
    "an app that is being added": lambda owner: factors.first_step(owner, owner.seed, "wrong"),
    "recovery": lambda owner: factors.check_recovery_code(owner, "wrong"),
    "passkey": lambda owner: factors.check_passkey(owner, "{}", passkeys.new_challenge()),
}
# What each kind of guess calls once when it is looked at.
LOOKS = {
    "app": (factors, "step_of"),
    "an app that is being added": (factors, "step_of"),
    "recovery": (RecoveryCode, "use"),
    "passkey": (passkeys, "is_right"),
}


def count_looks(monkeypatch, kind):
    """A list that grows by one for every guess that is looked at."""
    looked_at = []
    monkeypatch.setattr(*LOOKS[kind], lambda *arguments: looked_at.append(kind))
    return looked_at


@pytest.mark.parametrize("kind", GUESSES)
def test_twenty_of_fifty_are_looked_at(armed, together, monkeypatch, kind):
    looked_at = count_looks(monkeypatch, kind)
    answers = together(50, lambda number: GUESSES[kind](armed))
    assert len(looked_at) == limits.SECOND_STEP_HOUR.most
    refused = [answer for answer in answers if isinstance(answer, limits.TooMany)]
    assert len(refused) == 50 - limits.SECOND_STEP_HOUR.most


def test_twenty_of_fifty_over_all_kinds_and_sessions(armed, together, monkeypatch):
    looked_at = {kind: count_looks(monkeypatch, kind) for kind in GUESSES}
    one = {"user": armed, "purpose": "sign-in", "channel": "mail", "expires_at": later()}
    codes = [OneTimeCode.objects.create(**one) for _ in range(5)]
    monkeypatch.setattr(keys, "same", lambda typed, right: looked_at["app"].append("message"))
    guesses = [*GUESSES.values(), *(lambda owner, code=code: code.check_digits("x") for code in codes)]
    together(50, lambda number: guesses[number % len(guesses)](armed))
    assert sum(len(looks) for looks in looked_at.values()) == limits.SECOND_STEP_HOUR.most


def later():
    return timezone.now() + timedelta(minutes=10)


# What a code is sent for, and by which way.
MESSAGES = {"mail": ("sign-in", "mail"), "sms": ("sign-in", "sms"), "a phone that is confirmed": ("phone", "sms")}


def compared(monkeypatch):
    """A list that grows by one for every code that was typed and compared with the right one."""
    looked_at, same = [], keys.same
    monkeypatch.setattr(keys, "same", lambda typed, right: looked_at.append(typed) or same(typed, right))
    return looked_at


@pytest.mark.parametrize("kind", MESSAGES)
def test_five_of_fifty_are_compared_with_a_code_that_was_sent(owner, together, monkeypatch, kind):
    code = OneTimeCode.issue(owner, *MESSAGES[kind])
    looked_at = compared(monkeypatch)
    answers = together(50, lambda number: OneTimeCode.objects.select_related("user").get().check_digits("x"))
    assert len(looked_at) == OneTimeCode.TRIES
    refused = [answer for answer in answers if isinstance(answer, limits.TooMany)]
    assert (len(refused), answers.count(False)) == (50 - limits.SECOND_STEP_HOUR.most, limits.SECOND_STEP_HOUR.most)
    limits.SECOND_STEP_HOUR.reset(owner.pk)
    assert not OneTimeCode.objects.get().check_digits(code.digits), "the right one is dead by now"


TOO_MANY = "Too many codes were tried"


def waiting_browsers(ways):
    """A browser for each way, in which the password was typed and this way was chosen."""
    for way in ways:
        browser = Client(headers=ENGLISH)
        browser.post("/sign-in/", {"login": "anna", "password": PASSWORD})
        browser.post("/sign-in/way/", {"way": way})
        yield browser


def same_browser(browser):
    """Another window of it: a client is not for two threads."""
    window = Client(headers=ENGLISH)
    window.cookies = deepcopy(browser.cookies)
    return window


def test_fifty_forms_of_ten_sessions_by_every_way_are_twenty_tries(armed, together, monkeypatch):
    User.objects.filter(pk=armed.pk).update(phone="+48600700800", confirmed_phone="+48600700800")
    ways = ["app", "recovery", "mail", "sms", "app", "recovery", "mail", "sms", "app", "mail"]
    browsers = list(waiting_browsers(ways))
    looked_at = [count_looks(monkeypatch, "app"), count_looks(monkeypatch, "recovery"), compared(monkeypatch)]
    windows = [same_browser(browsers[number % len(browsers)]) for number in range(50)]
    pages = together(50, lambda number: windows[number].post("/sign-in/code/", {"code": "000000"}))
    assert {page.status_code for page in pages} == {200}
    refused = [page for page in pages if TOO_MANY in page.content.decode()]
    assert len(refused) == 50 - limits.SECOND_STEP_HOUR.most
    assert 0 < sum(len(looks) for looks in looked_at) <= limits.SECOND_STEP_HOUR.most


def test_without_that_count_over_all_sessions_every_form_would_be_looked_at(armed, together, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(limits, "charge_second_step", lambda user_id: None)
    (browser,) = waiting_browsers(["app"])
    looked_at = count_looks(monkeypatch, "app")
    windows = [same_browser(browser) for number in range(50)]
    together(50, lambda number: windows[number].post("/sign-in/code/", {"code": "000000"}))
    assert len(looked_at) == 50


def test_counting_after_comparing_would_let_more_through(armed, together, monkeypatch):
    """The negative control: a counter that reads and then writes."""

    def read_then_write(limit, key):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count FROM accounts_limitcounter WHERE name = %s", [limit.name])
            row = cursor.fetchone()
            if row and row[0] >= limit.most:
                raise limits.TooMany(limit.seconds)
            cursor.execute("SELECT pg_sleep(0.05)")
            cursor.execute(
                "INSERT INTO accounts_limitcounter (name, key, count, started_at) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (name, key) DO UPDATE SET count = excluded.count",
                [limit.name, limits.digest(key), (row[0] if row else 0) + 1, time.time()],
            )

    looked_at = count_looks(monkeypatch, "app")
    monkeypatch.setattr(limits.Limit, "charge", read_then_write)
    together(50, lambda number: GUESSES["app"](armed))
    assert len(looked_at) > limits.SECOND_STEP_HOUR.most


def right_app(owner):
    code = pyotp.TOTP(owner.seed).now()
    return lambda: factors.check_app(owner, code)


def right_recovery_code(owner):
    return lambda: factors.check_recovery_code(owner, owner.printed[0])


def right_passkey(owner):
    challenge = passkeys.new_challenge()
    answer = owner.key.get(passkeys.request_options(owner, challenge))
    return lambda: factors.check_passkey(owner, answer, challenge)


@pytest.mark.parametrize("kind", [right_app, right_recovery_code, right_passkey])
def test_of_fifty_right_ones_at_once_one_gets_in(armed, together, monkeypatch, kind):
    monkeypatch.setattr(limits, "charge_second_step", lambda user_id: None)
    check = kind(armed)
    answers = together(50, lambda number: check())
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert answers.count(True) == 1


@pytest.mark.parametrize(
    ("kind", "guard"),
    [
        (right_app, (AuthenticatorApp, "use", lambda app, step: True)),
        (right_passkey, (passkeys, "use_challenge", lambda challenge: None)),
    ],
)
def test_without_the_one_statement_several_get_in(armed, together, monkeypatch, kind, guard):
    monkeypatch.setattr(limits, "charge_second_step", lambda user_id: None)
    monkeypatch.setattr(*guard)
    check = kind(armed)
    assert together(10, lambda number: check()).count(True) > 1


def test_two_apps_confirmed_at_once_leave_one(owner, together):
    seeds = [factors.new_seed() for _ in range(8)]
    answers = together(
        8, lambda number: factors.add_app(User.objects.get(pk=owner.pk), seeds[number], 1, message_codes=False)
    )
    assert answers == [None] * 8
    assert AuthenticatorApp.objects.count() == 1


def test_two_strong_ways_removed_at_once_leave_codes_by_mail(armed, together):
    key = armed.passkeys.get()
    acts = [
        lambda: factors.remove_app(User.objects.get(pk=armed.pk)),
        lambda: factors.remove_passkey(type(key).objects.select_related("user").get(pk=key.pk)),
    ]
    User.objects.filter(pk=armed.pk).update(message_codes=False)
    assert together(2, lambda number: acts[number]()) == [None, None]
    armed.refresh_from_db()
    assert (armed.second_step, armed.message_codes) == ("mail", True)
