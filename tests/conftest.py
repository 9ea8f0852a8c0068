"""What every test starts from: English, empty caches, and a history that may be emptied afterwards."""

import os
import shutil

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from accounts import history
from panel import translations

pytest_plugins = [
    "tests.cast",
    "tests.together",
    "tests.support.postman",
    "tests.support.payment_server",
    "tests.browser.fixtures",
]

CHROMIUM = shutil.which("chromium")
NOTHING_SKIPPED = os.environ.get("NOTHING_SKIPPED")


def pytest_sessionstart():
    """Compiles the Polish catalogue where it is newer than what Django reads."""
    translations.compile()


@pytest.fixture(autouse=True)
def fresh():
    """English, whatever language the last request left behind, and nothing remembered from before."""
    translation.activate("en")
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def history_may_be_emptied():
    """The triggers refuse to empty the history; the tests' own flush goes round them here, and only here."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(self):
        with history.unlocked():
            flush(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that ask for PostgreSQL or for a browser are marked by that, so that `-m` can choose."""
    for item in items:
        for name in {"postgresql", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(name)


def pytest_runtest_setup(item):
    """Leaves out what this run has no database or browser for."""
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.skip("needs Chromium")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """On the machine that must test everything, a skipped test has failed."""
    report = yield
    if report.skipped and NOTHING_SKIPPED and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, though nothing may be: {report.longrepr}"
    return report
