"""Dates of renewals and documents: months by the calendar, and days as they are in Warsaw."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from billing import bank, checkout, gateway_reports
from billing.models import Document
from services import expiry
from services.calendar import months_later
from services.models import Service
from tests.support.jobs import do_jobs

WARSAW = ZoneInfo("Europe/Warsaw")
months = st.sampled_from([1, 3, 6, 12, 24, 36, 60, 120])


def extended(service, *steps):
    """The days on which it ends after each of the steps, given in months."""
    ends = []
    for number, step in enumerate(steps):
        extension = expiry.extend(service, step, reference=f"step {service.pk} {number}", by=None)
        ends.append(extension.last_day.isoformat())
    return ends


def ending(service, day, **fields):
    """The service with another end."""
    service.ends_on = date.fromisoformat(day)
    for name, value in fields.items():
        setattr(service, name, value)
    service.save()
    return service


def test_the_end_of_january_comes_back_after_february(hosting):
    ends = extended(ending(hosting, "2027-01-31"), 1, 1, 1, 1)
    assert ends == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]
    hosting.refresh_from_db()
    assert hosting.anchor_day == 31


def test_the_end_of_january_in_a_leap_year(hosting):
    assert extended(ending(hosting, "2028-01-31"), 1, 1) == ["2028-02-29", "2028-03-31"]


def test_the_29th_of_february_comes_back_every_four_years(hosting):
    ends = extended(ending(hosting, "2028-02-29"), 12, 12, 24)
    assert ends == ["2029-02-28", "2030-02-28", "2032-02-29"]


def test_without_the_day_that_is_meant_a_month_would_shrink_for_ever():
    """The negative control: months counted from the last end alone."""
    end = date(2027, 1, 31)
    for _ in range(2):
        end = months_later(end, 1)
    assert end == date(2027, 3, 28)


def test_two_and_three_years_keep_the_day(hosting, voip):
    assert extended(ending(hosting, "2026-11-30"), 24) == ["2028-11-30"]
    assert extended(ending(voip, "2027-02-28", anchor_day=29), 36) == ["2030-02-28"]


def test_a_day_that_was_set_by_hand_is_kept(hosting):
    assert extended(ending(hosting, "2027-02-28", anchor_day=30), 1, 1) == ["2027-03-30", "2027-04-30"]


@given(st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.lists(months, min_size=1, max_size=6))
def test_many_steps_come_to_the_same_day_as_one(day, steps):
    end = day
    for step in steps:
        end = months_later(end, step, day.day)
    assert end == months_later(day, sum(steps), day.day)
    assert end.day == day.day or (end + timedelta(days=1)).day == 1


def test_an_end_in_the_past_is_extended_from_there(hosting):
    """What was not paid for is not given away: a renewal that is late begins where the last one ended."""
    with time_machine.travel(datetime(2027, 3, 20, 12, tzinfo=WARSAW), tick=False):
        ending(hosting, "2027-01-31", status=Service.Status.SUSPENDED)
        assert extended(hosting, 1) == ["2027-02-28"]
        hosting.refresh_from_db()
        assert (do_jobs(), hosting.status) == (1, "suspended")
        hosting.refresh_from_db()
        assert hosting.status == "suspended"
        expiry.extend(hosting, 1, reference="again", by=None)
        hosting.refresh_from_db()
        assert (hosting.ends_on, hosting.status) == (date(2027, 3, 31), "suspended")
        do_jobs()
        hosting.refresh_from_db()
        assert (hosting.ends_on, hosting.status) == (date(2027, 3, 31), "active")


def test_days_that_were_paid_for_are_not_paid_twice(hosting):
    ending(hosting, "2027-01-31")
    extended(hosting, 12)
    ending(hosting, "2027-01-31")
    with pytest.raises(expiry.NotRenewable):
        expiry.extend(hosting, 12, reference="another", by=None)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        # The clock is put forward at 2:00 and back at 3:00.
        (datetime(2027, 3, 27, 23, 30, tzinfo=UTC), "2027-03-28"),
        (datetime(2027, 3, 28, 21, 59, tzinfo=UTC), "2027-03-28"),
        (datetime(2027, 3, 28, 22, 0, tzinfo=UTC), "2027-03-29"),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), "2026-10-25"),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), "2026-10-26"),
    ],
)
def test_documents_bear_the_day_of_warsaw_when_the_clock_changes(buyer, hosting, order, begin, report, at, day):
    with time_machine.travel(at, tick=False):
        payment = begin(buyer, order(buyer, hosting))
        gateway_reports.apply(report(payment), gateway="sandbox")
    proforma, invoice = Document.objects.order_by("pk")
    assert {str(proforma.issued_on), str(invoice.issued_on), str(invoice.paid_on)} == {day}
    assert proforma.due_on == date.fromisoformat(day) + timedelta(days=7)
    assert invoice.issued_at == at


def test_an_hour_that_comes_twice_makes_no_day_longer(hosting):
    """Expiry counts days, which a change of the clock does not touch."""
    assert extended(ending(hosting, "2026-10-24"), 1, 1) == ["2026-11-24", "2026-12-24"]


def test_the_year_begins_at_midnight_in_warsaw(buyer, hosting, voip, order, begin, report):
    before = datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    with time_machine.travel(before, tick=False) as clock:
        first, second = begin(buyer, order(buyer, hosting)), begin(buyer, order(buyer, voip))
        gateway_reports.apply(report(first), gateway="sandbox")
        clock.shift(timedelta(seconds=1))
        gateway_reports.apply(report(second), gateway="sandbox")
    old, new = Document.objects.filter(kind="invoice").order_by("pk")
    assert (old.number, old.issued_on, old.paid_on) == ("FV/1/2026", date(2026, 12, 31), date(2026, 12, 31))
    assert (new.number, new.issued_on, new.paid_on) == ("FV/1/2027", date(2027, 1, 1), date(2027, 1, 1))


def test_a_transfer_of_last_year_that_is_noted_this_year(buyer, hosting, products, order, administrator):
    products["hosting"].tax_point = "one_off"
    products["hosting"].save()
    hosting.refresh_from_db()
    with time_machine.travel(datetime(2026, 12, 30, 12, tzinfo=WARSAW), tick=False):
        receivable = order(buyer, hosting)
    with time_machine.travel(datetime(2027, 1, 4, 9, tzinfo=WARSAW), tick=False):
        bank.received(
            [receivable], amount=Decimal("123.00"), statement_line="7", by=administrator, booked_on=date(2026, 12, 31)
        )
    invoice = Document.objects.get(kind="invoice")
    assert (invoice.number, invoice.issued_on) == ("FV/1/2027", date(2027, 1, 4))
    assert invoice.paid_on == invoice.supplied_on == date(2026, 12, 31)


def test_a_transfer_of_today_is_not_paid_in_the_future(buyer, hosting, order, administrator):
    with time_machine.travel(datetime(2027, 1, 4, 9, tzinfo=WARSAW), tick=False):
        payment = bank.received(
            [order(buyer, hosting)],
            amount=Decimal("123.00"),
            statement_line="8",
            by=administrator,
            booked_on=date(2027, 1, 4),
        )
        assert payment.paid_at == timezone.now()


def test_a_proforma_lapses_when_its_days_are_over_in_warsaw(buyer, hosting, order):
    with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=WARSAW), tick=False) as clock:
        receivable = order(buyer, hosting)
        assert receivable.due_on == date(2026, 11, 8)
        clock.move_to(datetime(2026, 12, 8, 23, 59, tzinfo=WARSAW))
        assert checkout.lapse() == 0
        clock.shift(timedelta(minutes=1))
        assert checkout.lapse() == 1
        assert checkout.lapse() == 0
    receivable.refresh_from_db()
    assert receivable.state == "cancelled"
