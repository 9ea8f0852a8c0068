"""`manage.py check --deploy` lets a proper production out, and nothing else."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "PANEL_MODE": "production",
    "SECRET_KEY": "k1-" + "3f9a7c51e2b84d60" * 4,
    "SHORT_CODE_KEY": "k2-" + "a81b6de94c7023f5" * 4,
    "ENCRYPTION_KEY": "k3-" + "5d02c98eb7f14a36" * 4,
    "SITE_URL": "https://panel.example.com",
    "ALLOWED_HOSTS": "panel.example.com",
    "DATABASE_URL": "postgres://panel@db.example.com/panel",
}


def check(**environment):
    """The exit code and words of `check --deploy` in this environment and no other."""
    kept = {name: os.environ[name] for name in ("PATH", "VAR_DIR") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return answer.returncode, answer.stdout + answer.stderr


def test_a_proper_production_is_clean():
    code, words = check(**PRODUCTION)
    assert code == 0, words
    assert "no issues" in words


def test_the_demo_may_not_be_deployed():
    code, words = check(PANEL_MODE="demo")
    assert code == 1
    assert "panel.E001" in words
    assert "panel.E002" in words
    assert "panel.E004" in words


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"SITE_URL": "http://panel.example.com"}, "panel.E002"),
        ({"SITE_URL": "https://panel.example.com/"}, "panel.E003"),
        ({"ALLOWED_HOSTS": "*"}, "panel.E004"),
        ({"ENCRYPTION_KEY": PRODUCTION["SECRET_KEY"]}, "panel.E006"),
        ({"DATABASE_URL": "sqlite:////srv/panel.sqlite3"}, "panel.W001"),
        ({"SHORT_CODE_KEY": "short"}, "SHORT_CODE_KEY"),
    ],
)
def test_what_is_wrong_is_named(environment, complaint):
    code, words = check(**(PRODUCTION | environment))
    assert code == 1
    assert complaint in words
