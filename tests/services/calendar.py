"""Months by the calendar from the anchor day, whatever happens to a service on its way."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services import changing, expiry, offers, provisioning, purchasing, targets
from services.calendar import months_later
from services.models import Extension, Price, ProvisioningJob, Service, ServiceChange
from services.purchasing import Wanted
from tests.services.bigger import SIZES, priced
from tests.support.jobs import do_jobs

Act = ProvisioningJob.Act
ONE_DAY = timedelta(days=1)
EXAMPLES, STEPS = 12, 15


def noon(day):
    """Noon of a day in Warsaw, as the clock."""
    return time_machine.travel(f"{day} 11:00:00+00:00", tick=False)


def bought(customer, product, day, months):
    """A service that was set up on this day, paid for so many months."""
    price = Price.objects.get_or_create(product=product, months=months, is_offered=True, defaults={"net": months})[0]
    with noon(day):
        service = purchasing.begin(customer, Wanted(product, price), reference=f"{day} {months}", by=None)
        do_jobs()
    service.refresh_from_db()
    return service


@pytest.mark.parametrize(
    ("day", "months", "ends", "anchor", "then"),
    [
        # From the 31st on a month ends with the 30th, or with the last day before that.
        ("2027-01-31", 1, "2027-02-28", 30, ["2027-03-30", "2027-04-30", "2027-05-30"]),
        ("2028-01-31", 1, "2028-02-29", 30, ["2028-03-30", "2028-04-30"]),
        ("2028-02-29", 12, "2029-02-28", 28, ["2030-02-28", "2031-02-28", "2032-02-28"]),
        ("2028-02-29", 1, "2028-03-28", 28, ["2028-04-28"]),
        # From the 1st on it ends with the month, however long that is.
        ("2027-02-01", 1, "2027-02-28", 31, ["2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2027-03-01", 12, "2028-02-29", 31, ["2029-02-28"]),
        ("2027-03-01", 3, "2027-05-31", 31, ["2027-08-31"]),
        ("2027-01-15", 1, "2027-02-14", 14, ["2027-03-14"]),
        ("2027-03-31", 1, "2027-04-30", 30, ["2027-05-30"]),
        ("2026-12-31", 24, "2028-12-30", 30, ["2030-12-30"]),
    ],
)
def test_from_the_day_on_which_it_is_set_up(customer, products, day, months, ends, anchor, then):
    service = bought(customer, products["other"], day, months)
    assert (str(service.starts_on), str(service.ends_on), service.anchor_day) == (day, ends, anchor)
    after = [expiry.extend(service, months, reference=f"r{n}", by=None).last_day for n in range(len(then))]
    assert [str(end) for end in after] == then


def test_what_costs_nothing_has_no_end(customer, products):
    price = Price.objects.create(product=products["other"], months=12, net=0)
    service = purchasing.begin(customer, Wanted(products["other"], price), reference="free", by=None)
    do_jobs()
    service.refresh_from_db()
    assert (service.status, service.ends_on, service.anchor_day) == ("active", None, None)


@pytest.mark.parametrize("ends_on", [date(2027, 6, 30), date(2027, 2, 28)])
def test_a_change_leaves_the_days_as_they_are(small, sizes, ends_on):
    Service.objects.filter(pk=small.pk).update(ends_on=ends_on, anchor_day=31)
    with noon("2027-02-10"):
        changing.at_once(small, changing.find(changing.locked(small), sizes.middle.pk), by=None)
        do_jobs()
        small.refresh_from_db()
        assert (small.product, small.ends_on, small.anchor_day) == (sizes.middle, ends_on, 31)
        assert expiry.extend(small, 1, reference="x", by=None).last_day == months_later(ends_on, 1, 31)


def test_late_payment_of_a_suspended_service_begins_where_the_last_one_ended(small):
    """What ran without being paid for is not given away, and no day is paid for twice."""
    Service.objects.filter(pk=small.pk).update(ends_on=date(2027, 1, 31), anchor_day=31)
    with noon("2027-02-20"):
        provisioning.ask(small, Act.SUSPEND, reference="s", by=None)
        do_jobs()
        extension = expiry.extend(small, 1, reference="late", by=None)
        do_jobs()
        small.refresh_from_db()
        assert (extension.first_day, extension.last_day) == (date(2027, 2, 1), date(2027, 2, 28))
        assert (small.status, small.ends_on) == ("active", date(2027, 2, 28))


def test_a_month_that_is_over_already_switches_nothing_on(small):
    Service.objects.filter(pk=small.pk).update(ends_on=date(2027, 1, 31), anchor_day=31)
    with noon("2027-03-20"):
        provisioning.ask(small, Act.SUSPEND, reference="s", by=None)
        do_jobs()
        for number, status in enumerate(["suspended", "active"]):
            expiry.extend(small, 1, reference=f"late {number}", by=None)
            do_jobs()
            small.refresh_from_db()
            assert small.status == status
        assert small.ends_on == date(2027, 3, 31)


def test_a_terminated_service_is_paid_for_no_more(small):
    provisioning.ask(small, Act.TERMINATE, reference="t", by=None)
    do_jobs()
    with pytest.raises(expiry.NotRenewable):
        expiry.extend(small, 12, reference="x", by=None)
    assert not Extension.objects.exists()


class Life(RuleBasedStateMachine):
    """A service from its first day on: bought, renewed early and late, switched off and on, changed, and ended.

    Beside it stands what must be true: all paid months counted at once from the first day, and which product it is.
    """

    customer = sizes = None

    def __init__(self):
        super().__init__()
        self.point = transaction.savepoint()
        self.clock = time_machine.travel("2027-01-01 11:00:00+00:00", tick=False)
        self.traveller = self.clock.start()
        self.service, self.number, self.months = None, 0, 0

    def teardown(self):
        self.clock.stop()
        transaction.savepoint_rollback(self.point)

    def today(self):
        return timezone.localdate()

    def live(self):
        return self.service.status != "ended"

    def renewable(self):
        return self.live() and self.service.status in ("active", "suspended")

    def one_more(self):
        self.number += 1
        return f"step {self.number}"

    def changeable(self):
        return self.renewable() and targets.hindrance(self.fresh()) is None

    def fresh(self):
        return Service.objects.select_related("product", "price", "customer").get(pk=self.service.pk)

    @initialize(wait=st.integers(0, 1500), months=st.sampled_from([1, 12]), size=st.sampled_from(sorted(SIZES)))
    def buy(self, wait, months, size):
        self.traveller.shift(timedelta(days=wait))
        self.product = self.bought = getattr(self.sizes, size)
        wanted = Wanted(self.product, priced(self.product, months))
        self.service = purchasing.begin(self.customer, wanted, reference=self.one_more(), by=None)
        assert self.service.status == "pending" and self.service.ends_on is None
        do_jobs()
        self.months, self.first = months, self.today()
        self.eve = self.first - ONE_DAY
        self.anchor = 31 if self.first.day == 1 else self.eve.day

    @precondition(renewable)
    @rule(months=st.sampled_from([1, 12, 24]))
    def renew(self, months):
        extension = expiry.extend(self.service, months, reference=self.one_more(), by=None)
        # Days are paid for one after the other: none is left out, none twice, however late the money comes.
        assert extension.first_day == self.service.ends_on + ONE_DAY
        assert expiry.extend(self.service, months, reference=extension.reference, by=None) == extension
        self.months += months
        do_jobs()

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        self.traveller.shift(timedelta(days=days))

    @precondition(lambda self: self.live() and self.service.status == "active")
    @rule()
    def suspend(self):
        provisioning.ask(self.service, Act.SUSPEND, reference=self.one_more(), by=None)
        do_jobs()

    @precondition(lambda self: self.live() and self.service.status == "suspended")
    @rule()
    def resume(self):
        provisioning.ask(self.service, Act.RESUME, reference=self.one_more(), by=None)
        do_jobs()

    @precondition(changeable)
    @rule(which=st.sampled_from([0, 1]), paid_later=st.integers(0, 20), driver_says_so=st.booleans())
    def change(self, which, paid_later, driver_says_so):
        """As the target asks for it: paid, planned or at once."""
        service = changing.locked(self.service)
        target = targets.targets(service)[which]
        left = targets.periods_left(service, target.price.months, self.today())
        assert left > 0 and (target.due > 0) == (target.net > target.former_net)
        if target.is_smaller:
            changing.plan(service, target, by=None)
        elif target.due == 0:
            changing.at_once(service, target, by=None)
        else:
            reference = self.one_more()
            changing.order(service, target, reference=reference, by=None)
            self.traveller.shift(timedelta(days=paid_later))
            if self.today() > service.ends_on:
                with pytest.raises(changing.NotChangeable):
                    changing.begin(reference, by=None)
                changing.forget([reference])
                return
            changing.begin(reference, by=None)
        if driver_says_so and not target.is_smaller:
            assert Service.objects.get(pk=service.pk).product == self.product
            do_jobs()
            self.product = target.product

    @precondition(lambda self: self.planned() is not None)
    @rule()
    def take_back(self):
        if changing.renewals_since(self.planned()).exists():
            with pytest.raises(changing.NotChangeable):
                changing.take_back(self.service, by=None)
        else:
            changing.take_back(self.service, by=None)

    @precondition(live)
    @rule()
    def clock_strikes(self):
        """The clock begins what is due; drivers do what they were asked for before, too."""
        planned = self.planned()
        begun = changing.begin_due()
        if begun:
            assert planned and changing.renewals_since(planned).first().first_day <= self.today()
        do_jobs()
        if done := ServiceChange.objects.filter(service=self.service, state="done").order_by("done_at", "pk").last():
            self.product = done.product

    @precondition(lambda self: self.live() and self.number > 9)
    @rule()
    def terminate(self):
        provisioning.ask(self.service, Act.TERMINATE, reference=self.one_more(), by=None)
        do_jobs()
        with pytest.raises(expiry.NotRenewable):
            expiry.extend(self.service, 1, reference=self.one_more(), by=None)

    def planned(self):
        return ServiceChange.objects.filter(service=self.service, state="planned").first()

    @invariant()
    def every_paid_month_counts_and_no_other(self):
        self.service.refresh_from_db()
        assert (self.service.starts_on, self.service.anchor_day) == (self.first, self.anchor)
        assert self.service.ends_on == months_later(self.eve, self.months, self.anchor)

    @invariant()
    def it_is_what_the_driver_has_made_of_it_and_costs_what_was_agreed_to(self):
        if self.service.status == "ended":
            return
        known = ServiceChange.objects.filter(service=self.service, state="done").order_by("done_at", "pk").last()
        assert self.service.product == (known.product if known else self.bought)
        coming = ServiceChange.objects.filter(service=self.service, state__in=["planned", "asked"]).first()
        assert offers.terms(self.fresh()).product == (coming.product if coming else self.service.product)


def live_on():
    """Runs some lives, the same ones each time."""
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def life(customer, sizes, monkeypatch):
    monkeypatch.setattr(Life, "customer", customer)
    monkeypatch.setattr(Life, "sizes", sizes)


@pytest.mark.slow
def test_the_months_are_right_whatever_happens(life):
    live_on()


def test_without_the_anchor_a_month_would_end_too_soon(customer, products, monkeypatch):
    """The negative control: months counted from the last end alone."""
    service = bought(customer, products["other"], "2027-02-01", 1)
    monkeypatch.setattr(expiry, "months_later", lambda day, months, anchor_day=None: months_later(day, months))
    assert str(expiry.extend(service, 1, reference="x", by=None).last_day) == "2027-03-28"


def test_without_the_last_day_late_months_would_begin_today(small, monkeypatch):
    """The negative control: what was not paid for would be given away."""

    def from_today(service, months):
        eve = max(service.ends_on, timezone.localdate() - ONE_DAY)
        return eve + ONE_DAY, months_later(eve, months, service.anchor_day)

    monkeypatch.setattr(expiry, "next_period", from_today)
    Service.objects.filter(pk=small.pk).update(ends_on=date(2027, 1, 31), anchor_day=31)
    with noon("2027-02-20"):
        assert expiry.extend(small, 1, reference="late", by=None).first_day == date(2027, 2, 20)
