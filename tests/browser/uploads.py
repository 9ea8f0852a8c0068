"""Uploads in a browser: several at once, progress, waiting for them, offline in the middle, paste, keyboard only."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.attachments import write
from tests.browser.files import drop_files
from tests.browser.patience import until
from tickets.models import Attachment, Category, Message

pytestmark = pytest.mark.browser

PASTE = """([items, words]) => {
  const data = new DataTransfer();
  for (const name of items) data.items.add(new File(["pixels"], name, { type: "image/png" }));
  if (words) data.setData("text/plain", words);
  document.querySelector("[name=text]").dispatchEvent(
    new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
}"""
# Counts what is said to screen readers, sentence by sentence.
LISTEN = """() => {
  window.said = [];
  new MutationObserver(() => window.said.push(document.querySelector("[data-upload-said]").textContent))
    .observe(document.querySelector("[data-upload-said]"), { childList: true, subtree: true });
}"""


@pytest.fixture
def category(transactional_db):
    return Category.objects.create(name_pl="Sprawy techniczne", name_en="Technical matters")


@pytest.fixture
def page(open_browser, owner, category):
    """A message that is written, without its files."""
    page = open_browser(owner)
    write(page, category)
    return page


@pytest.fixture
def notes(tmp_path):
    """`notes(3)` are so many small files."""

    def notes(count):
        paths = [tmp_path / f"{number}.txt" for number in range(1, count + 1)]
        for path in paths:
            path.write_text(f"Line {path.stem}.")
        return paths

    return notes


class Barrier:
    """Holds uploads up until it is lifted; `routes` are those that stand before it."""

    def __init__(self, page):
        self.page, self.routes, self.is_lifted = page, [], False

    def __call__(self, route):
        if self.is_lifted:
            route.continue_()
        else:
            self.routes.append(route)

    def wait_for(self, count):
        """The page shows an upload before its request is here."""
        until(self.page, lambda: len(self.routes) >= count)

    def lift(self):
        self.is_lifted = True
        for route in self.routes:
            route.continue_()


@pytest.fixture
def barrier(page):
    """Uploads that stand still."""
    barrier = Barrier(page)
    page.route("**/messages/files/", lambda route: barrier(route))
    return barrier


def press_send(page):
    page.get_by_role("button", name="Send", exact=True).last.click()


def test_three_go_up_at_once_and_the_message_waits_for_all(page, barrier, notes):
    drop_files(page, notes(5), zone="h1")
    expect(page.locator("progress:visible")).to_have_count(5)
    press_send(page)
    expect(page.get_by_text("The message goes off as soon as the files have arrived.")).to_be_visible()
    barrier.wait_for(3)
    assert len(barrier.routes) == 3
    assert not Message.objects.exists()
    barrier.lift()
    expect(page.locator(".thread .attachments > li")).to_have_count(5)
    assert Message.objects.get().attachments.count() == 5


def test_what_arrives_last_stands_where_it_was_chosen(page, barrier, notes):
    drop_files(page, notes(3))
    barrier.wait_for(3)
    for arrived, route in enumerate(reversed(barrier.routes), start=1):
        route.continue_()
        expect(page.locator("input[name=attachment]")).to_have_count(arrived)
    press_send(page)
    expect(page.locator(".thread .attachments span")).to_have_text(["1.txt", "2.txt", "3.txt"])


def test_one_on_its_way_is_cancelled_and_the_others_are_sent(page, barrier, notes):
    drop_files(page, notes(2))
    barrier.wait_for(2)
    page.get_by_role("button", name="Remove 1.txt").click()
    expect(page.get_by_text("1.txt is removed.")).to_be_visible()
    press_send(page)
    del barrier.routes[0]  # given up by the page
    barrier.lift()
    expect(page.locator(".thread")).to_contain_text("2.txt")
    assert [file.name for file in Message.objects.get().attachments.all()] == ["2.txt"]


def test_giving_up_the_last_one_sends_the_message_that_waited_for_it(page, barrier, notes):
    drop_files(page, notes(1))
    press_send(page)
    expect(page.get_by_text("The message goes off as soon as the files have arrived.")).to_be_visible()
    page.get_by_role("button", name="Remove 1.txt").click()
    expect(page.locator(".thread")).to_contain_text("Since Monday.")
    assert not Message.objects.get().attachments.exists()


def test_the_limits_are_said_before_to_everybody(page):
    field = page.get_by_label("Add attachments")
    expect(page.get_by_text("At most 10 files of any type, each of at most 15 MB.")).to_be_visible()
    expect(field).to_have_accessible_description("At most 10 files of any type, each of at most 15 MB.")


def test_the_bar_moves(page, tmp_path):
    large = tmp_path / "film.bin"
    large.write_bytes(b"x" * 3_000_000)
    page.evaluate(
        """() => {
          window.values = [];
          const value = Object.getOwnPropertyDescriptor(HTMLProgressElement.prototype, "value");
          Object.defineProperty(HTMLProgressElement.prototype, "value", { ...value, set(now) {
            window.values.push(now); value.set.call(this, now); } });
        }"""
    )
    page.get_by_label("Add attachments").set_input_files(large)
    expect(page.locator("input[name=attachment]")).to_have_count(1)
    values = page.evaluate("window.values")
    assert values == sorted(values) and values[-1] == 100


def test_a_drop_anywhere_is_announced_over_the_page(page, notes):
    overlay = page.locator("[data-drop-overlay]")
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["Words"], "words.txt"));
          document.querySelector("h1").dispatchEvent(
            new DragEvent("dragenter", { bubbles: true, cancelable: true, dataTransfer: data }));
        }"""
    )
    expect(overlay).to_be_visible()
    drop_files(page, notes(1), zone="footer, body")
    expect(overlay).to_be_hidden()
    expect(page.locator("input[name=attachment]")).to_have_count(1)


def test_dragged_words_are_no_files(page):
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "words");
          document.querySelector("h1").dispatchEvent(
            new DragEvent("dragenter", { bubbles: true, cancelable: true, dataTransfer: data }));
        }"""
    )
    expect(page.locator("[data-drop-overlay]")).to_be_hidden()


def test_the_connection_breaks_in_the_middle_and_comes_back(page, barrier, notes):
    drop_files(page, notes(4))
    expect(page.locator("progress:visible")).to_have_count(4)
    press_send(page)
    page.context.set_offline(True)
    barrier.is_lifted = True
    for route in barrier.routes:
        route.abort("internetdisconnected")
    offline = page.locator(".upload-error").get_by_text("No connection; we go on when it is back.")
    expect(offline).to_have_count(4)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator(".thread .attachments > li")).to_have_count(4)
    assert Attachment.objects.count() == 4


def test_a_file_that_did_not_arrive_holds_the_message_back(page, notes):
    page.route("**/messages/files/", lambda route: route.abort(), times=1)
    drop_files(page, notes(1))
    expect(page.get_by_text("The file did not arrive.")).to_be_visible()
    press_send(page)
    expect(page.get_by_text("The message was not sent, because a file did not arrive.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove 1.txt")).to_be_focused()
    assert not Message.objects.exists()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("input[name=attachment]")).to_have_count(1)
    press_send(page)
    expect(page.locator(".thread")).to_contain_text("1.txt")


def test_an_eleventh_file_is_refused_in_words(page, notes):
    drop_files(page, notes(11))
    expect(page.locator("input[name=attachment]")).to_have_count(10)
    expect(page.get_by_text("A message takes at most 10 files.")).to_be_visible()
    page.get_by_role("button", name="Remove 11.txt").click()
    press_send(page)
    expect(page.locator(".thread .attachments > li")).to_have_count(10)


def test_a_pasted_screenshot_is_named_by_the_time(page):
    page.evaluate(PASTE, [["image.png", "plan of the garden.png"], ""])
    expect(page.locator("input[name=attachment]")).to_have_count(2)
    names = page.locator(".upload-name").all_text_contents()
    assert re.fullmatch(r"screenshot \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png", names[0])
    assert names[1] == "plan of the garden.png"


def test_pasted_words_stay_words_even_with_a_picture_of_them(page):
    page.evaluate(PASTE, [["image.png"], "a cell of a table"])
    page.evaluate(PASTE, [[], "words"])
    expect(page.locator(".upload")).to_have_count(0)


def test_every_step_is_said_once(page, barrier, notes):
    page.evaluate(LISTEN)
    drop_files(page, notes(3))
    expect(page.locator("progress:visible")).to_have_count(3)
    barrier.wait_for(3)
    barrier.lift()
    expect(page.get_by_text("All files have arrived.")).to_be_visible()
    assert page.evaluate("window.said") == ["Files are on their way.", "All files have arrived."]


def test_all_of_it_by_the_keyboard(page, notes):
    page.get_by_label("Add attachments").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(notes(2))
    expect(page.locator("input[name=attachment]")).to_have_count(2)
    page.keyboard.press("Tab")
    first = page.get_by_role("button", name="Remove").first
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".upload")).to_have_count(1)
    expect(page.get_by_role("button", name="Remove")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".upload")).to_have_count(0)
    expect(page.get_by_label("Add attachments")).to_be_focused()
