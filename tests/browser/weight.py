"""What the first visit weighs, and that `make demo` gives a panel at all: against the real server."""

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
LOGINS = ["klient", "pracownik", "nowy", "inny", "wsparcie", "admin"]


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


def weigh(browser, address):
    """(bytes of the first visit, bytes of a second page) as a proxy in front sends them.

    Styles, scripts and icons are counted as they come, compressed ahead by us; a page itself, which
    the proxy compresses, by what gzip makes of it.
    """
    context = browser.new_context()
    page = context.new_page()
    sizes = []

    def count(response):
        body = response.body()
        is_page = response.headers["content-type"].startswith("text/html")
        sizes.append(len(gzip.compress(body, 6)) if is_page else response.request.sizes()["responseBodySize"])

    page.on("requestfinished", lambda request: count(request.response()))
    page.goto(f"{address}/sign-in/", wait_until="networkidle")
    first, sizes = sum(sizes), sizes.clear() or sizes
    page.goto(f"{address}/register/", wait_until="networkidle")
    second = sum(sizes)
    context.close()
    return first, second


@pytest.mark.slow
def test_the_first_visit_is_light(browser, demo):
    address, _output = demo
    first, second = weigh(browser, address)
    assert 5 * KIB < first <= 40 * KIB
    assert second <= 12 * KIB


@pytest.mark.slow
def test_the_demo_tells_its_address_and_logins(browser, demo):
    address, output = demo
    told = output.read_text("utf-8")
    assert address in told
    assert "Demo-1234!" in told
    assert all(login in told for login in LOGINS)
    assert urlopen(f"{address}/readyz", timeout=30).status == 200
