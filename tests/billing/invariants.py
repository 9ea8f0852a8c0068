"""The books after everything that the verbs do are healthy, and each kind of damage is found by its name."""

from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts import closing, erasing, retention
from accounts.models import Terms
from billing import (
    bank,
    cart,
    cases,
    changes,
    charging,
    checkout,
    correcting,
    delivering,
    gateway_reports,
    gateways,
    payments,
    pdfs,
    refunds,
    review,
    usage_invoices,
    wallet,
)
from billing.invariants import INVARIANTS, Finding, documents
from billing.invoicing import digest, issue_invoice
from billing.models import (
    Case,
    Delivery,
    Document,
    DocumentLine,
    DocumentRate,
    EInvoice,
    ErasedNumber,
    GatewayEvent,
    MoneyCheck,
    NumberSeries,
    Order,
    OrderLine,
    Payment,
    PaymentPart,
    PromoCode,
    Receivable,
    Refund,
    UsageCharge,
    UsageDay,
    UsageInvoice,
    Wallet,
    WalletEntry,
)
from services import changing, usage
from services.models import Extension, Price, Product, ProvisioningJob, Service, ServiceChange, Usage
from services.purchasing import Wanted
from tests.billing.usage import call

WARSAW = ZoneInfo("Europe/Warsaw")
FROZEN = [Document, DocumentLine, DocumentRate, WalletEntry]
BOOKS = [*FROZEN, Case, Delivery, EInvoice, GatewayEvent, Order, OrderLine, Payment, PaymentPart, Receivable, Refund]
BOOKS += [Wallet, Extension, ServiceChange, Usage, UsageCharge, UsageInvoice]


@pytest.fixture
def books(buyer, hosting, voip, domain, small, order, begin, report, administrator, stranger, monkeypatch):
    """A bit of everything, made by the verbs: paid in each way, unpaid, cancelled, corrected, paid back, moved."""
    customer, admin = buyer.membership.customer, administrator
    by_gateway = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(by_gateway), gateway="sandbox")
    top_up(customer, 500, buyer, report)
    payments.pay_from_wallet(customer, [order(buyer, voip)], by=buyer)
    transferred = order(buyer, domain)
    bank.received([transferred], amount=transferred.amount, statement_line="1", by=admin)
    bank.received([transferred], amount=transferred.amount, statement_line="2", by=admin)
    checkout.cancel(order(buyer, domain), by=buyer)
    order(buyer, domain)
    begin(buyer, order(buyer, voip))
    invoice = Document.objects.get(kind="invoice", proforma__receivable__parts__payment=by_gateway)
    correcting.correct(invoice, {1: (1, Decimal("80.00"))}, reason="Rabat", by=admin)
    last = correcting.cancel(invoice, reason="Rezygnacja", by=admin)
    refunds.request(by_gateway, Decimal("24.60"), way=Refund.Way.WALLET, reason="Rabat", by=admin)
    refunds.request(by_gateway, -last.gross, way=Refund.Way.BY_HAND, reason="Zwrot", by=admin, correction=last)
    spoiled = refunds.request(
        top_up(customer, 40, buyer, report), Decimal(10), way="gateway", reason="Zwrot", by=admin
    )
    refunds.note_failure(spoiled, gateways.GatewayError("closed account", permanent=True))
    refunds.request(top_up(customer, 30, buyer, report), Decimal(5), way="by_hand", reason="Zwrot", by=admin)
    wallet.adjust(customer, Decimal("-1.25"), text="Korekta", reference="x", by=admin)
    telephone(customer, voip)
    monkeypatch.setattr(pdfs, "make", lambda document: document.number.encode())
    delivering.deliver.call(invoice.pk)
    # One service is changed, another waits for the payment of that.
    grown = grow(small, buyer)
    bank.received([grown], amount=grown.amount, statement_line="3", by=admin)
    small.pk = None
    small.save()
    grow(small, buyer)
    return customer


def grow(service, by):
    """What is owed for a change of the service to the most expensive product that it can become."""
    offer = changes.offers_of(service.customer, changing.locked(service))[-1]
    proforma = changes.make(service, offer.target.product.pk, agreed=offer.agreed, by=by)
    return Receivable.objects.get(document=proforma)


def telephone(customer, voip):
    """Calls of last month, which stand on an invoice, and one of now, which waits until the month is over."""
    usage.report(voip, [call("c1", "1.00", ago=3), call("c2", "2.00", ago=2), call("free", "0.00")])
    charging.charge.call(customer.pk)
    last_month = timezone.localtime().replace(day=1, hour=12) - timedelta(days=2)
    UsageCharge.objects.exclude(entry=None).update(charged_at=last_month)
    usage_invoices.issue_due.call(customer.pk)
    usage.report(voip, [call("c3", "1.00")])
    charging.charge.call(customer.pk)


def top_up(customer, amount, by, report):
    """A top-up that has come."""
    payment = payments.start_top_up(customer, Decimal(amount), gateway=gateways.find("sandbox"), by=by)
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    return payment


@pytest.fixture(autouse=True)
def a_gateway_without_a_server(begin):
    """Top-ups begin at the sandbox too."""


def found():
    """The names of the invariants that are broken."""
    return {finding.invariant for finding in review.findings()}


@contextmanager
def thawed():
    """Whoever owns the database can do what nobody can through the panel: the triggers are away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            change = [f'ALTER TABLE "{model._meta.db_table}" {{}} TRIGGER USER' for model in FROZEN]
            before, after = ([line.format(word) for line in change] for word in ("DISABLE", "ENABLE"))
            # What is still to be checked at the end of the transaction stands in the way of that.
            before.insert(0, "SET CONSTRAINTS ALL IMMEDIATE")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'billing_%'")
            triggers = cursor.fetchall()
            before = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
            after = [sql for _name, sql in triggers]
        for statement in before:
            cursor.execute(statement)
        yield
        for statement in after:
            cursor.execute(statement)


def change(rows, **values):
    """Changes rows past every verb."""
    rows = rows.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:1]))
    with thawed():
        assert rows.update(**values) == 1


def remove(rows):
    """Deletes rows past every verb; what points at them goes before."""
    with thawed():
        rows.model.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:1]))._raw_delete("default")


def sign(document):
    """The digest fits again: whoever forges a document may know how it is made."""
    document.refresh_from_db()
    new = digest(document, document.lines.order_by("pk"), document.rates.order_by("pk"))
    change(Document.objects.filter(pk=document.pk), digest=new)


def invoice():
    """The invoice that has nothing to do with any correction."""
    return Document.objects.filter(kind="invoice", corrections=None, usage_invoice=None).order_by("pk").first()


def paid():
    return Receivable.objects.filter(document=invoice().proforma)


def one(model, **which):
    return model.objects.filter(**which).order_by("pk")


# (the invariant that has to find it, the damage, what else it does harm to).
DAMAGE = []


def breaks(name, *also):
    """Registers damage to healthy books. `also` names what cannot stay true when this is false."""

    def register(function):
        DAMAGE.append((name, function, also))
        return function

    return register


@breaks("numbers_have_no_gaps")
def a_document_is_gone():
    row = one(Document, kind="correction").last()
    remaining = one(Document, kind="correction").first()
    Refund.objects.update(correction=None)
    with thawed():
        for model in (DocumentLine, DocumentRate, Delivery):
            model.objects.filter(document=row)._raw_delete("default")
        Document.objects.filter(pk=row.pk)._raw_delete("default")
        # Another one takes its number, so that the last one is still the last one.
        Document.objects.filter(pk=remaining.pk).update(sequence=row.sequence, number=row.number)
    sign(remaining)


@breaks("series_know_their_last_number")
def the_series_goes_back():
    change(one(NumberSeries, code="FV"), last=1)


@breaks("documents_stand_in_a_series")
def the_series_is_gone():
    one(NumberSeries, code="FK").delete()


@breaks("numbers_are_spelled_right")
def another_number_on_the_document():
    row = invoice()
    change(one(Document, pk=row.pk), number="FV/77/2026")
    sign(row)


@breaks("documents_are_as_issued")
def a_name_on_the_document_changes():
    change(one(DocumentLine, document=invoice()), name="Coś innego")


@breaks("documents_are_the_sum_of_their_rates")
def a_correction_says_another_sum():
    row = one(Document, kind="correction").first()
    change(one(Document, pk=row.pk), net=F("net") + 1, gross=F("gross") + 1)
    sign(row)


@breaks("rates_follow_from_lines")
def a_rate_is_rounded_the_wrong_way():
    row = one(Document, kind="correction").first()
    cent = Decimal("0.01")
    change(one(DocumentRate, document=row), vat=F("vat") + cent, gross=F("gross") + cent)
    change(one(Document, pk=row.pk), vat=F("vat") + cent, gross=F("gross") + cent)
    sign(row)


@breaks("lines_are_quantity_times_price")
def a_quantity_changes():
    row = invoice()
    change(one(DocumentLine, document=row), quantity=7)
    sign(row)


@breaks("corrections_begin_where_the_last_one_ended")
def a_correction_begins_elsewhere():
    row = one(Document, kind="correction").last()
    change(one(DocumentLine, document=row, before=True), name="Coś innego")
    sign(row)


@breaks("corrections_leave_no_less_than_nothing")
def corrections_take_too_much():
    row = one(Document, kind="correction").last()
    minus = Decimal("1.00")
    change(one(DocumentLine, document=row, before=False), quantity=-1, price=minus, amount=-minus)
    lines = list(row.lines.order_by("pk"))
    (rate,) = documents.rate_sums(lines, from_gross=row.from_gross, difference=True)
    amounts = {name: value for name, value in asdict(rate).items() if name != "rate"}
    change(one(DocumentRate, document=row), **amounts)
    change(one(Document, pk=row.pk), **amounts)
    sign(row)


@breaks("corrections_correct_invoices_of_their_customer")
def a_correction_in_another_currency():
    row = one(Document, kind="correction").first()
    change(one(Document, pk=row.pk), currency="EUR")
    sign(row)


@breaks("documents_have_a_delivery")
def a_delivery_is_gone():
    remove(one(Delivery, document=invoice()))


@breaks("pdfs_are_there")
def a_file_is_gone():
    delivery = Delivery.objects.exclude(pdf="").get()
    delivery.pdf.storage.delete(delivery.pdf.name)


@breaks("pdfs_are_as_made")
def a_file_changes():
    delivery = Delivery.objects.exclude(pdf="").get()
    with delivery.pdf.storage.open(delivery.pdf.name, "wb") as file:
        file.write(b"another")


@breaks("delivered_documents_are_decided_on_as_e_invoices")
def an_e_invoice_is_forgotten():
    EInvoice.objects.all().delete()


@breaks("e_invoices_are_of_invoices_and_numbered")
def an_e_invoice_without_a_number():
    EInvoice.objects.update(state="accepted")


@breaks("proformas_are_owed")
def a_receivable_is_gone():
    row = one(Receivable, state="cancelled").get()
    remove(one(Receivable, pk=row.pk))


@breaks("as_much_is_owed_as_the_proforma_says")
def less_is_owed():
    change(one(Receivable, state="cancelled"), amount=1)


@breaks("what_is_owed_belongs_to_its_proforma")
def it_is_due_on_another_day():
    change(one(Receivable, state="open"), due_on=date(2030, 1, 1))


@breaks("what_is_paid_was_paid_by_a_payment")
def a_part_is_not_settled_any_more():
    part = settled_part()
    change(one(PaymentPart, pk=part.pk), settled=False)
    cases.open_case(Case.Reason.PAID_ALREADY, "explained", payment=part.payment)


@breaks("what_a_payment_has_paid_is_paid", "what_is_invoiced_is_paid", "only_what_is_paid_is_done")
def a_paid_receivable_is_called_open():
    change(paid(), state="open", paid_at=None)


@breaks("only_money_that_came_pays", "movements_are_explained_by_payments")
def the_money_never_came():
    part = PaymentPart.objects.filter(payment__gateway="wallet", settled=True).get()
    change(one(Payment, pk=part.payment_id), state="started", paid_at=None)


@breaks("what_is_paid_is_invoiced", "what_is_invoiced_is_paid")
def an_invoice_belongs_to_nothing():
    change(one(Document, pk=invoice().pk), proforma=None)
    sign(invoice())


@breaks("what_is_invoiced_is_paid")
def an_invoice_of_what_nobody_paid():
    proforma = one(Receivable, state="cancelled").get().document
    issue_invoice(proforma, paid_on=timezone.localdate(), paid_by="sandbox", done={}, by=None)


@breaks("invoices_repeat_their_proformas")
def an_invoice_to_somebody_else():
    row = invoice()
    change(one(Document, pk=row.pk), buyer_data=row.buyer_data | {"name": "Ktoś inny"})
    sign(row)


@breaks("what_is_done_has_extended_its_service")
def an_extension_is_gone():
    done().delete()


@breaks("services_are_extended_by_what_is_done", "invoices_name_the_period_that_was_paid")
def an_extension_that_nobody_ordered():
    days = {"first_day": date(2001, 1, 1), "last_day": date(2001, 12, 31)}
    Extension.objects.create(service=done().get().service, months=12, reference="order-line:999999", **days)


@breaks("extensions_last_their_months", "invoices_name_the_period_that_was_paid")
def an_extension_is_a_month_longer():
    row = done().get()
    done().update(last_day=row.last_day + timedelta(days=31))


@breaks("invoices_name_the_period_that_was_paid")
def an_extension_is_a_day_longer():
    """Or some days longer or shorter: any other day of the same month."""
    last = done().get().last_day
    done().update(last_day=last.replace(day=15 if last.day != 15 else 16))


@breaks("what_is_done_has_changed_its_service")
def a_change_is_gone():
    ServiceChange.objects.filter(state="asked").update(reference="")


@breaks("services_are_changed_by_what_is_done")
def a_change_that_nobody_paid():
    ServiceChange.objects.filter(state="ordered").update(state="asked")


@breaks("ordered_changes_wait_for_payment")
def a_change_waits_for_nothing():
    ServiceChange.objects.filter(state="ordered").update(reference="order-line:999999")


@breaks("what_is_paid_is_done", "services_are_extended_by_what_is_done")
def a_paid_line_waits():
    OrderLine.objects.filter(pk=order_line().pk).update(state="cancelled")


@breaks("only_what_is_paid_is_done", "what_could_not_be_done_is_told")
def an_unpaid_line_is_done():
    OrderLine.objects.filter(order__documents__receivable__state="cancelled").update(state="failed")


@breaks("cancelled_orders_hold_nothing", "ordered_changes_wait_for_payment")
def a_cancelled_line_is_open():
    OrderLine.objects.filter(state="open").update(state="cancelled")
    OrderLine.objects.filter(order__documents__receivable__state="cancelled").update(state="open")
    Receivable.objects.filter(state="open").update(state="cancelled")


@breaks("what_can_be_paid_waits_to_be_done", "ordered_changes_wait_for_payment")
def a_line_to_be_paid_is_cancelled():
    OrderLine.objects.filter(state="open").update(state="cancelled")


@breaks("what_could_not_be_done_is_told", "services_are_extended_by_what_is_done")
def a_line_failed_and_nobody_knows():
    OrderLine.objects.filter(pk=order_line().pk).update(state="failed")


def had_for_nothing():
    """A new service that costs nothing, ordered by the verbs; returns the line of its order."""
    customer, person = Order.objects.first().customer, Order.objects.first().placed_by
    product = Product.objects.get(code="other")
    price = Price.objects.create(product=product, months=1, net=0)
    membership = customer.memberships.get(user=person)
    cart.put(membership, Wanted(product, price))
    terms = Terms.in_force()
    return checkout.place(membership, agreed=Decimal(0), terms=terms, by=person).lines.get()


def test_what_was_had_for_nothing_is_healthy(books):
    had_for_nothing()
    assert not found()


@breaks("what_is_done_has_begun_its_service")
def a_new_service_is_of_another_line():
    line = had_for_nothing()
    ProvisioningJob.objects.filter(service=line.service).update(reference="create:something-else")


@breaks("services_are_begun_by_what_is_done")
def a_new_service_that_nobody_ordered():
    line = had_for_nothing()
    ProvisioningJob.objects.create(service=line.service, act="create", reference="create:order-line:999999")


@breaks("what_costs_nothing_is_done_at_once", "services_are_begun_by_what_is_done")
def what_costs_nothing_waits():
    OrderLine.objects.filter(pk=had_for_nothing().pk).update(state="open")


@breaks("what_is_over_keeps_nothing")
def a_cancelled_line_keeps_its_piece():
    OrderLine.objects.filter(state="cancelled").update(took_piece=True)


@breaks("what_is_over_keeps_nothing")
def a_line_that_is_done_keeps_its_code():
    OrderLine.objects.filter(pk=order_line().pk).update(authinfo="secret")


@breaks("promo_codes_count_their_orders")
def a_code_counts_too_few():
    Order.objects.filter(lines__state="done").update(promo=PromoCode.objects.create(code="SPRING", percent=10))


@breaks("promo_codes_count_their_orders")
def a_code_counts_too_many():
    PromoCode.objects.create(code="SPRING", percent=10, most_uses=1, uses=2)


@breaks("promo_codes_count_their_orders")
def a_cancelled_order_keeps_its_code():
    code = PromoCode.objects.create(code="SPRING", percent=10, uses=50)
    Order.objects.filter(lines__state="cancelled").update(promo=code)


@breaks("payments_are_the_sum_of_their_documents")
def a_payment_of_more():
    change(one(Payment, pk=PaymentPart.objects.get(payment__state="started").payment_id), amount=F("amount") + 1)


@breaks("parts_are_what_is_owed", "payments_are_the_sum_of_their_documents")
def a_part_of_less():
    change(PaymentPart.objects.filter(payment__state="started"), amount=1)


@breaks("top_ups_pay_no_documents")
def a_payment_is_both():
    change(one(Payment, pk=PaymentPart.objects.get(payment__state="started").payment_id), purpose="top_up")


@breaks("money_that_came_was_used_or_told", "events_given_to_staff_have_a_case")
def the_case_of_a_surplus_is_gone():
    Case.objects.filter(reason="paid_already").delete()


@breaks("top_ups_reach_the_balance", "movements_are_explained_by_payments")
def a_top_up_of_another_amount():
    change(one(Payment, purpose="top_up"), amount=F("amount") + 1)


@breaks("top_ups_reach_the_balance")
def a_top_up_that_nobody_got():
    change(one(WalletEntry, kind="top_up", amount=500), kind="adjustment")


@breaks("payments_from_the_balance_leave_it")
def a_payment_cost_nothing():
    change(one(WalletEntry, kind="payment"), kind="adjustment")


@breaks("no_more_goes_back_than_came")
def too_much_goes_back():
    change(one(Refund, way="by_hand", payment__purpose="documents"), amount=1000)


@breaks("what_goes_back_has_come")
def money_goes_back_that_never_came():
    payment = Payment.objects.get(state="started")
    Refund.objects.create(payment=payment, way="gateway", amount=1, reason="")


@breaks("refunds_go_through")
def a_refund_is_forgotten():
    change(one(Refund, state="waiting"), created_at=timezone.now() - timedelta(days=8))


@breaks("what_is_paid_names_its_payment", "movements_are_explained_by_payments")
def a_payment_came_another_way():
    change(one(Payment, parts__receivable__document=invoice().proforma), gateway="transfer")


@breaks("what_is_paid_names_its_payment")
def a_payment_came_at_another_time():
    change(paid(), paid_at=F("paid_at") - timedelta(days=1))


@breaks("refunds_say_when_they_were_done")
def a_refund_was_done_nobody_knows_when():
    change(one(Refund, state="done"), done_at=None)


@breaks("balances_are_the_sum_of_movements")
def a_balance_is_written_up():
    last = one(WalletEntry).last()
    change(one(WalletEntry, pk=last.pk), balance_after=F("balance_after") + 1)


@breaks("balances_are_never_below_zero", "balances_are_the_sum_of_movements")
def a_balance_below_zero():
    change(one(WalletEntry, kind="adjustment"), balance_after=-1)


@breaks("movements_are_explained_by_payments")
def a_movement_from_nowhere():
    entry = one(WalletEntry, kind="adjustment").last()
    change(one(WalletEntry, pk=entry.pk), kind="top_up")


@breaks("refunds_reach_the_balance")
def a_refund_into_nowhere():
    payment = one(Payment, purpose="documents", gateway="transfer", state="paid").first()
    someone = Refund.objects.first().asked_by
    Refund.objects.create(payment=payment, way="wallet", amount=1, reason="", asked_by=someone)


@breaks("refunds_reach_the_balance", "movements_are_explained_by_refunds")
def a_refund_that_failed_is_called_sent():
    change(one(Refund, state="failed"), state="sent")
    change(one(WalletEntry, reference__startswith="refund-out:"), kind="adjustment")


@breaks("movements_are_explained_by_refunds")
def a_refund_from_nowhere():
    change(one(WalletEntry, kind="adjustment"), kind="refund")


@breaks("what_is_used_has_a_price")
def a_use_for_which_nobody_pays():
    free = Usage.objects.get(reference="free")
    remove(one(UsageCharge, usage=free))


@breaks("charges_move_the_balance", "days_are_the_sum_of_uses")
def a_use_is_dearer_than_what_was_taken():
    change(one(UsageCharge, usage__reference="c3"), gross=F("gross") + 1)


@breaks("charges_are_of_the_services_customer")
def a_use_is_charged_to_somebody_else():
    free, stranger = one(UsageCharge, usage__reference="free"), Service.objects.exclude(customer=books_of()).first()
    change(free, customer=stranger.customer)


@breaks("movements_are_explained_by_usage", "balances_are_the_sum_of_movements")
def a_use_from_nowhere():
    own = Wallet.objects.get(customer=books_of())
    with thawed():
        WalletEntry.objects.create(wallet=own, kind="usage", amount=-1, reference="usage:x:y", balance_after=1)


@breaks("usage_invoices_are_the_sum_of_charges")
def a_charge_is_taken_off_its_invoice():
    change(one(UsageCharge, usage__reference="c1"), invoice=None, charged_at=timezone.now())


@breaks("days_are_the_sum_of_uses")
def a_day_forgets_a_use():
    change(one(UsageDay, gross__gt=0), gross=F("gross") - 1)


@breaks("charges_are_invoiced")
def a_charge_is_never_invoiced():
    change(one(UsageCharge, usage__reference="c3"), charged_at=timezone.now() - timedelta(days=70))


@breaks("events_are_worked")
def an_event_is_forgotten():
    GatewayEvent.objects.create(
        gateway="sandbox", event_id="old", body=b"", received_at=timezone.now() - timedelta(minutes=61)
    )


@breaks("events_given_to_staff_have_a_case")
def an_event_without_its_case():
    GatewayEvent.objects.create(gateway="sandbox", event_id="x", body=b"", state="case", done_at=timezone.now())


@breaks("worked_events_say_when")
def an_event_worked_nobody_knows_when():
    GatewayEvent.objects.filter(state="done").update(done_at=None)


def books_of():
    """Whose books these are."""
    return Usage.objects.first().service.customer


def settled_part():
    return PaymentPart.objects.get(receivable=paid().get(), settled=True)


def order_line():
    return OrderLine.objects.get(order=invoice().order)


def done():
    return Extension.objects.filter(reference=order_line().reference)


def test_what_the_verbs_write_is_healthy(books):
    assert [finding.words for finding in review.findings()] == []


@pytest.fixture
def repair(undo):
    """`with repair():` takes back every row written inside, and what became of the file."""
    pdf = Delivery.objects.exclude(pdf="").get().pdf
    with pdf.open() as file:
        name, content = pdf.name, file.read()

    @contextmanager
    def repair():
        with undo():
            yield
        pdf.storage.delete(name)
        pdf.storage.save(name, ContentFile(content))

    return repair


def test_damage_is_found_by_its_name(books, repair):
    """One kind after the other in the same books: to make them took longer than to find the damage."""
    wrong = {}
    for name, damage, also in DAMAGE:
        with repair():
            damage()
            names = found()
        if names != {name, *also}:
            wrong[name, damage.__name__] = names
    assert wrong == {}
    assert not found(), "all is repaired"


def test_every_invariant_has_its_damage():
    assert {name for name, _damage, _also in DAMAGE} == INVARIANTS.keys()


def test_every_finding_has_words_for_every_detail(books):
    for name, damage, _also in DAMAGE:
        if name in ("pdfs_are_there", "lines_are_quantity_times_price", "balances_are_never_below_zero"):
            damage()
    for finding in review.findings():
        assert "%(" not in finding.words and finding.words != finding.invariant


def test_the_command_is_silent_about_healthy_books_and_keeps_the_result(books):
    out = StringIO()
    call_command("check_money", stdout=out)
    assert f"{len(INVARIANTS)} invariants, 0 findings" in out.getvalue()
    assert MoneyCheck.objects.get().is_clean


def test_the_command_names_what_is_wrong_and_fails(books):
    change(paid(), state="open", paid_at=None)
    out = StringIO()
    with pytest.raises(CommandError, match="3 findings"):
        call_command("check_money", stdout=out)
    assert f"A payment has paid proforma {paid().get()}, which is not called paid." in out.getvalue()
    check = MoneyCheck.objects.get()
    assert check.count == len(check.findings) == 3
    assert Finding(**check.findings[0]).words in out.getvalue()


def test_what_would_be_looked_at_is_listed():
    out = StringIO()
    call_command("check_money", "--list", stdout=out)
    assert out.getvalue().split() == list(INVARIANTS)


def test_a_finding_whose_invariant_is_gone_still_has_a_name():
    assert Finding("gone", "billing.document", 1).words == "gone"


def test_old_results_are_forgotten(db, monkeypatch):
    monkeypatch.setattr(review, "CHECKS_KEPT", 2)
    for _ in range(4):
        review.run()
    assert MoneyCheck.objects.count() == 2


class TestBooksOfAClosedCustomer:
    """The year after the tax of the last document, and five more; then they go, and the series have no gaps."""

    @pytest.fixture
    def closed(self, books):
        closing.close(books, by=None)
        return books

    @pytest.fixture
    def on(self):
        """`on(day)` runs the job a little after that day began."""

        def on(day):
            with time_machine.travel(datetime.combine(day, time(3), WARSAW), tick=False):
                return erasing.run()

        return on

    def test_the_owner_reads_until_when_the_law_asks_for_them(self, books, client_of, owner):
        page = client_of(owner).get("/data/close/").content.decode()
        assert f"Kept until 31 December {this_year() + 6}:" in page
        assert "invoices, proformas and corrections" in page and "art. 86 § 1 of the Tax Ordinance" in page

    def test_they_stay_to_the_last_day_and_are_gone_afterwards(self, closed, on):
        on(date(this_year() + 6, 12, 31))
        documents = Document.objects.count()
        assert documents and Payment.objects.exists() and WalletEntry.objects.exists()
        pdf = Delivery.objects.exclude(pdf="").first().pdf
        assert on(date(this_year() + 7, 1, 1)) == 1
        for model in BOOKS:
            assert not model.objects.exists(), model
        assert ErasedNumber.objects.count() == documents
        assert not pdf.storage.exists(pdf.name)

    def test_the_rest_of_the_books_is_healthy_and_numbers_go_on(self, closed, on, stranger, order, prices):
        on(date(this_year() + 7, 1, 1))
        assert not {name for name in found() if "number" in name or "document" in name}
        customer = stranger.membership.customer
        customer.street, customer.postal_code, customer.city = "ul. Lipowa 1", "80-244", "Gdańsk"
        customer.save()
        document = order(stranger, stranger.service).document
        erased = ErasedNumber.objects.filter(series=document.series, year=document.year)
        assert document.sequence == erased.count() + 1 > 1
        assert "numbers_have_no_gaps" not in found()

    def test_without_their_numbers_there_would_be_gaps(self, closed, on):
        """The negative control."""
        on(date(this_year() + 7, 1, 1))
        ErasedNumber.objects.all().delete()
        assert "series_know_their_last_number" in found()

    def test_in_chunks_too(self, closed, on, monkeypatch):
        monkeypatch.setattr(retention, "CHUNK", 2)
        on(date(this_year() + 7, 1, 1))
        assert not Document.objects.exists()


def this_year():
    """The year in which the documents of these tests are issued."""
    return timezone.localdate().year
