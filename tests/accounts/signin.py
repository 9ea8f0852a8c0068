"""Signing in by two steps (M2, M3, M4)."""

from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import blocking, factors, limits, recovery
from accounts.models import Event, Link, OneTimeCode, Outbox, User, UserSession
from accounts.sessions import digest
from tests.accounts.reading import code_in, link_in
from tests.cast import ENGLISH, PASSWORD


def first_step(client, login="anna", password=PASSWORD):
    return client.post("/sign-in/", {"login": login, "password": password})


def test_both_steps_open_the_first_page(anonymous, owner, mailbox):
    assert first_step(anonymous, "  ANNA ")["Location"] == "/sign-in/code/"
    page = anonymous.get("/sign-in/code/").content.decode()
    assert "an•••@example.com" in page
    assert "anna@example.com" not in page
    code = code_in(mailbox("anna@example.com")[-1])

    page = anonymous.post("/sign-in/code/", {"code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert page.status_code == 200
    assert page.wsgi_request.user == owner
    assert Event.objects.get(action="signed_in").customer_id == owner.membership.customer_id


def test_a_mail_tells_of_the_sign_in_and_ends_it(anonymous, owner, mailbox):
    first_step(anonymous)
    anonymous.post(
        "/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])}, headers={"User-Agent": FIREFOX}
    )
    told = mailbox("anna@example.com")[-1]
    assert "Firefox 128, Windows" in told.body
    assert "127.0.0.1" in told.body

    victim = Client(headers=ENGLISH)
    assert "End all sessions" in victim.get(link_in(told), follow=True).content.decode()
    assert anonymous.get("/").status_code == 200, "looking at the page ends nothing"
    victim.post("/not-me/")
    assert anonymous.get("/").status_code == 302
    assert link_in(mailbox("anna@example.com")[-1], "password")


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_between_the_steps_nobody_is_signed_in(anonymous, owner):
    first_step(anonymous)
    assert anonymous.get("/").status_code == 302
    assert anonymous.get("/data/")["Location"].startswith("/sign-in/")


def test_the_session_gets_a_new_id_at_each_step(anonymous, owner, mailbox):
    anonymous.get("/sign-in/")
    first_step(anonymous)
    planted = anonymous.session.session_key
    first_step(anonymous)
    between = anonymous.session.session_key
    assert between != planted, "what lay in the browser before the password is not carried on"
    assert not UserSession.objects.filter(pk=digest(planted)).exists()
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert anonymous.session.session_key != between


@pytest.mark.parametrize("state", ["unknown", "wrong", "blocked with a wrong password", "not activated"])
def test_the_same_words_for_whoever_cannot_sign_in(anonymous, owner, state):
    login, password = "anna", "Wrong-1234!"
    if state == "unknown":
        login = "nobody"
    if state.startswith("blocked"):
        blocking.block_user(owner, by=None)
    if state == "not activated":
        User.objects.filter(pk=owner.pk).update(activated_at=None)
        password = PASSWORD
    page = first_step(anonymous, login, password)
    assert page.status_code == 200
    assert "Wrong login or password." in page.content.decode()
    assert f'value="{login}"' in page.content.decode(), "the login typed is still there"


def test_a_blocked_person_reads_why_after_both_steps(anonymous, owner, mailbox):
    first_step(anonymous)
    code = code_in(mailbox("anna@example.com")[-1])
    User.objects.filter(pk=owner.pk).update(blocked_at=timezone.now(), blocked_reason="Unpaid since May.")
    page = anonymous.post("/sign-in/code/", {"code": code})
    assert page.status_code == 403
    assert "Unpaid since May." in page.content.decode()
    assert anonymous.get("/").status_code == 302


def test_blocking_counts_from_the_next_request(client_of, owner):
    browser = client_of(owner)
    assert browser.get("/").status_code == 200
    blocking.block_user(owner, by=None)
    assert browser.get("/").status_code == 302


def test_ten_wrong_passwords_close_a_login_even_for_the_right_one(anonymous, owner):
    for number in range(10):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", {"login": "anna", "password": "x"})
    page = first_step(anonymous)
    assert "Too many tries" in page.content.decode()


def test_ten_wrong_passwords_close_an_address(anonymous, owner):
    for number in range(10):
        first_step(anonymous, f"guess{number}")
    assert "Too many tries" in first_step(anonymous).content.decode()
    assert first_step(Client(REMOTE_ADDR="192.0.2.9")).status_code == 302


def test_a_known_browser_keeps_an_allowance_of_its_own(anonymous, owner, mailbox):
    first_step(anonymous)
    anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    anonymous.post("/sign-out/")
    for number in range(25):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/sign-in/", {"login": "anna", "password": "x"})
    assert first_step(anonymous).status_code == 302, "strangers cannot lock a known browser out"


def test_guessing_in_one_known_browser_locks_nobody_out_of_another(owner, mailbox):
    """A computer that several people use stays known after signing out."""
    shared, own = Client(), Client()
    for hour, browser in enumerate([shared, own]):
        with time_machine.travel(timezone.now() + timedelta(hours=hour)):
            first_step(browser)
            browser.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
            browser.post("/sign-out/")
    for _number in range(10):
        first_step(shared, password="x")
    assert first_step(shared).status_code == 200
    assert first_step(own).status_code == 302


def test_a_right_password_gives_its_try_back(anonymous, owner):
    for _number in range(15):
        assert first_step(Client()).status_code == 302


def test_five_wrong_codes_end_the_code(anonymous, owner, mailbox):
    first_step(anonymous)
    right = code_in(mailbox("anna@example.com")[-1])
    wrong = f"{(int(right) + 1) % 1000000:06d}"
    for _try in range(4):
        assert "not right" in anonymous.post("/sign-in/code/", {"code": wrong}).content.decode()
    assert "no longer" in anonymous.post("/sign-in/code/", {"code": wrong}).content.decode()
    assert anonymous.post("/sign-in/code/", {"code": right}).status_code == 200
    assert anonymous.get("/").status_code == 302


def test_a_code_lives_ten_minutes(anonymous, owner, mailbox):
    first_step(anonymous)
    code = code_in(mailbox("anna@example.com")[-1])
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert "no longer" in anonymous.post("/sign-in/code/", {"code": code}).content.decode()


def test_a_code_works_once_and_in_its_own_session_only(anonymous, owner, mailbox):
    first_step(anonymous)
    code = code_in(mailbox("anna@example.com")[-1])
    thief = Client(headers=ENGLISH)
    assert thief.post("/sign-in/code/", {"code": code})["Location"] == "/sign-in/"
    assert anonymous.post("/sign-in/code/", {"code": code}).status_code == 302
    assert not OneTimeCode.objects.get().is_alive


def test_resending_waits_a_minute_and_ends_the_older_code(anonymous, owner, mailbox):
    first_step(anonymous)
    old = code_in(mailbox("anna@example.com")[-1])
    page = anonymous.post("/sign-in/code/again/", follow=True)
    assert "one minute after the last" in page.content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert "sent a new code" in anonymous.post("/sign-in/code/again/", follow=True).content.decode()
        new = code_in(mailbox("anna@example.com")[-1])
        if new != old:
            assert anonymous.post("/sign-in/code/", {"code": old}).status_code == 200
        assert anonymous.post("/sign-in/code/", {"code": new}).status_code == 302


def test_a_password_changed_between_the_steps_ends_what_it_began(anonymous, owner, mailbox):
    first_step(anonymous)
    recovery.change_password(owner, "Another-5678!", by=owner)
    told = len(mailbox("anna@example.com"))
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert anonymous.get("/sign-in/code/")["Location"] == "/sign-in/"
        assert anonymous.post("/sign-in/code/again/")["Location"] == "/sign-in/"
    assert len(mailbox("anna@example.com")) == told, "the old password sends no more codes"


def test_who_knows_the_password_floods_nobody_with_codes(anonymous, owner):
    for _number in range(25):
        page = first_step(anonymous)
    assert "Too many tries" in page.content.decode()
    assert Outbox.objects.filter(letter="sign_in_code").count() == limits.CODES_SENT.most


def test_a_thief_who_had_all_codes_sent_is_out_with_a_new_password_and_its_owner_in(anonymous, owner):
    for _number in range(25):
        first_step(anonymous)
    recovery.set_password(Link.issue(owner, Link.Purpose.PASSWORD), "Another-5678!")
    assert first_step(anonymous, password="Another-5678!").status_code == 302


def test_while_no_more_codes_go_out_the_other_ways_stay_open(anonymous, owner):
    factors.new_recovery_codes(owner)
    for _number in range(25):
        page = first_step(anonymous)
    assert page.status_code == 302
    assert "Recovery code" in anonymous.get("/sign-in/code/").content.decode()
    assert Outbox.objects.filter(letter="sign_in_code").count() == limits.CODES_SENT.most


def test_a_right_code_forgets_how_many_were_sent(anonymous, owner, mailbox):
    for _number in range(25):
        assert first_step(anonymous).status_code == 302
        anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
        anonymous.post("/sign-out/")


def test_codes_of_an_account_are_limited_over_all_sessions(anonymous, owner, mailbox):
    for _number in range(20):
        limits.SECOND_STEP_HOUR.charge(owner.pk)
    first_step(anonymous)
    page = anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert "Too many codes" in page.content.decode()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "nowhere", "1\n2", "\x00"],
)
def test_after_signing_in_nobody_is_led_elsewhere(anonymous, owner, mailbox, target):
    anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD, "next": target})
    page = anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})
    assert page["Location"] == "/"


def test_after_signing_in_the_page_asked_for_opens(anonymous, owner, mailbox):
    form = anonymous.get("/data/", follow=True)
    assert 'name="next" value="/data/"' in form.content.decode()
    anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD, "next": "/data/"})
    assert anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})["Location"] == "/data/"


@pytest.mark.parametrize(
    ("minutes", "person", "signed_in"), [(59, "owner", True), (61, "owner", False), (31, "support", False)]
)
def test_an_idle_session_ends(client_of, request, minutes, person, signed_in):
    browser = client_of(request.getfixturevalue(person))
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert (browser.get("/security/").status_code == 200) == signed_in


def test_no_session_lasts_longer_than_twelve_hours(client_of, owner):
    browser, start = client_of(owner), timezone.now()
    for minutes in range(50, 12 * 60, 50):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert browser.get("/security/").status_code == 200
    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert browser.get("/security/").status_code == 302


def test_the_sign_in_page_asks_the_database_nothing(anonymous, django_assert_num_queries):
    anonymous.get("/sign-in/")
    with django_assert_num_queries(0):
        anonymous.get("/sign-in/")


def test_signing_out_ends_the_session_by_post_only(client_of, owner):
    browser = client_of(owner)
    assert browser.get("/sign-out/").status_code == 405
    browser.post("/sign-out/")
    assert browser.get("/").status_code == 302


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_fifty_parallel_guesses_five_are_looked_at(owner, together, monkeypatch):
    code = OneTimeCode.issue(owner, "sign-in", "mail")
    looked_at = []
    monkeypatch.setattr("accounts.keys.same", lambda typed, right: looked_at.append(typed) or typed == right)
    monkeypatch.setattr(limits.SECOND_STEP_HOUR.__class__, "charge", lambda limit, key: 1)
    wrong = f"{(int(code.digits) + 1) % 1000000:06d}"
    results = together(50, lambda number: OneTimeCode.objects.get(pk=code.pk).check_digits(wrong))
    assert not any(results)
    assert len(looked_at) == OneTimeCode.TRIES
    assert not OneTimeCode.objects.get(pk=code.pk).check_digits(code.digits)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_counting_after_comparing_would_let_more_through(owner, together, monkeypatch):
    """The negative control: reading the count and writing it back lets parallel guesses past the limit."""
    code = OneTimeCode.issue(owner, "sign-in", "mail")
    looked_at, all_have_read = [], Barrier(30)

    def read_then_write(code, typed):
        if code.tries >= OneTimeCode.TRIES:
            return False
        looked_at.append(typed)
        all_have_read.wait(timeout=60)
        return bool(OneTimeCode.objects.filter(pk=code.pk).update(tries=code.tries + 1)) and typed == code.digits

    monkeypatch.setattr(OneTimeCode, "check_digits", read_then_write)
    together(30, lambda number: OneTimeCode.objects.get(pk=code.pk).check_digits("wrong"))
    assert len(looked_at) == 30 > OneTimeCode.TRIES


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_fifty_parallel_right_codes_one_signs_in(owner, together, monkeypatch):
    code = OneTimeCode.issue(owner, "sign-in", "mail")
    monkeypatch.setattr(OneTimeCode, "TRIES", 100)
    monkeypatch.setattr(limits.SECOND_STEP_HOUR.__class__, "charge", lambda limit, key: 1)
    results = together(50, lambda number: OneTimeCode.objects.get(pk=code.pk).check_digits(code.digits))
    assert sum(results) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_passwords_are_tried_ten_times(owner, together, monkeypatch):
    tried = []
    monkeypatch.setattr("accounts.signin.password_matches", lambda user, password: bool(tried.append(password)))

    def guess(number):
        try:
            from accounts.signin import person_by_password

            person_by_password("anna", f"guess-{number}")
        except limits.TooMany:
            pass

    together(50, guess)
    assert len(tried) == limits.PASSWORD_LOGIN.most
