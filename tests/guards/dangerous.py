"""Tools that turn text into code, commands, queries or calls to elsewhere: who uses one is listed with its reason."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ["accounts", "billing", "panel", "services", "tickets"]

CALLS = {
    "code": {"eval", "exec", "__import__", "importlib.import_module", "import_string"},
    "template": {"Template", "Engine", "from_string", "Jinja2"},
    "unescaped": {"mark_safe", "SafeString", "SafeText"},
    "query": {"raw", "extra", "RawSQL", "executemany", "executescript", "execute", "RunSQL"},
}
MODULES = {
    "command": {"subprocess", "pty", "commands"},
    "object": {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"},
    "markup": {"xml", "lxml", "defusedxml", "html.parser", "bs4"},
    "directory": {"ldap", "ldap3"},
    "elsewhere": {"httpx", "requests", "urllib3", "urllib.request", "http.client", "ftplib", "aiohttp", "telnetlib"},
    "unpacking": {"zipfile", "tarfile", "gzip", "bz2", "lzma", "zlib", "PIL"},
    "guessable": {"random"},
    "token": {"jwt", "jose", "authlib"},
}

# (file, kind): why it is harmless there.
ALLOWED = {
    ("accounts/exports.py", "unpacking"): "writes an archive, opens none",
    ("accounts/history.py", "query"): "switches the triggers; nothing of a request is in the statement",
    ("accounts/limits.py", "query"): "the one statement that counts; values are parameters",
    ("accounts/outbox.py", "query"): "claims rows; values are parameters",
    ("accounts/redrawing.py", "unpacking"): "draws pictures anew: chosen formats, bounded before they are unpacked",
    ("accounts/sms/smsapi.py", "elsewhere"): "to SMSAPI_URL of the settings",
    ("accounts/vies/commission.py", "elsewhere"): "to VIES_URL of the settings; the number is in the body",
    ("accounts/work/retry.py", "guessable"): "spreads the pauses between attempts",
    ("billing/gateways/sandbox.py", "elsewhere"): "to SANDBOX_URL of the settings",
    ("billing/review.py", "query"): "sets a level of isolation",
    ("billing/sandbox/courier.py", "elsewhere"): "the payment server of the demo, to addresses that its pages checked",
    ("billing/transfers.py", "unescaped"): "squares of a QR code",
    ("billing/typesetting/pages.py", "unpacking"): "reads the logo that an administrator chose, with its bounds",
    ("panel/health.py", "query"): "asks for nothing but an answer",
    ("panel/help/markup.py", "unescaped"): "what nh3 has just cleaned",
    ("panel/processes.py", "command"): "starts the demo's own processes, without a shell",
    ("panel/processes.py", "elsewhere"): "asks the demo's own processes whether they are up",
    ("panel/templatetags/pieces.py", "unescaped"): "one word of ours",
    ("services/drivers/webhook.py", "elsewhere"): "to PROVISIONING_WEBHOOK_URL of the settings",
    ("services/zones/powerdns.py", "elsewhere"): "to POWERDNS_URL of the settings",
    ("tickets/models/message.py", "query"): "marks a thread as read; values are parameters",
    ("tickets/queue.py", "query"): "counts; values are parameters",
}


def name_of(node):
    """The dotted name that is called, "" for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def imported(node):
    """Every module that an import may bring."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


def kinds(source):
    """Kinds of dangerous tools that a module reaches for."""
    for node in ast.walk(ast.parse(source)):
        name = name_of(node)
        for kind, names in CALLS.items():
            if name and (name in names or name.rpartition(".")[2] in names):
                yield kind
        brought = imported(node)
        for kind, modules in MODULES.items():
            if any(found == module or found.startswith(f"{module}.") for found in brought for module in modules):
                yield kind
        if name in ("os.system", "os.popen") or name.startswith(("os.exec", "os.spawn", "os.posix_spawn")):
            yield "command"
        if name == "re.compile" and not isinstance(node.args[0], ast.Constant):
            yield "pattern"
        if any(keyword.arg == "shell" for keyword in getattr(node, "keywords", [])):
            yield "command"


def built_queries(source):
    """Statements handed to the database that are put together from pieces instead of carrying parameters."""
    for node in ast.walk(ast.parse(source)):
        is_query = name_of(node).rpartition(".")[2] in CALLS["query"] and node.args
        if is_query and not isinstance(node.args[0], ast.Constant | ast.Name | ast.Attribute):
            yield ast.unparse(node.args[0])


def modules():
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def test_dangerous_tools_are_used_where_the_list_says():
    assert {(path, kind) for path, source in modules() for kind in kinds(source)} == ALLOWED.keys() | PATTERNS


def test_no_statement_is_put_together_from_pieces():
    assert {path: built for path, source in modules() if (built := list(built_queries(source)))} == {}


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        ("eval(text)", "code"),
        ("django.template.Template(text)", "template"),
        ("mark_safe(text)", "unescaped"),
        ("cursor.execute(text)", "query"),
        ("import subprocess", "command"),
        ("from subprocess import run", "command"),
        ("os.system(text)", "command"),
        ("from pickle import loads", "object"),
        ("from xml.etree import ElementTree", "markup"),
        ("from lxml import etree", "markup"),
        ("import ldap3", "directory"),
        ("from urllib import request", "elsewhere"),
        ("import httpx", "elsewhere"),
        ("import tarfile", "unpacking"),
        ("import random", "guessable"),
        ("import jwt", "token"),
        ("re.compile(text)", "pattern"),
    ],
)
def test_a_planted_tool_is_found(planted, kind):
    assert list(kinds(planted)) == [kind]


@pytest.mark.parametrize("statement", ['f"SELECT {name}"', '"SELECT %s" % name', '"SELECT " + name'])
def test_a_planted_statement_is_found(statement):
    assert list(built_queries(f"cursor.execute({statement})"))
    assert not list(built_queries('cursor.execute("SELECT %s", [name])'))


# Patterns made of numbers of ours, never of what somebody typed.
PATTERNS = {("billing/typesetting/letters.py", "pattern")}

# What scripts must not reach for: text becomes markup or code, and secrets stay behind in the browser.
IN_SCRIPTS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|sessionStorage"
    r"|indexedDB|postMessage|\"message\"|document\.cookie|\"paste\"|location\.(?:href|assign|replace)"
)
SCRIPTS_ALLOWED = {
    ("dropping.js", '"paste"'): "takes pasted files; words are pasted as ever",
    ("parts.js", "innerHTML"): "a part of a page that our own server rendered and escaped",
    ("theme.js", "localStorage"): "light or dark, nothing else",
    ("unfold.js", "location.assign"): "follows the link that it stands on",
    ("unfold.js", "insertAdjacentHTML"): "a row that our own server rendered and escaped",
    ("uploads.js", "outerHTML"): "a row that our own server rendered and escaped",
}


def test_scripts_make_no_markup_of_text_and_keep_nothing():
    found = {
        (path.name, match[0])
        for path in (ROOT / "static/js").glob("*.js")
        for match in IN_SCRIPTS.finditer(path.read_text("utf-8"))
    }
    assert found == SCRIPTS_ALLOWED.keys()


@pytest.mark.parametrize(
    "planted",
    ["row.innerHTML = text", 'addEventListener("paste", stop)', 'addEventListener("message", obey)', "eval(text)"],
)
def test_a_planted_script_is_found(planted):
    assert IN_SCRIPTS.search(planted)
