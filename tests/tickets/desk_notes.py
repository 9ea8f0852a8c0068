"""Internal notes: between the messages at the desk, and on no way to any customer."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts import exports
from accounts.models import Event
from tests import cast
from tests.guards.access import named_urls
from tests.guards.people import arguments, build
from tickets import entries, notes
from tickets.conversation import answer, reply
from tickets.models import Message, Note
from tickets.thread import messages_of

pytestmark = pytest.mark.django_db
CANARY = "kanarek-7f3a"


@pytest.fixture
def desk(client_of, support):
    return client_of(support)


def test_a_note_stands_between_the_messages_by_its_time(desk, ticket, support, owner):
    page = desk.post(f"/desk/{ticket.number}/note/", {"text": "Call <them> first."}, follow=True).content.decode()
    assert "The note is written. Only support reads it." in page
    reply(ticket, by=owner, text="Any news?")
    page = desk.get(f"/desk/{ticket.number}/").content.decode()
    places = [page.index(words) for words in ("Since Monday.", "Call &lt;them&gt; first.", "Any news?")]
    assert places == sorted(places)
    assert "Sylwia Support" in page and 'data-by="note"' in page


def test_an_empty_note_is_refused_beside_its_field(desk, ticket):
    page = desk.post(f"/desk/{ticket.number}/note/", {"text": " "}).content.decode()
    assert "This field is required." in page and '<details class="section" id="note" open>' in page
    assert not Note.objects.exists()


def test_it_changes_neither_status_nor_place_and_the_customer_hears_nothing(desk, ticket, deliver):
    before = ticket.status, ticket.updated_at
    letters = len(deliver())
    desk.post(f"/desk/{ticket.number}/note/", {"text": CANARY})
    ticket.refresh_from_db()
    assert (ticket.status, ticket.updated_at) == before
    assert len(deliver()) == letters
    assert Event.objects.get(action="note_written").customer_id is None


def test_notes_of_a_long_thread_stand_on_the_page_of_their_time(ticket, support, monkeypatch):
    monkeypatch.setattr("tickets.thread.MESSAGES_ON_A_PAGE", 2)
    start = timezone.now()
    Message.objects.all().delete()
    for hour in range(4):
        Message.objects.create(
            ticket=ticket, author_name="A", text=f"m{hour}", created_at=start + timedelta(hours=hour)
        )
        Note.objects.create(
            ticket=ticket, author_name="B", text=f"n{hour}", created_at=start + timedelta(hours=hour, minutes=1)
        )

    def texts(thread):
        return [entry.text for entry in entries.entries(ticket, thread)]

    latest = messages_of(ticket)
    assert texts(latest) == ["m2", "n2", "m3", "n3"]
    assert texts(messages_of(ticket, before=str(latest.before))) == ["m0", "n0", "m1", "n1"]


@pytest.fixture
def noted(customer, owner, hosting, support, standard):
    """Everything that addresses name, with a canary in a note of its thread, and with mails about that."""
    world = build(customer, owner, hosting, cast.user("szymon", "Szymon Support", is_support=True), standard)
    notes.write_note(world.ticket, by=support, text=CANARY)
    answer(world.ticket, by=support, text="An answer.")
    return world


def leaks(browser, world):
    """Names of the addresses at which the canary is seen."""
    for name in named_urls():
        if CANARY.encode() in b"".join(browser.get(reverse(name, args=arguments(name, world)))):
            yield name


CUSTOMERS = ["nobody", "owner", "administrative", "standard", "standard_without", "stranger"]


@pytest.mark.slow
@pytest.mark.parametrize("person", CUSTOMERS)
def test_no_page_shows_it_to_anybody_but_support(request, client_of, anonymous, noted, person):
    browser = anonymous if person == "nobody" else client_of(request.getfixturevalue(person))
    assert list(leaks(browser, noted)) == []
    opened = browser.get(f"/messages/?open={noted.ticket.number}", follow=True)
    assert CANARY not in opened.content.decode()


@pytest.mark.slow
def test_the_walk_finds_it_where_it_may_be_seen(client_of, support, noted):
    assert list(leaks(client_of(support), noted)) == ["tickets:desk_thread"]


def test_searching_for_its_words_finds_no_thread(client_of, noted, owner):
    rows = client_of(owner).get(f"/messages/?q={CANARY}").context["page"].rows
    assert rows == []


def test_no_mail_carries_it(noted, deliver):
    letters = deliver()
    assert letters
    assert not any(CANARY in letter.message().as_string() for letter in letters)


def test_no_export_carries_it(noted, owner):
    file = io.BytesIO()
    exports.write(file, owner.membership)
    with zipfile.ZipFile(file) as archive:
        contents = b"".join(archive.read(name) for name in archive.namelist())
    assert b"An answer." in contents and CANARY.encode() not in contents


def test_no_other_table_holds_its_words(noted):
    """Whatever a customer reads is made of other tables."""
    holders = set()
    for content_type in ContentType.objects.all():
        model = content_type.model_class()
        for field in model._meta.concrete_fields if model else ():
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)):
                values = model._base_manager.values_list(field.attname, flat=True)
                if any(CANARY in str(value) for value in values):
                    holders.add(model._meta.label)
    assert holders == {"tickets.Note"}
