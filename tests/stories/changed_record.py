"""A record changed in the browser is what the name server answers, also without scripts or a mouse."""

import pytest
from playwright.sync_api import expect

from tests.support.jobs import do_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def zone(products, domain, name_server):
    products["domain"].zones = "powerdns"
    products["domain"].save()
    return domain


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_record_is_added_changed_and_deleted(open_browser, owner, zone, name_server, scripts):
    page = open_browser(owner, scripts=scripts, language="en")
    page.goto(f"/services/{zone.pk}/")
    page.get_by_role("link", name="DNS records").click()
    page.get_by_label("Type of the new record").select_option("MX")
    page.get_by_role("button", name="Add a record").click()
    page.get_by_label("Priority").fill("10")
    page.get_by_label("Mail server").fill("192.0.2.25")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("This is an address.")).to_be_visible()
    expect(page.get_by_label("Priority")).to_have_value("10")
    page.get_by_label("Mail server").fill("mail.garden.example")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Changes are being published.")).to_be_visible()
    do_jobs()
    assert name_server.dig("garden.example", "MX") == ["10 mail.garden.example."]
    page.get_by_role("link", name="See how it stands now").click()
    expect(page.get_by_text("Changes are being published.")).to_have_count(0)
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Priority").fill("20")
    page.get_by_role("button", name="Save changes").click()
    do_jobs()
    assert name_server.dig("garden.example", "MX") == ["20 mail.garden.example."]
    page.get_by_role("button", name="Delete @ MX 20 mail.garden.example").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("No records yet")).to_be_visible()
    do_jobs()
    assert name_server.dig("garden.example", "MX") == []


def test_by_keyboard_on_a_phone(open_browser, owner, zone, name_server):
    page = open_browser(owner, width=390, language="en")
    page.goto(f"/services/{zone.pk}/records/add/?type=A")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_label("Name").focus()
    for word in ("www", "192.0.2.1", ""):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("192.0.2.1")).to_be_visible()
    do_jobs()
    assert name_server.dig("www.garden.example", "A") == ["192.0.2.1"]
