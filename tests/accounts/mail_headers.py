"""Nothing that somebody types becomes a header of a mail."""

import pytest

from accounts.models import Outbox
from tests.accounts.registration import FORM
from tickets.conversation import open_ticket
from tickets.models import Category

BREAKS = ["\r\n", "\n", "\r"]


@pytest.mark.parametrize("line_break", BREAKS)
def test_an_address_with_a_line_break_is_refused(anonymous, terms, mailbox, line_break):
    email = f"anna@example.com{line_break}Bcc: evil@example.net"
    answer = anonymous.post("/register/", FORM | {"email": email})
    assert answer.status_code == 200
    assert not Outbox.objects.exists()


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_subject_with_a_line_break_stays_one_header(owner, customer, provider, mailbox, line_break):
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    subject = f"Slow{line_break}Bcc: evil@example.net"
    open_ticket(by=owner, customer=customer, category=category, subject=subject, text="Slow.", service=None, files=[])
    for message in mailbox("anna@example.com"):
        assert not {"\r", "\n"} & set(message.subject)
        assert "evil@example.net" not in message.recipients()
    assert mailbox("anna@example.com"), "it was sent all the same"
