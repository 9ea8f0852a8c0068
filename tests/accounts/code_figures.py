"""The administrator's figures about authorization codes."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts import code_figures, codes
from tests.cast import user

NOON = datetime(2026, 11, 18, 11, tzinfo=timezone.get_fixed_timezone(0))
ADDRESS = "/admin/accounts/supportsession/figures/"


@pytest.fixture
def checked(owner, support):
    """Two days ago one code and three checks; today a code and one check by a colleague."""
    with time_machine.travel(NOON - timedelta(days=2), tick=False):
        _row, digits = codes.generate(owner.membership, by=owner)
        codes.check(staff=support, caller="anna", code=digits)
        for caller in ("anna", "nobody"):
            with pytest.raises(codes.WrongCode):
                codes.check(staff=support, caller=caller, code="x")
    with time_machine.travel(NOON, tick=False):
        _row, digits = codes.generate(owner.membership, by=owner)
        codes.check(staff=user("sandra", "Sandra Second", is_support=True), caller="anna", code=digits)


def rows(page):
    """The cells of every row of the tables."""
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page.content.decode())
    return [(name, *map(int, re.findall(r"<td>(\d+)</td>", cells))) for name, cells in found]


def test_codes_made_accepted_and_refused_by_day_and_by_whom(client_of, administrator, checked):
    with time_machine.travel(NOON):
        page = client_of(administrator).get(ADDRESS)
    assert rows(page) == [
        ("18 Nov 2026", 1, 1, 0, 0),
        ("16 Nov 2026", 1, 1, 2, 0),
        ("Sylwia Support", 1, 2),
        ("Sandra Second", 1, 0),
    ]


def test_by_week(client_of, administrator, checked):
    with time_machine.travel(NOON):
        page = client_of(administrator).get(ADDRESS, {"span": "week"})
    assert rows(page)[0] == ("16 Nov 2026", 2, 2, 2, 0)


def test_what_is_older_is_not_counted(client_of, administrator, checked):
    with time_machine.travel(NOON + timedelta(days=29)):
        assert [row[0] for row in rows(client_of(administrator).get(ADDRESS))] == ["18 Nov 2026", "Sandra Second"]
    with time_machine.travel(NOON + timedelta(days=31)):
        page = client_of(administrator).get(ADDRESS)
    assert rows(page) == [] and "No codes in this time." in page.content.decode()


def test_two_queries_however_much_happened(checked, django_assert_num_queries):
    with time_machine.travel(NOON), django_assert_num_queries(2):
        span = code_figures.SPANS["day"]
        assert len(code_figures.by_time(span)) == 2 and len(code_figures.by_staff(span)) == 2


def test_the_list_leads_there_and_others_find_nothing(client_of, administrator, support, owner):
    assert ADDRESS in client_of(administrator).get("/admin/accounts/supportsession/").content.decode()
    for person in (support, owner):
        assert client_of(person).get(ADDRESS, follow=True).status_code == 404
    clerk = user("clerk", is_staff=True)
    assert client_of(clerk).get(ADDRESS).status_code == 403
