"""Many documents, payments and movements of one customer, written in bulk."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from billing.models import Document, Receivable, WalletEntry
from billing.parties import Buyer, Seller

PER_DAY = 40


def many_documents(customer, count):
    """So many documents: of three each two invoices and a proforma, most of them paid, some open or cancelled."""
    now, first = timezone.now(), Document.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seller, buyer = Seller.of(customer.provider).data(), Buyer.of(customer).data()
    rows = []
    for i in range(first + 1, first + count + 1):
        day = timezone.localdate() - timedelta(days=i // PER_DAY)
        is_invoice = i % 3 != 2
        code = "FV" if is_invoice else "PRO"
        rows.append(
            Document(
                provider=customer.provider,
                customer=customer,
                kind="invoice" if is_invoice else "proforma",
                series=code,
                year=day.year,
                sequence=100_000 + i,
                number=f"{code}/{100_000 + i}/{day.year}",
                issued_at=now,
                issued_on=day,
                due_on=None if is_invoice else day + timedelta(days=7),
                paid_on=day if is_invoice else None,
                language="pl",
                from_gross=False,
                net=Decimal(100),
                vat=Decimal(23),
                gross=Decimal(123),
                seller_data=seller,
                buyer_data=buyer,
                digest="0" * 64,
            )
        )
    rows = Document.objects.bulk_create(rows, batch_size=1000)
    Receivable.objects.bulk_create([receivable(row, now) for row in rows if row.is_proforma], batch_size=1000)
    return rows


def receivable(document, now):
    """What is owed for a proforma: most are paid; one in ten is cancelled, one in a hundred of all documents open."""
    state = {2: "open"}.get(document.sequence % 100) or {8: "cancelled"}.get(document.sequence % 10, "paid")
    return Receivable(
        document=document,
        customer=document.customer,
        amount=document.gross,
        due_on=document.due_on,
        state=state,
        paid_at=now if state == "paid" else None,
    )


def many_entries(wallet, count):
    """So many movements of one złoty each."""
    before = wallet.entries.count()
    rows = [
        WalletEntry(wallet=wallet, kind="adjustment", amount=1, reference=f"crowd:{i}", balance_after=i)
        for i in range(before + 1, before + count + 1)
    ]
    return WalletEntry.objects.bulk_create(rows, batch_size=1000)
