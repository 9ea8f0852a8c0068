"""docs/asvs.toml answers every requirement of its chapters, and names only tests, checks and files that are there."""

import ast
import tomllib
from collections import Counter
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["accounts", "billing", "panel", "services", "tickets"]
BOOK = tomllib.loads((ROOT / "docs/asvs.toml").read_text("utf-8"))

# How many requirements of levels 1 and 2 each section of the standard has; they are numbered from 1.
SECTIONS = {
    **{"V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2},
    **{"V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1},
    **{"V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2},
    **{"V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4},
    **{"V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3},
    **{"V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5, "V6.6": 3, "V6.8": 4},
    **{"V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2},
    **{"V8.1": 2, "V8.2": 3, "V8.3": 1, "V8.4": 1},
    **{"V9.1": 3, "V9.2": 4},
    **{"V14.1": 2, "V14.2": 4, "V14.3": 3},
}
REQUIREMENTS = {f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)}
# What an entry of each status must say; "why" must be there where nothing else shows how things are.
NEEDED = {"test": {"test"}, "check": {"check"}, "deviation": {"why"}, "not-applicable": {"why"}}
ALLOWED = {
    "test": {"status", "test", "why"},
    "check": {"status", "check", "why"},
    "deviation": {"status", "test", "why"},
    "not-applicable": {"status", "why"},
}


def values(entry, key):
    """What stands there, one or several."""
    found = entry.get(key, [])
    return [found] if isinstance(found, str) else found


@cache
def tests_in(path):
    """Names of the tests in a file, "Class::test" for those of a class; found without importing it."""
    names = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            names |= {f"{node.name}::{part.name}" for part in node.body if is_test(part)}
        elif is_test(node):
            names.add(node.name)
    return names


def is_test(node):
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def has_test(node_id):
    """Whether pytest would find what "tests/file.py::test_name" names."""
    file, _colons, name = node_id.partition("::")
    path = ROOT / file
    return path.suffix == ".py" and path.is_file() and name in tests_in(path)


@cache
def check_ids():
    """Ids of the system checks of ours, as often as they are given."""
    found = []
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Error", "Warning", "Critical"):
                    found += [ast.literal_eval(keyword.value) for keyword in node.keywords if keyword.arg == "id"]
    return found


def faults(book):
    """Everything that is wrong with the book, in words."""
    ids = set(check_ids())
    yield from (f"{name} is missing" for name in sorted(REQUIREMENTS - book.keys()))
    yield from (f"{name} is no requirement" for name in sorted(book.keys() - REQUIREMENTS))
    for name, entry in book.items():
        status = entry.get("status")
        if status not in NEEDED:
            yield f"{name} has no status"
            continue
        yield from (f"{name} says no {key}" for key in NEEDED[status] if not any(values(entry, key)))
        yield from (f"{name} says {key}, too" for key in entry.keys() - ALLOWED[status])
        yield from (f"{name}: no test {node_id}" for node_id in values(entry, "test") if not has_test(node_id))
        for check in values(entry, "check"):
            if check not in ids and not (ROOT / check).is_file():
                yield f"{name}: no check or file {check}"


def test_every_requirement_is_answered_by_something_that_is_there():
    assert list(faults(BOOK)) == []


def test_ids_of_checks_are_used_once():
    once_each = Counter(check_ids())
    assert set(once_each.values()) == {1}, once_each


@pytest.mark.parametrize(
    ("requirement", "entry", "fault"),
    [
        ("V6.2.1", None, "V6.2.1 is missing"),
        ("V6.2.13", {"status": "not-applicable", "why": "?"}, "V6.2.13 is no requirement"),
        ("V6.2.1", {"status": "done"}, "V6.2.1 has no status"),
        ("V6.2.1", {"status": "test"}, "V6.2.1 says no test"),
        ("V6.2.1", {"status": "deviation"}, "V6.2.1 says no why"),
        ("V6.2.1", {"status": "deviation", "why": ""}, "V6.2.1 says no why"),
        ("V6.2.1", {"status": "not-applicable", "why": "?", "check": "README.md"}, "V6.2.1 says check, too"),
        ("V6.2.1", {"status": "test", "test": "tests/gone.py::test_x"}, "V6.2.1: no test tests/gone.py::test_x"),
        (
            "V6.2.1",
            {"status": "test", "test": ["tests/guards/asvs.py::faults"]},
            "V6.2.1: no test tests/guards/asvs.py::faults",
        ),
        (
            "V6.2.1",
            {"status": "test", "test": "tests/accounts/closing.py::test_an_old_session"},
            "V6.2.1: no test tests/accounts/closing.py::test_an_old_session",
        ),
        ("V6.2.1", {"status": "check", "check": "panel.E999"}, "V6.2.1: no check or file panel.E999"),
        ("V6.2.1", {"status": "check", "check": "docs/gone.md"}, "V6.2.1: no check or file docs/gone.md"),
    ],
)
def test_a_planted_fault_is_found(requirement, entry, fault):
    book = deepcopy(BOOK)
    del book[requirement if requirement in book else "V6.2.1"]
    if entry:
        book[requirement] = entry
    assert fault in list(faults(book))


def test_what_is_there_is_found():
    assert has_test("tests/accounts/closing.py::TestEveryDoor::test_an_old_session")
    assert {"panel.E001", "panel.E009"} <= set(check_ids())
