"""Many passwords tried by many, and what happens when nobody can count them; links that name no strange host."""

from datetime import timedelta
from threading import Barrier, BoundedSemaphore, Lock, Thread

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts import limits, passwords
from tests.cast import PASSWORD

# As many as sign in at the same moment here.
AT_ONCE = 6


def try_password(login="anna", password="Wrong-1234!", number=1):
    """A guess from an address of its own."""
    browser = Client(REMOTE_ADDR=f"192.0.2.{number}", raise_request_exception=False)
    return browser.post("/sign-in/", {"login": login, "password": password})


@pytest.mark.parametrize("spelled", ["ANNA", "  anna ", "ａｎｎａ"])
def test_a_login_is_counted_as_one_however_it_is_typed(owner, spelled):
    for number in range(10):
        try_password(spelled if number % 2 else "anna", number=number)
    assert try_password(password=PASSWORD, number=99).status_code == 200
    limits.PASSWORD_LOGIN.reset("anna")
    assert try_password(password=PASSWORD, number=99).status_code == 302


def test_a_login_is_tried_twenty_times_a_day(owner):
    start = timezone.now()
    for number in range(20):
        with time_machine.travel(start + timedelta(minutes=6 * (number // 10)), tick=False):
            try_password(number=number)
    with time_machine.travel(start + timedelta(hours=23), tick=False):
        assert try_password(password=PASSWORD, number=99).status_code == 200
    with time_machine.travel(start + timedelta(hours=25), tick=False):
        assert try_password(password=PASSWORD, number=99).status_code == 302


def test_very_many_guesses_in_all_raise_an_alarm_and_refuse_nobody(owner, monkeypatch, caplog):
    monkeypatch.setattr(limits, "PASSWORD_ALL", limits.Limit("password-all", 3, limits.MINUTE))
    for number in range(3):
        try_password(f"guess{number}", number=number)
    assert not [line for line in caplog.records if line.levelname == "CRITICAL"]
    assert try_password(password=PASSWORD, number=99).status_code == 302
    [alarm] = [line.getMessage() for line in caplog.records if line.levelname == "CRITICAL"]
    assert "password-all" in alarm


def test_when_nobody_can_count_no_password_is_looked_at(owner, monkeypatch):
    looked_at = []
    monkeypatch.setattr("accounts.signin.password_matches", lambda user, password: looked_at.append(user) or True)
    assert try_password(password=PASSWORD).status_code == 302 and len(looked_at) == 1
    monkeypatch.setattr(limits, "CHARGE", limits.CHARGE.replace("accounts_limitcounter", "no_such_table"))
    assert try_password(password=PASSWORD).status_code == 500
    assert len(looked_at) == 1


def hash_at_once(monkeypatch, meeting_of):
    """How many passwords were hashed at the same moment; each waits until so many are at it."""
    meeting, lock, now = Barrier(meeting_of, timeout=30), Lock(), [0, 0]

    def encode(hasher, password, salt):
        with lock:
            now[0] += 1
            now[1] = max(now)
        meeting.wait()
        with lock:
            now[0] -= 1
        # Nobody of the next comes in before all of these have left.
        meeting.wait()
        return "argon2"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    hasher = passwords.PanelArgon2Hasher()
    threads = [Thread(target=hasher.encode, args=(PASSWORD, "salt")) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return now[1]


def test_two_passwords_are_hashed_at_once_and_the_others_wait(monkeypatch):
    assert hash_at_once(monkeypatch, passwords.HASHES_AT_ONCE) == passwords.HASHES_AT_ONCE == 2


def test_without_the_semaphore_all_would_be(monkeypatch):
    monkeypatch.setattr(passwords, "hashing", BoundedSemaphore(AT_ONCE))
    assert hash_at_once(monkeypatch, AT_ONCE) == AT_ONCE


def test_the_links_of_a_mail_lead_to_our_own_address(owner, settings, mailbox, run_tasks):
    settings.ALLOWED_HOSTS = ["*"]
    browser = Client(headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert browser.post("/forgotten/", {"who": "anna"}).status_code == 302
    run_tasks()
    [told] = mailbox("anna@example.com")
    assert f"{settings.SITE_URL}/link/password/" in told.body
    assert "evil.example" not in told.message().as_string()


def test_a_host_that_is_not_ours_gets_nothing(owner, settings):
    settings.ALLOWED_HOSTS = ["panel.example.com"]
    assert Client(headers={"Host": "evil.example"}).get("/sign-in/").status_code == 400
