"""Attachments in a browser: dropped, shown on their way, taken back, sent; refused in words; and without scripts."""

import pytest
from playwright.sync_api import expect

from tickets.models import Attachment, Category, Message

pytestmark = pytest.mark.browser

DROP = """([selector, names]) => {
  const files = new DataTransfer();
  for (const name of names) files.items.add(new File(["Words of " + name], name, { type: "text/plain" }));
  for (const type of ["dragenter", "dragover", "drop"])
    document.querySelector(selector).dispatchEvent(
      new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: files }));
}"""


@pytest.fixture
def category(transactional_db):
    return Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")


def write(page, category, text="Since Monday."):
    page.goto("/messages/new/")
    page.get_by_label("Category").select_option(str(category.pk))
    page.get_by_label("Subject").fill("Slow pages")
    page.get_by_label("Text of the message").fill(text)


def test_two_files_are_dropped_one_is_taken_back_and_the_other_sent(open_browser, owner, category):
    page = open_browser(owner)
    write(page, category)
    page.evaluate(DROP, [".dropzone", ["first.txt", "second.txt"]])
    expect(page.locator("input[name=attachment]")).to_have_count(2)
    page.get_by_role("button", name="Remove first.txt").click()
    expect(page.get_by_text("first.txt is removed.")).to_be_visible()
    expect(page.locator(".upload")).to_have_count(1)
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.locator(".thread")).to_contain_text("second.txt")
    assert [attachment.name for attachment in Message.objects.get().attachments.all()] == ["second.txt"]
    assert Attachment.objects.count() == 1


def test_a_chosen_file_goes_up_at_once_and_sending_waits_for_it(open_browser, owner, category):
    page = open_browser(owner)
    write(page, category)
    page.get_by_label("Add attachments").set_input_files(
        [{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Line. " * 200_000}]
    )
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.locator(".thread")).to_contain_text("notes.txt")
    assert Message.objects.get().attachments.get().size == 1_200_000


def test_a_failed_upload_can_be_tried_again(open_browser, owner, category):
    page = open_browser(owner)
    write(page, category)
    page.route("**/messages/files/", lambda route: route.abort(), times=1)
    page.evaluate(DROP, [".dropzone", ["notes.txt"]])
    expect(page.get_by_text("The file did not arrive.")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("input[name=attachment]")).to_have_count(1)
    page.watch.look_away()


def test_a_file_too_large_is_refused_before_it_is_sent(open_browser, owner, category):
    page = open_browser(owner)
    write(page, category)
    page.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(15 * 1024 * 1024 + 1)], "film.avi"));
          document.querySelector(".dropzone").dispatchEvent(
            new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files }));
        }"""
    )
    expect(page.get_by_text("The file is too large: it may have at most 15 MB.")).to_be_visible()
    expect(page.get_by_label("Text of the message")).to_have_value("Since Monday.")
    assert not Attachment.objects.exists()


def test_enter_in_the_subject_sends_and_removes_nothing(open_browser, owner, category):
    page = open_browser(owner)
    write(page, category)
    page.evaluate(DROP, [".dropzone", ["notes.txt"]])
    expect(page.locator("input[name=attachment]")).to_have_count(1)
    page.get_by_label("Subject").press("Enter")
    expect(page.locator(".thread")).to_contain_text("notes.txt")


def test_the_same_without_scripts(open_browser, owner, category):
    page = open_browser(owner, scripts=False)
    write(page, category)
    page.get_by_label("Subject").fill("   ")
    files = [{"name": f"{i}.txt", "mimeType": "text/plain", "buffer": b"Line."} for i in (1, 2)]
    page.get_by_label("Add attachments").set_input_files(files)
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_role("button", name="Remove 1.txt").click()
    expect(page.get_by_text("1.txt", exact=True)).to_have_count(0)
    page.get_by_label("Subject").fill("Slow pages")
    page.get_by_role("button", name="Send", exact=True).last.click()
    expect(page.locator(".thread")).to_contain_text("2.txt")
    expect(page.locator(".thread")).to_contain_text("Since Monday.")
