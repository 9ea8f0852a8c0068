"""A shop in which everything happens in any order, several times, and with crashes, as a Hypothesis state machine."""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from accounts.models import Customer, Membership, User
from accounts.work.retry import Retry
from billing import bank, cart, checkout, correcting, gateways, inbox, payments, refunds, review, wallet
from billing.gateways import GatewayError, Refunded
from billing.gateways.sandbox import SIGNATURE, sign
from billing.models import Document, Payment, Receivable, Refund
from services.models import Price, Service
from tests.support.ledger import Back, Ledger, Owed, Paying, Running
from tests.support.lightning import Crash, Lightning

# Something of a list, by a number that Hypothesis can make smaller.
pick = st.integers(0, 11)
picks = st.lists(pick, min_size=1, max_size=3)
# Most of the time nothing crashes.
crash = st.one_of(st.just(0), st.integers(1, 12))
grosze = st.sampled_from([1, 99, 2460, 12300, 24600]).map(lambda amount: Decimal(amount) / 100)
OCCASIONS = ["lapse", "price", "threshold", "back", "suspended", "ended"]
lightning = Lightning()
WAYS = {"sandbox": ["by_hand", "wallet", "gateway"], "transfer": ["by_hand", "wallet"], "wallet": ["wallet"]}


def one(things, number):
    """The thing of that number, counted back from the last one."""
    things = list(things)
    return things[-1 - number % len(things)]


class Trade(RuleBasedStateMachine):
    """Steps are verbs of billing; the ledger says what each of them should have done."""

    def __init__(self):
        super().__init__()
        # Each example is one transaction that is rolled back: nothing is left for the next.
        self.example = transaction.atomic()
        self.example.__enter__()
        self.ledger, self.events = None, {}

    def teardown(self):
        try:
            self.look_over()
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @initialize(orders=st.integers(0, 3), paid=st.integers(0, 3))
    def open(self, orders, paid):
        rows = Service.objects.all()
        self.ledger = Ledger({row.pk: Running(row.ends_on, row.status) for row in rows})
        self.people = [member.user for member in Membership.objects.select_related("user", "customer").order_by("pk")]
        for person in self.people:
            person.membership = person.memberships.select_related("customer__provider").get()
        self.customers = list(Customer.objects.order_by("pk"))
        self.staff = User.objects.get(is_superuser=True)
        for customer in self.customers:
            self.adjust(customer, Decimal(300), f"begin {customer.pk}")
        for number in range(orders):
            self.order(number, [number], 12, 0, 0)
        for number in range(min(paid, len(self.ledger.owed))):
            self.pay_by_the_gateway([number], number, False, 0)

    @invariant()
    def books_are_right(self):
        if self.ledger:
            differences = self.ledger.differences()
            assert not differences, differences

    def look_over(self):
        """All invariants of the books: at the end, as they take as long as twenty steps."""
        findings = list(review.findings())
        assert not findings, [str(finding.words) for finding in findings]

    def do(self, verb, struck=0):
        """Does something; when lightning strikes, nothing of it may be left, and it is done again."""
        lightning.left = struck
        try:
            return verb()
        except Crash:
            lightning.left = 0
            self.books_are_right()
            return verb()
        finally:
            lightning.left = 0

    # Ordering

    @rule(
        who=pick,
        what=picks,
        months=st.sampled_from([1, 12]),
        more=st.sampled_from([0, 0, 0, 1]),
        takes_out=st.integers(0, 5),
        struck=crash,
    )
    def order(self, who, what, months, more, struck, takes_out=0):
        person = one(self.people, who)
        mine = Service.objects.filter(customer=person.membership.customer).order_by("pk")
        for number in what:
            price = Price.objects.get(product=one(mine, number).product, months=months, is_offered=True)
            with suppress(cart.NotForSale):
                cart.add(person.membership, one(mine, number), price)
        if takes_out == 1:
            cart.remove(person.membership, one(mine, what[0]).pk)
        found = cart.items(person.membership)
        agreed = cart.quote(person.membership, found).gross + more if found else Decimal(1)
        try:
            proforma = self.do(lambda: checkout.place(person.membership, agreed=agreed, by=person).proforma, struck)
        except checkout.EmptyCart:
            assert not found
        except checkout.PriceChanged:
            assert more
        else:
            assert found and not more
            lines = [(line.reference, line.service_id, line.months) for line in proforma.order.lines.all()]
            self.ledger.owed[proforma.receivable.pk] = Owed(proforma.customer_id, agreed, lines)

    @precondition(lambda self: self.ledger.is_owed)
    @rule(which=pick, who=pick, struck=crash)
    def cancel(self, which, who, struck):
        key = one(self.ledger.owed, which)
        owed = self.ledger.owed[key]
        by = one(self.people, who)
        answer = self.do(lambda: checkout.cancel(Receivable.objects.get(pk=key), by=by), struck)
        assert answer == (owed.state != "paid")
        if owed.state == "open":
            owed.state = "cancelled"

    # What happens now and then

    @rule(what=st.sampled_from(OCCASIONS), which=pick, amount=grosze)
    def life_goes_on(self, what, which, amount):
        key = one(self.ledger.services, which)
        match what:
            case "lapse":
                self.let_lapse()
            case "price":
                self.change_a_price(which, amount)
            case "threshold":
                wallet.set_threshold(one(self.customers, which), amount if which % 3 else None, by=self.staff)
            case "back":
                self.ledger.services[key].ends_on -= timedelta(days=365)
                Service.objects.filter(pk=key).update(ends_on=self.ledger.services[key].ends_on)
            case status:
                # What had ended runs again.
                status = "active" if self.ledger.services[key].status == "ended" else status
                Service.objects.filter(pk=key).update(status=status)
                self.ledger.services[key].status = status

    def let_lapse(self):
        with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
            checkout.lapse()
        for owed in self.ledger.owed.values():
            owed.state = "cancelled" if owed.state == "open" else owed.state

    def change_a_price(self, which, net):
        price = one(Price.objects.filter(is_offered=True).order_by("pk"), which)
        Price.objects.filter(pk=price.pk).update(is_offered=False)
        Price.objects.create(product=price.product, months=price.months, net=net)

    # Paying

    def of_one_customer(self, which):
        """Some of what a customer owes or owed."""
        first = one(self.ledger.owed, which[0])
        customer = self.ledger.owed[first].customer
        theirs = [key for key, owed in self.ledger.owed.items() if owed.customer == customer]
        keys = {one(theirs, number) for number in which}
        return Customer.objects.get(pk=customer), list(Receivable.objects.filter(pk__in=keys))

    def all_open(self, rows):
        return all(self.ledger.owed[row.pk].state == "open" for row in rows)

    def has_ended(self, rows):
        """Whether one of their services cannot be extended any more."""
        lines = [line for row in rows for line in self.ledger.owed[row.pk].lines]
        return any(self.ledger.services[service].is_stuck for _reference, service, _months in lines)

    def learn(self, payment):
        """A payment that the verbs have made."""
        parts = list(payment.parts.values_list("receivable", flat=True))
        known = Paying(payment.customer_id, payment.amount, parts, payment.gateway, payment.token)
        known.number = payment.external_id
        return self.ledger.payments.setdefault(payment.pk, known)

    @precondition(lambda self: self.ledger.owed)
    @rule(which=picks, who=pick, name=st.sampled_from(["sandbox", "sandbox", "transfer"]))
    def begin_to_pay(self, which, who, name):
        self.begin(which, who, name)

    def begin(self, which, who, name):
        """The payment that was begun, or None."""
        customer, rows = self.of_one_customer(which)
        by = one(self.people, who)
        try:
            payment = payments.start(customer, rows, gateway=gateways.find(name), by=by)
        except payments.NothingToPay:
            assert not self.all_open(rows)
            return None
        except payments.NotDeliverable:
            assert self.all_open(rows) and self.has_ended(rows)
            return None
        assert self.all_open(rows) and not self.has_ended(rows)
        self.learn(payment)
        return payment

    @precondition(lambda self: self.ledger.is_owed)
    @rule(which=picks, who=pick, again=st.booleans(), struck=crash)
    def pay_by_the_gateway(self, which, who, again, struck):
        if payment := self.begin(which, who, "sandbox"):
            self.tell(payment.pk, "paid", struck=struck)
            if again:
                self.tell(payment.pk, "paid")

    @precondition(lambda self: self.ledger.owed)
    @rule(which=picks, who=pick, struck=crash)
    def pay_from_the_balance(self, which, who, struck):
        customer, rows = self.of_one_customer(which)
        by, amount = one(self.people, who), sum(row.amount for row in rows)
        try:
            payment = self.do(lambda: payments.pay_from_wallet(customer, rows, by=by), struck)
        except payments.NothingToPay:
            assert not self.all_open(rows)
        except payments.NotDeliverable:
            assert self.all_open(rows) and self.has_ended(rows)
        except wallet.NotEnough:
            assert self.ledger.balances[customer.pk] < amount
        else:
            assert self.all_open(rows) and self.ledger.balances[customer.pk] >= amount
            self.learn(payment)
            self.ledger.move(customer.pk, -amount)
            self.ledger.paid(payment.pk)

    @rule(who=pick, amount=grosze, is_paid=st.booleans(), struck=crash)
    def top_up(self, who, amount, is_paid, struck):
        person = one(self.people, who)
        gateway = gateways.find("sandbox")
        payment = payments.start_top_up(person.membership.customer, amount, gateway=gateway, by=person)
        self.learn(payment)
        if is_paid:
            self.tell(payment.pk, "paid", struck=struck)

    @precondition(lambda self: self.ledger.owed)
    @rule(which=picks, line=pick, less=st.sampled_from([0, 0, 1]), struck=crash)
    def note_a_transfer(self, which, line, less, struck):
        _customer, rows = self.of_one_customer(which)
        line, amount = f"line {line}", sum(row.amount for row in rows) - Decimal(less) / 100
        if not amount:
            return
        try:
            payment = self.do(lambda: bank.received(rows, amount=amount, statement_line=line, by=self.staff), struck)
        except bank.NotedAlready:
            assert ("transfer", line) in self.events
            return
        assert ("transfer", line) not in self.events
        self.events["transfer", line] = None
        self.learn(payment)
        if less:
            self.ledger.tell("wrong_amount", f"paid:{line}:{payment.token}")
        else:
            self.ledger.paid(payment.pk)

    # What the gateway tells

    @precondition(lambda self: any(payment.gateway == "sandbox" for payment in self.ledger.payments.values()))
    @rule(
        which=pick,
        kind=st.sampled_from(["paid", "paid", "paid", "failed", "waiting", "refunded", "refunded"]),
        twist=st.sampled_from(["", "", "", "", "amount", "currency", "merchant", "customer", "reference", "payment"]),
        back=st.integers(0, 3),
        times=st.integers(1, 3),
        at_once=st.booleans(),
        struck=crash,
    )
    def hear(self, which, kind, twist, back, times, at_once, struck):
        """A notification comes, perhaps several times; it is worked now or later."""
        keys = (key for key, payment in self.ledger.payments.items() if payment.gateway == "sandbox")
        self.tell(one(keys, which), kind, twist, back, times, at_once, struck)

    def tell(self, key, kind, twist="", back=0, times=1, at_once=True, struck=0):
        """The gateway tells of a payment; `twist` says what does not fit, `back` which refund it is."""
        payment = self.ledger.payments[key]
        content = {
            "id": f"event {len(self.events)}",
            "kind": kind,
            "reference": payment.token,
            "amount": str(payment.amount),
            "currency": "PLN",
            "merchant": "panel-demo",
            "customer": str(one([c for c in self.customers if c.pk == payment.customer], 0).number),
            "payment": payment.number,
        }
        if kind == "refunded":
            content |= self.went_back(payment, back)
        content |= {} if not twist else {"amount": "0.02"} if twist == "amount" else {twist: "XXX"}
        event = self.receive(content, times)
        self.events["sandbox", event.pk] = (key, content)
        if at_once:
            self.work(0, struck)

    def went_back(self, payment, back):
        """What a notification says of a refund: one of ours, or one that was made at the gateway."""
        ours = list(Refund.objects.filter(payment__token=payment.token, way="gateway").exclude(asked_by=None))
        if ours and back:
            refund = one(ours, back)
            return {"refund": refund.token, "refund_number": f"R{refund.pk}", "amount": str(refund.amount)}
        return {"refund_number": f"elsewhere {back}", "amount": str(min(payment.amount, Decimal("1.00")))}

    def receive(self, content, times):
        body = json.dumps(content).encode()
        headers = {SIGNATURE: sign(body, int(datetime.now(UTC).timestamp()))}
        for _ in range(times):
            event = inbox.receive(gateways.find("sandbox"), body, headers, ip="127.0.0.1")
        assert event.event_id == content["id"]
        return event

    @precondition(lambda self: any(self.events.values()))
    @rule(which=pick, struck=crash)
    def work(self, which, struck):
        """The worker takes a notification, perhaps one that it has taken before."""
        name, key = one(self.events, which)
        if name == "sandbox":
            self.do(lambda: inbox.process.call(key), struck)
            if told := self.events[name, key]:
                self.events[name, key] = None
                self.happen(*told)

    def happen(self, key, content):
        """What a notification should bring about."""
        payment = self.ledger.payments[key]
        kind, number = content["kind"], content["refund_number" if content["kind"] == "refunded" else "payment"]
        name = f"{kind}:{number}:{content['reference']}"
        if reason := self.misfit(payment, content):
            self.ledger.tell(reason, name)
        elif kind == "paid" and payment.state != "paid":
            payment.number = number
            self.ledger.paid(key)
        elif kind == "paid" and number != payment.number:
            self.ledger.tell("paid_already", name)
        elif kind == "failed" and payment.state == "paid":
            self.ledger.tell("failed_after_paid", name)
        elif kind == "failed":
            payment.state = "failed"
        elif kind == "refunded":
            self.came_back(key, payment, content)

    def misfit(self, payment, content):
        if content["reference"] != payment.token:
            return "unknown_payment"
        if content["merchant"] != "panel-demo":
            return "wrong_merchant"
        if content["customer"] == "XXX":
            return "wrong_customer"
        if content["currency"] != "PLN":
            return "wrong_currency"
        if content["kind"] == "paid" and Decimal(content["amount"]) != payment.amount:
            return "wrong_amount"
        return None

    def came_back(self, key, payment, content):
        """Ours is done; one from elsewhere, or that was given up, counts and is told."""
        row = Refund.objects.filter(token=content.get("refund", "-")).first()
        ours = payment.refunds.get(row.pk) if row else None
        amount, number = Decimal(content["amount"]), content["refund_number"]
        if ours and ours.state != "failed" and ours.amount == amount:
            ours.state = "done"
        elif not any(back.number == number for back in payment.refunds.values()):
            made = Refund.objects.get(payment=key, external_id=number, asked_by=None)
            payment.refunds[made.pk] = Back(amount, "gateway", "done", number)
            reason = "unexpected_refund" if payment.state == "paid" else "refunded_first"
            self.ledger.tell(reason, f"payment:{key}")

    # Giving back

    @precondition(lambda self: any(payment.state == "paid" for payment in self.ledger.payments.values()))
    @rule(
        which=pick,
        part=st.sampled_from(["all", "rest", "half", "grosz"]),
        number=st.integers(0, 3),
        struck=crash,
    )
    def ask_for_a_refund(self, which, part, number, struck):
        # Once in a while of one that has not come.
        all_of_them, came = self.ledger.payments, [key for key, p in self.ledger.payments.items() if p.state == "paid"]
        key = one(came if which else all_of_them, which)
        payment = self.ledger.payments[key]
        rest = payment.amount - payment.gone
        amounts = {"all": payment.amount, "rest": rest, "half": round(payment.amount / 2, 2), "grosz": Decimal("0.01")}
        amount = amounts[part]
        ways = [way for way in WAYS[payment.gateway] if payment.parts or way != "wallet"]
        way = one(ways, number) if number else "gateway"
        fits = payment.state == "paid" and 0 < amount <= rest and way in ways
        row = Payment.objects.get(pk=key)
        try:
            refund = self.do(lambda: refunds.request(row, amount, way=way, reason="Because", by=self.staff), struck)
        except refunds.NotRefundable:
            assert not fits
        except wallet.NotEnough:
            assert fits and payment.in_balance and self.ledger.balances[payment.customer] < amount
        else:
            assert fits
            payment.refunds[refund.pk] = Back(amount, way, "done" if way == "wallet" else "waiting")
            self.ledger.move(payment.customer, amount if way == "wallet" else -amount if payment.in_balance else 0)

    @precondition(lambda self: any(back.way == "gateway" for back in self.ledger.asked_for.values()))
    @rule(which=pick, answer=st.sampled_from(["sent", "done", "later", "never"]), struck=crash)
    def send_a_refund(self, which, answer, struck):
        row = one(Refund.objects.filter(way="gateway").exclude(asked_by=None).order_by("pk"), which)
        payment = self.ledger.payments[row.payment_id]
        back = payment.refunds[row.pk]
        self.answers_of_gateway(answer)
        with suppress(Retry):
            self.do(lambda: refunds.send.call(row.pk), struck)
        if back.state != "waiting":
            return
        if answer in ("sent", "done"):
            back.state = answer
            return
        self.ledger.tell("refund_failed", f"refund:{row.pk}")
        if answer == "never":
            back.state = "failed"
            self.ledger.move(payment.customer, back.amount if payment.in_balance else 0)

    def answers_of_gateway(self, answer):
        """The next refund is answered like this."""

        def refund(gateway, row):
            if answer in ("later", "never"):
                raise GatewayError("no", permanent=answer == "never")
            return Refunded(external_id=f"R{row.pk}", done=answer == "done")

        type(gateways.find("sandbox")).refund = refund

    @precondition(lambda self: any(back.way == "by_hand" for back in self.ledger.asked_for.values()))
    @rule(which=pick, struck=crash)
    def confirm_a_refund(self, which, struck):
        row = one(Refund.objects.filter(way="by_hand").order_by("pk"), which)
        self.do(lambda: refunds.confirm_by_hand(row, by=self.staff), struck)
        self.ledger.payments[row.payment_id].refunds[row.pk].state = "done"

    # The balance, and corrections

    @rule(whose=pick, amount=grosze, sign=st.sampled_from([1, 1, -1]), name=pick, struck=crash)
    def adjust_a_balance(self, whose, amount, sign, name, struck):
        self.adjust(one(self.customers, whose), amount * sign, f"note {name}", struck)

    def adjust(self, customer, amount, name, struck=0):
        before = self.ledger.movements.get(name)
        try:
            self.do(lambda: wallet.adjust(customer, amount, text="Because", reference=name, by=self.staff), struck)
        except wallet.ReferenceTaken:
            assert before and before != (customer.pk, amount)
        except wallet.NotEnough:
            assert not before and self.ledger.balances[customer.pk] + amount < 0
        else:
            assert before in (None, (customer.pk, amount))
            if not before:
                self.ledger.movements[name] = (customer.pk, amount)
                self.ledger.move(customer.pk, amount)

    @precondition(lambda self: any(owed.state == "paid" for owed in self.ledger.owed.values()))
    @rule(
        which=pick,
        position=st.integers(1, 3),
        quantity=st.sampled_from(["0", "0.5", "0.333333", "1"]),
        price=st.one_of(st.none(), grosze),
        struck=crash,
    )
    def correct(self, which, position, quantity, price, struck):
        invoice = one(Document.objects.filter(kind="invoice").order_by("pk"), which)
        stands = dict(enumerate(correcting.standing(invoice), 1))
        if position not in stands:
            return
        change = (Decimal(quantity), stands[position].price if price is None else price)
        with suppress(correcting.NotCorrectable):
            correction = self.do(
                lambda: correcting.correct(invoice, {position: change}, reason="Because", by=self.staff), struck
            )
            assert correction.gross <= 0
            self.ledger.corrections += 1
