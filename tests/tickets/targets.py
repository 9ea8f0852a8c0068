"""By when an answer is due: opening hours, Polish holidays, changed clocks; what is late on top; what is measured."""

from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from tests.support.pictures import picture
from tests.tickets.thread_list import subjects
from tickets import attachments, targets, thumbnails
from tickets.conversation import Outside, answer, open_ticket, reply
from tickets.models import Attachment, Category, Message, OpeningHours, Ticket, Turn
from tickets.nobodys import forget_old
from tickets.opening import USUAL, Calendar

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR = timedelta(hours=1)
USUALLY = Calendar(USUAL)
ALWAYS = Calendar({weekday: (time(0), time(0)) for weekday in range(7)})


def at(text):
    """A moment by the clock in Warsaw."""
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("since", "hours", "due"),
    [
        ("2026-11-23 10:00", 2, "2026-11-23 12:00"),  # a Monday
        ("2026-11-23 10:00", 7, "2026-11-23 17:00"),
        ("2026-11-23 10:00", 8, "2026-11-24 10:00"),
        ("2026-11-23 06:00", 1, "2026-11-23 10:00"),  # before it opens
        ("2026-11-23 18:00", 1, "2026-11-24 10:00"),  # after it closed
        ("2026-11-20 16:00", 2, "2026-11-23 10:00"),  # over a weekend
        ("2026-11-10 16:30", 1, "2026-11-12 09:30"),  # over Independence Day
        ("2026-12-23 16:00", 2, "2026-12-28 10:00"),  # over Christmas, with its Eve and a weekend
        ("2027-03-26 16:00", 2, "2027-03-30 10:00"),  # over Easter Monday
    ],
)
def test_opening_hours_after_a_message(since, hours, due):
    found = USUALLY.after(at(since), hours * HOUR)
    assert found == at(due) and found.tzinfo == UTC
    assert USUALLY.between(at(since), found) == hours * HOUR


def test_an_hour_is_an_hour_when_clocks_are_changed():
    nights = Calendar({weekday: (time(0), time(8)) for weekday in range(7)})
    forwards = nights.after(at("2026-03-29 01:00"), 2 * HOUR)
    assert forwards == at("2026-03-29 04:00") and forwards - at("2026-03-29 01:00").astimezone(UTC) == 2 * HOUR
    assert nights.after(at("2026-10-25 01:00"), 4 * HOUR) == at("2026-10-25 04:00")
    assert nights.between(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 9 * HOUR


def test_round_the_clock_pauses_on_holidays_only():
    assert ALWAYS.after(at("2026-11-21 23:00"), 5 * HOUR) == at("2026-11-22 04:00")
    assert ALWAYS.after(at("2026-11-10 23:00"), 2 * HOUR) == at("2026-11-12 01:00")


@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.timedeltas(timedelta(seconds=1), timedelta(hours=60)),
    st.sampled_from([USUALLY, ALWAYS, Calendar({6: (time(22), time(0))})]),
)
def test_after_and_between_agree(since, duration, calendar):
    assert calendar.between(since, calendar.after(since, duration)) == duration


@pytest.mark.django_db
def test_the_provider_sets_the_hours(ticket):
    OpeningHours.objects.create(weekday=0, opens=time(8), closes=time(10))
    category = Category(first_answer_hours=3, next_answer_hours=1)
    assert targets.due(category, at("2026-11-23 09:00"), is_first=True) == at("2026-11-30 10:00")
    assert targets.due(category, at("2026-11-23 09:00"), is_first=False) == at("2026-11-23 10:00")


def test_hours_that_end_before_they_begin_are_refused():
    with pytest.raises(ValidationError, match="not after the beginning"):
        OpeningHours(weekday=0, opens=time(17), closes=time(9)).clean()
    OpeningHours(weekday=0, opens=time(17), closes=time(0)).clean()


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


@pytest.fixture
def monday():
    with time_machine.travel(at("2026-11-23 10:00"), tick=False) as clock:
        yield clock


@pytest.fixture
def asked(monday, owner, customer, category, hosting):
    return open_ticket(by=owner, customer=customer, category=category, service=hosting, subject="Slow", text="?")


@pytest.mark.django_db
def test_the_first_and_every_further_answer_have_their_time(monday, asked, owner, support):
    assert now(asked).due_at == at("2026-11-24 10:00")
    monday.move_to(at("2026-11-23 12:00"))
    reply(asked, by=owner, text="More.")
    assert now(asked).due_at == at("2026-11-24 10:00")
    answer(asked, by=support, text="!")
    reply(asked, by=owner, text="Thanks, and…")
    assert now(asked).due_at == at("2026-11-25 12:00")
    assert [(turn.is_first, turn.waited) for turn in Turn.objects.order_by("pk")] == [(True, 7200), (False, None)]


@pytest.mark.django_db
def test_closing_ends_the_wait_and_reopening_begins_another(monday, asked, support):
    asked.close(by=support)
    assert not Turn.objects.exists()
    monday.move_to(at("2026-11-23 12:00"))
    asked.reopen(by=support)
    assert now(asked).due_at == at("2026-11-24 12:00")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("2026-11-24 07:50", "in 2 h 10 min"),
        ("2026-11-24 09:48", "in 12 min"),
        ("2026-11-24 13:05", "3 h 5 min late"),
        ("2026-11-26 12:05", "2 d 2 h late"),
    ],
)
def test_how_long_is_left_is_said_and_late_ones_are_marked(monday, asked, client_of, support, when, words):
    monday.move_to(at(when))
    desk = client_of(support)
    marked = f'<span class="status" data-status="bad">{words}</span>'
    for address in ("/desk/", f"/desk/{asked.number}/"):
        page = desk.get(address).content.decode()
        assert words in page and (marked in page) == ("late" in words)


@pytest.mark.django_db
def test_late_ones_are_on_top_and_can_be_shown_alone(monday, asked, owner, customer, client_of, support):
    urgent = Category.objects.create(name_pl="Awarie", name_en="Outages", first_answer_hours=1)
    open_ticket(by=owner, customer=customer, category=urgent, subject="Down", text="?")
    monday.move_to(at("2026-11-23 11:30"))
    desk = client_of(support)
    page = desk.get("/desk/")
    assert subjects(page) == ["Down", "Slow"]
    late = page.context["counts"][0]
    assert (late.label, late.number) == ("Late", "1")
    assert subjects(desk.get(f"/desk/?{late.query}")) == ["Down"]


@pytest.fixture
def upgrade(monday, asked, owner, customer, category, support):
    """`upgrade()` has threads go through it that waited before there were targets: new, further and answered ones."""
    again, done = (
        open_ticket(by=owner, customer=customer, category=category, subject=subject, text="?")
        for subject in ("Again", "Done")
    )
    for ticket in (again, done):
        answer(ticket, by=support, text="!")
    reply(again, by=owner, text="And…")
    Turn.objects.all().delete()
    Ticket.objects.update(due_at=F("status_since"))

    def upgrade():
        migration = import_module("tickets.migrations.0020_targets_of_old_threads")
        migration.give_targets(apps, schema_editor=None)

    return upgrade


@pytest.mark.django_db
def test_what_waited_when_targets_came_is_late_when_its_time_has_passed_and_not_before(
    upgrade, monday, client_of, support, asked
):
    monday.move_to(at("2026-11-24 09:30"))
    assert set(subjects(client_of(support).get("/desk/?status=open&late=on"))) == {"Slow", "Again"}
    upgrade()
    upgrade()
    assert subjects(client_of(support).get("/desk/?status=open&late=on")) == []
    assert dict(Ticket.objects.exclude(subject="Done").values_list("subject", "due_at")) == {
        "Slow": at("2026-11-24 10:00"),
        "Again": at("2026-11-25 10:00"),
    }
    monday.move_to(at("2026-11-24 10:30"))
    assert subjects(client_of(support).get("/desk/?status=open&late=on")) == ["Slow"]
    answer(asked, by=support, text="!")
    assert [(turn.is_first, turn.waited) for turn in Turn.objects.order_by("ticket")] == [
        (True, 8.5 * 3600),
        (False, None),
    ]


@pytest.fixture
def nobodys(monday, category, files):
    """A closed thread of nobody's, with a picture, its thumbnail and a mail address."""
    outside = Outside(name="Who", email="who@example.net", origin=Message.Origin.MAIL)
    file = attachments.keep(SimpleUploadedFile("a.png", picture()), by=None)
    thumbnails.make.call(file.pk)
    ticket = open_ticket(
        customer=None, category=category, subject="Old", text="?", outside=outside, files=[file], confirmed=False
    )
    ticket.close(by=None)
    return ticket


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "left"), [(364, 1), (366, 0)])
def test_nobodys_threads_go_a_year_after_they_were_closed(
    monday, nobodys, days, left, files, django_capture_on_commit_callbacks
):
    monday.shift(timedelta(days=days))
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_old() == 1 - left
    assert Ticket.objects.count() == Attachment.objects.count() == Message.objects.count() == left
    assert sum(path.is_file() for path in files.rglob("*")) == 2 * left  # the picture and its thumbnail


@pytest.mark.django_db
def test_what_is_open_or_a_customers_stays(monday, nobodys, asked, support):
    nobodys.reopen(by=support)
    asked.close(by=support)
    monday.shift(timedelta(days=1000))
    assert forget_old() == 0


def test_the_administration_says_what_holds_without_hours(client_of, administrator):
    client = client_of(administrator)
    assert "Monday to Friday from 9 to 17" in client.get("/admin/tickets/openinghours/").content.decode()
    User.objects.update(language="pl")
    page = client.get("/admin/tickets/openinghours/add/").content.decode()
    assert "Do:" in page and "Odbiorca" not in page


def test_the_list_of_categories_shows_their_hours(client_of, administrator, category):
    page = client_of(administrator).get("/admin/tickets/category/").content.decode()
    assert f"{category.first_answer_hours} / {category.next_answer_hours}" in page
    # A field in a list has no label beside it.
    assert 'aria-label="Position"' in page and 'aria-label="Offered"' in page
