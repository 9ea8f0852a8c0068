"""A person with a customer of their own: from the invitation of a second one to their first page there."""

import pytest
from playwright.sync_api import expect

from accounts.models import Membership
from tests.accounts.reading import code_in, link_in
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
ADD = {"login": "olga", "name": "Olga Oddana", "email": "olga@example.com"}


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, False)])
def test_from_the_invitation_to_the_first_page(open_browser, owner, stranger, hosting, mailbox, scripts, width):
    inviter = open_browser(owner, language="en")
    inviter.goto("/users/add/")
    for name, value in ADD.items():
        inviter.locator(f"[name={name}]").fill(value)
    inviter.get_by_label("Administrative", exact=True).check()
    inviter.get_by_role("button", name="Add a user").click()
    expect(inviter.get_by_text("Invitation sent.")).to_be_visible()
    expect(inviter.get_by_text("has not finished the activation")).to_be_visible()

    guest = open_browser(language="en", width=width, scripts=scripts)
    guest.goto(link_in(mailbox("olga@example.com")[-1], "invitation"))
    guest.get_by_label("Login").fill("olga")
    guest.get_by_label("Password", exact=True).fill(PASSWORD)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.get_by_label("One-time code")).to_be_visible()
    guest.get_by_label("One-time code").fill(code_in(mailbox("olga@example.com")[-1]))
    guest.get_by_role("button", name="Next").click()
    expect(guest.get_by_role("heading", name="Invitation")).to_be_visible()
    guest.get_by_role("button", name="Accept").click()
    expect(guest.get_by_text("You now act for Ogrody Anny.")).to_be_visible()
    expect(guest.get_by_text("Hosting Garden").first).to_be_visible()

    act_for(guest, "Obcy sp. z o.o.", narrow=width < 500)
    expect(guest.get_by_text("Hosting Elsewhere").first).to_be_visible()
    inviter.reload()
    expect(inviter.get_by_text("Olga Other").first).to_be_visible()


def act_for(page, customer, *, narrow):
    """Changes the customer in the top bar, or in the menu of a phone."""
    if narrow:
        page.get_by_role("button", name="Menu", exact=True).click()
    switcher = page.locator("nav .whose" if narrow else "header .whose")
    switcher.locator("summary").click()
    switcher.get_by_role("button", name=customer).click()


def test_a_form_of_an_older_tab_says_so(open_browser, owner, stranger, hosting):
    Membership.objects.create(user=owner, customer=stranger.membership.customer, role="administrative")
    page = open_browser(owner, language="en")
    page.goto("/contacts/add/")
    other = page.context.new_page()
    other.goto("/services/")
    act_for(other, "Obcy sp. z o.o.", narrow=False)
    expect(other).to_have_url("/services/")
    page.watch.expect_status(409)
    page.get_by_label("Technical").check()
    page.locator("[name=name]").fill("Tomek")
    page.locator("[name=email]").fill("tomek@example.com")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="made for another customer")).to_be_visible()
    page.get_by_role("button", name="Act for Ogrody Anny again").click()
    expect(page).to_have_url("/contacts/add/")
