"""Drafts in a browser: back after the tab was closed, gone when sent, deleted; and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.attachments import write
from tests.browser.files import drop_files
from tests.browser.patience import stop_the_clock
from tickets.models import Category, Draft, Message

pytestmark = pytest.mark.browser
# Without typing, before the script saves.
PAUSE_MS = 1500


@pytest.fixture
def category(transactional_db):
    return Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Line.")
    return path


def test_a_closed_tab_loses_nothing(open_browser, owner, category, notes):
    page = open_browser(owner)
    stop_the_clock(page)
    write(page, category)
    drop_files(page, [notes])
    expect(page.locator("input[name=attachment]")).to_have_count(1)
    page.clock.run_for(PAUSE_MS)
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    page.get_by_label("Text of the message").press_sequentially(" And since noon.")
    with page.expect_response("**/messages/draft/"):
        page.clock.run_for(PAUSE_MS)
    page.close()
    other = open_browser(owner, width=390)
    other.goto("/messages/new/")
    expect(other.get_by_label("Subject")).to_have_value("Slow pages")
    expect(other.get_by_label("Text of the message")).to_have_value("Since Monday. And since noon.")
    expect(other.get_by_text("notes.txt")).to_be_visible()
    other.get_by_role("button", name="Send", exact=True).last.click()
    expect(other.locator(".thread")).to_contain_text("notes.txt")
    assert Message.objects.get().text == "Since Monday. And since noon."
    assert not Draft.objects.exists()


def test_leaving_the_page_saves_at_once(open_browser, owner, category):
    page = open_browser(owner)
    stop_the_clock(page)
    write(page, category)
    with page.expect_response("**/messages/draft/"):
        page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert Draft.objects.get().text == "Since Monday."


def test_a_draft_is_deleted(open_browser, owner, category):
    page = open_browser(owner)
    page.goto("/messages/new/")
    expect(page.get_by_role("button", name="Delete the draft")).to_be_hidden()
    write(page, category)
    page.get_by_role("button", name="Delete the draft").click()
    page.get_by_role("dialog", name="Delete the draft?").get_by_role("button", name="Cancel").click()
    expect(page.get_by_label("Subject")).to_have_value("Slow pages")
    assert Draft.objects.get().subject == "Slow pages"
    page.get_by_role("button", name="Delete the draft").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the draft").click()
    expect(page.get_by_text("The draft is deleted.")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("")
    assert not Draft.objects.exists()


def test_one_is_told_when_it_cannot_be_saved_and_it_is_tried_again(open_browser, owner, category):
    page = open_browser(owner)
    page.route("**/messages/draft/", lambda route: route.abort())
    write(page, category)
    expect(page.get_by_text("The draft is not saved at the moment")).to_be_visible()
    page.unroute("**/messages/draft/")
    page.get_by_label("Text of the message").press_sequentially(" Again.")
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    page.watch.look_away()


def test_without_scripts_a_button_saves(open_browser, owner, category, notes):
    page = open_browser(owner, scripts=False)
    write(page, category)
    page.get_by_label("Add attachments").set_input_files([notes])
    page.get_by_role("button", name="Save a draft").click()
    expect(page.get_by_text("Draft saved at").first).to_be_visible()
    expect(page.get_by_label("Text of the message")).to_have_value("Since Monday.")
    expect(page.get_by_text("notes.txt")).to_be_visible()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.get_by_role("heading", name="Delete the draft?")).to_be_visible()
    page.get_by_role("button", name="Delete the draft").click()
    expect(page.get_by_label("Text of the message")).to_have_value("")
