"""Search in subjects and messages: what is found, marked and shown, and by whom."""

import pytest
from django.db import connection

from accounts.models import Customer
from tickets.conversation import answer, open_ticket, reply
from tickets.merging import merge
from tickets.models import Message, MessageWords, Ticket

pytestmark = pytest.mark.django_db
URL = "/messages/"


@pytest.fixture
def written(owner, customer, category, voip):
    """A second thread, about a service that `standard` does not see."""
    return open_ticket(
        by=owner,
        customer=customer,
        category=category,
        service=voip,
        subject="Faktura za żółte łącze",
        text="Na fakturze stoi dwa razy ta sama pozycja. Proszę o korektę.",
    )


def search(client, text, url=URL, **more):
    return client.get(url, {"q": text} | more)


def found(response):
    return [ticket.subject for ticket in response.context["page"].rows]


@pytest.mark.parametrize(
    "text",
    ["Faktura", "faktura korekt", "POZYCJA", "dwa razy", "żółte", "faktura, pozycja!", "o korektę", "stoi"],
)
def test_words_of_subject_and_messages_find_the_thread(client_of, owner, ticket, written, text):
    assert found(search(client_of(owner), text)) == ["Faktura za żółte łącze"]


@pytest.mark.parametrize("text", ["faktura since", "nothing like it", "...", "%", "_", "'", "äö' | 'üö", "\\"])
def test_other_words_find_nothing_and_break_nothing(client_of, owner, ticket, written, text):
    page = search(client_of(owner), text)
    assert page.status_code == 200
    assert found(page) == []


@pytest.mark.parametrize("text", ["zolte LACZE", "żÓłTe", "faktur korek", "poz sama"])
def test_on_postgresql_accents_and_ends_of_words_do_not_matter(postgresql, client_of, owner, ticket, written, text):
    assert found(search(client_of(owner), text)) == ["Faktura za żółte łącze"]


def test_on_postgresql_a_word_is_found_by_its_beginning_only(postgresql, client_of, owner, ticket, written):
    assert found(search(client_of(owner), "ozycja")) == []


def test_bent_words_are_found_when_the_words_themselves_are_not(client_of, owner, ticket, written):
    assert found(search(client_of(owner), "pozycjami")) == ["Faktura za żółte łącze"]


def test_every_reply_is_searched(client_of, owner, support, ticket, written):
    reply(ticket, by=owner, text="Now even the login page is slow.")
    answer(ticket, by=support, text="The database was restarted.")
    client = client_of(owner)
    for text in ("login", "restarted", "slow database", "since"):
        assert found(search(client, text)) == ["Slow pages"]


def test_hits_are_shown_marked_with_what_stands_around_them(client_of, owner, ticket, written):
    page = search(client_of(owner), "faktur pozycja").content.decode()
    assert "<mark>Faktur</mark>a za żółte łącze" in page
    assert "<mark>fakturze</mark>" in page or "<mark>faktur</mark>ze" in page
    assert "<mark>pozycja</mark>. Proszę o korektę." in page
    assert "<mark>" not in client_of(owner).get(URL).content.decode()


def test_what_stands_in_the_subject_alone_shows_no_message(client_of, owner, ticket):
    page = search(client_of(owner), "slow").content.decode()
    assert "<mark>Slow</mark> pages" in page
    assert "Since Monday" not in page


def test_words_of_people_are_shown_as_words(client_of, owner, ticket):
    reply(ticket, by=owner, text="<script>alert(1)</script> robot <b>bold</b>")
    page = search(client_of(owner), "robot").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>robot</mark> &lt;b&gt;" in page
    assert "<script>alert" not in page


def test_a_case_number_is_found_in_any_spelling(client_of, owner, support, ticket, written):
    for client, url in [(client_of(owner), URL), (client_of(support), "/desk/")]:
        for spelling in (ticket.number, ticket.number.lower(), ticket.number.replace("-", ""), ticket.number[:6]):
            assert found(search(client, spelling, url)) == ["Slow pages"]


def test_words_that_look_like_a_case_number_are_still_words(client_of, owner, ticket):
    reply(ticket, by=owner, text="Call me: 22334455.")
    assert found(search(client_of(owner), "22334455")) == ["Slow pages"]


SEES = [
    ("owner", ["Faktura za żółte łącze", "Slow pages"]),
    ("administrative", ["Faktura za żółte łącze", "Slow pages"]),
    ("standard", ["Slow pages"]),
    ("stranger", []),
]


@pytest.mark.parametrize(("who", "subjects"), SEES)
def test_nobody_finds_what_they_may_not_see(request, client_of, owner, ticket, written, who, subjects):
    for thread in (ticket, written):
        reply(thread, by=owner, text="The secret word is pineapple.")
    page = search(client_of(request.getfixturevalue(who)), "pineapple")
    assert sorted(found(page)) == subjects
    assert page.content.decode().count("<mark>pineapple</mark>") == len(subjects)


def test_who_may_not_read_messages_may_not_search(client_of, standard_without, ticket):
    assert search(client_of(standard_without), "slow").status_code == 403


def test_filters_and_words_narrow_together(client_of, owner, ticket, written, voip):
    client = client_of(owner)
    reply(ticket, by=owner, text="faktura")
    assert len(found(search(client, "faktura"))) == 2
    assert found(search(client, "faktura", service=voip.pk)) == ["Faktura za żółte łącze"]
    ticket.close(by=owner)
    assert found(search(client, "faktura", status="closed")) == ["Slow pages"]


def test_pages_of_a_search_follow_each_other(client_of, owner, customer, category):
    for i in range(30):
        open_ticket(by=owner, customer=customer, category=category, subject=f"Number {i}", text="Pineapples.")
    client = client_of(owner)
    # Found by its stem only, on every page.
    first = search(client, "pineapplelike")
    second = search(client, "pineapplelike", after=first.context["page"].after)
    assert [len(found(first)), len(found(second))] == [25, 5]
    assert len({*found(first), *found(second)}) == 30
    assert second.context["page"].after == ""


def test_support_finds_threads_of_everybody_by_their_words(client_of, support, ticket, written, owner):
    client = client_of(support)
    assert found(search(client, "korekt", "/desk/")) == ["Faktura za żółte łącze"]
    assert found(search(client, "monday", "/desk/")) == ["Slow pages"]
    written.close(by=owner)
    assert found(search(client, "korekt", "/desk/")) == ["Faktura za żółte łącze"]
    assert found(search(client, "korekt", "/desk/", status="open")) == []
    assert "<mark>Monday</mark>" in search(client, "monday", "/desk/").content.decode()


def test_support_finds_by_customer_number_and_else_the_digits_as_a_word(client_of, support, owner, ticket, written):
    client = client_of(support)
    assert len(found(search(client, str(ticket.customer.number), "/desk/"))) == 2
    reply(ticket, by=owner, text="Error 500 again.")
    assert found(search(client, "500", "/desk/")) == ["Slow pages"]


def test_keys_of_customers_are_no_words(postgresql, client_of, support, stranger, owner, ticket, provider):
    """The index knows words after their customer's key."""
    Ticket.objects.filter(pk=ticket.pk).update(customer=Customer.objects.create(pk=1010, provider=provider, number=77))
    client = client_of(support)
    assert found(search(client, "monday", "/desk/")) == ["Slow pages"]
    for text in ("1010", "1010/monday", "1010monday"):
        assert found(search(client, text, "/desk/")) == []


def test_the_words_follow_whatever_becomes_of_a_thread(postgresql, client_of, owner, stranger, ticket, written):
    """Moved, renamed, erased or given to another customer: whoever writes that, the search knows."""
    client, others = client_of(owner), client_of(stranger)
    message = ticket.messages.get()
    Message.objects.filter(pk=message.pk).update(ticket=written)
    assert found(search(client, "monday")) == ["Faktura za żółte łącze"]
    Message.objects.filter(pk=message.pk).update(text="Erased")
    assert found(search(client, "monday")) == []
    Ticket.objects.filter(pk=written.pk).update(subject="Renamed")
    assert found(search(client, "zolte")) == []
    assert found(search(client, "renamed")) == ["Renamed"]
    Ticket.objects.filter(pk=written.pk).update(customer=Customer.objects.get(memberships__user=stranger))
    assert found(search(client, "erased")) == []
    assert found(search(others, "erased")) == ["Renamed"]
    message.delete()
    assert found(search(others, "erased")) == []


def test_a_thread_of_nobody_is_found_by_support_and_by_its_customer_later(
    postgresql, client_of, owner, support, customer, ticket
):
    Ticket.objects.filter(pk=ticket.pk).update(customer=None)
    assert found(search(client_of(owner), "monday")) == []
    assert found(search(client_of(support), "monday", "/desk/")) == ["Slow pages"]
    Ticket.objects.filter(pk=ticket.pk).update(customer=customer)
    assert found(search(client_of(owner), "monday")) == ["Slow pages"]


def test_what_was_merged_is_found_where_it_moved_to(client_of, owner, support, customer, category, hosting, ticket):
    twin = open_ticket(
        by=owner, customer=customer, category=category, service=hosting, subject="Twin", text="Umbrella."
    )
    merge(twin, into=ticket, by=support)
    for client, url in [(client_of(owner), URL), (client_of(support), "/desk/")]:
        for text in ("umbrella", twin.number, "monday"):
            assert found(search(client, text, url)) == ["Slow pages"]


def test_rows_of_words_are_kept_by_postgresql_alone(ticket):
    assert MessageWords.objects.count() == (1 if connection.vendor == "postgresql" else 0)


def test_a_giant_message_of_one_endless_word_is_kept(owner, ticket):
    assert reply(ticket, by=owner, text="x" * 100_000).pk
    assert reply(ticket, by=owner, text=" ".join(f"word{i}" for i in range(50_000))).pk


@pytest.mark.parametrize("text", ["", "monday", "monday.", "no such word"])
@pytest.mark.parametrize("who", ["owner", "standard"])
def test_a_search_takes_at_most_seven_queries(
    request, client_of, ticket, who, text, django_assert_max_num_queries, owner, customer, category, hosting
):
    for i in range(30):
        open_ticket(
            by=owner, customer=customer, category=category, service=hosting, subject=f"S{i}", text="Every Monday."
        )
    client = client_of(request.getfixturevalue(who))
    search(client, text)
    with django_assert_max_num_queries(7):
        search(client, text)
