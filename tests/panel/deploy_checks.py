"""`manage.py check --deploy` lets a proper production out, and nothing else."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow

PRODUCTION = {
    "PANEL_MODE": "production",
    "SECRET_KEY": "k1-" + "3f9a7c51e2b84d60" * 4,
    "SHORT_CODE_KEY": "k2-" + "a81b6de94c7023f5" * 4,
    "ENCRYPTION_KEY": "k3-" + "5d02c98eb7f14a36" * 4,
    "SITE_URL": "https://panel.example.com",
    "ALLOWED_HOSTS": "panel.example.com",
    "DATABASE_URL": "postgres://panel@db.example.com/panel",
}

EXAMPLE = settings.BASE_DIR / "deploy/environment.example"


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
    assert "panel.E009" in words, "the sandbox takes money that is not there"


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"SITE_URL": "http://panel.example.com"}, "panel.E002"),
        ({"SITE_URL": "https://panel.example.com/"}, "panel.E003"),
        ({"ALLOWED_HOSTS": "*"}, "panel.E004"),
        ({"ENCRYPTION_KEY": PRODUCTION["SECRET_KEY"]}, "panel.E006"),
        ({"DATABASE_URL": "sqlite:////srv/panel.sqlite3"}, "panel.W001"),
        ({"SHORT_CODE_KEY": "short"}, "SHORT_CODE_KEY"),
        ({"SITE_URL": ""}, "panel.E002"),
        ({"STAFF_STRONG_SECOND_STEP": "no"}, "panel.E007"),
        ({"TRUSTED_PROXIES": "127.0.0.1, nginx"}, "TRUSTED_PROXIES"),
    ],
)
def test_what_is_wrong_is_named(environment, complaint):
    code, words = check(**(PRODUCTION | environment))
    assert code == 1
    assert complaint in words


@pytest.mark.parametrize("name", ["SECRET_KEY", "SHORT_CODE_KEY", "ENCRYPTION_KEY", "SITE_URL"])
def test_what_is_missing_is_named(name):
    code, words = check(**{key: value for key, value in PRODUCTION.items() if key != name})
    assert code == 1
    assert name in words.splitlines()[-1]


def test_the_names_in_the_handbook_are_those_of_the_settings():
    read = re.findall(
        r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', (settings.BASE_DIR / "panel/settings.py").read_text("utf-8")
    )
    handbook = (settings.BASE_DIR / "docs/production.md").read_text("utf-8")
    names = " ".join(re.findall(r"^\| (`[^|]+) \|", handbook, re.MULTILINE))
    told = {*re.findall(r"`(\w+)`", names), "PANEL_MODE"}
    assert {*read, "DATABASE_URL"} == told
    assert "`PANEL_MODE` is" in handbook
    example = EXAMPLE.read_text("utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)) <= told


def loaded(path):
    """What a shell makes of a file of settings, as production.md loads it: {name: value}, and its complaints."""
    script = f"set -a; . {path}; set +a; env -0"
    answer = subprocess.run(["sh", "-c", script], env={}, capture_output=True, text=True, timeout=60)
    return dict(line.split("=", 1) for line in answer.stdout.split("\0") if line), answer.stderr


def test_a_shell_reads_the_example_as_the_services_do(tmp_path):
    values, complaints = loaded(EXAMPLE)
    assert not complaints and values["DEFAULT_FROM_EMAIL"] == "Example Hosting <panel@example.com>"
    unquoted = tmp_path / "environment"
    unquoted.write_text(EXAMPLE.read_text("utf-8").replace('"', ""), "utf-8")
    assert loaded(unquoted)[1]
