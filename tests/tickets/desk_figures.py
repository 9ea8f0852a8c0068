"""The figures of the desk: right numbers in the right week, bounded queries, plots with a table beside them."""

import re
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tickets import figures, opinions
from tickets.conversation import answer, open_ticket, reply
from tickets.models import Category, Opinion, Ticket, Turn
from tickets.plot import drawn, scale

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.fixture
def clock():
    """A Wednesday; the week began on Monday the 23rd."""
    with time_machine.travel(at("2026-11-25 10:00"), tick=False) as clock:
        yield clock


@pytest.fixture
def served(clock, owner, customer, category, support):
    """Last week three messages, first answers after 1, 2 and 9 h of opening time; this week a further one."""
    tickets = []
    for hours, day in [(1, 16), (2, 17), (9, 18)]:
        clock.move_to(at(f"2026-11-{day} 09:00"))
        ticket = open_ticket(by=owner, customer=customer, category=category, subject="S", text="T")
        clock.move_to(at(f"2026-11-{day} 09:00") + timedelta(hours=hours if hours < 9 else 25))
        answer(ticket, by=support, text="!")
        tickets.append(Ticket.objects.get(pk=ticket.pk))
    clock.move_to(at("2026-11-24 09:00"))
    reply(tickets[0], by=owner, text="And?")
    clock.move_to(at("2026-11-25 10:00"))
    answer(tickets[0], by=support, text="!")
    for ticket, helped in zip(tickets, (True, True, False), strict=True):
        opinions.close_and_ask(Ticket.objects.get(pk=ticket.pk), by=support)
        opinions.answer(Opinion.objects.get(ticket=ticket), helped=helped)
    return tickets


def test_new_answered_late_and_how_soon_by_week(served):
    before, now = figures.weeks(12)[-2:]
    assert (before.starts, now.starts) == (at("2026-11-16 00:00"), at("2026-11-23 00:00"))
    assert (before.new, before.answered, before.late, before.late_share) == (3, 3, 1, 33)
    assert (before.median, before.ninetieth) == (2, 9)
    assert (now.new, now.answered, now.late, now.median) == (0, 1, 0, None)
    assert (now.yes, now.no, now.helped_share, before.helped_share) == (2, 1, 67, None)


def test_of_one_category(served):
    other = Category.objects.create(name_pl="Inne", name_en="Other")
    assert sum(week.new + week.answered + week.yes for week in figures.weeks(12, other.pk)) == 0
    assert sum(week.new for week in figures.weeks(12, served[0].category_id)) == 3


@pytest.mark.parametrize("count", [1, 2, 3, 10, 11])
def test_the_middle_one_and_nine_of_ten(served, count):
    Turn.objects.all().delete()
    moment = at("2026-11-24 12:00")
    waits = [(7 * n) % 11 * 3600 for n in range(count)]
    for waited in waits:
        ticket = Ticket.objects.create(
            category=served[0].category, subject="S", sender_name="A", sender_email="a@example.com"
        )
        Turn.objects.create(
            ticket=ticket, is_first=True, began_at=moment, due_at=moment, answered_at=moment, waited=waited
        )
    week = figures.weeks(12)[-1]
    waits.sort()
    assert week.median * 3600 == waits[-(-count * 5 // 10) - 1]
    assert count % 2 == 0 or week.median * 3600 == median(waits)
    assert week.ninetieth * 3600 == waits[-(-count * 9 // 10) - 1]


def test_the_page_shows_plots_and_the_same_numbers_in_a_table(client_of, support, served):
    page = client_of(support).get("/desk/figures/").content.decode()
    assert page.count('class="plot"') == 2 and "New messages and answers, by week" in page
    row = page.partition('class="lead">16 Nov 2026')[2].partition("</tr>")[0]
    assert re.findall(r">([^<>\s][^<>]*)</td>", row) == ["3", "3", "2.0 h", "9.0 h", "33%", "–"]
    assert 'style="' not in page


@pytest.mark.parametrize("params", [{"period": "52"}, {"period": "7", "category": "x"}, {"category": "9" * 30}])
def test_what_makes_no_sense_is_left_out_and_queries_are_bounded(
    client_of, support, served, params, django_assert_max_num_queries
):
    browser = client_of(support)
    browser.get("/desk/figures/")
    with django_assert_max_num_queries(10):
        page = browser.get("/desk/figures/", params)
    assert len(page.context["weeks"]) == (52 if params.get("period") == "52" else 12)


def test_an_empty_desk_has_figures_too(client_of, support):
    assert client_of(support).get("/desk/figures/").status_code == 200


@pytest.mark.parametrize(("largest", "step"), [(0, 1), (5, 1), (6, 2), (11, 5), (26, 10), (5000, 1000)])
def test_marks_are_round_and_few(largest, step):
    assert scale(largest) == step
    plot = drawn(["a", "b"], bars={"new": [largest, 0]})
    assert 2 <= len(plot.marks) <= 7
    assert all(bar.y >= 0 and bar.y + bar.height <= plot.base for bar in plot.bars)


def test_a_line_breaks_where_there_is_no_value():
    plot = drawn(["a", "b", "c", "d"], lines={"median": [1, 2, None, 3]})
    first, second = plot.lines["median"]
    assert len(first.split()) == 2 and len(second.split()) == 1
