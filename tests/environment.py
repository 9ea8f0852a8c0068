"""The surroundings of a test run, set before Django reads its settings (`-p tests.environment`)."""

import gc
import os
import shutil
import tempfile

# What is loaded and found stays: to look through it for rubbish again and again took a third of finding the tests.
gc.disable()
# As many new objects before rubbish is looked for; a page makes more than Python's 700.
NEW_OBJECTS = 10_000

VAR_DIR = tempfile.mkdtemp(prefix="panel-test-")
os.mkdir(os.path.join(VAR_DIR, "static"))  # whitenoise warns when it is not there

os.environ["PANEL_MODE"] = "test"
os.environ["VAR_DIR"] = VAR_DIR
# Playwright's synchronous interface keeps an event loop in the thread; Django's ORM is used beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# What belongs to the machine or to a demo must not leak into the tests.
for name in (
    "SITE_URL",
    "DEBUG",
    "HTTPS",
    "TRUSTED_PROXIES",
    "ALLOWED_HOSTS",
    "SMS_BACKEND",
    "STATIC_ROOT",
    "FILES_DIR",
    "FILES_STORAGE",
    "FILES_STORAGE_OPTIONS",
    "PAYMENT_GATEWAYS",
    "E_INVOICES",
    "SANDBOX_URL",
    "POWERDNS_URL",
    "ZONE_NAMESERVERS",
    "ZONE_RECORDS",
):
    os.environ.pop(name, None)


def pytest_collection_finish():
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
    gc.enable()


def pytest_unconfigure():
    shutil.rmtree(VAR_DIR, ignore_errors=True)
