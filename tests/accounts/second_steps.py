"""The second step by an app and by recovery codes; choosing a way; nobody without one (M3, M7)."""

import re
import time
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import factors, keys, limits, recovery, ways
from accounts.models import AuthenticatorApp, Event, OneTimeCode, Outbox, RecoveryCode, User
from accounts.sms import memory
from tests.accounts.reading import code_in, link_in
from tests.cast import ENGLISH, PASSWORD

START = timezone.now().replace(microsecond=0)


def first_step(client, login="anna"):
    return client.post("/sign-in/", {"login": login, "password": PASSWORD})


def text(response):
    return " ".join(response.content.decode().split())


def code_of(seed, steps=0):
    """What the app shows, or showed or will show some steps from now."""
    return pyotp.TOTP(seed).at(int(time.time()) + 30 * steps)


def wrong(code):
    return f"{(int(code) + 1) % 1000000:06d}"


@pytest.fixture
def seed(owner):
    """The seed of the owner's app, added an hour ago; codes by mail are switched off."""
    seed = factors.new_seed()
    factors.add_app(owner, seed, int(START.timestamp()) // 30 - 120, message_codes=False)
    return seed


@pytest.fixture
def codes(owner):
    """The owner's recovery codes."""
    return factors.new_recovery_codes(owner)


def seed_on(page):
    """The key to type, as the page shows it."""
    return re.search(r'id="seed">([A-Z2-7 ]+)<', page.content.decode())[1].replace(" ", "")


class TestAddingAnApp:
    def test_its_first_code_adds_it_and_leads_to_recovery_codes(self, client_of, owner, mailbox):
        here, there = client_of(owner), client_of(owner)
        page = here.get("/security/app/")
        assert 'src="data:image/svg+xml' in page.content.decode()
        seed = seed_on(page)
        assert seed_on(here.get("/security/app/")) == seed, "a reload shows the same"
        done = here.post("/security/app/", {"code": code_of(seed), "message_codes": "no"}, follow=True)
        assert "The authenticator app is added." in text(done) and "Make recovery codes" in text(done)
        owner.refresh_from_db()
        assert (owner.second_step, owner.message_codes) == ("app", False)
        assert there.get("/security/").status_code == 302, "other sessions end"
        told = mailbox("anna@example.com")[-1]
        assert "An authenticator app was added." in told.body and link_in(told, "not-me")
        assert Event.objects.get(action="app_added").customer_id == owner.membership.customer_id

    def test_a_wrong_code_adds_nothing(self, client_of, owner):
        browser = client_of(owner)
        seed = seed_on(browser.get("/security/app/"))
        page = browser.post("/security/app/", {"code": wrong(code_of(seed)), "message_codes": "no"})
        assert "This code is not right." in text(page)
        assert not AuthenticatorApp.objects.exists()

    def test_what_becomes_of_codes_by_mail_is_asked_and_not_assumed(self, client_of, owner):
        browser = client_of(owner)
        seed = seed_on(browser.get("/security/app/"))
        page = browser.post("/security/app/", {"code": code_of(seed)})
        assert "This field is required" in text(page)
        assert not AuthenticatorApp.objects.exists()
        browser.post("/security/app/", {"code": code_of(seed), "message_codes": "yes"})
        assert ways.ways_of(User.objects.get(pk=owner.pk)) == ["app", "mail"]

    def test_the_seed_lies_nowhere_in_plain_text(self, client_of, owner):
        browser = client_of(owner)
        seed = seed_on(browser.get("/security/app/"))
        assert seed not in str(dict(browser.session))
        browser.post("/security/app/", {"code": code_of(seed), "message_codes": "no"})
        kept = AuthenticatorApp.objects.get().seed
        assert seed not in kept and keys.decrypt(kept) == seed
        assert "app_seed" not in browser.session

    def test_another_app_takes_the_place_of_the_older(self, client_of, owner, seed):
        browser = client_of(owner)
        new = seed_on(browser.get("/security/app/"))
        browser.post("/security/app/", {"code": code_of(new)})
        assert not factors.check_app(owner, code_of(seed))
        assert factors.check_app(owner, code_of(new, 1))

    def test_the_password_is_asked_for_after_a_quarter_of_an_hour(self, client_of, owner):
        browser = client_of(owner)
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            asked = browser.get("/security/app/", follow=True)
            assert "Your password once more" in text(asked)
            assert "not your password" in text(browser.post("/password-again/", {"current_password": "x"}))
            before = browser.session.session_key
            form = {"current_password": PASSWORD, "next": "/security/app/"}
            assert browser.post("/password-again/", form)["Location"] == "/security/app/"
            assert browser.session.session_key != before, "a new id after showing once more who one is"
            assert browser.get("/security/app/").status_code == 200

    @pytest.mark.parametrize(
        ("came_from", "back"),
        [
            ("http://testserver/services/?q=a", "/services/?q=a"),
            ("https://elsewhere.example//evil.example/", "/security/"),
            ("http://testserver/password-again/?next=/security/app/", "/security/"),
            ("", "/security/"),
        ],
        ids=["a page of ours", "no page of ours", "itself", "nothing"],
    )
    def test_back_leads_to_where_one_came_from(self, client_of, owner, came_from, back):
        browser = client_of(owner)
        way_back = f'href="{back}">Back</a>'
        asked = browser.get("/password-again/?next=/security/app/", headers={"referer": came_from})
        assert way_back in asked.content.decode()
        wrong = {"current_password": "x", "next": "/security/app/", "back": back}
        assert way_back in browser.post("/password-again/", wrong).content.decode()

    def test_back_leads_nowhere_else(self, client_of, owner):
        page = client_of(owner).post("/password-again/", {"current_password": "x", "back": "//evil.example/"})
        assert "evil.example" not in page.content.decode()


class TestSigningInWithAnApp:
    def test_its_code_opens_the_account_and_no_mail_goes_out_before(self, anonymous, owner, seed, mailbox):
        Outbox.objects.all().delete()
        assert first_step(anonymous)["Location"] == "/sign-in/code/"
        assert "Code from the app" in text(anonymous.get("/sign-in/code/"))
        assert not Outbox.objects.exists()
        assert anonymous.post("/sign-in/code/", {"code": code_of(seed)})["Location"] == "/"
        assert anonymous.get("/").status_code == 200
        assert "Second step: Authenticator app" in mailbox("anna@example.com")[-1].body

    @pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_clocks_may_differ_by_half_a_minute(self, owner, seed, steps, right):
        with time_machine.travel(START, tick=False):
            assert factors.check_app(owner, code_of(seed, steps)) is right

    def test_a_code_works_once_and_no_older_one_after_it(self, owner, seed):
        with time_machine.travel(START, tick=False):
            assert factors.check_app(owner, code_of(seed))
            assert not factors.check_app(owner, code_of(seed))
            assert not factors.check_app(owner, code_of(seed, -1))
            assert factors.check_app(owner, code_of(seed, 1))

    def test_remembering_no_step_would_let_a_code_in_twice(self, owner, seed, monkeypatch):
        monkeypatch.setattr(AuthenticatorApp, "use", lambda app, step: True)
        with time_machine.travel(START, tick=False):
            assert factors.check_app(owner, code_of(seed)) and factors.check_app(owner, code_of(seed))

    def test_anothers_code_opens_nothing(self, owner, stranger, seed):
        factors.add_app(stranger, factors.new_seed(), 0, message_codes=False)
        with time_machine.travel(START, tick=False):
            assert not factors.check_app(stranger, code_of(seed))

    def test_codes_by_mail_are_neither_offered_nor_taken_once_switched_off(self, anonymous, owner, seed):
        first_step(anonymous)
        assert "Another way" not in text(anonymous.get("/sign-in/code/"))
        anonymous.post("/sign-in/way/", {"way": "mail"})
        assert not OneTimeCode.objects.exists()
        code = OneTimeCode.issue(owner, "sign-in", "mail")
        assert "not right" in text(anonymous.post("/sign-in/code/", {"code": code.digits}))

    def test_a_new_password_does_not_go_round_it(self, anonymous, owner, seed, mailbox, run_tasks):
        anonymous.post("/forgotten/", {"who": "anna"})
        run_tasks()
        anonymous.get(link_in(mailbox("anna@example.com")[-1], "password"))
        anonymous.post("/new-password/", {"password": "Another-5678!", "repeated": "Another-5678!"})
        assert anonymous.get("/").status_code == 302
        anonymous.post("/sign-in/", {"login": "anna", "password": "Another-5678!"})
        assert "Code from the app" in text(anonymous.get("/sign-in/code/"))
        assert anonymous.get("/").status_code == 302


class TestRecoveryCodes:
    def test_ten_are_shown_once(self, client_of, owner, mailbox):
        browser = client_of(owner)
        page = browser.post("/security/recovery-codes/", follow=True)
        shown = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page.content.decode())
        assert len(set(shown)) == 10
        assert shown[0] not in browser.get("/security/recovery-codes/").content.decode()
        kept = " ".join(RecoveryCode.objects.values_list("code_mac", flat=True))
        assert not any(code in kept or code.replace("-", "") in kept for code in shown)
        assert "New recovery codes were made." in mailbox("anna@example.com")[-1].body
        assert "10 left" in text(browser.get("/security/"))

    def test_a_code_signs_in_once_and_a_mail_tells(self, anonymous, owner, seed, codes, mailbox):
        first_step(anonymous)
        anonymous.post("/sign-in/way/", {"way": "recovery"})
        assert "Type one of the codes you have printed." in text(anonymous.get("/sign-in/code/"))
        page = anonymous.post("/sign-in/code/", {"code": codes[0].upper().replace("-", " ")}, follow=True)
        assert "Recovery codes that still work: 9" in text(page)
        subjects = [mail.subject for mail in mailbox("anna@example.com")]
        assert "A recovery code was used at Example Hosting" in subjects
        used = next(mail for mail in mailbox("anna@example.com") if "recovery code was used" in mail.subject)
        assert "9 codes still work." in used.body and "few" not in used.body
        assert not factors.check_recovery_code(owner, codes[0])
        assert Event.objects.filter(action="recovery_code_used", user_id=owner.pk).exists()

    def test_when_few_are_left_the_mail_and_the_page_say_so(self, client_of, owner, codes, mailbox):
        for code in codes[:7]:
            assert factors.check_recovery_code(owner, code)
        assert "That is few" in mailbox("anna@example.com")[-1].body
        assert "That is few" in text(client_of(owner).get("/security/recovery-codes/"))

    def test_a_new_set_ends_the_old(self, owner, codes):
        new = factors.new_recovery_codes(owner)
        assert not factors.check_recovery_code(owner, codes[0])
        assert factors.check_recovery_code(owner, new[0])

    def test_anothers_code_opens_nothing(self, owner, stranger, codes):
        assert not factors.check_recovery_code(stranger, codes[0])
        assert factors.check_recovery_code(owner, codes[0])

    def test_they_are_offered_beside_codes_by_mail(self, anonymous, owner, codes):
        first_step(anonymous)
        page = text(anonymous.get("/sign-in/code/"))
        assert "Another way" in page and 'value="recovery"' in page

    def test_no_browser_is_trusted_by_one(self, anonymous, owner, seed, codes):
        first_step(anonymous)
        anonymous.post("/sign-in/way/", {"way": "recovery"})
        assert "Trust this browser" not in text(anonymous.get("/sign-in/code/"))
        anonymous.post("/sign-in/code/", {"code": codes[0], "trust": "on"})
        assert anonymous.get("/").status_code == 200
        assert not owner.trusted_browsers.exists()


class TestChoosing:
    def test_the_preferred_way_comes_first_and_others_are_offered(self, client_of, anonymous, owner, seed, codes):
        owner.refresh_from_db()
        form = {"second_step": "mail", "message_codes": "on", "current_password": PASSWORD}
        assert client_of(owner).post("/security/second-step/", form).status_code == 302
        first_step(anonymous)
        page = text(anonymous.get("/sign-in/code/"))
        assert "an•••@example.com" in page and 'value="app"' in page and 'value="recovery"' in page
        anonymous.post("/sign-in/way/", {"way": "app"})
        assert anonymous.post("/sign-in/code/", {"code": code_of(seed)})["Location"] == "/"

    def test_messages_cannot_be_preferred_while_they_open_nothing(self, client_of, owner, seed):
        owner.refresh_from_db()
        page = client_of(owner).post("/security/second-step/", {"second_step": "mail", "current_password": PASSWORD})
        assert "let them open the account" in text(page)
        owner.refresh_from_db()
        assert owner.second_step == "app"

    def test_a_code_goes_out_only_when_its_way_is_chosen_and_three_times_again(self, anonymous, owner, seed, codes):
        User.objects.filter(pk=owner.pk).update(message_codes=True)
        first_step(anonymous)
        assert not OneTimeCode.objects.exists()
        for _time in range(2):
            anonymous.post("/sign-in/way/", {"way": "mail"})
        assert OneTimeCode.objects.count() == 1, "a living code is not sent again"
        for _time in range(6):
            OneTimeCode.objects.update(ended_at=timezone.now())
            anonymous.post("/sign-in/way/", {"way": "app"})
            anonymous.post("/sign-in/way/", {"way": "mail"})
        assert OneTimeCode.objects.count() == 1 + OneTimeCode.RESENDS

    def test_a_way_that_is_not_open_cannot_be_chosen(self, anonymous, owner):
        first_step(anonymous)
        for way in ("app", "passkey", "sms", "recovery", "trust", ""):
            anonymous.post("/sign-in/way/", {"way": way})
            assert "We have sent a code" in text(anonymous.get("/sign-in/code/"))

    def test_the_wait_for_the_second_step_ends(self, anonymous, owner, seed):
        first_step(anonymous)
        with time_machine.travel(timezone.now() + timedelta(minutes=31)):
            assert anonymous.post("/sign-in/code/", {"code": code_of(seed)})["Location"] == "/sign-in/"


class TestNobodyIsLeftWithoutOne:
    def test_removing_the_last_strong_way_brings_codes_by_mail_back(self, client_of, anonymous, owner, seed, mailbox):
        browser = client_of(User.objects.get(pk=owner.pk))
        assert "Remove the authenticator app?" in text(browser.post("/security/app/remove/"))
        assert AuthenticatorApp.objects.exists()
        browser.post("/security/app/remove/", {"confirmed": "yes"})
        owner.refresh_from_db()
        assert ways.ways_of(owner) == ["mail"]
        assert "The authenticator app was removed." in mailbox("anna@example.com")[-1].body
        first_step(anonymous)
        assert anonymous.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])})["Location"] == "/"

    def test_removing_asks_for_the_password(self, client_of, owner, seed):
        browser = client_of(User.objects.get(pk=owner.pk))
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            asked = browser.post("/security/app/remove/", {"confirmed": "yes"})
        assert asked["Location"].startswith("/password-again/")
        assert AuthenticatorApp.objects.exists()

    @pytest.mark.parametrize("preferred", ["sms", "passkey", "recovery", "nonsense"])
    def test_whatever_stands_there_a_way_remains(self, owner, preferred):
        owner.second_step = preferred
        assert ways.ways_of(owner) == ["mail"]


class TestPhone:
    NUMBER = "+48600700800"

    @pytest.fixture
    def browser(self, client_of, owner):
        User.objects.filter(pk=owner.pk).update(phone=self.NUMBER)
        memory.outbox.clear()
        return client_of(owner)

    def code(self, deliver):
        deliver()
        return memory.outbox[-1]["text"].split("code is ")[1][:6]

    def test_a_code_typed_from_it_confirms_it(self, browser, owner, deliver):
        assert "Number not confirmed" in text(browser.get("/security/"))
        browser.post("/security/phone/send/")
        digits = self.code(deliver)
        assert "not right" in text(browser.post("/security/phone/", {"code": wrong(digits)}))
        assert browser.post("/security/phone/", {"code": digits})["Location"] == "/security/second-step/"
        owner.refresh_from_db()
        assert owner.confirmed_phone == self.NUMBER
        assert ways.ways_of(owner) == ["mail", "sms"]

    def test_a_number_that_opens_the_account_is_told_by_mail_and_ends_other_sessions(
        self, browser, client_of, owner, deliver, mailbox
    ):
        """With a stolen session and the password a thief would add a phone of theirs and come again any time."""
        elsewhere = client_of(owner)
        browser.post("/security/phone/send/")
        browser.post("/security/phone/", {"code": self.code(deliver)})
        told = mailbox("anna@example.com")[-1]
        assert "The phone number was confirmed by a code." in told.body and link_in(told, "not-me")
        assert browser.get("/security/").status_code == 200
        assert elsewhere.get("/security/").status_code == 302

    def waiting_for_sms(self, owner):
        """A browser that waits for a code by SMS, one of several ways of the owner's."""
        User.objects.filter(pk=owner.pk).update(confirmed_phone=self.NUMBER)
        visitor = Client(headers=ENGLISH)
        first_step(visitor)
        visitor.post("/sign-in/way/", {"way": "sms"})
        return visitor

    def change_number(self, browser, number):
        form = {"name": "Anna", "language": "en", "phone": number, "current_password": PASSWORD}
        assert browser.post("/data/edit/", form).status_code == 302

    def test_a_code_sent_to_an_older_number_opens_nothing(self, browser, owner, deliver):
        visitor = self.waiting_for_sms(owner)
        digits = self.code(deliver)
        self.change_number(browser, "+48600700801")
        visitor.post("/sign-in/code/", {"code": digits})
        assert visitor.get("/").status_code == 302

    def test_a_code_from_ones_own_number_buys_no_more_messages_to_anothers(self, browser, owner, deliver):
        visitor = self.waiting_for_sms(owner)
        digits = self.code(deliver)
        self.change_number(browser, "+48600700801")
        for _time in range(10):
            limits.CODES_TO_NUMBER.charge("+48600700801")
        visitor.post("/sign-in/code/", {"code": digits})
        with pytest.raises(limits.TooMany):
            limits.CODES_TO_NUMBER.charge("+48600700801")

    def test_a_changed_number_is_not_confirmed(self, browser, owner, deliver):
        browser.post("/security/phone/send/")
        digits = self.code(deliver)
        User.objects.filter(pk=owner.pk).update(phone="+48600700801")
        browser.post("/security/phone/", {"code": digits})
        owner.refresh_from_db()
        assert owner.confirmed_phone == "" and ways.ways_of(owner) == ["mail"]

    def test_the_code_is_good_in_its_session_only_and_not_for_signing_in(self, browser, client_of, owner, deliver):
        browser.post("/security/phone/send/")
        digits = self.code(deliver)
        client_of(owner).post("/security/phone/", {"code": digits})
        owner.refresh_from_db()
        assert owner.confirmed_phone == ""
        visitor = Client(headers=ENGLISH)
        first_step(visitor)
        assert visitor.post("/sign-in/code/", {"code": digits}).status_code == 200

    def test_a_second_code_waits_a_minute(self, browser):
        browser.post("/security/phone/send/")
        assert "one minute" in text(browser.post("/security/phone/send/", follow=True))
        assert Outbox.objects.filter(channel="sms").count() == 1

    def test_a_right_code_by_mail_buys_no_more_messages_to_a_number(self, owner):
        User.objects.filter(pk=owner.pk).update(phone=self.NUMBER)
        owner.refresh_from_db()
        for _time in range(10):
            limits.CODES_TO_NUMBER.charge(self.NUMBER)
        code = OneTimeCode.issue(owner, "sign-in", "mail")
        assert code.check_digits(code.digits)
        with pytest.raises(limits.TooMany):
            limits.CODES_TO_NUMBER.charge(self.NUMBER)


KINDS = {
    "message": lambda owner: OneTimeCode.issue(owner, "sign-in", "mail").check_digits("x"),
    "app": lambda owner: factors.check_app(owner, "x"),
    "passkey": lambda owner: factors.check_passkey(owner, "x", "x"),
    "recovery": lambda owner: factors.check_recovery_code(owner, "x"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_twenty_tries_an_hour_count_over_all_ways(owner, seed, kind):
    guesses = [guess for _time in range(5) for guess in KINDS.values()]
    for guess in guesses:
        assert not guess(owner)
    with pytest.raises(limits.TooMany):
        KINDS[kind](owner)


def test_fresh_codes_and_sessions_buy_no_more_tries(owner, mailbox):
    """Five wrong ones end a code; the fourth code and the second session bring none beyond the account's twenty."""
    browser = Client(headers=ENGLISH)
    for turn in range(4):
        with time_machine.travel(START + timedelta(seconds=61 * turn), tick=False):
            browser.post("/sign-in/code/again/") if turn else first_step(browser)
            digits = wrong(code_in(mailbox("anna@example.com")[-1]))
            pages = [text(browser.post("/sign-in/code/", {"code": digits})) for _try in range(5)]
            assert "not right" in pages[0] and "no longer be used" in pages[-1]
    assert OneTimeCode.objects.count() == 4
    other = Client(headers=ENGLISH)
    first_step(other)
    page = text(other.post("/sign-in/code/", {"code": code_in(mailbox("anna@example.com")[-1])}))
    assert "Too many codes were tried" in page and other.get("/").status_code == 302


def test_fifty_tries_a_day(owner, seed):
    for hour in range(3):
        with time_machine.travel(START + timedelta(hours=hour, minutes=hour)):
            for _try in range(20 if hour < 2 else 10):
                assert not factors.check_app(owner, "x")
    with time_machine.travel(START + timedelta(hours=10)), pytest.raises(limits.TooMany):
        factors.check_app(owner, code_of(seed))


def test_a_right_code_gives_its_try_back(owner, codes):
    for code in codes:
        assert factors.check_recovery_code(owner, code)
    for _try in range(20):
        assert not factors.check_recovery_code(owner, "x")
    with pytest.raises(limits.TooMany):
        factors.check_recovery_code(owner, "x")


def test_the_page_says_when_too_many_were_tried(anonymous, owner, seed):
    for _try in range(20):
        limits.SECOND_STEP_HOUR.charge(owner.pk)
    first_step(anonymous)
    assert "Too many codes were tried" in text(anonymous.post("/sign-in/code/", {"code": code_of(seed)}))


def test_a_new_password_keeps_the_app_and_the_codes(owner, seed, codes):
    recovery.change_password(owner, "Another-5678!", by=owner)
    assert factors.check_app(owner, code_of(seed))
    assert factors.check_recovery_code(owner, codes[0])
