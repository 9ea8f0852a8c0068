"""The page of a service in a browser: what other apps show in place, and the same without scripts."""

from playwright.sync_api import expect

from tests.services.bought import as_consumer, buy


def test_the_invoices_unfold_in_place(open_browser, customer, owner, hosting):
    as_consumer(customer)
    invoice = buy(hosting, by=owner)
    page = open_browser(owner, width=390)
    page.goto(f"/services/{hosting.pk}/")
    part = page.locator("details", has_text="Invoices of this service")
    expect(part.get_by_role("link", name=invoice.number)).to_have_count(0)
    part.locator("summary").click()
    expect(part.get_by_role("link", name=invoice.number)).to_be_visible()
    part.get_by_role("link", name=invoice.number).click()
    page.wait_for_url("**/invoices/*/")


def test_without_scripts_a_link_leads_there(open_browser, customer, owner, hosting):
    as_consumer(customer)
    invoice = buy(hosting, by=owner)
    page = open_browser(owner, scripts=False)
    page.goto(f"/services/{hosting.pk}/")
    part = page.locator("details", has_text="Invoices of this service")
    part.locator("summary").click()
    part.get_by_role("link", name="Invoices of this service").click()
    expect(page.get_by_role("link", name=invoice.number)).to_be_visible()
