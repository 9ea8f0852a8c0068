"""What staff do with money in the administration: each act beside its refusal, and what the customer reads of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import BackgroundTask, Event
from billing import bank, cases, delivering, gateway_reports, payments, pdfs, refunds, wallet
from billing.gateways import Kind
from billing.models import Case, Document, GatewayEvent, MoneyCheck, Payment, Refund
from tests.cast import user

TODAY = timezone.localdate


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def proforma(buyer, hosting, order):
    return order(buyer, hosting).document


@pytest.fixture
def paid(buyer, proforma, begin, report):
    """A payment that has come; `.invoice` is what was issued for it."""
    payment = begin(buyer, proforma.receivable)
    gateway_reports.apply(report(payment), gateway="sandbox")
    payment.refresh_from_db()
    payment.invoice = Document.objects.get(kind="invoice")
    return payment


def page(row, act="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{act}", args=[row.pk])


def words(response):
    return response.content.decode()


def token(client, address):
    """The hidden token of a form, as a browser sends it back."""
    return client.get(address).context["adminform"].form["token"].value()


def happened(action):
    return Event.objects.filter(action=action).count()


def transfer(**changes):
    return {"amount": "123.00", "statement_line": "2026/11/1", "booked_on": TODAY().isoformat()} | changes


def test_a_noted_transfer_pays_once(admin, proforma, hosting):
    before = hosting.ends_on
    assert admin.post(page(proforma, "transfer"), transfer()).status_code == 302
    proforma.receivable.refresh_from_db(), hosting.refresh_from_db()
    assert proforma.receivable.state == "paid" and hosting.ends_on > before
    assert happened("bank_transfer") == 1
    again = admin.post(page(proforma, "transfer"), transfer(), follow=True)
    assert "This cannot be done any more." in words(again)
    assert Document.objects.filter(kind="invoice").count() == GatewayEvent.objects.count() == 1


def test_the_day_of_a_transfer_is_chosen_in_a_calendar_that_has_its_words(admin, proforma):
    shown = words(admin.get(page(proforma, "transfer")))
    assert 0 < shown.index('src="/admin/jsi18n/"') < shown.index("admin/js/calendar")


def test_money_is_named_in_the_words_of_the_reader(admin, administrator, paid):
    assert f"{paid.pk}: PLN\xa0123.00" in words(admin.get(page(paid)))
    type(administrator).objects.filter(pk=administrator.pk).update(language="pl")
    assert f"{paid.pk}: 123,00\xa0zł" in words(admin.get(page(paid)))


def test_a_movement_is_noted_for_one_document_only(admin, proforma, buyer, voip, order):
    other = order(buyer, voip).document
    admin.post(page(proforma, "transfer"), transfer())
    refused = admin.post(page(other, "transfer"), transfer(amount=other.gross))
    assert "This movement was noted before." in words(refused)
    other.receivable.refresh_from_db()
    assert other.receivable.state == "open"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "0"}, "greater than or equal to 0.01"),
        ({"amount": "1.001"}, "no more than 2 decimal places"),
        ({"statement_line": ""}, "This field is required."),
        ({"booked_on": (TODAY() + timedelta(days=2)).isoformat()}, "This day has not come yet."),
    ],
)
def test_a_transfer_that_makes_no_sense_is_not_noted(admin, proforma, changes, said):
    assert said in words(admin.post(page(proforma, "transfer"), transfer(**changes)))
    assert not Payment.objects.exists()


def test_another_amount_waits_for_staff_who_credit_it(admin, proforma, client_of, buyer):
    answer = admin.post(page(proforma, "transfer"), transfer(amount="100.00"), follow=True)
    assert "It is not what was asked for" in words(answer)
    case = Case.objects.get(reason="wrong_amount")
    form = {"amount": "100.00", "resolution": "Kwota dopisana do salda."}
    assert "Less money came" in words(admin.post(page(case, "credit"), form | {"amount": "100.01"}))
    for _ in range(2):
        admin.post(page(case, "credit"), form)
    assert wallet.of(buyer.membership.customer).balance == 100
    case.refresh_from_db()
    assert case.closed_at and case.resolution == "Kwota dopisana do salda."
    assert "Kwota dopisana do salda." in words(client_of(buyer).get("/history/"))
    assert happened("case_closed") == happened("wallet_adjusted") == 1


def test_money_for_what_was_paid_already_goes_into_the_balance_once(admin, paid, buyer, proforma):
    bank.received([proforma.receivable], amount=Decimal(123), statement_line="1", by=buyer)
    case = Case.objects.get(reason="paid_already")
    shown = words(admin.get(page(case)))
    assert "Credit to the balance" in shown and proforma.number in shown
    form = {"amount": "123.00", "resolution": "Zapłacono dwa razy."}
    for _ in range(2):
        admin.post(page(case, "credit"), form)
    assert wallet.of(buyer.membership.customer).balance == 123
    assert Refund.objects.get().payment == case.payment
    case.refresh_from_db()
    assert case.closed_at


def test_an_announced_top_up_by_transfer_is_noted(admin, buyer):
    customer = buyer.membership.customer
    payment = payments.start_top_up(customer, Decimal(50), gateway=bank.Transfer(), by=buyer)
    admin.post(page(payment, "transfer"), transfer(amount="50.00"))
    assert wallet.of(customer).balance == 50
    assert "cannot be done any more" in words(admin.get(page(payment, "transfer"), follow=True))


def test_an_order_is_cancelled_unless_it_was_paid(admin, proforma):
    admin.post(page(proforma, "cancel"))
    proforma.receivable.refresh_from_db()
    assert proforma.receivable.state == "cancelled" and happened("order_cancelled") == 1
    assert "cannot be done any more" in words(admin.post(page(proforma, "cancel"), follow=True))


def test_a_line_is_corrected_and_the_difference_paid_back(admin, paid, client_of, buyer):
    invoice = paid.invoice
    form = {"quantity_1": "1", "price_1": "80.00", "reason": "Rabat", "correction_type": "2"}
    assert "never asks for more" in words(admin.post(page(invoice, "correct"), form | {"price_1": "100.01"}))
    assert "greater than or equal to 0" in words(admin.post(page(invoice, "correct"), form | {"price_1": "-1"}))
    assert not Document.objects.filter(kind="correction").exists()
    admin.post(page(invoice, "correct"), form)
    correction = Document.objects.get(kind="correction")
    assert correction.gross == Decimal("-24.60")
    assert "says so already" in words(admin.post(page(invoice, "correct"), form))
    back = page(correction, "refund")
    assert 'value="24.60"' in words(admin.get(back))
    form = {"way": "wallet", "amount": "24.60", "reason": "Rabat", "token": token(admin, back)}
    for _ in range(2):
        admin.post(back, form)
    refund = Refund.objects.get()
    assert (refund.amount, refund.correction, refund.state) == (Decimal("24.60"), correction, "done")
    assert f"Correction {correction.number} of invoice {invoice.number}" in words(client_of(buyer).get("/history/"))


def test_an_invoice_is_taken_back_whole(admin, paid):
    admin.post(page(paid.invoice, "zero"), {"reason": "Rezygnacja"})
    assert Document.objects.get(kind="correction").gross == -paid.invoice.gross
    assert "says so already" in words(admin.post(page(paid.invoice, "zero"), {"reason": "Rezygnacja"}))


def test_the_buyer_is_corrected_to_the_billing_data_of_today(admin, paid, company):
    company.name = "Ogrody Anny sp. z o.o."
    company.save()
    assert "Ogrody Anny sp. z o.o." in words(admin.get(page(paid.invoice, "buyer")))
    admin.post(page(paid.invoice, "buyer"), {"reason": "Zmiana nazwy"})
    assert Document.objects.get(kind="correction").buyer.name == "Ogrody Anny sp. z o.o."
    company.tax_id = "9512337461"
    company.save()
    refused = admin.post(page(paid.invoice, "buyer"), {"reason": "NIP"})
    assert "correct the invoice to zero" in words(refused)


def test_no_more_goes_back_than_came(admin, paid):
    address = page(paid, "refund")
    form = {"way": "by_hand", "amount": "123.01", "reason": "Pomyłka", "token": token(admin, address)}
    assert "At most 123.00 PLN" in words(admin.post(address, form))
    assert "Select a valid choice" in words(admin.post(address, form | {"way": "pigeon"}))
    assert not Refund.objects.exists()
    admin.post(address, form | {"amount": "123.00"})
    assert "cannot be done any more" in words(admin.get(address, follow=True))


def test_a_refund_by_hand_is_confirmed_once(admin, paid, administrator):
    refund = refunds.request(paid, Decimal(5), way=Refund.Way.BY_HAND, reason="Rabat", by=administrator)
    for _ in range(2):
        admin.post(page(refund, "confirm"))
    refund.refresh_from_db()
    assert refund.state == "done" and happened("refund_done") == 1


def test_a_top_up_that_was_spent_does_not_go_back(admin, buyer, begin, report, proforma):
    customer = buyer.membership.customer
    payment = payments.start_top_up(customer, Decimal(123), gateway=payments.gateways.find("sandbox"), by=buyer)
    gateway_reports.apply(report(payment), gateway="sandbox")
    payments.pay_from_wallet(customer, [proforma.receivable], by=buyer)
    address = page(payment, "refund")
    form = {"way": "by_hand", "amount": "1.00", "reason": "Prośba", "token": token(admin, address)}
    assert "spent meanwhile" in words(admin.post(address, form))
    assert not Refund.objects.exists()


def test_the_balance_is_changed_once_and_never_below_zero(admin, buyer, client_of):
    row = wallet.of(buyer.membership.customer)
    address = page(row, "adjust")
    form = {"amount": "15.50", "text": "Rekompensata za awarię", "token": token(admin, address)}
    for _ in range(2):
        admin.post(address, form)
    assert row.balance == Decimal("15.50")
    taken = {"amount": "-15.51", "text": "Pomyłka", "token": token(admin, address)}
    assert "smaller than this amount" in words(admin.post(address, taken))
    assert "other than zero" in words(admin.post(address, taken | {"amount": "0"}))
    assert row.balance == Decimal("15.50")
    assert "Rekompensata za awarię" in words(client_of(buyer).get("/history/"))


def test_a_document_is_sent_again(admin, paid, monkeypatch, mailbox):
    monkeypatch.setattr(pdfs, "make", lambda document: b"%PDF-1.7")
    delivering.deliver.call(paid.invoice.pk)
    delivering.deliver.call(paid.invoice.pk)
    name = paid.invoice.delivery.pdf.name
    admin.post(page(paid.invoice, "send"))
    delivering.deliver.call(paid.invoice.pk)
    paid.invoice.delivery.refresh_from_db()
    assert paid.invoice.delivery.pdf.name == name, "a PDF that is there stays"
    assert happened("document_sent_again") == 1
    response = admin.get(page(paid.invoice, "pdf"))
    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    paid.invoice.delivery.pdf.storage.delete(name)
    admin.post(page(paid.invoice, "send"))
    delivering.deliver.call(paid.invoice.pk)
    paid.invoice.delivery.refresh_from_db()
    assert paid.invoice.delivery.pdf.name != name


def test_payments_are_numbered_and_filtered_by_words(admin, paid):
    address = reverse("admin:billing_payment_changelist")
    page = words(admin.get(address))
    assert "Number" in page and ">PK<" not in page and "bank transfer" in page
    assert list(admin.get(address, {"gateway": paid.gateway}).context["cl"].queryset) == [paid]
    assert not admin.get(address, {"gateway": "transfer"}).context["cl"].queryset


def test_the_gateway_is_asked(admin, buyer, proforma, begin):
    payment = begin(buyer, proforma.receivable)
    for _ in range(2):
        admin.post(page(payment, "ask"))
    asked = BackgroundTask.objects.get(task_path="billing.asking.ask")
    assert asked.args_kwargs["args"] == [payment.pk]


def test_what_gateways_send_is_shown_and_not_obeyed(admin):
    event = GatewayEvent.objects.create(gateway="sandbox", event_id="1", body=b"<script>alert(1)</script>\xff")
    shown = words(admin.get(page(event)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\xff" in shown and "<script>alert" not in shown


def test_open_cases_stand_first_and_are_closed_with_words(admin, buyer):
    customer = buyer.membership.customer
    old = cases.open_case(Case.Reason.UNKNOWN_PAYMENT, "old", customer=customer, amount="1.00")
    new = cases.open_case(Case.Reason.UNREADABLE, "new", customer=customer, error="nonsense")
    assert "required" in words(admin.post(page(new, "close"), {"resolution": ""}))
    admin.post(page(new, "close"), {"resolution": "Zbadane."})
    listed = words(admin.get(reverse("admin:billing_case_changelist")))
    assert listed.index(page(old)) < listed.index(page(new))
    assert page(new) not in words(admin.get(reverse("admin:billing_case_changelist"), {"closed": "no"}))
    assert "error: nonsense" in words(admin.get(page(new)))


def test_a_failed_report_after_paid_can_only_be_closed(admin, paid, report):
    gateway_reports.apply(report(paid, kind=Kind.FAILED), gateway="sandbox")
    shown = words(admin.get(page(Case.objects.get())))
    assert "Credit to the balance" not in shown and "Pay back" not in shown and ">Close the case<" in shown


def test_money_that_came_twice_for_one_payment_leaves_the_payment_alone(admin, paid, report):
    gateway_reports.apply(report(paid, external_id="another"), gateway="sandbox")
    case = Case.objects.get(reason="paid_already")
    assert "Pay back" not in words(admin.get(page(case)))
    admin.post(page(case, "credit"), {"amount": "123.00", "resolution": "Dwie wpłaty."})
    assert wallet.of(paid.customer).entries.get().kind == "adjustment"
    assert refunds.left(paid) == 123 and wallet.of(paid.customer).balance == 123


def test_what_could_not_be_delivered_is_paid_back_from_its_case(admin, paid, buyer):
    case = cases.open_case(Case.Reason.NOT_DELIVERED, "order-line:1", payment=paid, service="Hosting")
    address = page(case, "refund")
    form = {"way": "wallet", "amount": "123.01", "reason": "Usługa zakończona", "token": token(admin, address)}
    assert "Less of this payment is free" in words(admin.post(address, form))
    for _ in range(2):
        admin.post(address, form | {"amount": "123.00"})
    assert wallet.of(paid.customer).balance == 123
    case.refresh_from_db()
    assert case.resolution == "Usługa zakończona"


def staff(*codenames):
    person = user("helper", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


ACTS = [
    ("document", "transfer"),
    ("document", "cancel"),
    ("document", "send"),
    ("invoice", "correct"),
    ("invoice", "zero"),
    ("invoice", "buyer"),
    ("invoice", "refund"),
    ("payment", "refund"),
    ("wallet", "adjust"),
    ("case", "close"),
    ("case", "credit"),
]


@pytest.mark.parametrize(("what", "act"), ACTS)
def test_who_may_only_look_does_nothing(client_of, buyer, voip, order, paid, what, act):
    customer = buyer.membership.customer
    rows = {
        "document": order(buyer, voip).document,
        "invoice": paid.invoice,
        "payment": paid,
        "wallet": wallet.of(customer),
        "case": cases.open_case(Case.Reason.WRONG_AMOUNT, "x", customer=customer, amount="5.00"),
    }
    row = rows[what]
    looker = client_of(staff("view_document", "view_payment", "view_wallet", "view_case"))
    assert looker.get(page(row)).status_code == 200
    assert page(row, act) not in words(looker.get(page(row)))
    assert looker.get(page(row, act)).status_code == looker.post(page(row, act)).status_code == 403


def test_the_right_to_the_act_without_the_page_opens_nothing(client_of, paid):
    helper = client_of(staff("add_refund", "view_case"))
    assert helper.get(page(paid, "refund")).status_code == 403


def test_looks_are_told(admin, paid, buyer, client_of):
    admin.get(page(paid)), admin.get(page(paid.invoice)), admin.get(page(wallet.of(paid.customer)))
    read = words(client_of(buyer).get("/history/"))
    amount = "opened the payment of PLN\xa0123.00"
    for sentence in (f"opened document {paid.invoice.number}", amount, "opened your balance"):
        assert sentence in read


def test_a_check_shows_its_findings_with_links(admin, paid):
    finding = {
        "invariant": "what_is_paid_is_invoiced",
        "model": "billing.document",
        "pk": paid.invoice.pk,
        "details": {"number": "PRO/1"},
    }
    check = MoneyCheck.objects.create(seconds=1, count=1, findings=[finding, finding | {"invariant": "long_gone"}])
    shown = words(admin.get(page(check)))
    assert "Proforma PRO/1 is paid, but there is no invoice for it." in shown
    assert page(paid.invoice) in shown and "long_gone" in shown


LISTS = [
    "document",
    "order",
    "numberseries",
    "einvoice",
    "payment",
    "refund",
    "case",
    "gatewayevent",
    "refusednotification",
    "wallet",
    "walletentry",
    "moneycheck",
]


@pytest.mark.parametrize("model", LISTS)
def test_a_list_asks_as_often_for_many_rows_as_for_few(admin, buyer, order, voip, domain, paid, report, model):
    address = reverse(f"admin:billing_{model}_changelist")

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(address).status_code == 200
        return len(captured)

    customer = buyer.membership.customer
    grow(customer, buyer, paid, "a")
    few = queries()
    order(buyer, voip), order(buyer, domain)
    for name in "bcd":
        grow(customer, buyer, paid, name)
    assert queries() <= few


def grow(customer, buyer, paid, name):
    """One more row of every kind that a list shows."""
    wallet.adjust(customer, Decimal(1), text=name, reference=name, by=buyer)
    refunds.request(paid, Decimal(1), way=Refund.Way.BY_HAND, reason=name, by=buyer)
    event = GatewayEvent.objects.create(gateway="sandbox", event_id=name, body=b"{}", payment=paid)
    cases.open_case(Case.Reason.UNREADABLE, name, payment=paid, event=event, customer=customer)
    MoneyCheck.objects.create(seconds=1, count=0)
    payments.start_top_up(customer, Decimal(5), gateway=bank.Transfer(), by=buyer)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_every_page_of_a_row_opens(admin, administrator, paid, proforma, buyer, language):
    administrator.language = language
    administrator.save()
    grow(paid.customer, buyer, paid, "a")
    delivering.register(paid.invoice)
    rows = [paid, proforma, paid.invoice, proforma.order, paid.invoice.e_invoice, *Refund.objects.all()]
    rows += [*Case.objects.all(), *GatewayEvent.objects.all(), *MoneyCheck.objects.all()]
    rows += [wallet.of(paid.customer), *wallet.of(paid.customer).entries.all()]
    for row in rows:
        assert admin.get(page(row)).status_code == 200, row
