"""Who gets what at every address: walks the URLconf and compares with the table in access.txt."""

from copy import deepcopy
from itertools import groupby
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from tests.guards.people import PEOPLE, arguments

TABLE = Path(__file__).with_name("access.txt")
SIGN_IN = "in"


def named_urls():
    """{full name: pattern} of every named address outside Django admin, which has a rule of its own."""
    return {name: pattern for name, pattern in walk(get_resolver()) if not name.startswith("admin:")}


def walk(resolver, namespaces=()):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name or "admin" in namespaces, f"{pattern} has no name"
            yield ":".join([*namespaces, pattern.name or ""]), pattern
        else:
            yield from walk(pattern, [*namespaces, *filter(None, [pattern.namespace])])


def rows(text):
    """{(name, method): {person: expected}} of the table."""
    table = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, method, *cells = line.split()
            assert len(cells) == len(PEOPLE), f"{name} {method}: a cell for everybody"
            assert (name, method) not in table, f"{name} {method} stands there twice"
            table[name, method] = dict(zip(PEOPLE, cells, strict=True))
    return table


def without_row(table, names):
    """Addresses and methods that the table says nothing about, and lines about addresses that are gone."""
    return {(name, method) for name in names for method in ("GET", "POST")} ^ table.keys()


def answer(client, method, url):
    """What this person gets: a status, or "in" for being sent to the sign-in page."""
    response = client.generic(method, url, content_type="application/x-www-form-urlencoded")
    if response.streaming:
        list(response.streaming_content)  # read to its end, a file is closed
    if response.status_code == 302 and response["Location"].startswith(reverse("accounts:sign_in") + "?"):
        return SIGN_IN
    return str(response.status_code)


def answers(browsers, method, url, undo):
    """{person: answer}; every one finds the same data and cookies, whatever was done before."""
    found = {}
    for person, client in browsers.items():
        cookies = deepcopy(client.cookies)
        cache.clear()
        with undo():
            found[person] = answer(client, method, url)
        client.cookies = cookies
    return found


TABLE_ROWS = rows(TABLE.read_text("utf-8"))


def test_every_address_has_its_row():
    assert without_row(TABLE_ROWS, named_urls()) == set()


def parts():
    """{name of an app and method: its rows}: setting the world up for each row took longer than asking."""
    by = {row: f"{row[0].rpartition(':')[0] or 'panel'} {row[1]}" for row in TABLE_ROWS}
    return {part: list(rows) for part, rows in groupby(sorted(by, key=by.get), by.get)}


def different(rows, table, browsers, world, undo):
    """{row: {person: (what the table says, what they get)}} where these differ."""
    found = {}
    for name, method in rows:
        got = answers(browsers, method, reverse(name, args=arguments(name, world)), undo)
        said = table[name, method]
        wrong = {person: (said[person], got[person]) for person in PEOPLE if said[person] != got[person]}
        found |= {(name, method): wrong} if wrong else {}
    return found


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("part", parts())
def test_everybody_gets_what_the_table_says(part, browsers, world, undo):
    assert different(parts()[part], TABLE_ROWS, browsers, world, undo) == {}


def test_a_missing_row_is_noticed():
    names = named_urls()
    fewer = {key: row for key, row in TABLE_ROWS.items() if key != ("home", "GET")}
    assert without_row(fewer, names) == {("home", "GET")}
    assert without_row(TABLE_ROWS, names | {"accounts:new": None}) == {
        ("accounts:new", "GET"),
        ("accounts:new", "POST"),
    }


def test_an_opened_door_is_noticed(browsers, world, undo, monkeypatch):
    def open_to_all(request, **kwargs):
        return HttpResponse("everything of everybody")

    open_to_all.login_required = False
    monkeypatch.setattr(named_urls()["accounts:users"], "callback", open_to_all)
    row = ("accounts:users", "GET")
    wrong = different([row], TABLE_ROWS, browsers, world, undo)[row]
    assert {"nobody", "standard_without", "support"} <= wrong.keys()
    assert "owner" not in wrong


def test_what_one_row_did_does_not_stand_in_the_way_of_the_next(browsers, world, undo):
    row = ("accounts:personal_data", "GET")
    rows = [("accounts:sign_out", "POST"), ("accounts:end_other_sessions", "POST"), row]
    assert different(rows, TABLE_ROWS, browsers, world, undo) == {}


def admin_addresses():
    """{address: whether there is a page to show} of every named address of Django admin."""
    found = {}
    for name, pattern in walk(get_resolver()):
        if name.startswith("admin:") and name != "admin:":
            label, _, page = name.removeprefix("admin:").rpartition("_")
            model = next((m for m in admin.site._registry if m._meta.label_lower == label.replace("_", ".", 1)), None)
            row = model._default_manager.first() if model else None
            values = {"app_label": "accounts", "object_id": row.pk if row else 1, "content_type_id": 1}
            address = reverse(name, kwargs={key: values[key] for key in pattern.pattern.regex.groupindex})
            found[address] = page == "changelist" or (page == "change" and row is not None)
    return found


@pytest.mark.usefixtures("short_refusals")
def test_the_administration_is_for_administrators_only(browsers, world, undo):
    """Strangers are sent to the sign-in page; for everybody else who is no administrator it is not there."""
    addresses = admin_addresses()
    assert "/admin/" in addresses and len(addresses) > len(admin.site._registry)
    door = reverse("admin:login")
    doors = {person: administration(browsers[person], door, undo) for person in PEOPLE}
    for address, is_page in addresses.items():
        answers = {person: administration(browsers[person], address, undo, doors[person]) for person in PEOPLE}
        assert answers.pop("nobody") == SIGN_IN, address
        assert answers.pop("administrator") == 200 or not is_page, address
        assert set(answers.values()) == {404}, address


def administration(client, address, undo, door=None):
    """The status at the end of all redirects, or "in" for the sign-in page; `door` is what there is at admin:login."""
    with undo():
        response = client.get(address)
        if response.status_code == 302:
            if door and response["Location"].partition("?")[0] == reverse("admin:login"):
                return door
            response = client.get(response["Location"], follow=True)
    path = response.request["PATH_INFO"]
    return SIGN_IN if path == reverse("accounts:sign_in") else response.status_code
