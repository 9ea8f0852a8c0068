"""What people of every story do: read their mail, sign in, use the menu, see a notice."""

import re

import pyotp
from django.core import mail
from playwright.sync_api import expect

from accounts import keys, outbox
from accounts.models import AuthenticatorApp, User
from accounts.work.tasks import TaskRunner
from tests.cast import PASSWORD


def work():
    """The worker's part: tasks, then the mails that came of them."""
    runner = TaskRunner("story")
    while runner.run_one():
        pass
    outbox.send_waiting()


def newest_mail(address):
    """The newest mail to an address, after the worker has done its part."""
    work()
    return [message for message in mail.outbox if address in message.to][-1]


def link_in(message):
    return re.search(r"https?://\S+/link/\S+", message.body)[0]


def sign_in(page, login, password=PASSWORD):
    """Both steps, as a person does them."""
    page.goto("/sign-in/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Hasło", exact=True).fill(password)
    page.get_by_role("button", name="Zaloguj się").click()
    person = User.objects.get(login=login)
    app = AuthenticatorApp.objects.filter(user=person).first()
    heading = "Kod z aplikacji" if app else "Kod jednorazowy"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    if app:
        code = pyotp.TOTP(keys.decrypt(app.seed)).now()
    else:
        code = re.search(r"\b\d{6}\b", newest_mail(person.email).body)[0]
    page.get_by_label("Kod jednorazowy").fill(code)
    page.get_by_role("button", name="Dalej").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def menu(page, name):
    page.locator("#menu").get_by_role("link", name=name, exact=True).click()


def toast(page, words):
    """A notice in the top right corner."""
    notice = page.locator(".toast", has_text=words)
    expect(notice).to_be_visible()
    box, width = notice.bounding_box(), page.viewport_size["width"]
    assert box["x"] + box["width"] > width * 0.9, "at the right"
    assert box["y"] < page.viewport_size["height"] / 2, "at the top"
    notice.get_by_role("button").click()
