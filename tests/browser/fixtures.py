"""A real Chromium against a live server. Errors, forbidden styles and requests to other hosts fail the test."""

import shutil
import socket
from threading import Condition
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.patience import PATIENCE_MS
from tests.browser.people import session_cookie
from tests.browser.watch import Watch

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
]


@pytest.fixture(scope="session")
def chromium():
    """The browser itself; whatever asks for it is marked `browser`."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def site(live_server, settings):
    """The address of a running panel; links in mails lead to it."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


class Connections:
    """The connections of browsers that the live server was asked for and has not yet done with."""

    def __init__(self, server, monkeypatch):
        self.address, self.open, self.changed = server.server_address, 0, Condition()
        taking, closing = server.process_request, server.shutdown_request

        def take(request, client_address):
            self.count(1)
            taking(request, client_address)

        def close(request):
            closing(request)
            self.count(-1)

        monkeypatch.setattr(server, "process_request", take)
        monkeypatch.setattr(server, "shutdown_request", close)

    def count(self, more):
        with self.changed:
            self.open += more
            self.changed.notify_all()

    def wait_for_the_last(self):
        """Returns when the server has done with every connection asked for before; fails after `PATIENCE_MS`."""
        # Connections are taken one after the other: when this one has its end, all before it were taken.
        with socket.create_connection(self.address, PATIENCE_MS / 1000) as last:
            last.shutdown(socket.SHUT_WR)
            assert last.recv(1) == b""
        with self.changed:
            assert self.changed.wait_for(lambda: self.open == 0, PATIENCE_MS / 1000), "a request has no end"


@pytest.fixture
def connections(live_server, monkeypatch):
    """Those of this test, so that no request writes into a database that is being emptied."""
    return Connections(live_server.thread.httpd, monkeypatch)


@pytest.fixture
def open_browser(chromium, site, connections):
    """`open_browser()` is a page of a new, empty browser that is watched; several people may have one each.

    Polish, 1280 wide and light unless told otherwise. `person=` comes in signed in.
    """
    contexts, watches = [], []
    expect.set_options(timeout=PATIENCE_MS)

    def open_browser(person=None, *, width=1280, height=900, language="pl-PL", theme="light", scripts=True):
        context = chromium.new_context(
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
        context.set_offline(True)  # a page that closes saves its draft; nothing may reach the database after the test
        context.close()
    connections.wait_for_the_last()
    assert [problem for watch in watches for problem in watch.problems] == []
