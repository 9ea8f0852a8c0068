"""The second story, in Polish and in Chromium: a service ends soon, is renewed, paid, invoiced; then the balance."""

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Event, User
from billing.models import Document, Payment
from services.calendar import months_later
from services.models import Price
from tests.stories.telling import menu, newest_mail, work

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ending(hosting, products):
    """The customer's hosting, which ends in 12 days, and what another year of it costs."""
    hosting.ends_on = timezone.localdate() + timedelta(days=12)
    hosting.save()
    Price.objects.create(product=products["hosting"], months=12, net=Decimal("199.00"))
    return hosting


@pytest.fixture
def shop(open_browser, payment_server, owner, provider):
    """The owner's browser on the first page; `pays_at(page, choice)` is what they press at the gateway."""
    User.objects.filter(pk=owner.pk).update(language="pl")
    provider.bank_account = "61109010140000071219812874"
    provider.save()
    page = open_browser(owner)
    page.watch.expect_host(urlsplit(settings.SANDBOX_URL).netloc)
    page.goto("/")
    return page


@pytest.fixture
def press(payment_server):
    """`press(page, name)` presses a button of the gateway and waits until everything was sent and worked."""

    def press(page, name):
        page.wait_for_url(re.compile(re.escape(settings.SANDBOX_URL)))
        page.get_by_role("button", name=name).click()
        page.wait_for_url(re.compile("/payments/"))
        payment_server.courier.wait()
        work()

    return press


def money(text):
    """An amount as a page writes it, with any of the spaces that keep it on one line."""
    return re.compile(re.escape(text).replace(r"\ ", r"\s"))


def renews(page, ending):
    """1. The first page says that a service ends; it goes into the cart."""
    row = page.get_by_role("row", name=re.compile(ending.name)).filter(has_text="12 dni")
    row.get_by_role("link", name="Odnów teraz").click()
    expect(page.get_by_role("heading", name="Odnowienia usług")).to_be_visible()
    row = page.get_by_role("row", name=re.compile(ending.name))
    expect(row).to_contain_text(ending.domain)
    expect(row.get_by_role("checkbox")).to_be_checked()
    page.get_by_role("button", name="Dodaj do koszyka").click()
    expect(page.get_by_role("heading", name="Koszyk")).to_be_visible()
    page.get_by_role("button", name="Płatność").click()
    expect(page.get_by_role("heading", name="Płatność")).to_be_visible()


def says_whom_to_invoice(page):
    """2. The address for the invoice is missing, and is asked for here; a wrong NIP is refused beside its field."""
    page.get_by_label(re.compile("^NIP")).fill("123-456-78-90")
    page.get_by_label("Ulica i numer").fill("ul. Lipowa 1")
    page.get_by_label("Kod pocztowy").fill("80-244")
    page.get_by_label("Miejscowość").fill("Gdańsk")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_text("To nie jest poprawny NIP")).to_be_visible()
    expect(page.get_by_label("Ulica i numer")).to_have_value("ul. Lipowa 1")
    page.get_by_label(re.compile("^NIP")).fill("525-234-40-78")
    page.get_by_role("button", name="Zapisz").click()


def orders(page):
    """3. Net, VAT and gross, and a button that says what it does."""
    for amount in ("199,00 zł", "45,77 zł", "244,77 zł"):
        expect(page.get_by_text(money(amount)).first).to_be_visible()
    page.get_by_role("button", name="Zamawiam z obowiązkiem zapłaty").click()
    assert "pro forma" in newest_mail("anna@example.com").subject
    page.get_by_label("płatność testowa").check()
    page.get_by_role("button", name=re.compile("Zapłać")).click()


def pays(page, press, ending):
    """4. The gateway refuses once; the second time it pays, says so three times, and one invoice is made."""
    ends_on = ending.ends_on
    press(page, "Odrzuć płatność")
    page.reload()
    expect(page.get_by_text("nie powiodła się").first).to_be_visible()
    assert not Document.objects.filter(kind="invoice").exists()
    page.get_by_role("link", name="Zapłać").first.click()
    page.get_by_label("płatność testowa").check()
    page.get_by_role("button", name=re.compile("Zapłać")).click()
    page.wait_for_url(re.compile(re.escape(settings.SANDBOX_URL)))
    page.get_by_text("Wypróbuj, co może pójść źle").click()
    press(page, "Zapłać i powiadom trzy razy")
    page.reload()
    expect(page.get_by_text("Płatność dotarła")).to_be_visible()
    ending.refresh_from_db()
    assert ending.ends_on == months_later(ends_on, 12)


def reads_the_invoice(page):
    """5. The invoice came by mail as a PDF, stands in the list, and the history says who paid."""
    invoice = Document.objects.get(kind="invoice")
    [letter] = [sent for sent in mail.outbox if invoice.number in sent.subject]
    name, content, media_type = letter.attachments[0]
    assert (name, media_type) == (f"FV-1-{invoice.year}.pdf", "application/pdf")
    assert content.startswith(b"%PDF")
    menu(page, "Faktury")
    row = page.get_by_role("row", name=invoice.number)
    expect(row.get_by_text("Opłacona")).to_be_visible()
    row.get_by_role("link", name=invoice.number, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Pobierz PDF").click()
    assert download.value.suggested_filename == name
    paid = Event.objects.get(action="document_paid")
    assert (paid.by_name, paid.details["document"]) == ("Anna Owner", f"PRO/1/{invoice.year}")
    menu(page, "Historia")
    expect(page.get_by_text(f"PRO/1/{invoice.year}").first).to_be_visible()


def fills_the_balance(page, press):
    """6. "Saldo": topped up at the gateway, with a warning below 400 zł."""
    menu(page, "Saldo")
    page.get_by_label("Powiadom, gdy saldo spadnie poniżej").fill("400")
    page.get_by_role("button", name="Zapisz zmiany").click()
    page.get_by_label("Kwota").fill("500,00")
    page.get_by_label("płatność testowa").check()
    page.get_by_role("button", name="Doładuj").click()
    press(page, re.compile(r"^Zapłać \d"))
    menu(page, "Saldo")
    expect(page.get_by_text(money("500,00 zł")).first).to_be_visible()


def pays_from_the_balance(page):
    """7. Another year is ordered on the list of renewals and paid from the invoices; the balance is low now."""
    menu(page, "Odnowienia")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Dodaj do koszyka").click()
    page.get_by_role("button", name="Płatność").click()
    page.get_by_role("button", name="Zamawiam z obowiązkiem zapłaty").click()
    menu(page, "Faktury")
    page.get_by_label("Które").select_option(label="Do zapłaty")
    page.get_by_role("button", name="Szukaj").click()
    page.get_by_role("row", name="PRO/2").get_by_role("link", name=re.compile("^PRO")).first.click()
    page.get_by_role("link", name="Zapłać").click()
    page.get_by_label("saldo").check()
    page.get_by_role("button", name=re.compile("Zapłać")).click()
    expect(page.get_by_text("Płatność dotarła")).to_be_visible()
    menu(page, "Saldo")
    expect(page.get_by_text(money("255,23 zł")).first).to_be_visible()
    work()
    assert len([sent for sent in mail.outbox if "saldo" in sent.subject.casefold()]) == 1
    assert Payment.objects.filter(state="paid").count() == 3
    assert Document.objects.filter(kind="invoice").count() == 2


def test_renewing_and_paying(ending, shop, press):
    renews(shop, ending)
    says_whom_to_invoice(shop)
    orders(shop)
    pays(shop, press, ending)
    reads_the_invoice(shop)
    fills_the_balance(shop, press)
    pays_from_the_balance(shop)
