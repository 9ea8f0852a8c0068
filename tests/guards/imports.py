"""The arrows: accounts ← services ← tickets and billing ← panel; nobody imports sideways or up."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What each app may import of the others.
BELOW = {
    "accounts": set(),
    "services": {"accounts"},
    "tickets": {"services", "accounts"},
    "billing": {"services", "accounts"},
    "panel": {"tickets", "billing", "services", "accounts"},
}
# Ways to import that this test could not see through.
DYNAMIC = {"import_module", "import_string", "__import__"}


def forbidden(app, source):
    """What a module of `app` imports against the arrows, wherever in it the import stands."""
    strangers = BELOW.keys() - BELOW[app] - {app}
    for node in ast.walk(ast.parse(source)):
        for name in imported(node):
            if name.partition(".")[0] in strangers or name == "tests" or name.startswith("tests."):
                yield f"line {node.lineno}: {name}"


def imported(node):
    """The names of modules that a node of the syntax tree imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [] if node.level else [node.module]  # a relative import stays within the app
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if function in DYNAMIC:
            return [str(node.args[0].value)]
        if function == "get_model":
            return [str(node.args[0].value)]
    return []


def modules(app):
    return sorted((ROOT / app).rglob("*.py"))


@pytest.mark.parametrize("app", BELOW)
def test_nobody_imports_sideways_or_up(app):
    found = [
        f"{path.relative_to(ROOT)} {line}" for path in modules(app) for line in forbidden(app, path.read_text("utf-8"))
    ]
    assert found == []


def test_every_app_of_the_house_is_watched():
    with_code = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert with_code <= BELOW.keys()
    assert all(modules(app) for app in with_code)


@pytest.mark.parametrize(
    ("app", "source"),
    [
        ("accounts", "from services.models import Service"),
        ("accounts", "import panel.settings"),
        ("services", "def late():\n    from tickets import models"),
        ("tickets", "if True:\n    import billing.invoicing as money"),
        ("billing", "class Late:\n    from tickets.models import Ticket"),
        ("services", "importlib.import_module('tickets.models')"),
        ("services", "import_string('panel.views.home')"),
        ("accounts", "apps.get_model('services.Service')"),
        ("panel", "from tests.cast import PASSWORD"),
    ],
)
def test_a_planted_import_is_caught(app, source):
    assert list(forbidden(app, source))


@pytest.mark.parametrize(
    ("app", "source"),
    [
        ("services", "from accounts.models import Customer"),
        ("tickets", "from services.models import Service\nfrom tickets.models import Ticket"),
        ("panel", "import tickets.models, accounts.history"),
        ("accounts", "import panelling, services_of_others"),
    ],
)
def test_an_import_along_the_arrows_is_let_through(app, source):
    assert not list(forbidden(app, source))
