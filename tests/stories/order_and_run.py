"""The third story, in Polish and in Chromium: from the catalogue to a hosting that runs and a domain that answers.

Once by somebody who has no account when it begins, once by a customer whose browser runs no scripts.
"""

import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import expect

from accounts.models import User
from accounts.sessions import SessionStore
from billing.models import CartItem, Order
from services.models import Credential, ProvisioningJob, Service
from tests.billing import offers
from tests.cast import PASSWORD
from tests.services.bigger import disk_of
from tests.stories.telling import link_in, menu, newest_mail, sign_in, toast, work
from tests.support import rack
from tests.support.jobs import do_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOMAIN = "kwiaciarnia-zofii.pl"
TERMS, EARLY_START = "Znam i akceptuję regulamin", "Żądam rozpoczęcia świadczenia usług od razu"


@pytest.fixture
def company(provider, terms, name_server, payment_server, settings):
    """A provider who sells hosting, set up by a server of theirs, and names in .pl with records at a real PowerDNS."""
    hosting = offers.product(
        offers.group(provider, "hosting", name_pl="Hosting stron"),
        "hosting-pro",
        kind="hosting",
        name_pl="Hosting Pro",
        driver="webhook",
        asks_domain=True,
    )
    disk_of(hosting, ("50", "0"), ("100", "10.00"))
    domains = offers.group(provider, "domeny", name_pl="Domeny")
    names = {"kind": "domain", "name_pl": "Domena .pl", "suffix": "pl", "zones": "powerdns"}
    offers.product(domains, "domena-pl", prices=[(12, "50.00")], **names)
    settings.PROVISIONING_WEBHOOK_SECRET = rack.SECRET
    with rack.rack() as server:
        settings.PROVISIONING_WEBHOOK_URL = server.address
        yield SimpleNamespace(server=server, names=name_server, courier=payment_server.courier)


def money(text):
    """An amount as a page writes it, with any of the spaces that keep it on one line."""
    return re.compile(re.escape(text).replace(r"\ ", r"\s"))


def heading(page, name):
    expect(page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()


def begins(page):
    """At the panel's own address; paying leads to the gateway's."""
    page.watch.expect_host(urlsplit(settings.SANDBOX_URL).netloc)
    page.goto("/")
    return page


def chooses_hosting(page, *, scripts=True):
    """From the offer to the cart: a year of hosting with the larger disk; without scripts a button tells the sums."""
    heading(page, "Nasza oferta")
    page.get_by_role("link", name="Hosting Pro", exact=True).click()
    heading(page, "Hosting Pro")
    page.get_by_label("Dysk").select_option(index=1)
    page.get_by_label("Nazwa domeny").fill(f"https://www.{DOMAIN}/")
    if not scripts:
        page.get_by_role("button", name="Przelicz").click()
    expect(page.locator("#sums")).to_contain_text(money("399,75 zł"))
    page.get_by_label("Nazwa domeny").fill(DOMAIN)
    page.get_by_role("button", name="Dodaj do koszyka").click()
    heading(page, "Koszyk")


def registers(page):
    """A visitor opens an account by a link in a mail and signs in; what was chosen is there and nobody else's."""
    assert CartItem.objects.get().membership is None
    page.get_by_role("link", name="Nie mam jeszcze konta").click()
    page.get_by_label("Adres e-mail").fill("zofia@example.com")
    page.get_by_label("Login").fill("zofia")
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_label("Powtórz hasło").fill(PASSWORD)
    page.get_by_label("akceptuję").check()
    page.get_by_role("button", name="Zarejestruj się").click()
    expect(page.get_by_text("zofia@example.com")).to_be_visible()
    page.goto(link_in(newest_mail("zofia@example.com")))
    page.get_by_role("button", name="Aktywuj konto").click()
    toast(page, "Zaloguj się")
    sign_in(page, "zofia")
    heading(page, "Koszyk")
    expect(page.get_by_role("row", name="Hosting Pro")).to_contain_text(money("399,75 zł"))
    assert CartItem.objects.get().membership.user.login == "zofia"


def registers_the_domain(page):
    """A name that is free, found and put into the cart."""
    page.get_by_label("Nazwa domeny").fill(DOMAIN)
    page.get_by_role("button", name="Sprawdź").click()
    expect(page.get_by_role("row", name=DOMAIN)).to_contain_text("Wolna")
    page.get_by_role("button", name=f"Zarejestruj {DOMAIN}").click()
    heading(page, "Koszyk")
    for product in ("Hosting Pro", "Domena .pl"):
        expect(page.get_by_role("row", name=product)).to_contain_text(DOMAIN)


def says_whom_to_invoice(page):
    """What is missing on the invoice is asked for on the way."""
    page.get_by_label("Nazwa na fakturach").fill("Zofia Róża")
    page.get_by_label("Ulica i numer").fill("ul. Lipowa 1")
    page.get_by_label("Kod pocztowy").fill("80-244")
    page.get_by_label("Miejscowość").fill("Gdańsk")
    page.get_by_role("button", name="Zapisz i przejdź dalej").click()


def orders(page, *agreements):
    """Net, VAT and gross of each line, and what must be agreed to."""
    for amount in ("375,00 zł", "86,25 zł", "246,00 zł", "61,50 zł", "461,25 zł"):
        expect(page.get_by_text(money(amount)).first).to_be_visible()
    for agreement in agreements:
        page.get_by_label(agreement).check()
    page.get_by_role("button", name="Zamawiam z obowiązkiem zapłaty").click()
    heading(page, "Płatność")
    page.get_by_label("płatność testowa").check()
    page.get_by_role("button", name=re.compile("Zapłać")).click()


def pays(page, company):
    """At the gateway; then the order tells that it is being set up, and that it runs when the servers have said so."""
    page.wait_for_url(re.compile(re.escape(settings.SANDBOX_URL)))
    page.get_by_role("button", name=re.compile(r"^Zapłać \d")).click()
    page.wait_for_url(re.compile("/payments/"))
    company.courier.wait()
    work()
    # These pages look again by themselves.
    expect(page.get_by_text("Płatność dotarła")).to_be_visible()
    page.get_by_role("link", name="Stan zamówienia").first.click()
    lines = page.get_by_role("table")
    expect(lines.get_by_text("W przygotowaniu")).to_have_count(2)
    assert not Service.objects.filter(status="active").exists()
    do_jobs()
    expect(lines.get_by_text("Działa")).to_have_count(2)
    expect(page.get_by_text("W przygotowaniu")).to_have_count(0)


def reads_the_password(page):
    """The hosting has an account; its password is shown once the panel's was typed again."""
    page.get_by_role("row", name="Hosting Pro").get_by_role("link", name="Zarządzaj").click()
    expect(page.get_by_role("main")).to_contain_text("s1.example")
    expect(page.get_by_role("main")).not_to_contain_text("Secret-1!")
    typed_long_ago(page)
    page.get_by_role("link", name="Pokaż hasło konta u1").click()
    heading(page, "Jeszcze raz Twoje hasło")
    page.get_by_label("Twoje hasło do panelu").fill(PASSWORD)
    page.get_by_role("button", name="Dalej").click()
    expect(page.get_by_text("Secret-1!")).to_be_visible()
    assert "Secret-1!" not in Credential.objects.get().secret


def typed_long_ago(page):
    """The session of this browser, as it is an hour after signing in."""
    [key] = [found["value"] for found in page.context.cookies() if found["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(session_key=key)
    session["confirmed"] = 0
    session.save()


def changes_a_record(page, company):
    """A record is added, and changed; each time the name server answers it when the worker has been there."""
    menu(page, "Domeny")
    page.get_by_role("link", name=DOMAIN, exact=True).click()
    page.get_by_role("link", name="Rekordy DNS").click()
    page.get_by_label("Typ nowego rekordu").select_option("A")
    page.get_by_role("button", name="Dodaj rekord").click()
    page.get_by_label("Nazwa (opcjonalnie)").fill("www")
    page.get_by_label("Adres IPv4").fill("192.0.2.1")
    page.get_by_role("button", name="Zapisz zmiany").click()
    expect(page.get_by_text("Zmiany są publikowane.")).to_be_visible()
    do_jobs()
    assert company.names.dig(f"www.{DOMAIN}", "A") == ["192.0.2.1"]
    page.get_by_role("link", name="Zmień", exact=True).click()
    page.get_by_label("Adres IPv4").fill("192.0.2.2")
    page.get_by_role("button", name="Zapisz zmiany").click()
    expect(page.get_by_role("row", name="192.0.2.2")).to_be_visible()
    do_jobs()
    assert company.names.dig(f"www.{DOMAIN}", "A") == ["192.0.2.2"]
    page.get_by_role("link", name="Sprawdź ponownie").click()
    expect(page.get_by_text("Zmiany są publikowane.")).to_have_count(0)


def everything_was_done_once(company):
    """One account at the server, no job that still waits, and a mail that says so for each service."""
    assert len(company.server.accounts) == 1
    assert set(ProvisioningJob.objects.values_list("state", flat=True)) == {"done"}
    work()
    assert len([letter for letter in mail.outbox if re.search("działa|uruchom", letter.subject)]) == 2


def test_from_the_catalogue_without_an_account(company, open_browser):
    page = begins(open_browser())
    page.get_by_role("link", name="Zobacz ofertę").click()
    chooses_hosting(page)
    registers(page)
    page.get_by_role("link", name="Dodaj więcej").click()
    page.get_by_role("link", name="Znajdź nazwę").click()
    registers_the_domain(page)
    page.get_by_role("button", name="Płatność").click()
    says_whom_to_invoice(page)
    orders(page, TERMS, EARLY_START)
    pays(page, company)
    order = Order.objects.get()
    assert order.terms.version == "1.0" and order.early_start_asked_at
    reads_the_password(page)
    changes_a_record(page, company)
    everything_was_done_once(company)


def test_by_a_customer_without_scripts(company, open_browser, owner):
    User.objects.filter(pk=owner.pk).update(language="pl")
    page = begins(open_browser(owner, scripts=False))
    menu(page, "Zamów usługę")
    chooses_hosting(page, scripts=False)
    page.goto("/")
    registers_the_domain(page)
    page.get_by_role("button", name="Płatność").click()
    says_whom_to_invoice(page)
    orders(page, TERMS)
    pays(page, company)
    assert not Order.objects.get().early_start_asked_at, "a company need not ask for it"
    reads_the_password(page)
    changes_a_record(page, company)
    everything_was_done_once(company)
