"""Fills a database with customers, their tickets and their documents, by COPY where there is one."""

import json
from contextlib import contextmanager
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import Customer, Membership, Provider, User
from services.models import Product, Service
from tests.bench import articles, money, wholesale, words
from tickets.models import Category, Message, Ticket

PASSWORD = "Bench-1234!"
CHUNK = 20_000
# Every customer has as many as this; the one that is measured has MINE.
TICKETS_OF_A_CUSTOMER = 20
SERVICES_OF_A_CUSTOMER = 5
MINE = 5000
MESSAGES_OF_A_TICKET = 5
MESSAGES_OF_THE_THREAD = 10


def fill(tickets, services):
    """Brings an empty database to about so many tickets, and so many services of its largest customer.

    Returns the people who are measured, by what they are.
    """
    if not User.objects.filter(login="bench1").exists():
        with transaction.atomic():
            write(tickets, services)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
    logins = {"customer": "bench1", "support": "support", "wholesale": "wholesale", "granted": "granted"}
    return {what: User.objects.get(login=login) for what, login in logins.items()}


def write(tickets, services):
    others = max(1, (tickets - MINE) // TICKETS_OF_A_CUSTOMER)
    provider = Provider.objects.create(
        name="Bench", legal_name="Bench", tax_id="5260250274", street="-", postal_code="00-001", city="-", phone="-"
    )
    products = [
        Product.objects.create(provider=provider, code=kind, kind=kind, name_pl=kind, name_en=kind)
        for kind in ("hosting", "domain", "voip")
    ]
    category = Category.objects.create(name_pl="Pytania", name_en="Questions")
    people = range(1, others + 2)
    now, password = timezone.now(), make_password(PASSWORD)
    copy(Customer(pk=i, provider=provider, number=1_000_000 + i, name=f"Customer {i}", created_at=now) for i in people)
    copy(
        User(
            pk=i, login=f"bench{i}", email=f"bench{i}@example.com", password=password, activated_at=now, created_at=now
        )
        for i in people
    )
    support = {"login": "support", "email": "support@example.com", "is_support": True}
    support = User(pk=len(people) + 1, password=password, activated_at=now, created_at=now, **support)
    copy([support])
    copy(Membership(pk=i, user_id=i, customer_id=i, role="owner", created_at=now) for i in people)
    copy(services_of(people, products, now))
    copy(threads(people, category, now))
    with built_at_once("tickets_messagewords_words"):
        copy(messages(people, now))
    for model in (Customer, User, Membership, Service, Ticket, Message):
        after_copy(model)
    money.write(copy, after_copy, provider, products, people, now)
    articles.write(copy, after_copy)
    wholesale.write(copy, after_copy, provider, support, password, now, services)


def services_of(people, products, now):
    """A few services of everybody, some of which end soon."""
    for i in people:
        for j in range(SERVICES_OF_A_CUSTOMER):
            yield Service(
                pk=(i - 1) * SERVICES_OF_A_CUSTOMER + j + 1,
                customer_id=i,
                product=products[j % len(products)],
                name=f"service-{i}-{j}",
                domain=f"s{i}-{j}.example.com",
                status=Service.Status.ACTIVE,
                starts_on=now.date(),
                ends_on=now.date() + timedelta(days=j * 40 + 10),
                created_at=now,
            )


def tickets_of(i):
    """The keys of a customer's tickets."""
    if i == 1:
        return range(1, MINE + 1)
    first = MINE + (i - 2) * TICKETS_OF_A_CUSTOMER
    return range(first + 1, first + TICKETS_OF_A_CUSTOMER + 1)


def threads(people, category, now):
    for i in people:
        for pk in tickets_of(i):
            at = now - timedelta(minutes=pk)
            yield Ticket(
                pk=pk,
                number=number(pk),
                customer_id=i,
                subject=f"Question {pk} about the service",
                category=category,
                service_id=(i - 1) * SERVICES_OF_A_CUSTOMER + pk % SERVICES_OF_A_CUSTOMER + 1,
                status=(Ticket.Status.OPEN, Ticket.Status.ANSWERED, Ticket.Status.CLOSED)[pk % 3],
                status_since=at,
                due_at=at,
                sender_name=f"Person {i}",
                sender_email=f"bench{i}@example.com",
                opened_by_id=i,
                created_at=at,
                updated_at=at,
                last_staff_message_at=at if pk % 3 else None,
            )


def number(pk):
    """A case number made of the key."""
    return f"{pk // 10_000:04d}-{pk % 10_000:04d}"


def messages(people, now):
    """Five messages in every thread, ten in the one that is measured."""
    pk, texts = 0, words.texts()
    for i in people:
        for ticket in tickets_of(i):
            for j in range(MESSAGES_OF_THE_THREAD if ticket == 1 else MESSAGES_OF_A_TICKET):
                pk += 1
                yield Message(
                    pk=pk,
                    ticket_id=ticket,
                    author_id=i,
                    author_name=f"Person {i}",
                    is_staff=bool(j % 2),
                    text=words.said(texts, pk, measured=i == 1),
                    created_at=now,
                )


def copy(objects):
    """Writes an iterable of unsaved objects, in chunks."""
    chunk = []
    for row in objects:
        chunk.append(row)
        if len(chunk) == CHUNK:
            write_chunk(chunk)
            chunk = []
    if chunk:
        write_chunk(chunk)


def write_chunk(rows):
    model = type(rows[0])
    if connection.vendor != "postgresql":
        model.objects.bulk_create(rows)
        return
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN') as lines,
    ):
        for row in rows:
            lines.write_row([as_text(field, row) for field in fields])


def as_text(field, row):
    """A field's value as COPY wants it; JSON is written by us, everything else by the driver."""
    value = getattr(row, field.attname)
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return field.get_db_prep_save(value, connection)


@contextmanager
def built_at_once(index):
    """Drops an index that takes long row by row, and builds it when the rows are there."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [index])
        (definition,) = cursor.fetchone()
        cursor.execute(f'DROP INDEX "{index}"')
        yield
        # What waits for the end of the transaction stands in the way of an index.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(definition)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def after_copy(model):
    """The next row that the panel writes gets the next key."""
    if connection.vendor == "postgresql":
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))"
            )
