"""The list of documents and the page of one: who sees what, how it is narrowed, what can be done, what it costs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from accounts.models import Event
from accounts.pages import beyond
from billing import checkout, correcting, documents, einvoices, gateway_reports
from billing.forms.invoices import DocumentFilter
from billing.models import Delivery, Document, OrderLine, Receivable
from tests import cast
from tests.billing.crowd import many_documents
from tests.crowd import queries_of

INVOICES = "/invoices/"


@pytest.fixture
def payer(company, hosting, prices):
    """A sub-user who may order for one service, and nothing else."""
    person = cast.member(company, "oskar", "Oskar Orders", "standard", ["ordering"])
    person.membership.grants.create(service=hosting)
    return person


@pytest.fixture
def accountant(company):
    """A sub-user who may see invoices and payments, and nothing else."""
    return cast.member(company, "iza", "Iza Invoices", "standard", ["invoices"])


@pytest.fixture
def paid(buyer, hosting, order, begin, report):
    """The invoice of a paid order."""
    payment = begin(buyer, order(buyer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    return Document.objects.get(kind="invoice")


def text_of(client, address, **params):
    response = client.get(address, params)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def pdf_made(document, content=b"%PDF-1.7 invoice"):
    """The document's PDF, as the worker keeps it."""
    delivery = Delivery.objects.get(document=document)
    delivery.pdf.save("", ContentFile(content))
    return delivery


# --- The list ------------------------------------------------------------------------------------


def test_an_unpaid_proforma_stands_in_the_list_with_what_is_owed(client_of, buyer, hosting, order):
    receivable = order(buyer, hosting)
    page = text_of(client_of(buyer), INVOICES)
    assert receivable.document.number in page and "Proforma invoice" in page
    assert "To be paid" in page and "PLN 123.00" in page
    assert "1 document to be paid" in page
    assert f"/invoices/pay/?document={receivable.document_id}" in page and "Pay the chosen ones" in page


def test_everything_that_is_owed_is_paid_by_one_button(client_of, buyer, payer, hosting, voip, order):
    first, second = order(buyer, hosting), order(buyer, voip)
    browser = client_of(buyer)
    for page in ("/", INVOICES):
        assert 'href="/invoices/pay/?all=yes"' in browser.get(page).content.decode()
    assert "Pay everything" in browser.get(INVOICES).content.decode()
    answer = browser.get("/invoices/pay/?all=yes")
    assert answer["Location"] == documents.address_to_pay([first.document_id, second.document_id])
    assert client_of(payer).get("/invoices/pay/?all=yes")["Location"] == documents.address_to_pay([])


def test_a_paid_proforma_gives_way_to_its_invoice(client_of, buyer, paid):
    client = client_of(buyer)
    page = text_of(client, INVOICES)
    assert paid.number in page and paid.proforma.number not in page
    assert "Paid" in page and "Pay the chosen ones" not in page and "to be paid" not in page
    assert paid.proforma.number in text_of(client, INVOICES, status="all")
    assert paid.proforma.number in text_of(client, INVOICES, q=paid.proforma.number)


def test_each_status_shows_its_own(client_of, buyer, hosting, voip, domain, order, paid):
    correction = correcting.cancel(paid, reason="Ordered by mistake", by=buyer)
    late, dropped, open_one = order(buyer, voip), order(buyer, domain), None
    Receivable.objects.filter(pk=late.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    checkout.cancel(dropped, by=buyer)
    open_one = order(buyer, hosting)
    client = client_of(buyer)
    numbers = {
        "unpaid": {late.document.number, open_one.document.number},
        "overdue": {late.document.number},
        "paid": {paid.number},
        "corrections": {correction.number},
        "cancelled": {dropped.document.number},
    }
    everything = set(Document.objects.values_list("number", flat=True))
    for status, expected in numbers.items():
        page = text_of(client, INVOICES, status=status)
        assert {number for number in everything if f">{number}<" in page} == expected, status
    assert f">{dropped.document.number}<" not in text_of(client, INVOICES)
    page = text_of(client, INVOICES, status="all")
    for words in ("Overdue", "To be paid", "Corrected", "Cancelled", "Issued"):
        assert f">{words}</span>" in page


def test_dates_and_numbers_narrow_the_list(client_of, buyer, hosting, voip, order):
    first, second = order(buyer, hosting).document, order(buyer, voip).document
    client, today = client_of(buyer), timezone.localdate()
    assert first.number in text_of(client, INVOICES, since=today, until=today)
    page = text_of(client, INVOICES, until=today - timedelta(days=1))
    assert first.number not in page and "No document fits" in page
    page = text_of(client, INVOICES, q=first.number.lower())
    assert first.number in page and second.number not in page


@pytest.mark.parametrize(
    "address", ["?status=x&since=y&until=31.31.2026", "?after=x-y&page=9", "?after=99999999999-1"]
)
def test_a_filter_that_means_nothing_narrows_nothing(client_of, buyer, hosting, order, address):
    number = order(buyer, hosting).document.number
    assert number in client_of(buyer).get(INVOICES + address).content.decode()


def test_an_empty_list_says_so(client_of, owner):
    assert "No invoices yet" in text_of(client_of(owner), INVOICES)


# --- Who sees what -------------------------------------------------------------------------------


def test_a_sub_user_for_ordering_sees_their_own_orders_only(client_of, buyer, payer, hosting, voip, order):
    foreign, own = order(buyer, voip).document, order(payer, hosting).document
    client = client_of(payer)
    page = text_of(client, INVOICES, status="all")
    assert own.number in page and foreign.number not in page
    assert "1 document to be paid" in page
    assert client.get(f"{INVOICES}{own.pk}/").status_code == 200
    for address in ("", "pdf/"):
        assert client.get(f"{INVOICES}{foreign.pk}/{address}").status_code == 404
    assert client.post(f"{INVOICES}{foreign.pk}/cancel/", {"confirmed": "yes"}).status_code == 404
    assert Receivable.objects.get(document=foreign).state == "open"


def test_they_see_the_correction_of_their_own_invoice(buyer, payer, hosting, order, begin, report):
    payment = begin(payer, order(payer, hosting))
    gateway_reports.apply(report(payment), gateway="sandbox")
    correction = correcting.cancel(Document.objects.get(kind="invoice"), reason="Mistake", by=buyer)
    assert correction in documents.visible_to(payer.membership)


def test_a_sub_user_for_invoices_sees_all_of_the_customer(client_of, accountant, buyer, voip, order):
    number = order(buyer, voip).document.number
    assert number in text_of(client_of(accountant), INVOICES)


def test_orders_of_the_same_person_for_another_customer_are_not_shown(buyer, payer, stranger, hosting, order):
    """One login may act for two customers; each membership shows its own customer."""
    document = order(payer, hosting).document
    elsewhere = cast.Membership.objects.create(
        user=payer, customer=stranger.membership.customer, role="standard", permissions=["ordering"]
    )
    assert document in documents.visible_to(payer.membership)
    assert document not in documents.visible_to(elsewhere)


def test_without_either_permission_the_pages_are_closed(
    client_of, standard_without, standard, support, buyer, hosting, order
):
    document = order(buyer, hosting).document
    for person in (standard_without, standard, support):
        client = client_of(person)
        for address in (INVOICES, f"{INVOICES}{document.pk}/", f"{INVOICES}{document.pk}/pdf/"):
            assert client.get(address).status_code == 403, address


def test_another_customers_document_is_not_there(client_of, stranger, buyer, hosting, order):
    document = order(buyer, hosting).document
    client = client_of(stranger)
    assert client.get(f"{INVOICES}{document.pk}/").status_code == 404
    assert document.number not in text_of(client, INVOICES, status="all")


def test_without_the_narrowing_a_stranger_would_read_it(client_of, stranger, buyer, hosting, order, monkeypatch):
    document = order(buyer, hosting).document
    monkeypatch.setattr(documents, "visible_to", lambda membership: Document.objects.all())
    assert "Ogrody Anny" in text_of(client_of(stranger), f"{INVOICES}{document.pk}/")


# --- The page of a document ----------------------------------------------------------------------


def test_a_proforma_shows_lines_sums_parties_and_what_can_be_done(client_of, buyer, hosting, order):
    document = order(buyer, hosting).document
    page = text_of(client_of(buyer), f"{INVOICES}{document.pk}/")
    for words in (
        f"Proforma invoice {document.number}",
        "Hosting (garden.example), renewal: 1 year",
        "PLN 23.00",
        "Example Hosting sp. z o.o.",
        "Ogrody Anny",
        "5252344078",
        "Cancel the order",
        f"/invoices/pay/?document={document.pk}",
        "The PDF is being made",
    ):
        assert words in page, words


def test_an_invoice_tells_its_payment_and_its_relatives(client_of, buyer, paid):
    correction = correcting.correct(paid, {1: (1, Decimal(80))}, reason="A rebate", by=buyer)
    client = client_of(buyer)
    page = text_of(client, f"{INVOICES}{paid.pk}/")
    payment = paid.order.documents.get(kind="proforma").receivable.parts.get().payment
    assert f"/payments/{payment.token}/" in page and "Test payment" in page
    assert paid.proforma.number in page and correction.number in page and ">Corrected</span>" in page
    assert "Cancel the order" not in page
    page = text_of(client, f"{INVOICES}{correction.pk}/")
    assert paid.number in page and paid.proforma.number in page and "A rebate" in page
    assert "as it was" in page and "as it is to be" in page and "-PLN 24.60" in page


# --- The PDF -------------------------------------------------------------------------------------


def test_a_pdf_is_handed_out_as_a_file_that_no_browser_runs(client_of, buyer, paid):
    pdf_made(paid)
    response = client_of(buyer).get(f"{INVOICES}{paid.pk}/pdf/")
    assert b"".join(response) == b"%PDF-1.7 invoice"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{paid.file_name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"
    assert response["Cache-Control"] == "no-store"
    event = Event.objects.get(action="document_downloaded")
    assert event.details == {"document": paid.number} and event.by_id == buyer.pk


def test_a_pdf_that_is_not_made_yet_is_not_given(client_of, buyer, paid):
    response = client_of(buyer).get(f"{INVOICES}{paid.pk}/pdf/", follow=True)
    assert "is being made. Try again in a minute." in response.content.decode()
    assert not Event.objects.filter(action="document_downloaded").exists()


def test_a_pdf_that_the_e_invoice_system_withholds_is_not_given(client_of, buyer, paid, monkeypatch):
    pdf_made(paid)
    monkeypatch.setattr(einvoices.NullEInvoices, "withholds_pdf", lambda self, document: True)
    client = client_of(buyer)
    response = client.get(f"{INVOICES}{paid.pk}/pdf/", follow=True)
    assert response.redirect_chain and "once the e-invoice system has confirmed" in response.content.decode()
    assert "Download the PDF" not in text_of(client, f"{INVOICES}{paid.pk}/")


def test_a_lost_file_is_not_there_and_looking_at_the_head_is_no_download(client_of, buyer, paid):
    delivery = pdf_made(paid)
    client = client_of(buyer)
    head = client.head(f"{INVOICES}{paid.pk}/pdf/")
    for close in head._resource_closers:  # as a server does
        close()
    assert head.status_code == 200
    delivery.pdf.storage.delete(delivery.pdf.name)
    assert client.get(f"{INVOICES}{paid.pk}/pdf/").status_code == 404
    assert not Event.objects.filter(action="document_downloaded").exists()


# --- Taking an order back ------------------------------------------------------------------------


def test_an_unpaid_order_is_taken_back_after_asking(client_of, buyer, hosting, order):
    receivable = order(buyer, hosting)
    client, address = client_of(buyer), f"{INVOICES}{receivable.document_id}/cancel/"
    question = client.post(address)
    assert "Cancel the order with proforma" in question.content.decode()
    receivable.refresh_from_db()
    assert receivable.state == "open"
    page = client.post(address, {"confirmed": "yes"}, follow=True).content.decode()
    receivable.refresh_from_db()
    assert receivable.state == "cancelled" and "is cancelled" in page and ">Cancelled</span>" in page
    assert OrderLine.objects.get().state == "cancelled"
    assert Event.objects.filter(action="order_cancelled").get().by_id == buyer.pk


def test_what_is_paid_or_no_proforma_cannot_be_taken_back(client_of, buyer, paid):
    client = client_of(buyer)
    answer = client.post(f"{INVOICES}{paid.proforma_id}/cancel/", {"confirmed": "yes"}, follow=True)
    assert "paid already, so it cannot be cancelled" in answer.content.decode()
    assert Receivable.objects.get().state == "paid"
    assert client.post(f"{INVOICES}{paid.pk}/cancel/", {"confirmed": "yes"}).status_code == 404
    assert client.get(f"{INVOICES}{paid.proforma_id}/cancel/").status_code == 405


# --- What it costs -------------------------------------------------------------------------------


def test_the_list_costs_the_same_among_a_thousand_documents(client_of, buyer, company, hosting, order):
    order(buyer, hosting)
    client = client_of(buyer)
    few = queries_of(client, INVOICES)
    many_documents(company, 10)
    ten = queries_of(client, INVOICES)
    many_documents(company, 1000)
    thousand = queries_of(client, INVOICES)
    assert len(few) == len(ten) == len(thousand) <= 7


def test_every_document_is_on_one_page_of_the_list(client_of, buyer, company):
    """Also where hundreds were issued on one day: pages go on by day and key."""
    many_documents(company, 130)
    client, seen, address = client_of(buyer), [], f"{INVOICES}?status=all"
    while address:
        page = client.get(address).context["page"]
        seen += [row.pk for row in page.rows]
        address = page.after and f"{INVOICES}?status=all&after={page.after}"
    assert seen == list(Document.objects.order_by("-issued_on", "-pk").values_list("pk", flat=True))
    back = client.get(f"{INVOICES}?status=all&before={page.before}").context["page"]
    assert [row.pk for row in back.rows] == seen[-len(page.rows) - 25 : -len(page.rows)]


def test_the_page_of_a_document_costs_the_same_among_a_thousand(client_of, buyer, company, paid):
    client, address = client_of(buyer), f"{INVOICES}{paid.pk}/"
    few = queries_of(client, address)
    many_documents(company, 1000)
    assert len(queries_of(client, address)) == len(few) <= 9


def test_the_last_page_is_found_as_the_first_by_the_index(postgresql, buyer, company):
    many_documents(company, 10_000)
    shown = documents.with_status(documents.visible_to(buyer.membership)).order_by("-issued_on", "-pk")
    oldest = Document.objects.order_by("issued_on", "pk")[30]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE billing_document, billing_receivable")
    for status in ("", "all"):
        found = DocumentFilter({"status": status}).apply(shown)
        for part in (found, found.filter(beyond("issued_on", (oldest.issued_on, oldest.pk), downwards=True))):
            plan = part[:26].explain()
            assert "documents_of_a_customer" in plan and "Seq Scan" not in plan and "Sort" not in plan
