"""What visits weigh, the first and later ones, and that `make demo` gives a panel at all: against the real server."""

import gzip
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIB = 1024
START_SECONDS = 300
# What a first visit and every later page may weigh.
FIRST, LATER = 40 * KIB, 12 * KIB
# The address of the newest mail with a one-time code to somebody; looks again until a worker has sent one.
NEWEST_CODE = """async (to) => {
    const brings = (text) => text.includes(to) && /\\d{6}/.test(text);
    for (;;) {
        const list = new DOMParser().parseFromString(await (await fetch('/demo/mail/')).text(), 'text/html');
        const row = [...list.querySelectorAll('tr')].find((row) => brings(row.textContent));
        if (row) return row.querySelector('a').pathname;
    }
}"""
LOGINS = ["klient", "pracownik", "nowy", "inny", "wsparcie", "technik", "admin"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A demo of its own on a free port: (address, what it printed so far)."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = os.environ | {"PANEL_MODE": "demo", "VAR_DIR": str(folder), "SITE_URL": address}
    environment.pop("DATABASE_URL", None)
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)], cwd=ROOT, env=environment, stdout=file
        )
    try:
        until = time.monotonic() + START_SECONDS
        while "Ctrl+C" not in output.read_text("utf-8") and process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        yield address, output
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        with pytest.raises(URLError):
            urlopen(address, timeout=5)


@pytest.fixture
def visitor(chromium, demo):
    """`visitor()` is a page of a browser that has seen nothing yet; `visitor(login)` of one that is signed in."""
    address, _output = demo
    contexts = []

    def visitor(login=None):
        cookies = session(chromium, address, login) if login else None
        contexts.append(chromium.new_context(base_url=address, storage_state=cookies))
        return contexts[-1].new_page()

    yield visitor
    for context in contexts:
        context.close()


def session(chromium, address, login):
    """The cookies of this person after both steps; the code is read in the demo's mailbox."""
    context = chromium.new_context(base_url=address, locale="en")
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password", exact=True).fill("Demo-1234!")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/**/")
    letter = context.new_page()
    letter.goto(page.wait_for_function(NEWEST_CODE, arg=f"{login}@example.com").json_value())
    page.get_by_label("One-time code").fill("".join(letter.locator("output.code").inner_text().split()))
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    state = context.storage_state()
    context.close()
    return state


def weigh(page, *paths):
    """Bytes of these visits, one after the other, as a proxy in front sends them.

    Styles, scripts and icons are counted as they come, compressed ahead by us; a page itself, which
    the proxy compresses, by what gzip makes of it.
    """
    finished = []
    page.on("requestfinished", lambda request: finished.append(request))
    for path in paths:
        finished.clear()
        page.goto(path, wait_until="networkidle")
        yield sum(weight(request) for request in finished)


def weight(request):
    """Bytes of one answer; asked for after the visit, as an answer's body is not there while it is reported."""
    response = request.response()
    if response.headers["content-type"].startswith("text/html"):
        return len(gzip.compress(response.body(), 6))
    return max(request.sizes()["responseBodySize"], 0)  # -1 where the browser had it already


@pytest.mark.slow
def test_the_first_visit_is_light(visitor):
    first, second = weigh(visitor(), "/sign-in/", "/register/")
    assert 5 * KIB < first <= FIRST
    assert 1 * KIB < second <= LATER


@pytest.mark.slow
def test_a_stranger_who_looks_for_help_loads_little(visitor):
    paths = ["/help/", "/help/search/?q=login", "/help/articles/sip-phone/", "/contact/"]
    first, *later = weigh(visitor(), *paths)
    assert 5 * KIB < first <= FIRST
    assert all(1 * KIB < page <= LATER for page in later)


@pytest.mark.slow
def test_pages_of_messages_are_light_later_pages(visitor):
    page = visitor("klient")
    page.goto("/messages/", wait_until="networkidle")
    thread = page.locator("td.lead a").first.get_attribute("href").partition("?")[0].partition("#")[0]
    paths = ["/messages/new/", thread, f"{thread}print/", "/messages/?q=galeria", "/messages/", "/help/"]
    weights = dict(zip(paths, weigh(page, *paths), strict=True))
    assert {path: size for path, size in weights.items() if not 1 * KIB < size <= LATER} == {}


@pytest.mark.slow
def test_the_desk_is_light(visitor):
    first, *later = weigh(visitor("wsparcie"), "/desk/", "/desk/?status=closed", "/desk/figures/", "/desk/mails/")
    assert 5 * KIB < first <= FIRST
    assert all(1 * KIB < page <= LATER for page in later)


@pytest.mark.slow
def test_the_demo_tells_its_address_and_logins(chromium, demo):
    address, output = demo
    told = output.read_text("utf-8")
    assert address in told
    assert "Demo-1234!" in told
    assert all(login in told for login in LOGINS)
    assert urlopen(f"{address}/readyz", timeout=30).status == 200
