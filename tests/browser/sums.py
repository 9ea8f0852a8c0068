"""What a choice costs is said while one chooses, and by a button where no script runs."""

import pytest
from playwright.sync_api import expect

from billing.models import CartItem
from tests.billing import offers

pytestmark = pytest.mark.browser


@pytest.fixture
def vps(transactional_db, provider):
    """20.00 a month with 30.00 once, or 200.00 a year; 100 GB are 10.00 a month more and 5.00 once; all net."""
    product = offers.product(offers.group(provider), prices=[(1, "20.00", "30.00"), (12, "200.00")])
    offers.option(product)
    return product


def opened(open_browser, **how):
    page = open_browser(language="en-GB", **how)
    page.goto("/order/vps/")
    return page, page.locator("#sums")


def test_the_sums_follow_the_choice(open_browser, vps):
    page, sums = opened(open_browser)
    expect(sums).to_contain_text("PLN 246.00")
    expect(page.get_by_role("button", name="Recalculate")).to_be_hidden()
    page.get_by_label("1 month").check()
    expect(sums).to_contain_text("PLN 61.50")
    page.get_by_label("Disk").select_option(label="100 GB: PLN 12.30 a month more, PLN 6.15 once")
    expect(sums).to_contain_text("PLN 79.95")
    expect(sums).to_contain_text("Each renewal, without what is paid once: PLN 36.90 for 1 month.")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cart")
    assert (CartItem.objects.get().price.months, CartItem.objects.get().seen_net) == (1, 65)


def test_without_scripts_the_button_does_it(open_browser, vps):
    page, sums = opened(open_browser, scripts=False)
    page.get_by_label("1 month").check()
    expect(sums).to_contain_text("PLN 246.00")
    page.get_by_role("button", name="Recalculate").click()
    expect(sums).to_contain_text("PLN 61.50")
    expect(page.get_by_label("1 month")).to_be_checked()


def test_going_back_to_the_page_shows_the_sums_of_what_is_still_chosen(open_browser, vps):
    page, sums = opened(open_browser)
    page.get_by_label("1 month").check()
    expect(sums).to_contain_text("PLN 61.50")
    page.goto("/order/")
    page.go_back()
    month = page.get_by_label("1 month")
    expect(sums).to_contain_text("PLN 61.50" if month.is_checked() else "PLN 246.00")


def test_without_the_network_no_sums_of_another_choice_stay(open_browser, vps):
    page, sums = opened(open_browser)
    page.route("**/order/vps/?*", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_label("1 month").check()
    expect(sums).to_be_empty()
    expect(page.get_by_role("button", name="Recalculate")).to_be_visible()
    page.watch.look_away()
