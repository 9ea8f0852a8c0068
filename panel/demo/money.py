"""The demo's money, moved by the same verbs as real money: each kind of document, a balance, one case for staff."""

import json
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from billing import bank, cart, checkout, correcting, gateways, inbox, payments, refunds, wallet
from billing.gateways.sandbox import SIGNATURE, sign
from billing.models import Payment, Receivable, Refund
from services.models import Price


def of_garden_designer(membership, held, *, staff):
    """Documents in every state, a refund, a balance with a threshold, and a transfer that came twice."""
    customer, owner = membership.customer, membership.user
    # Ordered when it is now overdue by a fortnight, as far as the provider's days to pay allow.
    overdue = timedelta(days=customer.provider.payment_days + 14)
    order(membership, held["phone"], months=12, at=timezone.now() - overdue)
    transferred(order(membership, held["domain_pl"], months=24, at=timezone.now() - timedelta(days=6)), staff=staff)
    top_up(customer, "300.00", by=owner)
    payments.pay_from_wallet(customer, [order(membership, held["domain_com"], months=12)], by=owner)
    wallet.adjust(customer, Decimal("20.00"), text="Rekompensata za przerwę 3 listopada", reference="demo", by=staff)
    wallet.set_threshold(customer, Decimal("50.00"), by=owner)
    corrected(pay(order(membership, held["hosting"], months=12), by=owner), staff=staff)
    checkout.cancel(order(membership, held["shop"], months=1), by=owner)
    order(membership, held["domain_shop"], months=24, at=timezone.now() - timedelta(days=2))


def of_translator(membership, held):
    """One invoice and one proforma that nobody else must see."""
    pay(order(membership, held["hosting"], months=12), by=membership.user)
    order(membership, held["domain"], months=12)


def order(membership, service, *, months, at=None):
    """Puts a renewal into the cart and orders it; returns what is owed."""
    price = Price.objects.get(product=service.product, months=months)
    cart.add(membership, service, price)
    agreed = cart.quote(membership, cart.items(membership)).gross
    order = checkout.place(membership, agreed=agreed, by=membership.user, at=at)
    return Receivable.objects.get(document=order.proforma)


def transferred(receivable, *, staff):
    """Paid by a bank transfer, and then again by mistake: the second one waits for staff."""
    booked_on = timezone.localdate() - timedelta(days=3)
    for line in ("WB 112/2026/7", "WB 113/2026/2"):
        bank.received([receivable], amount=receivable.amount, statement_line=line, by=staff, booked_on=booked_on)


def top_up(customer, amount, *, by):
    """Money for the balance, by the test gateway."""
    payment = Payment.objects.create(
        customer=customer,
        purpose=Payment.Purpose.TOP_UP,
        gateway="sandbox",
        amount=Decimal(amount),
        started_by=by,
    )
    return notified(payment)


def pay(receivable, *, by):
    """Paid by the test gateway."""
    return notified(payments.write(receivable.customer, [receivable], gateway="sandbox", started_by=by))


def notified(payment):
    """A payment of which the gateway has told us, as it does: by a signed notification that is kept and worked."""
    gateway = gateways.find("sandbox")
    body = json.dumps(
        {
            "id": f"demo-{payment.pk}",
            "kind": "paid",
            "reference": payment.token,
            "amount": str(payment.amount),
            "currency": payment.currency,
            "merchant": gateway.merchant,
            "customer": str(payment.customer.number),
            "payment": f"DEMO{payment.pk:06}",
        }
    ).encode()
    headers = {SIGNATURE: sign(body, int(timezone.now().timestamp()))}
    inbox.process.call(inbox.receive(gateway, body, headers, ip=None).pk)
    payment.refresh_from_db()
    return payment


def corrected(payment, *, staff):
    """A discount after the invoice: a correction, and the difference into the balance."""
    invoice = payment.parts.get().receivable.document.invoices.get()
    (line,) = correcting.standing(invoice)
    reduced = (line.price * Decimal("0.9")).quantize(Decimal("0.01"))
    correction = correcting.correct(invoice, {1: (1, reduced)}, reason="Rabat za polecenie: 10 %", by=staff)
    reason = f"Rabat, korekta {correction.number}"
    refunds.request(payment, -correction.gross, way=Refund.Way.WALLET, reason=reason, by=staff, correction=correction)
