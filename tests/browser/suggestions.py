"""Articles that are suggested while a subject is typed; and that a signed-out phone reads them."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import overflow
from tests.browser.patience import stop_the_clock
from tests.library import article
from tickets.models import Category

pytestmark = pytest.mark.browser
# Without typing, before the script asks.
PAUSE_MS = 400


@pytest.fixture
def shelf(transactional_db):
    Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")
    article("code", "The authorization code", text="Six digits for the phone.")
    article("invoice", "Paying an <b>invoice</b>", text="By card or transfer.")


def test_articles_appear_while_the_subject_is_typed_and_go_again(open_browser, owner, shelf):
    page = open_browser(owner)
    page.goto("/messages/new/")
    status, links = page.locator(".suggestions [role=status]"), page.locator(".suggested a")
    expect(status).to_be_empty()
    page.get_by_label("Subject").press_sequentially("Where is my authorization code", delay=15)
    expect(links).to_have_text(["The authorization code"])
    expect(status).to_contain_text("An article that may help")
    assert links.first.get_attribute("target") == "_blank"
    page.get_by_label("Subject").fill("invoice")
    expect(links).to_have_text(["Paying an <b>invoice</b>"])
    page.get_by_label("Subject").fill("weather")
    expect(links).to_have_count(0)
    expect(status).to_be_empty()


def test_a_suggestion_opens_beside_what_is_being_written(open_browser, owner, shelf):
    page = open_browser(owner)
    page.goto("/messages/new/")
    page.get_by_label("Subject").fill("authorization code")
    with page.context.expect_page() as opened:
        page.locator(".suggested a").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("The authorization code")
    expect(page.get_by_label("Subject")).to_have_value("authorization code")


def test_one_question_is_asked_for_many_letters(open_browser, owner, shelf):
    page = open_browser(owner)
    asked = []
    page.on("request", lambda request: "suggestions/" in request.url and asked.append(request.url))
    stop_the_clock(page)
    page.goto("/messages/new/")
    for word in ("authorization", " code"):
        page.get_by_label("Subject").press_sequentially(word)
        page.clock.run_for(PAUSE_MS - 1)
    assert asked == []
    page.clock.run_for(1)
    expect(page.locator(".suggested a")).to_have_count(1)
    assert len(asked) == 1


def test_without_the_network_writing_goes_on(open_browser, owner, shelf):
    page = open_browser(owner)
    page.goto("/messages/new/")
    page.route("**/help/suggestions/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.get_by_label("Subject").fill("authorization code")
    expect(page.locator(".suggested a")).to_have_count(0)
    page.watch.look_away()


def test_without_scripts_there_is_the_link_to_the_articles(open_browser, owner, shelf):
    page = open_browser(owner, scripts=False)
    page.goto("/messages/new/")
    expect(page.get_by_role("link", name="Read the articles")).to_have_attribute("href", "/help/")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_stranger_finds_reads_and_answers_on_a_phone(open_browser, provider, shelf, scripts):
    page = open_browser(width=390, language="en", scripts=scripts)
    page.goto("/sign-in/")
    page.get_by_role("link", name="Read the articles").click()
    page.get_by_label("Search the articles").fill("digits")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark")).to_have_text("digits")
    page.get_by_role("link", name="The authorization code").click()
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("What was missing?").fill("A picture.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#helpful [role=status]")).to_contain_text("we will look at what was missing")
    if scripts:
        assert not overflow(page)
