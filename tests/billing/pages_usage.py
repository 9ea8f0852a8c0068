"""The page of what was used of a service: who sees it, in which time, what it comes to, and as a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing import charging, exporting
from billing.models import UsageDay
from services import usage
from services.models import ServiceGrant
from tests.billing.shop import page_of
from tests.billing.usage import call, put
from tests.crowd import queries_of


@pytest.fixture
def address(voip):
    return f"/services/{voip.pk}/usage/"


@pytest.fixture
def used(company, voip):
    """Two calls, of which the balance was enough for one, and a free one."""
    put(company, "2.00")
    usage.report(voip, [call("c1", "1.00", ago=5), call("c2", "1.00", ago=3, quantity=Decimal("2.5"))])
    usage.report(voip, [call("c3", "0.00", ago=2, what="100")])
    charging.charge.call(company.pk)


def test_it_lists_what_was_used_with_its_sums(client_of, owner, address, used):
    page = page_of(client_of(owner), address)
    assert "3 uses" in page and "22 min 30 s" in page and "PLN 2.46" in page
    assert "PLN 1.23 of it wait until you top up the balance." in page
    for words in ("Paid from the balance", "Waits for a top-up", "Free of charge", "2 min 30 s"):
        assert words in page


def test_the_balance_says_what_waits(client_of, owner, used):
    page = page_of(client_of(owner), "/wallet/")
    assert "for PLN 1.23 wait to be paid" in page and "Office phone: 10 min" in page


def test_it_is_for_those_who_see_the_service(client_of, standard, standard_without, stranger, voip, address, used):
    for person, status in ((standard, 404), (standard_without, 404), (stranger, 404)):
        for path in (address, f"{address}csv/"):
            assert client_of(person).get(path).status_code == status
    ServiceGrant.objects.create(membership=standard.membership, service=voip)
    for path in (address, f"{address}csv/"):
        assert client_of(standard).get(path).status_code == 200


def test_a_time_can_be_chosen_and_nonsense_narrows_nothing(client_of, owner, voip, address, used):
    day = timezone.localdate() - timedelta(days=20)
    usage.report(voip, [call("old", "3.00", ago=20 * 24, what="A call of old")])
    browser = client_of(owner)
    days = f"?since={day - timedelta(days=1)}&until={day + timedelta(days=1)}"
    page = page_of(browser, address + days)
    assert "1 use" in page and "A call of old" in page and "PLN 3.69" in page
    assert "Nothing was used in that time" in page_of(browser, f"{address}?since=2001-01-01&until=2001-01-02")
    assert "4 uses" in page_of(browser, f"{address}?since=yesterday&until=2001-13-45")


def test_the_file_holds_the_same_rows_and_no_formulas(client_of, owner, address, used):
    answer = client_of(owner).get(f"{address}csv/")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith(exporting.MARK)
    heading, first, *others = text.removeprefix(exporting.MARK).splitlines()
    assert heading.split(";")[:4] == ["From", "To", "Description", "Quantity"]
    assert first.split(";")[2:7] == ["'+48 601 555 010", "10.000", "min", "1.00", "1.23"]
    assert len(others) == 2


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+48", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b48", "\uff0d1", "\uff20SUM(A1)"],
)
def test_cells_that_a_spreadsheet_would_reckon_with_are_quoted(value):
    assert exporting.cell(value) == f"'{value}"
    assert exporting.cell("1-1") == "1-1"


def test_the_sums_are_kept_by_the_days_of_warsaw(client_of, owner, voip, address):
    at = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)  # half past one on the first of April
    late = replace(call("late", "2.00"), started_at=at, ended_at=at + timedelta(minutes=10))
    before = replace(late, reference="before", started_at=at - timedelta(hours=2), ended_at=at - timedelta(hours=2))
    usage.report(voip, [late, before, replace(late, reference="bytes", unit="MB")])
    usage.report(voip, [late, replace(late, reference="again")])
    kept = UsageDay.objects.order_by("day", "unit").values_list("day", "unit", "count", "gross")
    assert [(str(day), *rest) for day, *rest in kept] == [
        ("2026-03-31", "min", 1, Decimal("2.46")),
        ("2026-04-01", "MB", 1, Decimal("2.46")),
        ("2026-04-01", "min", 2, Decimal("4.92")),
    ]
    page = page_of(client_of(owner), f"{address}?since=2026-04-01&until=2026-04-01")
    assert "2 uses" in page and "PLN 4.92" in page and "PLN 4.92 of it wait" in page


def test_of_a_hundred_thousand_uses_none_is_added_up(client_of, owner, voip, address):
    usage.report(voip, [call("c1", "1.00")])
    asked = [sql for sql in queries_of(client_of(owner), address) if "SUM(" in sql and "services_usage" in sql]
    assert len(asked) == 1 and '"charged_at" IS NULL' in asked[0]


def test_a_page_has_twenty_five_and_costs_the_same_however_many_there_are(client_of, owner, voip, address):
    browser = client_of(owner)
    usage.report(voip, [call(f"c{n}", "0.10", ago=n + 1) for n in range(5)])
    few = queries_of(browser, address)
    usage.report(voip, [call(f"d{n}", "0.10", ago=n + 1) for n in range(100)])
    many = queries_of(browser, address)
    assert len(many) == len(few) <= 7
    page = page_of(browser, address)
    assert page.count("Waits for a top-up") == 25 and 'rel="next"' in page
