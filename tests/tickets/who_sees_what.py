"""Who reaches which thread by which way: everybody, every way, as the table in who_sees_what.txt says."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import blocking, subusers
from accounts.models import AuthorizationCode, Customer, Membership, Outbox, SupportSession, User
from panel.models import Article
from services.models import ServiceGrant
from tests import library
from tests.cast import ENGLISH, member, signed_in, user
from tests.support.pictures import picture
from tests.support.readers import reply_address
from tests.tickets.incoming.conftest import letter as mail_from
from tests.tickets.ways import ANYWHERE, WAYS, Thing, Visit
from tickets import attachments, drafts, notes, thumbnails
from tickets.assigning import assign
from tickets.conversation import Outside, answer, open_ticket
from tickets.incoming import take
from tickets.models import Attachment, Draft, Message
from tickets.models.attachment import AttachmentQuerySet
from tickets.models.ticket import TicketQuerySet
from tickets.thread import messages_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

TABLE = Path(__file__).with_suffix(".txt")
ZOFIA = Outside(name="Zofia", email="zofia@elsewhere.example", origin=Message.Origin.MAIL, is_verified=True)


def table(text):
    """(people, {way: {person: letters}}) of the table."""
    lines = [line for line in text.splitlines() if line.strip()]
    [heading] = [line for line in lines if line.startswith("# way ")]
    people = heading.split()[2:]
    ways = {}
    for line in lines:
        if not line.startswith("#"):
            name, *cells = line.split()
            ways[name] = dict(zip(people, cells, strict=True))
    return people, ways


PEOPLE, SAID = table(TABLE.read_text("utf-8"))


# --- The people and the threads.


@pytest.fixture
def everybody(request, customer, stranger, hosting, owner, support, administrator):
    """{person in the table: the person}; the last has no row."""

    def more(login, role, permissions=(), *, served=False, of=customer):
        person = member(of, login, login.title(), role, permissions)
        if served:
            ServiceGrant.objects.create(membership=person.membership, service=hosting)
        return person

    third = Customer.objects.create(provider=customer.provider, number=3000003, name="Trzeci")
    both = more("basia", "administrative")
    both.elsewhere = Membership.objects.create(user=both, customer=stranger.membership.customer, role="administrative")
    session = user("szymon", "Szymon Support", is_support=True)
    people = [
        owner,
        request.getfixturevalue("administrative"),
        request.getfixturevalue("standard"),
        more("nora", "standard", served=True),
        more("seweryn", "standard", ["tickets"]),
        more("blazej", "administrative"),
        more("leon", "administrative"),
        more("iga", "owner", of=third),
        *[stranger, both, both, support, session, administrator, None],
    ]
    return dict(zip(PEOPLE, people, strict=True))


@pytest.fixture
def things(everybody, customer, stranger, category, hosting, voip, support):
    """{letter in the table: Thing}."""
    owner = everybody["owner"]
    library.article(title="Common questions")
    library.article("unpublished", "Common questions, Unpublished", state=Article.State.DRAFT)

    def thing(name, writer, **more):
        file = SimpleUploadedFile(f"file-{name}.txt", f"File-{name}.".encode())
        sent = [attachments.keep(file, by=writer), attachments.keep(SimpleUploadedFile("p.png", picture()), by=writer)]
        thumbnails.make.call(sent[1].pk)
        words = {"subject": "Common", "text": f"Message-{name}.", "category": category, "files": sent}
        ticket = open_ticket(by=writer, outside=None if writer else ZOFIA, **words, **more)
        reply_to = reply_address(ticket, user=writer, address="" if writer else ZOFIA.email)
        notes.write_note(ticket, by=support, text=f"Note-{name}.")
        assign(ticket, support, by=support)
        found = Thing(
            name=name,
            ticket=ticket,
            attachment=sent[0],
            picture=sent[1],
            upload=attachments.keep(SimpleUploadedFile("unsent.txt", b"Unsent."), by=writer or support),
            drafted=attachments.keep(SimpleUploadedFile("drafted.txt", b"Drafted."), by=writer or support),
            answer=answer(ticket, by=support, text="Answer."),
            refused=refused(name, reply_to),
            reply_to=reply_to,
        )
        kept = {"writer": writer or support, "customer": ticket.customer}
        drafts.save(**kept, ticket=ticket, text=f"Draft-{name}.", files=[found.drafted])
        return found

    things = {
        "g": thing("granted", owner, customer=customer, service=hosting, signed_in_as=owner.membership),
        "o": thing("other", owner, customer=customer, service=voip),
        "n": thing("none", owner, customer=customer),
        "f": thing("foreign", stranger, customer=stranger.membership.customer, service=stranger.service),
        "x": thing("nobodys", None, customer=None),
    }
    for letter, writer in [("g", owner), ("f", stranger)]:
        kept = {"writer": writer, "customer": things[letter].ticket.customer}
        drafts.save(**kept, subject="", text=things[letter].said("Plan"))
    return things


def refused(name, address):
    """A mail that a machine wrote to a thread."""
    words, more = f"Refused-{name}.", {"message_id": f"<{name}@mail.example>", "Precedence": "bulk"}
    mail = mail_from("machine@elsewhere.example", address, words, **more)
    return take(mail.as_bytes(), recipients=[address])


@pytest.fixture
def visits(everybody, things, customer):
    """{person in the table: Visit}: everybody with a browser in which they came in before anything was taken away."""
    browsers = {name: signed_in(person) if person else Client(headers=ENGLISH) for name, person in everybody.items()}
    browsers["both-there"].post("/switch/", {"membership": everybody["both-there"].elsewhere.pk})
    owner, now = everybody["owner"], timezone.now()
    code = AuthorizationCode.objects.create(
        membership=owner.membership, customer=customer, code_mac="0", expires_at=now + timedelta(hours=1)
    )
    SupportSession.objects.create(
        staff=everybody["session"], customer=customer, membership=owner.membership, code=code
    )
    blocking.block_user(everybody["blocked"], by=None)
    subusers.block(everybody["left"].membership, by=owner, editor=owner.membership)
    Membership.objects.create(
        user=everybody["invited"], customer=customer, role="administrative", accepted_at=None, blocked_at=now
    )
    Outbox.objects.all().delete()
    return {name: Visit(person, browsers[name], things) for name, person in everybody.items()}


# --- The table.


@pytest.fixture
def different(visits, undo):
    """`different(way)` is {person: (what the table says, what they reach)} where these differ."""

    def different(name, people=PEOPLE):
        found = {}
        for person in people:
            with undo():
                reached = WAYS[name](visits[person])
            letters = "".join(letter for letter in visits[person].things if letter in reached) or "-"
            if letters != SAID[name][person]:
                found[person] = (SAID[name][person], letters)
        return found

    return different


# To let everybody in took longer than to go one way, and all ways in one test would be waited for.
PARTS = 4


def test_every_way_has_its_line():
    assert SAID.keys() == WAYS.keys()


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_reaches_what_the_table_says(part, different):
    ways = [name for name in WAYS if name not in ANYWHERE][part::PARTS]
    assert {name: wrong for name in ways if (wrong := different(name))} == {}


def test_what_is_read_anywhere_is_what_the_table_says(different):
    found = {name: different(name) for name in ANYWHERE}
    assert not any(found.values()), found


SEEING = [
    *("list", "search", "search-text", "thread", "text", "in-place", "unfolded", "print", "attachment", "thumbnail"),
    *("mark-read", "reply", "first-page", "count", "anywhere"),
]


# On PostgreSQL a search looks only at words of the customer, whatever else guards it.
OF_ALL = [way for way in SEEING if connection.vendor != "postgresql" or way not in ("search", "search-text")]


def everything_of_the_customer(tickets, membership):
    return tickets.filter(customer_id=membership.customer_id)


def uploads_of_everybody(uploads, user):
    return uploads.filter(message=None)


def drafts_of_everybody(writer, ticket):
    return Draft.objects.filter(ticket=ticket)


def with_notes(ticket, before=None, **more):
    thread = messages_of(ticket, before, **more)
    return replace(thread, messages=[*thread.messages, *ticket.notes.all()])


FILES = ["attachment", "thumbnail", "upload", "drafted-file"]

# What is switched off, and who then reaches more by which ways.
GUARDS = {
    "services": (TicketQuerySet, "visible_to", everything_of_the_customer, "standard", [*SEEING, "mail", "by-mail"]),
    "customers": (
        TicketQuerySet,
        "visible_to",
        lambda tickets, membership: tickets,
        "foreign",
        [*OF_ALL, "export"],
    ),
    "permission": (Membership, "may", lambda *arguments: True, "no-perm", [*SEEING, "export", "mail", "by-mail"]),
    "reader": ("tickets.emails", "may_read", lambda *arguments: True, "left", ["mail"]),
    "sender": ("tickets.incoming.senders", "vouched", lambda mail: True, "owner", ["forged-mail"]),
    "files": ("tickets.views.files", "readable", lambda request: Attachment.objects.all(), "foreign", FILES),
    "notes": ("tickets.views.threads", "messages_of", with_notes, "owner", ["note"]),
    "drafts": ("tickets.drafts", "in_thread", drafts_of_everybody, "admin", ["draft"]),
    "uploads": (AttachmentQuerySet, "unsent_by", uploads_of_everybody, "admin", ["send-upload"]),
    "history": ("accounts.history", "parts_of", lambda membership: [Q()], "standard", ["history"]),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_a_guard_that_is_switched_off_makes_the_table_wrong(guard, different, monkeypatch):
    place, name, without, person, ways = GUARDS[guard]
    if isinstance(place, str):
        monkeypatch.setattr(f"{place}.{name}", without)
    else:
        monkeypatch.setattr(place, name, without)
    unnoticed = [way for way in ways if not different(way, [person])]
    assert unnoticed == []


DESK = [name for name in WAYS if name.startswith("desk")] + ["mails-not-taken", "note", "taken-by"]


@pytest.mark.parametrize(
    ("mark", "person", "ways"), [("is_support", "administr.", DESK), ("is_superuser", "support", ["administration"])]
)
def test_who_is_staff_by_mistake_is_noticed(different, everybody, mark, person, ways):
    User.objects.filter(pk=everybody[person].pk).update(is_staff=True, **{mark: True})
    unnoticed = [way for way in ways if not different(way, [person])]
    assert unnoticed == []


# --- What the table does not tell.


@pytest.fixture
def threads(owner, customer, category, hosting, voip):
    """A thread about the service granted to `standard`, one about another service, one about none."""

    def opened(subject, service):
        file = attachments.keep(SimpleUploadedFile(f"{subject}.txt", b"Words."), by=owner)
        return open_ticket(
            by=owner, customer=customer, category=category, service=service, subject=subject, text="?", files=[file]
        )

    return {"granted": opened("granted", hosting), "other": opened("other", voip), "none": opened("none", None)}


@pytest.mark.parametrize(
    ("who", "status"),
    [("owner", 404), ("standard", 404), ("stranger", 404), ("administrator", 404), ("support", 200)],
)
def test_the_desk_is_for_support(request, client_of, threads, who, status):
    client, number = client_of(request.getfixturevalue(who)), threads["granted"].number
    for name, args in [("desk", []), ("desk_thread", [number])]:
        assert client.get(reverse(f"tickets:{name}", args=args)).status_code == status
    for name in ("desk_reply", "desk_assign", "desk_note", "desk_close", "desk_reopen"):
        response = client.post(reverse(f"tickets:{name}", args=[number]), {"text": "Words.", "last_seen": 10**9})
        assert response.status_code == (302 if status == 200 else status)
    assert Message.objects.filter(is_staff=True).count() == (1 if status == 200 else 0)


def test_nobody_gets_in_without_signing_in(anonymous, threads):
    number = threads["granted"].number
    token = threads["granted"].messages.get().attachments.get().token
    for path in ["/messages/", f"/messages/{number}/", f"/messages/files/{token}/", "/messages/new/", "/desk/"]:
        response = anonymous.get(path)
        assert response.status_code == 302
        assert response.url.startswith(reverse("accounts:sign_in"))
    for path in ["/messages/files/", f"/messages/files/{token}/remove/", f"/messages/{number}/close/"]:
        assert anonymous.post(path).status_code == 302


def test_a_grant_taken_away_takes_the_thread_away(client_of, standard, threads):
    standard.membership.grants.all().delete()
    client = client_of(standard)
    assert client.get(reverse("tickets:thread", args=[threads["granted"].number])).status_code == 404


@pytest.mark.parametrize("service", ["voip", None])
def test_a_standard_user_writes_only_about_their_services(request, client_of, standard, category, hosting, service):
    client = client_of(standard)
    chosen = request.getfixturevalue(service).pk if service else ""
    message = {"category": category.pk, "service": chosen, "subject": "S", "text": "T"}
    assert client.post("/messages/new/", message).status_code == 200
    assert not Message.objects.exists()
    assert client.post("/messages/new/", message | {"service": hosting.pk}).status_code == 302
    assert Message.objects.get().author == standard


def test_nobody_writes_about_the_service_or_as_the_contact_of_another(client_of, stranger, category, hosting, contact):
    message = {"category": category.pk, "subject": "S", "text": "T"}
    client = client_of(stranger)
    for foreign in ({"service": hosting.pk}, {"sender": contact.pk}):
        assert client.post("/messages/new/", message | foreign).status_code == 200
    assert not Message.objects.exists()


def test_contacts_are_no_business_of_a_standard_user(client_of, standard, owner, contact, category, hosting):
    assert "Tomasz Techniczny" in client_of(owner).get("/messages/new/").content.decode()
    client = client_of(standard)
    assert "Tomasz Techniczny" not in client.get("/messages/new/").content.decode()
    message = {"category": category.pk, "service": hosting.pk, "subject": "S", "text": "T", "sender": contact.pk}
    client.post("/messages/new/", message)
    assert Message.objects.get().ticket.sender_email == standard.email
