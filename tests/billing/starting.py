"""A gateway without its secret, or one that nobody knows, stops every process at its start."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from billing import einvoices, gateways
from tests.panel.deploy_checks import PRODUCTION

pytestmark = pytest.mark.slow

PROCESSES = {
    "check": ["manage.py", "check"],
    "worker": ["manage.py", "worker", "--once"],
    "migrate": ["manage.py", "migrate", "--check"],
    "server": ["-c", "import panel.wsgi"],
}


def start(process, **environment):
    """The exit code and the last line of a process in this environment and no other."""
    kept = {name: os.environ[name] for name in ("PATH", "VAR_DIR") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, *PROCESSES[process]],
        cwd=settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "panel.settings"} | PRODUCTION | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return answer.returncode, (answer.stderr or answer.stdout).splitlines()[-1]


@pytest.mark.parametrize("process", PROCESSES)
def test_no_process_starts_with_a_gateway_that_has_no_secret(process):
    code, words = start(process, PAYMENT_GATEWAYS="transfer, sandbox")
    assert code == 1
    assert "The gateway “sandbox” needs SANDBOX_URL and SANDBOX_SECRET and SANDBOX_MERCHANT." in words


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"PAYMENT_GATEWAYS": "transfer,paypal"}, "PAYMENT_GATEWAYS names “paypal”"),
        ({"E_INVOICES": "other"}, "E_INVOICES is “other”"),
    ],
)
def test_what_nobody_knows_is_named(environment, complaint):
    code, words = start("server", **environment)
    assert code == 1
    assert complaint in words


@pytest.mark.parametrize("chosen", ["transfer", ""])
def test_with_transfers_only_or_nothing_it_starts(chosen):
    assert start("check", PAYMENT_GATEWAYS=chosen)[0] == 0


@pytest.mark.parametrize("name", ["SANDBOX_URL", "SANDBOX_SECRET", "SANDBOX_MERCHANT"])
def test_each_missing_setting_is_named(settings, name):
    gateways.refuse_half_configured()
    einvoices.refuse_unknown()
    setattr(settings, name, "")
    with pytest.raises(ImproperlyConfigured, match=f"“sandbox” needs {name}."):
        gateways.refuse_half_configured()
