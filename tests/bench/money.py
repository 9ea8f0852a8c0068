"""Documents, payments and a balance: ten thousand invoices of the customer that is measured."""

from datetime import timedelta
from decimal import Decimal

from accounts.models import Customer
from billing.models import (
    CartItem,
    Delivery,
    Document,
    DocumentLine,
    DocumentRate,
    NumberSeries,
    Order,
    OrderLine,
    Payment,
    PaymentPart,
    Receivable,
    Wallet,
    WalletEntry,
)
from billing.parties import Buyer, Notes, Seller
from services.models import Price

# Invoices of the customer that is measured, and of everybody else.
MINE = 10_000
OF_A_CUSTOMER = 2
# So many of the newest proformas of everybody wait for payment.
OPEN = 1
NET, VAT, GROSS = Decimal("100.00"), Decimal("23.00"), Decimal("123.00")
# One document a minute, so that they have an order.
STEP = timedelta(minutes=1)
COPIED = [Order, OrderLine, Document, DocumentLine, DocumentRate, Delivery, Receivable, Payment, PaymentPart]


def write(copy, after_copy, provider, products, people, now):
    """Prices, billing data, and everything that paid and unpaid orders leave behind."""
    prices = [
        Price.objects.create(product=product, months=months, net=NET) for product in products for months in (1, 12)
    ]
    Customer.objects.update(kind="company", tax_id="5260250274", street="-", postal_code="00-001", city="-")
    seller = Seller.of(provider).data()
    for model in COPIED:
        rows = (row for i in people for row in of_customer(i, provider, seller, prices[0], now) if type(row) is model)
        copy(rows)
        after_copy(model)
    last = max(key for i in people for key in orders_of(i))
    for code, sequence in [("PRO", last), ("FV", last)]:
        NumberSeries.objects.create(provider=provider, code=code, year=now.year, last=sequence)
    balance(copy, after_copy, now)
    # The first three services of the one who is measured lie in the cart; none of them waits for payment.
    for service in (1, 2, 3):
        CartItem.objects.create(membership_id=1, service_id=service, price=prices[2 * (service - 1)])


def orders_of(i):
    """The keys of a customer's orders."""
    if i == 1:
        return range(1, MINE + 1)
    first = MINE + (i - 2) * OF_A_CUSTOMER
    return range(first + 1, first + OF_A_CUSTOMER + 1)


def of_customer(i, provider, seller, price, now):
    """All rows of one customer's orders."""
    customer = Customer(pk=i, number=1_000_000 + i, kind="company", name=f"Customer {i}", tax_id="5260250274")
    customer.street = customer.postal_code = customer.city = "-"
    buyer = Buyer.of(customer).data()
    for key in orders_of(i):
        is_open = key > orders_of(i)[-1] - OPEN
        # The fifth service of everybody is the one that was bought again and again.
        service = (i - 1) * 5 + 5
        at = now - STEP * (orders_of(i)[-1] - key)
        yield Order(pk=key, customer_id=i, placed_by_id=i, placed_at=at)
        state = OrderLine.State.OPEN if is_open else OrderLine.State.DONE
        yield OrderLine(
            pk=key, order_id=key, position=1, service_id=service, price=price, months=price.months, state=state
        )
        for kind, series, pk in [("proforma", "PRO", 2 * key - 1), ("invoice", "FV", 2 * key)]:
            if kind == "proforma" or not is_open:
                copied = {"seller_data": seller, "buyer_data": buyer, "notes_data": Notes().data()}
                yield from document(pk, kind, series, key, i, provider, at, service, copied)
        yield from paying(key, i, at, is_open)


def document(pk, kind, series, key, i, provider, at, service, copied):
    """A document with its line, its sum and its delivery."""
    yield Document(
        pk=pk,
        provider=provider,
        customer_id=i,
        kind=kind,
        series=series,
        year=at.year,
        sequence=key,
        number=f"{series}/{key}/{at.year}",
        issued_at=at,
        issued_on=at.date(),
        due_on=at.date() + timedelta(days=7) if kind == "proforma" else None,
        paid_on=at.date() if kind == "invoice" else None,
        paid_by="sandbox" if kind == "invoice" else "",
        language="en",
        from_gross=False,
        net=NET,
        vat=VAT,
        gross=GROSS,
        order_id=key,
        proforma_id=pk - 1 if kind == "invoice" else None,
        digest="0" * 64,
        **copied,
    )
    yield DocumentLine(
        pk=pk,
        document_id=pk,
        position=1,
        name="Hosting, renewal: 1 year",
        quantity=1,
        unit="szt.",
        price=NET,
        amount=NET,
        tax_rate="23",
        tax_point="period",
        period_from=at.date(),
        period_to=at.date(),
        order_line_id=key,
        service_id=service,
    )
    yield DocumentRate(pk=pk, document_id=pk, rate="23", net=NET, vat=VAT, gross=GROSS)
    yield Delivery(pk=pk, document_id=pk, mailed_at=at)


def paying(key, i, at, is_open):
    """What is owed for an order, and the payment of those that are paid."""
    yield Receivable(
        pk=key,
        document_id=2 * key - 1,
        customer_id=i,
        amount=GROSS,
        due_on=at.date() + timedelta(days=7),
        state=Receivable.State.OPEN if is_open else Receivable.State.PAID,
        paid_at=None if is_open else at,
    )
    if not is_open:
        yield Payment(
            pk=key,
            customer_id=i,
            purpose=Payment.Purpose.DOCUMENTS,
            gateway="sandbox",
            token=f"bench-{key}",
            amount=GROSS,
            state=Payment.State.PAID,
            started_by_id=i,
            started_at=at,
            paid_at=at,
        )
        yield PaymentPart(pk=key, payment_id=key, receivable_id=key, amount=GROSS, settled=True)


def balance(copy, after_copy, now):
    """A balance with as many movements as there are invoices."""
    own = Wallet.objects.create(customer_id=1)
    copy(
        WalletEntry(
            pk=pk,
            wallet=own,
            kind=WalletEntry.Kind.ADJUSTMENT,
            amount=1,
            reference=f"bench-{pk}",
            at=now - STEP * (MINE - pk),
            balance_after=pk,
        )
        for pk in range(1, MINE + 1)
    )
    after_copy(WalletEntry)
