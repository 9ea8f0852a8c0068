"""The surroundings of a test run, set before Django reads its settings (`-p tests.environment`)."""

import os
import shutil
import tempfile

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
    "PAYMENT_GATEWAYS",
    "E_INVOICES",
    "SANDBOX_URL",
):
    os.environ.pop(name, None)


def pytest_unconfigure():
    shutil.rmtree(VAR_DIR, ignore_errors=True)
