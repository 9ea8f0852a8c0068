"""Mails that come back mark their address; a report that is forged changes nothing, and none is answered."""

import smtplib

import pytest
from django.urls import reverse

from accounts import bounces
from accounts.models import BouncedAddress, Contact, Event, Outbox
from accounts.outbox import send_waiting
from tests.cast import signed_in
from tests.crowd import queries_of
from tests.support.listening import WAIT_SECONDS
from tickets import conversation
from tickets.incoming import take

pytestmark = pytest.mark.django_db

DATA = reverse("accounts:personal_data")


def report(to, *, action="failed", status="5.1.1", returned=""):
    """A report of another mail server (RFC 3464), different each time that `returned` is."""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        f"Message-ID: <{action}{status}{returned}@mx.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered. {returned}\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; anna@example.com\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def sent(ticket, deliver):
    """A mail to the owner that has gone out."""
    deliver()
    return Outbox.objects.get(letter="ticket_opened")


def text_of(client, name, *arguments):
    return client.get(reverse(name, args=arguments)).content.decode()


def come_back(row, **more):
    address = bounces.envelope_sender(row)
    return take(report(address, **more), recipients=[address], envelope_from="")


def test_a_mail_goes_out_with_a_sender_of_its_own_that_comes_back_to_us(postman, listener, ticket, owner):
    send_waiting()
    (sender,) = postman.senders
    assert sender == bounces.envelope_sender(Outbox.objects.get())
    assert postman.mails[0]["From"].startswith("Example Hosting <panel@")
    with smtplib.SMTP("127.0.0.1", listener().port, timeout=WAIT_SECONDS) as server:
        server.sendmail("", [sender], report(sender))
    assert bounces.returning_since(owner.email)
    assert len(postman.mails) == 1, "nobody is answered"


def test_a_person_whose_mails_come_back_reads_it_and_says_when_they_arrive_again(sent, owner):
    row = come_back(sent)
    assert (row.state, row.reason) == ("refused", "bounce")
    client = signed_in(owner)
    assert "E-mails to anna@example.com come back." in client.get(DATA).content.decode()
    assert Event.objects.filter(action="mails_return", user_id=owner.pk).count() == 1
    client.post(reverse("accounts:email_works"))
    assert "come back." not in client.get(DATA).content.decode()
    assert Event.objects.filter(action="mails_arrive", user_id=owner.pk).count() == 1


def test_staff_read_it_at_the_desk_and_in_the_administration(sent, ticket, owner, support, administrator):
    come_back(sent)
    desk = signed_in(support).get(reverse("tickets:desk_thread", args=[ticket.number])).content.decode()
    assert "E-mails come back" in desk
    page = signed_in(administrator).get(reverse("admin:accounts_user_change", args=[owner.pk])).content.decode()
    assert "come back since" in page.lower()


@pytest.fixture
def contact_returns(owner, customer, category, contact, support, deliver):
    """A mail to the contact person has come back."""
    ticket = conversation.open_ticket(
        by=owner, customer=customer, category=category, subject="S", text="T", sender=contact
    )
    conversation.answer(ticket, by=support, text="Here.")
    deliver()
    come_back(Outbox.objects.get(address=contact.email))


def test_a_contact_person_is_marked_in_the_list_until_the_customer_says_that_mails_arrive(
    contact_returns, owner, customer, contact
):
    client = signed_in(owner)
    works, page = reverse("accounts:contact_email_works", args=[contact.pk]), text_of(client, "accounts:contacts")
    assert "E-mails come back" in page and works in page
    assert "come back." not in client.get(DATA).content.decode(), "the owner's own arrive"
    assert "come back" not in client.get("/").content.decode().split("<main")[1]
    assert client.post(works, follow=True).redirect_chain[0][0] == reverse("accounts:contacts")
    page = text_of(client, "accounts:contacts")
    assert "E-mails come back" not in page and works not in page
    assert Event.objects.get(action="mails_arrive").customer_id == customer.pk


def test_the_page_of_a_contact_person_says_how_to_get_rid_of_the_mark(contact_returns, owner, contact):
    client = signed_in(owner)
    page = text_of(client, "accounts:contact_edit", contact.pk)
    assert "E-mails to tech@garden.example come back." in page and "The address works" in page
    form = {"kind": "technical", "name": "Tomasz", "email": "tomasz@garden.example"}
    wrong = client.post(reverse("accounts:contact_edit", args=[contact.pk]), form | {"email": "x"}).content.decode()
    assert "E-mails to tech@garden.example come back." in wrong
    client.post(reverse("accounts:contact_edit", args=[contact.pk]), form)
    assert "come back" not in text_of(client, "accounts:contact_edit", contact.pk)
    assert "E-mails come back" not in text_of(client, "accounts:contacts")


def test_administrators_read_it_beside_the_contact_person(contact_returns, administrator, customer, contact):
    Contact.objects.create(customer=customer, kind="billing", name="Basia", email="basia@garden.example")
    page = text_of(signed_in(administrator), "admin:accounts_customer_change", customer.pk)
    cells = [" ".join(cell.split("</td>")[0].split()) for cell in page.split('class="field-mails_return">')[1:]]
    assert [cell != "<p>–</p>" for cell in cells[:2]] == [False, True]


def test_the_first_page_tells_whoever_it_is_about_and_costs_no_more(sent, owner, standard):
    client = signed_in(owner)
    few = queries_of(client, "/")
    come_back(sent)
    page = client.get("/").content.decode()
    assert "E-mails to anna@example.com come back." in page and reverse("accounts:email_works") in page
    assert len(queries_of(client, "/")) == len(few) <= 12
    assert "come back" not in signed_in(standard).get("/").content.decode().split("<main")[1]
    client.post(reverse("accounts:email_works"))
    assert "come back" not in client.get("/").content.decode().split("<main")[1]


def test_another_address_is_not_marked(sent, owner):
    come_back(sent)
    owner.email = "anna@garden.example"
    owner.save()
    assert "come back." not in signed_in(owner).get(DATA).content.decode()


@pytest.mark.parametrize("status", ["4.4.1", "5.2.2"])
def test_what_is_of_the_moment_is_counted_once_for_each_mail(sent, owner, status):
    for number in range(2):
        come_back(sent, status=status, returned=str(number))
    assert bounces.returning_since(owner.email) is None
    assert BouncedAddress.objects.get().soft_count == 1


@pytest.mark.parametrize("status", ["5.1.7", "5.1.8", "5.2.3", "5.3.4", "5.6.0", "5.7.1", "4.7.0"])
def test_what_is_said_about_us_or_the_mail_is_not_counted(sent, status):
    come_back(sent, status=status)
    assert not BouncedAddress.objects.exists()


def test_a_late_mail_may_still_arrive(sent):
    come_back(sent, action="delayed", status="4.4.7")
    assert not BouncedAddress.objects.exists()


def test_several_mails_in_a_row_that_came_back_for_the_moment_mark_the_address(ticket, owner, support, deliver):
    for number in range(bounces.SEVERAL):
        assert bounces.returning_since(owner.email) is None
        conversation.answer(ticket, by=support, text=f"Answer {number}.")
        deliver()
        come_back(Outbox.objects.filter(letter="ticket_answered").first(), status="5.2.2", returned=str(number))
    assert "come back." in signed_in(owner).get(DATA).content.decode()


@pytest.mark.parametrize("change", [lambda a: a.replace("bounce+", "bounce+9"), lambda a: a.replace("-", "-a", 1)])
def test_a_forged_report_changes_nothing(sent, change):
    address = change(bounces.envelope_sender(sent))
    take(report(address), recipients=[address], envelope_from="")
    assert not BouncedAddress.objects.exists()


def test_the_address_of_a_thread_is_no_address_for_reports(sent, answer_address):
    forged = answer_address.replace("reply+", "bounce+")
    for address in (answer_address, forged):
        take(report(address), recipients=[address], envelope_from="")
    assert not BouncedAddress.objects.exists()


def test_a_later_mail_that_arrived_takes_the_mark_off_and_an_earlier_one_does_not(
    sent, ticket, owner, support, deliver
):
    come_back(sent)
    come_back(sent, action="delivered", status="2.0.0")
    assert bounces.returning_since(owner.email)
    conversation.answer(ticket, by=support, text="Later.")
    deliver()
    come_back(Outbox.objects.get(letter="ticket_answered"), action="relayed", status="2.0.0")
    assert bounces.returning_since(owner.email) is None


@pytest.mark.parametrize(
    "changed",
    [
        lambda raw: raw,
        lambda raw: raw.replace(b"multipart/report; report-type=delivery-status", b"multipart/mixed"),
        lambda raw: raw + b"\n" * 600_000,
    ],
    ids=["a report", "a notice", "too large"],
)
@pytest.mark.parametrize("envelope_from", ["", "mailer-daemon@mx.example"])
def test_what_was_said_to_its_reader_alone_is_not_shown_to_support(sent, support, changed, envelope_from):
    address = bounces.envelope_sender(sent)
    raw = report(address, returned="https://panel.example/link/password/secret").replace(
        b"Subject: Undelivered", b"Subject: Undelivered: 123456 is your one-time code"
    )
    row = take(changed(raw), recipients=[address], envelope_from=envelope_from)
    assert row.state == "refused"
    desk = signed_in(support)
    pages = [
        desk.get("/desk/mails/?reason=all").content,
        desk.get(f"/desk/mails/{row.pk}/").content,
        b"".join(desk.get(f"/desk/mails/{row.pk}/raw/")),
    ]
    for page in pages:
        assert b"secret" not in page and b"123456" not in page


def test_support_reads_why_a_mail_came_back(sent, support):
    row = come_back(sent)
    assert "Status: 5.1.1" in signed_in(support).get(f"/desk/mails/{row.pk}/").content.decode()


def test_no_mail_is_sent_in_answer_to_a_report(sent, deliver):
    before = len(deliver())
    come_back(sent)
    assert len(deliver()) == before


@pytest.mark.parametrize(
    "broken",
    [
        lambda raw: raw.replace(b"Action: failed\r\n", b""),
        lambda raw: raw.replace(
            b"Content-Type: message/delivery-status\r\n\r\n", b"Content-Type: message/delivery-status\r\n"
        ),
        lambda raw: raw.replace(b"--b--", b""),
        lambda raw: raw.replace(b"Status: 5.1.1", b"Status: " + b"9" * 5000),
        lambda raw: raw.replace(b"report-type", b"x"),
    ],
)
def test_a_broken_report_breaks_nothing(sent, broken):
    address = bounces.envelope_sender(sent)
    assert take(broken(report(address)), recipients=[address], envelope_from="").state == "refused"
