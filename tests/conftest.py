"""What every test starts from: English, empty caches, and a database that is emptied afterwards."""

import os
import shutil

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware

from panel import translations
from tests.emptying import empty
from tests.support import name_server

pytest_plugins = [
    "tests.cast",
    "tests.migrated",
    "tests.order",
    "tests.together",
    "tests.services.bigger",
    "tests.support.listening",
    "tests.support.name_server",
    "tests.support.postman",
    "tests.support.payment_server",
    "tests.browser.fixtures",
]

# Examples are the same ones each time, and none fails because the machine was busy meanwhile.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("steady")

CHROMIUM = shutil.which("chromium")
NOTHING_SKIPPED = os.environ.get("NOTHING_SKIPPED")
# Fixtures, and the mark of a test that asks for them.
MARKED_BY = {"postgresql": "postgresql", "chromium": "browser", "running_name_server": "powerdns"}


def pytest_sessionstart():
    """Compiles the Polish catalogue where it is newer than what Django reads."""
    translations.compile()


@pytest.fixture(autouse=True)
def fresh():
    """English, whatever language the last request left behind, and nothing remembered from before."""
    translation.activate("en")
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def the_database_is_emptied_quickly():
    """After a test that commits, only tables with rows in them are emptied.

    To truncate all of them and to write content types and permissions again took longer than most of these tests.
    """
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: empty()
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True, scope="session")
def static_files_are_looked_for_once():
    """Every test client builds the middleware anew; going through all static files for each took a third of a run."""
    find, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_found(middleware):
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_found
    yield
    WhiteNoiseMiddleware.add_files_from_finders = find


@pytest.fixture(autouse=True, scope="session")
def addresses_of_static_files_are_worked_out_once():
    """As in production, where the storage does so; every page names some thirty of them."""
    url, found = StaticFilesStorage.url, {}

    def remembered(storage, name):
        if (storage.base_url, name) not in found:
            found[storage.base_url, name] = url(storage, name)
        return found[storage.base_url, name]

    StaticFilesStorage.url = remembered
    yield
    StaticFilesStorage.url = url


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that ask for PostgreSQL or for a browser are marked by that, so that `-m` can choose."""
    for item in items:
        for fixture in MARKED_BY.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKED_BY[fixture])


def pytest_runtest_setup(item):
    """Leaves out what this run has no database or browser for."""
    if item.get_closest_marker("postgresql") and connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    if item.get_closest_marker("browser") and not CHROMIUM:
        pytest.skip("needs Chromium")
    if item.get_closest_marker("powerdns") and not name_server.is_here():
        pytest.skip("needs pdns_server with its SQLite backend, and dig")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """On the machine that must test everything, a skipped test has failed."""
    report = yield
    if report.skipped and NOTHING_SKIPPED and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped, though nothing may be: {report.longrepr}"
    return report
