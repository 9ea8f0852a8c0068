"""Links of every purpose: how long they live, what they open, and what ends them."""

from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import addresses, blocking, invitations, one_click, recovery, registration
from accounts.models import Customer, Link, Membership, User
from tests.accounts.reading import misread
from tests.cast import ENGLISH

NEW = "Another-5678!"
PURPOSES = Link.Purpose.values
HOURS = {"registration": 48, "activation": 48, "invitation": 48, "password": 1, "email": 24, "not-me": 168}
HOURS["email-back"] = 168
# The page behind each, and what is sent there to use the link.
PAGES = {
    "registration": ("/confirm/", {}),
    "activation": ("/activate/", {"password": NEW, "repeated": NEW}),
    "password": ("/new-password/", {"password": NEW, "repeated": NEW}),
    "not-me": ("/not-me/", {}),
    "invitation": ("/invitation/", {"answer": "yes"}),
    "email": ("/data/email/confirm/", {}),
    "email-back": ("/data/email/back/", {}),
}
UNDOING = {"not-me", "email-back"}


@pytest.fixture
def issue(owner, provider):
    """`issue(purpose)` makes a link for the owner; an invitation is another customer's."""

    def issue(purpose):
        person, about = User.objects.get(pk=owner.pk), {}
        if purpose == "invitation":
            about["membership"] = waiting(person, provider)
        if purpose.startswith("email"):
            about["address"] = "other@example.com"
        return Link.issue(person, purpose, **about)

    return issue


def waiting(person, provider):
    """The waiting invitation of another customer."""
    other, _made = Customer.objects.get_or_create(provider=provider, number=3000003)
    typed = {"login": person.login, "name": "", "email": person.email, "phone": "", "language": "en", "by": None}
    row, _made = Membership.objects.get_or_create(
        user=person,
        customer=other,
        defaults={"accepted_at": None, "blocked_at": timezone.now(), "invited_as": typed | {"any_login": False}},
    )
    return row


def address(link):
    return link.url.removeprefix("http://localhost:8000")


@pytest.fixture
def visitor(client_of, owner):
    """`visitor(purpose)` is a browser for it: invitations are answered by the person who has signed in."""
    return lambda purpose: client_of(owner) if purpose == "invitation" else Client(headers=ENGLISH)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_link_lives_as_long_as_the_book_says(purpose, issue, visitor):
    assert_lives_hours(HOURS[purpose], purpose, timezone.now().replace(microsecond=0), issue, visitor)


DAYS = [datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("purpose", [purpose for purpose in PURPOSES if HOURS[purpose] == 48])
def test_forty_eight_hours_are_as_long_when_the_clocks_change(purpose, day, issue, visitor):
    """In Warsaw the nights to 29 March and to 25 October 2026 are an hour shorter and longer."""
    assert_lives_hours(48, purpose, day, issue, visitor)


def assert_lives_hours(hours, purpose, start, issue, visitor):
    """One second before its end a link leads to its page and acts; one second after, neither does."""
    with time_machine.travel(start, tick=False):
        link = issue(purpose)
    with time_machine.travel(start + timedelta(hours=hours, seconds=-1), tick=False):
        late = visitor(purpose)
        assert late.get(address(link)).status_code == 302
    with time_machine.travel(start + timedelta(hours=hours, seconds=1), tick=False):
        assert Client().get(address(link)).status_code == 410
        assert late.get(PAGES[purpose][0]).status_code == 410
        assert late.post(*PAGES[purpose]).status_code == 410, "nor does its page, opened in time"
        link.refresh_from_db()
        assert link.ended_at is None, "nobody used it"
    with time_machine.travel(start + timedelta(hours=hours, seconds=-1), tick=False):
        early = visitor(purpose)
        early.get(address(link))
        assert early.post(*PAGES[purpose]).status_code == 302


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("other", PURPOSES)
def test_a_token_opens_the_page_of_its_own_purpose_only(purpose, other, issue):
    url, browser = address(issue(purpose)), Client(headers=ENGLISH)
    answer = browser.get(url.replace(f"/link/{purpose}/", f"/link/{other}/"))
    assert answer.status_code == (302 if other == purpose else 410)
    if other != purpose:
        browser.get(url)
        page = browser.post(PAGES[other][0], PAGES[other][1])
        assert page.status_code == 410 or page["Location"].startswith("/sign-in/?next=/invitation/")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_else_has_a_secret_in_its_address_opens_no_link_and_no_link_opens_it(purpose, issue, owner):
    """One click in a mail that switches such mails off, and a link with its secret in the other's place."""
    token = one_click.token("signed_in", f"u{owner.pk}")
    assert Client().get(f"/link/{purpose}/{token}/").status_code == 410
    secret = address(issue(purpose)).rstrip("/").rpartition("/")[2]
    for method in (Client().get, Client().post):
        assert method(f"/unsubscribe/{secret}/").status_code == 404


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_scanner_that_opens_it_ten_times_uses_nothing_up(purpose, issue, visitor):
    link = issue(purpose)
    for number in range(10):
        scanner = Client(headers={"User-Agent": f"scanner {number}"})
        scanner.get(address(link), follow=True)
        scanner.head(address(link))
    browser = visitor(purpose)
    page = browser.get(address(link))
    assert page["Location"] == PAGES[purpose][0], "the secret leaves the address"
    assert page["Referrer-Policy"] == "no-referrer" and "no-store" in page["Cache-Control"]
    assert browser.get(PAGES[purpose][0]).status_code == 200
    link.refresh_from_db()
    assert link.is_alive


def test_were_opening_enough_a_scanner_would_use_it_up(issue, visitor, monkeypatch):
    """The negative control: whoever opens the link has used it."""
    find = Link.find

    def used(token, purpose):
        link = find(token, purpose)
        return link if link and link.use() else None

    monkeypatch.setattr(Link, "find", used)
    link = issue("password")
    Client(headers={"User-Agent": "scanner"}).get(address(link))
    assert visitor("password").get(address(link)).status_code == 410


@pytest.mark.parametrize("purpose", PURPOSES)
def test_it_works_once(purpose, issue, visitor):
    link, browser = issue(purpose), visitor(purpose)
    browser.get(address(link))
    assert browser.post(PAGES[purpose][0], PAGES[purpose][1]).status_code == 302
    assert visitor(purpose).get(address(link)).status_code == 410


@pytest.mark.parametrize("purpose", [purpose for purpose in PURPOSES if purpose not in UNDOING])
def test_a_newer_one_ends_the_older(purpose, issue):
    older = address(issue(purpose))
    newer = address(issue(purpose))
    assert Client().get(older).status_code == 410
    assert Client().get(newer).status_code == 302


CHANGES = {
    "password": lambda person: recovery.change_password(person, NEW, by=person),
    "e-mail": lambda person: addresses.confirm_email(Link.issue(person, "email", address="third@example.com")),
    "block": lambda person: blocking.block_user(person, by=None),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_what_a_change_ends(purpose, change, issue, owner, visitor):
    link, browser = issue(purpose), visitor(purpose)
    url = address(link)
    browser.get(url)
    CHANGES[change](User.objects.get(pk=owner.pk))
    goes_on = purpose in UNDOING and change != "block"
    assert Client().get(url).status_code == (302 if goes_on else 410)
    page = browser.post(PAGES[purpose][0], PAGES[purpose][1])
    if not goes_on:
        assert page.status_code == 410 or page["Location"].startswith("/sign-in/")
        assert not Membership.objects.filter(customer__number=3000003, accepted_at__isnull=False).exists()


@pytest.mark.parametrize("purpose", ["registration", "activation", "password", "email", "invitation"])
def test_ended_by_the_row_alone_a_token_would_still_fit(purpose, issue, owner):
    """The negative control of the second lock: with its row open again, the token itself fits no more."""
    link = issue(purpose)
    url = address(link)
    recovery.change_password(User.objects.get(pk=owner.pk), NEW, by=owner)
    Link.objects.filter(pk=link.pk).update(ended_at=None)
    assert Client().get(url).status_code == 410
    assert Client().get(address(Link.objects.get(pk=link.pk))).status_code == 302, "only what is made anew does"


@pytest.mark.parametrize("part", ["selector", "secret", "both"])
def test_a_changed_letter_opens_nothing(part, issue):
    url = address(issue("password"))
    head, _dot, secret = url.rstrip("/").rpartition(".")
    wrong = {
        "selector": f"{misread(head)}.{secret}",
        "secret": f"{head}.{misread(secret)}",
        "both": "/link/password/x.y",
    }
    assert Client().get(wrong[part] + "/").status_code == 410


VERBS = {
    "registration": registration.confirm,
    "activation": lambda link: invitations.activate(link, NEW),
    "password": lambda link: recovery.set_password(link, NEW),
    "not-me": addresses.was_not_me,
    "invitation": lambda link: invitations.accept(link, by=link.user),
    "email": addresses.confirm_email,
    "email-back": addresses.take_email_back,
}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_posted_eight_times_at_once_it_is_used_once(purpose, issue, together):
    link = issue(purpose)
    results = together(8, lambda number: VERBS[purpose](Link.objects.select_related("user").get(pk=link.pk)))
    assert sorted(results) == [False] * 7 + [True]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("purpose", PURPOSES)
def test_of_two_windows_that_press_the_button_at_once_one_is_told_that_it_is_done(purpose, issue, visitor, together):
    link, windows = issue(purpose), [visitor(purpose), visitor(purpose)]
    for window in windows:
        window.get(address(link))
    pages = together(2, lambda number: windows[number].post(*PAGES[purpose]))
    assert sorted(page.status_code for page in pages) == [302, 410]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_looking_before_acting_would_let_several_through(issue, together, monkeypatch):
    """The negative control: `use` that reads and then writes."""
    looked = Barrier(4)

    def read_then_write(link):
        alive = Link.objects.get(pk=link.pk).is_alive
        looked.wait(timeout=10)
        Link.objects.filter(pk=link.pk).update(ended_at=timezone.now())
        return alive

    monkeypatch.setattr(Link, "use", read_then_write)
    link = issue("not-me")
    assert sum(together(4, lambda number: Link.objects.get(pk=link.pk).use())) > 1
