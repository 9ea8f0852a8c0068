"""The second step in a real browser: a passkey, an app, a recovery code, a trusted browser; keyboard only."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

from accounts.models import Passkey, RecoveryCode, TrustedBrowser
from accounts.outbox import send_waiting
from tests.accounts.reading import code_in
from tests.browser.axe import overflow, violations
from tests.cast import PASSWORD

pytestmark = pytest.mark.usefixtures("transactional_db")


def virtual_key(page):
    """A platform authenticator inside Chromium that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page, login="anna"):
    """The first step, by the keyboard."""
    page.goto("/sign-in/")
    type_login(page, login)
    page.wait_for_url("**/sign-in/code/")


def type_login(page, login="anna"):
    expect(page.get_by_label("Login", exact=True)).to_be_focused()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def press(page, role, name, key="Enter"):
    """Reaches a control by Tab alone, as somebody without a mouse does, and presses it."""
    control = page.get_by_role(role, name=name, exact=True)
    expect(control).to_be_visible()
    for _step in range(80):
        if control.evaluate("element => element === document.activeElement"):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by the keyboard")


def sign_out(page):
    page.locator(".topbar summary").press("Enter")
    press(page, "button", "Sign out")
    page.wait_for_url("**/sign-in/")


def clean(page):
    """Nothing for axe to complain about, nothing wider than the screen."""
    assert violations(page) == []
    assert not overflow(page)


@pytest.fixture
def page(open_browser, owner, hosting):
    return open_browser(owner, language="en", width=390)


def test_a_passkey_is_added_and_opens_the_account(page):
    session, authenticator = virtual_key(page)
    page.goto("/security/passkeys/add/")
    expect(page.get_by_label("Name of the passkey")).to_be_focused()
    clean(page)
    page.keyboard.type("Phone")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press(page, "button", "Add a passkey")
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    assert Passkey.objects.get().name == "Phone"
    sign_out(page)

    sign_in(page)
    expect(page.get_by_role("heading", name="Passkey")).to_be_visible()
    clean(page)
    press(page, "button", "Use the passkey")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    assert Passkey.objects.get().sign_count > 0

    page.goto("/security/passkeys/add/")
    page.get_by_label("Name of the passkey").fill("The same")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("This passkey is registered already.")).to_be_visible()
    sign_out(page)

    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    sign_in(page)
    page.evaluate("void (navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')))")
    page.get_by_role("button", name="Use the passkey").click()
    expect(page.get_by_text("The browser did not get an answer")).to_be_visible()
    page.goto("/")
    expect(page.get_by_label("Login", exact=True)).to_be_visible()


def test_an_app_and_recovery_codes(page, owner):
    page.goto("/security/app/")
    clean(page)
    box = page.get_by_role("img", name="QR code").bounding_box()
    assert box["width"] >= 150
    seed = page.locator("#seed").inner_text().replace(" ", "")
    page.get_by_label("The code your app shows now").fill(pyotp.TOTP(seed).now())
    page.get_by_label("Switch them off").press("Space")
    press(page, "button", "Add the app")
    expect(page.get_by_text("The authenticator app is added.")).to_be_visible()
    press(page, "button", "Make recovery codes")
    expect(page.get_by_text("They are shown only now.")).to_be_visible()
    clean(page)
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == RecoveryCode.objects.count() == 10
    page.emulate_media(media="print")
    expect(page.get_by_text("· anna")).to_be_visible()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.emulate_media(media="screen")
    page.reload()
    assert page.locator(".recovery-codes").count() == 0
    sign_out(page)

    sign_in(page)
    expect(page.get_by_label("One-time code")).to_be_focused()
    page.get_by_text("Another way").press("Enter")
    clean(page)
    press(page, "button", "Recovery code")
    expect(page.get_by_label("Recovery code")).to_be_focused()
    page.keyboard.type(codes[3].upper())
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recovery codes that still work: 9")).to_be_visible()


def test_a_browser_is_trusted_and_forgotten(open_browser, owner, hosting, mailoutbox):
    page = open_browser(language="en", width=390)
    sign_in(page)
    send_waiting()
    expect(page.get_by_label("One-time code")).to_be_focused()
    page.keyboard.type(code_in(mailoutbox[-1]))
    clean(page)
    page.get_by_label("Trust this browser for 30 days").press("Space")
    press(page, "button", "Next")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    assert TrustedBrowser.objects.count() == 1
    sign_out(page)

    type_login(page)
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto("/security/")
    clean(page)
    expect(page.get_by_text("This session")).to_be_visible()
    page.get_by_role("button", name=re.compile("^No longer trust")).press("Enter")
    expect(page.get_by_text("From now on the second step")).to_be_visible()
    sign_out(page)
    sign_in(page)


def test_without_scripts_the_page_says_what_passkeys_need(open_browser, owner):
    Passkey.objects.create(user=owner, name="Key", credential_id="a2V5", public_key=b"", sign_count=0)
    owner.second_step = "passkey"
    owner.save()
    page = open_browser(language="en", scripts=False)
    sign_in(page)
    expect(page.get_by_text("Passkeys need JavaScript.")).to_be_visible()
    expect(page.get_by_role("button", name="Use the passkey")).to_be_hidden()
    page.get_by_text("Another way", exact=True).click()
    page.get_by_role("button", name=re.compile("Code by e-mail")).click()
    expect(page.get_by_text("We have sent a code of six digits")).to_be_visible()
