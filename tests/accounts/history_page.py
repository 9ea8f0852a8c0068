"""The history as people read it: chosen by kind, person and day, page by page, quick among a hundred thousand."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts import history, history_kinds
from accounts.history import Action, record
from accounts.models import Event, Membership, User
from accounts.pages import page_of_several
from billing.actions import Action as BillingAction
from tests.crowd import queries_of

MANY = 100_000
# Of them by Python; a pattern of 1000 entries by three people.
WRITTEN = 3_000


@pytest.fixture
def told(owner, administrative, support, customer):
    """Three entries by three people."""
    record(Action.SIGNED_IN, customer=customer, user=owner, by=owner)
    record(Action.CONTACT_ADDED, customer=customer, by=administrative, name="Tomek")
    record(Action.CODE_RIGHT, customer=customer, by=support, owner="Anna Owner")


def entries(browser, **asked):
    page = browser.get("/history/", asked)
    assert page.status_code == 200
    return re.findall(r"<li>\s*<time.*?<strong>(.*?)</strong>", page.content.decode(), re.DOTALL)


def at(text):
    return timezone.make_aware(datetime.fromisoformat(text))


def put(customer, person, when, action=Action.SIGNED_IN):
    Event.objects.create(
        at=when, action=action, customer_id=customer.pk, user_id=person.pk, by_id=person.pk, by_name=str(person)
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("pl", ["Konto zostanie zamknięte 5 grudnia 2026.", "Zwrócono 1\xa0042,93\xa0zł."]),
        ("en", ["The account will be closed on 5 December 2026.", "PLN\xa01,042.93 were paid back."]),
    ],
)
def test_days_and_amounts_are_written_as_their_reader_writes_them(client_of, owner, customer, language, lines):
    type(owner).objects.filter(pk=owner.pk).update(language=language)
    record(BillingAction.REFUND_DONE, customer=customer, by=owner, amount="1042.93 PLN")
    record(Action.CLOSING_ASKED, customer=customer, by=owner, date="2026-12-05")
    assert entries(client_of(owner))[-2:] == lines


def test_what_is_no_amount_stays_as_it_is(customer):
    event = record(BillingAction.THRESHOLD_CHANGED, customer=customer, amount="–")
    assert history.sentence(event) == "The warning about a low balance was changed: –."


def test_every_action_has_a_kind():
    import panel.urls  # noqa: F401  brings in every app's actions

    assert set(history.SENTENCES) == set(history_kinds.KINDS)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("signing_in", ["Signed in."]),
        ("data", ["Contact person added: Tomek."]),
        ("support", ["Support checked the authorization code of Anna Owner: right."]),
        ("money", []),
    ],
)
def test_by_kind(client_of, owner, told, kind, words):
    assert entries(client_of(owner), kind=kind)[: len(words) or None] == words


def test_by_person_and_by_the_provider(client_of, owner, administrative, told):
    browser = client_of(owner)
    assert entries(browser, person=administrative.pk) == ["Contact person added: Tomek."]
    assert entries(browser, person="provider") == ["Support checked the authorization code of Anna Owner: right."]


def test_people_of_the_same_name_are_told_apart_by_their_logins(client_of, owner, administrative, standard):
    User.objects.filter(pk__in=[administrative.pk, standard.pk]).update(name="Jan Nowak")
    page = client_of(owner).get("/history/").content.decode()
    assert f"Jan Nowak ({administrative.login})" in page and f"Jan Nowak ({standard.login})" in page
    assert "Anna Owner</option>" in page


def test_by_days_of_the_local_clock(client_of, owner, customer):
    for hour in ("2026-03-01T23:59:59", "2026-03-02T00:00:00", "2026-03-02T23:59:59", "2026-03-03T00:00:00"):
        put(customer, owner, at(hour))
    browser = client_of(owner)
    assert len(entries(browser, since="2026-03-02", until="2026-03-02")) == 2
    assert len(entries(browser, until="2026-03-02")) == 3


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "nonsense"},
        {"person": "999999"},
        {"person": "x"},
        {"since": "yesterday"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"after": "x"},
    ],
)
def test_what_makes_no_sense_narrows_nothing(client_of, owner, told, asked):
    browser = client_of(owner)
    assert entries(browser, **asked) == entries(browser)


def test_where_nothing_fits_it_says_so(client_of, owner, told):
    page = client_of(owner).get("/history/", {"kind": "money"}).content.decode()
    assert "Nothing of that kind happened" in page and "Show all" in page


def test_a_standard_user_reads_their_own_and_cannot_choose_others(client_of, owner, standard, administrative, told):
    browser = client_of(standard)
    assert "Contact person added: Tomek." not in entries(browser)
    assert "Contact person added: Tomek." not in entries(browser, person=administrative.pk)
    assert "Adam Administrative" not in browser.get("/history/").content.decode()


def test_a_stranger_reads_nothing_of_it_whatever_they_ask(client_of, stranger, owner, told):
    for asked in ({}, {"person": owner.pk}, {"person": "provider"}, {"kind": "data"}):
        assert "Contact person added: Tomek." not in entries(client_of(stranger), **asked)


def test_without_the_parts_a_stranger_would_read_it(client_of, stranger, told, monkeypatch):
    """The negative control."""
    monkeypatch.setattr(history, "parts_of", lambda membership: [history.models.Q()])
    assert "Contact person added: Tomek." in entries(client_of(stranger))


def test_page_by_page_everything_comes_once(client_of, owner, customer):
    browser = client_of(owner)
    for number in range(60):
        put(customer, owner, at("2026-03-02T12:00:00") + timedelta(seconds=number // 3))
    seen, address = [], "/history/?since=2026-03-02&until=2026-03-02"
    while address:
        page = browser.get(address)
        rows = page.context["page"].rows
        assert len(rows) <= 25
        seen += [row.pk for row in rows]
        found = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = "/history/" + found[1].replace("&amp;", "&") if found else ""
        assert not address or "since=2026-03-02" in address
    whole = Event.objects.filter(at__date="2026-03-02").order_by("-at", "-pk")
    assert seen == list(whole.values_list("pk", flat=True)) and len(seen) == 60


def test_going_back_shows_the_page_one_came_from(owner, customer):
    for number in range(60):
        put(customer, owner, at("2026-03-02T12:00:00") + timedelta(seconds=number // 3))
    parts = [Event.objects.filter(part) for part in history.parts_of(owner.membership)]

    def page(**params):
        return page_of_several(parts, by="-at", params=params)

    first = page()
    second = page(after=first.after)
    assert page(before=second.before).rows == first.rows
    assert first.before == "" and page(after=second.after).after == ""


def test_beside_an_entry_stand_who_with_what_and_from_where(client_of, owner, customer):
    Event.objects.create(
        at=timezone.now(),
        action="signed_in",
        customer_id=customer.pk,
        by_name="Anna",
        ip="192.0.2.7",
        browser="Firefox 128",
    )
    Event.objects.create(at=timezone.now(), action="customer_closed", customer_id=customer.pk)
    page = client_of(owner).get("/history/").content.decode()
    assert "Anna · Firefox 128 · 192.0.2.7" in page
    assert "The panel itself" in page


@pytest.fixture
def hundred_thousand(owner, administrative, customer, stranger):
    """As many entries of one customer, by two people, and half as many of another's."""
    now, other = timezone.now(), stranger.membership.customer
    whose = [(customer, owner), (customer, administrative), (other, stranger)]
    rows = [
        Event(
            at=now - timedelta(minutes=number),
            action="contact_added" if number % 1000 == 0 else "signed_in",
            customer_id=whose[number % 3][0].pk,
            user_id=whose[number % 3][1].pk,
            by_id=whose[number % 3][1].pk,
            details={"name": "T"},
        )
        for number in range(WRITTEN)
    ]
    Event.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        # The database repeats these for the time before.
        columns = ", ".join(f.column for f in Event._meta.concrete_fields if f.name not in ("id", "at"))
        cursor.execute(
            f"INSERT INTO accounts_event (at, {columns}) SELECT at - n * %s, {columns}"
            " FROM accounts_event, generate_series(1, %s) AS n WHERE at <= %s",
            [timedelta(minutes=WRITTEN), MANY * 3 // 2 // WRITTEN - 1, now],
        )
        cursor.execute("ANALYZE accounts_event")


@pytest.mark.postgresql
def test_among_a_hundred_thousand_an_index_answers_and_the_last_page_costs_what_the_first_does(
    client_of, owner, hundred_thousand
):
    browser = client_of(owner)
    oldest = Event.objects.filter(customer_id=owner.membership.customer_id).order_by("at")[30]
    deep = f"{int(oldest.at.timestamp() * 1_000_000)}-{oldest.pk}"
    for address in ("/history/", f"/history/?after={deep}", "/history/?since=2026-01-01", "/history/?kind=data"):
        asked = [sql for sql in queries_of(browser, address) if 'FROM "accounts_event"' in sql]
        assert len(asked) == 2 and len(queries_of(browser, address)) <= 7
        for sql in asked:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Index Scan" in plan and "Seq Scan" not in plan, plan
            took = float(re.search(r"Execution Time: ([\d.]+)", plan)[1])
            assert took < 100, plan


def test_who_invites_a_person_later_does_not_read_what_they_do_elsewhere(client_of, owner, stranger, customer):
    """Olga runs an account of her own; the number of the one that invited her is smaller."""
    Membership.objects.create(user=stranger, customer=customer, role="standard")
    browser = client_of(stranger)
    assert "Signed in." in entries(browser)
    assert entries(client_of(owner), person=stranger.pk) == []
    assert entries(client_of(owner), person=owner.pk) == ["Signed in."] * 2, "a customer's own person is read of"
