"""A customer who buys, changes, renews, ends and withdraws in any order, and a server that does not always obey."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.models import Terms
from billing import cart, changes, checkout, gateway_reports, gateways, payments, review, wallet
from billing.gateways import Kind, Report
from billing.models import Payment, Receivable
from services import by_hand, changing, drivers, ending, provisioning, targets, withdrawing
from services.drivers import Done, Driver, DriverError
from services.models import Product, ProvisioningJob, Service
from services.purchasing import Wanted
from tests.support.agreeing import disagreements
from tests.support.jobs import do_jobs, try_again

# Something of a list, by a number that Hypothesis can make smaller.
pick = st.integers(0, 7)
MOODS = ["well", "well", "well", "down", "refuses", "drops"]
BEGIN = "2027-01-04 11:00:00+00:00"


def one(rows, number):
    """The row of that number, or None where there is none."""
    rows = list(rows.order_by("-pk")[:8])
    return rows[number % len(rows)] if rows else None


@dataclass
class Account:
    """What the server has of a service."""

    product: str
    is_on: bool = True


class Server(Driver):
    """Does each reference once, when it is in the mood; "drops" does it and says that it did not."""

    accounts, heard, moods = {}, set(), []

    def perform(self, job):
        mood = self.moods.pop(0) if self.moods else "well"
        if mood in ("down", "refuses"):
            raise DriverError("no", permanent=mood == "refuses")
        self.obey(job)
        if mood == "drops":
            raise DriverError("the line dropped")
        return Done()

    @classmethod
    def obey(cls, job):
        """Does it, unless it was done before."""
        if job.reference in cls.heard:
            return
        cls.heard.add(job.reference)
        key, account = job.service_id, cls.accounts.get(job.service_id)
        match job.act:
            case "create":
                assert account is None, "it is set up twice"
                cls.accounts[key] = Account(job.asked["product"])
            case "change":
                account.product = job.asked["product"]
            case "suspend":
                account.is_on = False
            case "resume":
                account.is_on = True
            case "extend":
                account.is_on = account.is_on or job.asked["resume"]
            case "terminate":
                cls.accounts.pop(key, None)


class Dealing(RuleBasedStateMachine):
    """Steps are what the pages, the clock, the gateway, the worker and staff do."""

    person = staff = None
    stock = {}

    def __init__(self):
        super().__init__()
        # Nothing of an example is left for the next.
        self.point = transaction.savepoint()
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.traveller = self.clock.start()
        Server.accounts, Server.heard, Server.moods = {}, set(), []

    def teardown(self):
        try:
            findings = list(review.findings())
            assert not findings, [str(finding.words) for finding in findings]
        finally:
            self.clock.stop()
            transaction.savepoint_rollback(self.point)

    @invariant()
    def all_say_the_same(self):
        found = list(disagreements(Server.accounts, self.stock))
        assert not found, found

    @property
    def customer(self):
        return self.person.membership.customer

    @initialize(product=pick, months=st.sampled_from([1, 12]))
    def begin(self, product, months):
        """Somebody who has something that runs already."""
        self.buy(product, months, True)
        self.pay(0, "wallet")
        self.work([])

    # What the customer does

    @rule(product=pick, months=st.sampled_from([1, 12]), early=st.just(True))
    def buy(self, product, months, early):
        product = one(Product.objects.filter(pk__in=self.stock), product)
        price = product.prices.get(months=months)
        with suppress(cart.SoldOut):
            cart.put(self.person.membership, Wanted(product, price))
            self.order(terms=Terms.in_force(), early_start=early)

    @rule(which=pick)
    def renew(self, which):
        service = one(Service.objects.all(), which)
        with suppress(cart.NotForSale):
            cart.add(self.person.membership, service, service.price)
            self.order()

    def order(self, **said):
        membership = self.person.membership
        try:
            agreed = cart.quote(membership, cart.items(membership)).gross
            with suppress(checkout.EmptyCart):
                checkout.place(membership, agreed=agreed, by=self.person, **said)
        finally:
            membership.cart_items.all().delete()

    @rule(which=pick, to=pick)
    def change(self, which, to):
        service = changing.locked(one(Service.objects.all(), which))
        if targets.hindrance(service) or not (offers := changes.offers_of(self.customer, service)):
            return
        offer = offers[to % len(offers)]
        with suppress(changing.NotChangeable):
            changes.make(service, offer.target.product.pk, agreed=offer.agreed, by=self.person)

    @rule(which=pick)
    def take_back(self, which):
        with suppress(changing.NotChangeable):
            changes.take_back(one(Service.objects.all(), which), by=self.person)

    @precondition(lambda self: Receivable.objects.open().exists())
    @rule(which=pick, way=st.sampled_from(["wallet", "sandbox", "later"]))
    def pay(self, which, way):
        owed = one(Receivable.objects.open(), which)
        if owed is None:
            return
        with suppress(payments.NotDeliverable, wallet.NotEnough):
            if way == "wallet":
                payments.pay_from_wallet(self.customer, [owed], by=self.person)
                return
            payment = payments.start(self.customer, [owed], gateway=gateways.find("sandbox"), by=self.person)
            if way == "sandbox":
                self.money_comes(payment)

    @rule(which=pick)
    def cancel(self, which):
        if owed := one(Receivable.objects.all(), which):
            checkout.cancel(owed, by=self.person)

    @rule(which=pick)
    def terminate(self, which):
        with suppress(ending.NotEndable):
            ending.terminate(one(Service.objects.all(), which), by=self.person)

    @rule(which=pick)
    def withdraw(self, which):
        service = one(withdrawing.with_contract(Service.objects.select_related("customer", "product")), which)
        said = {"name": "Anna", "email": "anna@home.example", "contract": "Hosting"}
        with suppress(withdrawing.NotWithdrawable):
            withdrawing.withdraw(service, by=self.person, **said)

    # What happens by itself

    @precondition(lambda self: Payment.objects.filter(state="started").exists())
    @rule(which=pick)
    def late_money_comes(self, which):
        """Also for what was cancelled, or paid otherwise, meanwhile."""
        self.money_comes(one(Payment.objects.filter(state="started"), which))

    def money_comes(self, payment):
        facts = {"amount": payment.amount, "currency": "PLN", "merchant": "panel-demo", "customer": ""}
        told = Report(kind=Kind.PAID, reference=payment.token, external_id=payment.external_id, **facts)
        gateway_reports.apply(told, gateway="sandbox")

    @rule(moods=st.lists(st.sampled_from(MOODS), max_size=4))
    def work(self, moods):
        Server.moods = moods
        do_jobs()

    @rule()
    def work_again(self):
        Server.moods = []
        try_again()

    @rule(days=st.sampled_from([1, 5, 20, 40, 200]))
    def time_passes(self, days):
        self.traveller.shift(timedelta(days=days))
        changing.begin_due()
        checkout.lapse()

    # What staff do

    @rule()
    def repeat(self):
        provisioning.repeat(ProvisioningJob.objects.all(), by=self.staff)

    @precondition(lambda self: ProvisioningJob.objects.filter(state="failed").exists())
    @rule(which=pick)
    def do_it_by_hand(self, which):
        """As the jobs of a service were asked for: nobody changes what is not set up."""
        failed = ProvisioningJob.objects.filter(state="failed")
        first = {job.service_id: job.pk for job in failed.order_by("-pk")}
        job = one(failed.filter(pk__in=first.values()), which)
        if job.service.jobs.filter(pk__lt=job.pk, state__in=["waiting", "failed"]).exists():
            return
        Server.obey(job)
        by_hand.done(job, Done(), by=self.staff)

    @rule(which=pick, is_held=st.booleans())
    def hold_or_release(self, which, is_held):
        service = one(Service.objects.all(), which)
        verb = provisioning.hold if is_held else provisioning.release
        verb(service, by=self.staff)


def install(monkeypatch, person, staff, stock):
    """The machine's own server and people; no gateway is called, and no mail is written."""
    monkeypatch.setitem(drivers.DRIVERS, "obeying", Server)
    Product.objects.filter(pk__in=stock).update(driver="obeying")
    started = gateways.Started("/", "")
    monkeypatch.setattr(gateways.sandbox.Sandbox, "start", lambda self, payment, **kwargs: started)
    for name, value in {"person": person, "staff": staff, "stock": stock}.items():
        monkeypatch.setattr(Dealing, name, value)
    assert timezone.now()
