"""Changing one's own login and e-mail address (M2, M7)."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from accounts import addresses, recovery, registration
from accounts.models import Event, Link, User
from tests.accounts.reading import link_in
from tests.cast import PASSWORD
from tests.together import meeting

NEW = "new@example.com"


def ask(browser, address=NEW, password=PASSWORD):
    return browser.post("/data/email/", {"email": address, "current_password": password}, follow=True)


@pytest.fixture
def browser(client_of, owner):
    return client_of(owner)


@pytest.fixture
def moved(browser, anonymous, owner, mailbox):
    """Anna at her new address; `.back` is the link that the old one got."""
    ask(browser)
    anonymous.get(link_in(mailbox(NEW)[-1], "email"))
    anonymous.post("/data/email/confirm/")
    owner.refresh_from_db()
    owner.back = link_in(mailbox("anna@example.com")[-1], "email-back")
    return owner


class TestLogin:
    def test_is_changed_with_the_password(self, browser, anonymous, owner, mailbox):
        page = browser.post("/data/login/", {"login": "ANNA.Nowa", "current_password": PASSWORD}, follow=True)
        assert "Your login is changed." in page.content.decode()
        assert anonymous.post("/sign-in/", {"login": "anna.nowa", "password": PASSWORD}).status_code == 302
        assert anonymous.post("/sign-in/", {"login": "anna", "password": PASSWORD}).status_code == 200
        assert "anna was changed to anna.nowa" in mailbox("anna@example.com")[0].body
        assert "changed from anna to anna.nowa" in browser.get("/history/").content.decode()

    def test_may_be_ones_own_address(self, browser, owner):
        browser.post("/data/login/", {"login": "Anna@Example.com", "current_password": PASSWORD})
        owner.refresh_from_db()
        assert owner.login == "anna@example.com"

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"login": "nowa", "current_password": "Wrong-1234!"}, "This is not your password."),
            ({"login": "nowa", "current_password": ""}, "This field is required."),
            ({"login": "OLGA"}, "This login is taken."),
            ({"login": "olga@example.com"}, "must be your own e-mail address"),
            ({"login": "x"}, "at least 3"),
        ],
    )
    def test_is_refused(self, browser, owner, stranger, form, words):
        page = browser.post("/data/login/", {"current_password": PASSWORD} | form)
        assert words in page.content.decode()
        owner.refresh_from_db()
        assert owner.login == "anna"

    def test_is_not_tried_for_ever(self, browser, stranger):
        for _number in range(20):
            browser.post("/data/login/", {"login": "olga", "current_password": PASSWORD})
        page = browser.post("/data/login/", {"login": "olga", "current_password": PASSWORD}, follow=True)
        words = page.content.decode()
        assert "a great many times" in words and "This login is taken." not in words

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_taken_by_a_registration_at_the_same_moment_belongs_to_one(self, owner, client_of, terms, together):
        browser = client_of(owner)

        def knock(number):
            if number % 2:
                return browser.post("/data/login/", {"login": "wanted", "current_password": PASSWORD}).status_code
            try:
                form = {"login": "wanted", "email": f"{number}@example.com", "password": PASSWORD, "language": "en"}
                return registration.register(**form, terms=terms)
            except IntegrityError:
                return None

        answers = together(2, knock)
        assert User.objects.filter(login="wanted").count() == 1
        owner.refresh_from_db()
        assert answers[1] == (302 if owner.login == "wanted" else 200)


class TestEmail:
    def test_changes_nothing_before_the_new_one_confirms(self, browser, anonymous, owner, mailbox):
        page = ask(browser)
        assert "We have sent a link to new@example.com." in page.content.decode()
        assert not mailbox("anna@example.com")
        link = link_in(mailbox(NEW)[-1], "email")
        page = anonymous.get(link, follow=True).content.decode()
        assert "new@example.com becomes the e-mail address of the login anna" in page
        owner.refresh_from_db()
        assert owner.email == "anna@example.com"

        anonymous.post("/data/email/confirm/")
        owner.refresh_from_db()
        assert owner.email == NEW
        assert browser.get("/data/").status_code == 302, "every session ends"
        assert Event.objects.filter(action="email_confirmed", user_id=owner.pk).exists()

    def test_the_browser_that_confirms_stays_signed_in(self, browser, client_of, owner, mailbox):
        elsewhere = client_of(owner)
        ask(browser)
        browser.get(link_in(mailbox(NEW)[-1]))
        page = browser.post("/data/email/confirm/", follow=True).content.decode()
        assert "Your e-mail address is changed." in page and NEW in page
        assert elsewhere.get("/data/").status_code == 302

    def test_the_old_address_has_a_week_to_take_it_back(self, moved, anonymous, client_of, mailbox):
        thief = client_of(moved)
        with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
            assert "again" in anonymous.get(moved.back, follow=True).content.decode()
            page = anonymous.post("/data/email/back/", follow=True).content.decode()
            assert link_in(mailbox("anna@example.com")[-1], "password")
        assert "Your older address is back" in page
        moved.refresh_from_db()
        assert moved.email == "anna@example.com"
        assert thief.get("/data/").status_code == 302

    def test_an_alarm_from_before_the_change_takes_the_address_back(self, browser, owner, anonymous, mailbox):
        alarm = Link.issue(owner, Link.Purpose.NOT_ME)
        ask(browser)
        anonymous.get(link_in(mailbox(NEW)[-1], "email"))
        anonymous.post("/data/email/confirm/")
        anonymous.get(alarm.url)
        anonymous.post("/not-me/")
        owner.refresh_from_db()
        assert owner.email == "anna@example.com"
        assert link_in(mailbox("anna@example.com")[-1], "password")
        assert not any("/password/" in mail.body for mail in mailbox(NEW))
        assert browser.get("/data/").status_code == 302

    def test_an_alarm_from_after_the_change_leaves_it(self, moved, anonymous, mailbox):
        anonymous.get(Link.issue(moved, Link.Purpose.NOT_ME).url)
        anonymous.post("/not-me/")
        moved.refresh_from_db()
        assert moved.email == NEW and link_in(mailbox(NEW)[-1], "password")

    def test_after_a_week_it_is_too_late(self, moved, anonymous):
        with time_machine.travel(timezone.now() + timedelta(days=7, seconds=1)):
            assert anonymous.get(moved.back).status_code == 410

    def test_a_thief_who_changes_the_password_too_shuts_no_door(self, moved, anonymous):
        recovery.change_password(moved, "Thieves-5678!", by=moved)
        addresses.change_login(moved, NEW)
        anonymous.get(moved.back)
        anonymous.post("/data/email/back/")
        moved.refresh_from_db()
        assert moved.email == "anna@example.com"
        assert moved.login == "anna@example.com", "a login that is a stranger's address is nobody's"

    def test_where_the_address_is_a_login_already_a_number_takes_its_place(self, moved, stranger, anonymous):
        addresses.change_login(moved, NEW)
        User.objects.filter(pk=stranger.pk).update(login="anna@example.com")
        anonymous.get(moved.back)
        anonymous.post("/data/email/back/")
        moved.refresh_from_db()
        assert moved.login.startswith("user-")

    def test_a_thiefs_own_way_back_ends_with_the_owners(self, moved, client_of, anonymous, mailbox):
        thief = client_of(moved)
        ask(thief, "third@example.com")
        anonymous.get(link_in(mailbox("third@example.com")[-1]))
        anonymous.post("/data/email/confirm/")
        later = link_in(mailbox(NEW)[-1], "email-back")
        anonymous.get(moved.back)
        anonymous.post("/data/email/back/")
        assert anonymous.get(later).status_code == 410

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"current_password": "Wrong-1234!"}, "This is not your password."),
            ({"email": "ANNA@example.com"}, "This is your present e-mail address."),
            ({"email": "nonsense"}, "valid email"),
        ],
    )
    def test_is_refused(self, browser, form, words, deliver):
        page = browser.post("/data/email/", {"email": NEW, "current_password": PASSWORD} | form)
        assert words in page.content.decode()
        assert not Link.objects.filter(purpose="email").exists()

    def test_of_a_login_that_is_the_address_is_refused(self, browser, owner):
        User.objects.filter(pk=owner.pk).update(login="anna@example.com")
        assert "Choose another login first." in ask(browser).content.decode()

    def test_that_somebody_else_has_is_confirmed_like_any_other(self, browser, stranger, anonymous, owner, mailbox):
        ask(browser, "olga@example.com")
        anonymous.get(link_in(mailbox("olga@example.com")[-1]))
        anonymous.post("/data/email/confirm/")
        owner.refresh_from_db()
        assert owner.email == stranger.email, "one address may have several logins"

    def test_a_newer_request_ends_the_older(self, browser, anonymous, mailbox):
        ask(browser)
        older = link_in(mailbox(NEW)[-1])
        ask(browser, "newer@example.com")
        assert anonymous.get(older).status_code == 410
        assert anonymous.get(link_in(mailbox("newer@example.com")[-1])).status_code == 302

    def test_nobody_is_flooded(self, browser, deliver):
        for _number in range(4):
            page = ask(browser)
        assert "A great many mails were sent to this address." in page.content.decode()
        assert len([mail for mail in deliver() if NEW in mail.to]) <= 3

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_confirmed_twice_at_once_changes_once(self, owner, together):
        addresses.ask_for_email(owner, NEW)
        results = together(8, lambda number: addresses.confirm_email(Link.objects.get(purpose="email")))
        assert sorted(results) == [False] * 7 + [True]
        assert Link.objects.filter(purpose="email-back").count() == 1

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_confirmed_while_somebody_registers_with_it_leaves_each_their_own(self, owner, client_of, terms, together):
        """One mailbox may have several logins; neither act takes anything from the other, in whatever order."""
        for number in range(5):
            address = f"new{number}@example.com"
            addresses.ask_for_email(User.objects.get(pk=owner.pk), address)
            link = Link.objects.select_related("user").filter(purpose="email").latest("pk")
            newcomer = {"login": address, "email": address, "password": PASSWORD, "language": "en", "terms": terms}
            acts = [partial(addresses.confirm_email, link), partial(registration.register, **newcomer)]
            confirmed, registered = together(2, lambda turn, acts=acts: acts[turn]())
            assert confirmed is True
            owner.refresh_from_db()
            assert (owner.login, owner.email) == ("anna", address)
            assert registered.pk != owner.pk and registered.activated_at is None
            assert Link.objects.get(user=registered, purpose="registration").is_alive, "it is the newcomer's"
        page = client_of(owner).post("/data/login/", {"login": address, "current_password": PASSWORD})
        assert "This login is taken." in page.content.decode()

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_taken_back_while_somebody_registers_under_it_gives_a_number(
        self, moved, anonymous, terms, together, monkeypatch
    ):
        """The login was free a moment ago; the registration is the first to write."""
        addresses.change_login(moved, NEW)
        newcomer = {"login": "anna@example.com", "email": "anna@example.com", "password": PASSWORD, "language": "en"}
        save = User.save

        def meanwhile(user, **options):
            if user.login == "anna@example.com" and not User.objects.filter(login=user.login).exists():
                monkeypatch.setattr(User, "save", save)
                together(1, lambda number: registration.register(**newcomer, terms=terms))
            return save(user, **options)

        monkeypatch.setattr(User, "save", meanwhile)
        anonymous.get(moved.back)
        page = anonymous.post("/data/email/back/", follow=True).content.decode()
        assert "Your older address is back" in page
        moved.refresh_from_db()
        assert moved.email == "anna@example.com" and moved.login.startswith("user-")
        assert User.objects.get(login="anna@example.com").pk != moved.pk

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_never_leaves_a_login_that_is_anothers_address(self, owner, together):
        """The login becomes the old address while the new one is confirmed: one of the two is refused."""
        for number in range(5):
            User.objects.filter(pk=owner.pk).update(login="anna", email="anna@example.com")
            fresh = User.objects.get(pk=owner.pk)
            addresses.ask_for_email(fresh, NEW)
            link = Link.objects.filter(purpose="email").latest("pk")
            acts = [
                lambda link=link: addresses.confirm_email(link),
                lambda fresh=fresh: addresses.change_login(fresh, "anna@example.com"),
            ]
            together(2, lambda turn, acts=acts: acts[turn]())
            now = User.objects.get(pk=owner.pk)
            assert "@" not in now.login or now.login == now.email, f"round {number}: {now.login} at {now.email}"

    @pytest.mark.postgresql
    @pytest.mark.django_db(transaction=True)
    def test_without_the_lock_it_would(self, owner, together, monkeypatch):
        """The negative control: each looks before the other has written."""
        addresses.ask_for_email(owner, NEW)
        link, both_looked, looked = Link.objects.get(purpose="email"), meeting(), addresses.is_anothers_address

        def look(login, email):
            answer = looked(login, email)
            both_looked()
            return answer

        monkeypatch.setattr(addresses, "is_anothers_address", look)
        monkeypatch.setattr(type(User.objects), "select_for_update", lambda people, **options: people.all())
        acts = [
            lambda: addresses.confirm_email(link),
            lambda: addresses.change_login(owner, "anna@example.com"),
        ]
        assert together(2, lambda turn: acts[turn]()) == [True, True]
        now = User.objects.get(pk=owner.pk)
        assert (now.login, now.email) == ("anna@example.com", NEW)
