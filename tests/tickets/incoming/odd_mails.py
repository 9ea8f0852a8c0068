"""Whatever comes as a mail becomes a message, a new ticket or a refusal with its reason; nothing raises."""

import pytest
from django.urls import reverse

from tests.cast import signed_in
from tests.tickets.incoming.corpus import CORPUS, REPLY, TICKET
from tickets.incoming import take
from tickets.models import IncomingMail, Message, Ticket

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def test_the_corpus_is_large():
    assert len(CORPUS) >= 60


@pytest.mark.parametrize("odd", CORPUS.values(), ids=CORPUS)
def test_an_odd_mail_becomes_what_it_should(odd, ticket, owner, answer_address):
    row = take(odd.to(answer_address), recipients=to(odd, answer_address), envelope_from=odd.envelope_from)
    row.refresh_from_db()
    if odd.becomes in (REPLY, TICKET):
        assert row.state == "taken", row.reason
        message = row.message
        assert (message.ticket == ticket) == (odd.becomes == REPLY)
        assert odd.says in message.text
        assert message.is_verified == odd.verified and message.author_email == odd.author
        names = [file.name for file in message.attachments.all()]
        assert names == list(odd.files) or not odd.files
        assert signed_in(owner).get(reverse("tickets:thread", args=[message.ticket.number])).status_code == 200
    else:
        assert (row.state, row.reason, row.message) == ("refused", odd.becomes, None)
        assert Message.objects.count() == 1
    with row.raw.open() as kept:
        assert kept.read() == odd.to(answer_address)


def to(odd, address):
    """Where it is delivered: what becomes a new ticket comes to an address of no thread."""
    return ["support@example.com"] if odd.becomes == TICKET else [address]


def test_the_same_mails_again_change_nothing(ticket, answer_address):
    for _time in range(2):
        rows = [take(odd.to(answer_address), recipients=to(odd, answer_address)) for odd in CORPUS.values()]
    assert len({row.pk for row in rows}) == len(CORPUS) == IncomingMail.objects.count()
    assert Ticket.objects.count() == 1 + sum(odd.becomes == TICKET for odd in CORPUS.values())
