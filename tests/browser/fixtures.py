"""A real Chromium against a live server. Errors, forbidden styles and requests to other hosts fail the test."""

import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.people import session_cookie
from tests.browser.watch import Watch

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
]
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, settings):
    """The address of a running panel; links in mails lead to it."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


@pytest.fixture
def open_browser(browser, site):
    """`open_browser()` is a page of a new, empty browser that is watched; several people may have one each.

    Polish, 1280 wide and light unless told otherwise. `person=` comes in signed in.
    """
    contexts, watches = [], []
    expect.set_options(timeout=PATIENCE_MS)

    def open_browser(person=None, *, width=1280, height=900, language="pl-PL", theme="light", scripts=True):
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": height},
            locale=language,
            color_scheme=theme,
            java_script_enabled=scripts,
            timezone_id="Europe/Warsaw",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if person:
            context.add_cookies([session_cookie(person, site)])
        page = context.new_page()
        watches.append(Watch(page, urlsplit(site).netloc))
        page.watch = watches[-1]
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert [problem for watch in watches for problem in watch.problems] == []
