"""Everybody who may knock at a door, and one of every thing that an address may name."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import (
    AuthorizationCode,
    Contact,
    Link,
    Membership,
    Passkey,
    SupportSession,
    TrustedBrowser,
    UserSession,
)
from accounts.permissions import choices
from billing import cart, checkout, gateways, payments
from billing.models import Payment
from services.models import Price, Service
from tests import cast
from tickets.attachments import keep
from tickets.conversation import open_ticket
from tickets.models import Attachment, Category, Ticket

# The columns of the table. "standard" has one service and every permission there is,
# "standard_without" neither; "support_session" has a support session open by the owner's code.
PEOPLE = [
    "nobody",
    "owner",
    "administrative",
    "standard",
    "standard_without",
    "stranger",
    "support",
    "support_session",
    "administrator",
]


@dataclass
class World:
    """The things that addresses name; all belong to the customer whom the stranger does not know."""

    subuser: Membership
    contact: Contact
    hosting: Service
    ticket: Ticket
    attachment: Attachment
    upload: Attachment
    session: SupportSession
    passkey: Passkey
    trusted: TrustedBrowser
    elsewhere: UserSession
    payment: Payment


def build(customer, owner, hosting, support_session, standard):
    """A sub-user who is not active, a contact person, a thread with a file, an upload, a call, an order to be paid."""
    standard.membership.permissions = [value for value, _label in choices()]
    standard.membership.save()
    subuser = cast.member(customer, "nina", "Nina New", "standard")
    subuser.activated_at = None
    subuser.save()
    Link.issue(subuser, Link.Purpose.ACTIVATION)
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    files = [keep(SimpleUploadedFile(f"{name}.txt", b"text"), by=owner) for name in ("sent", "unsent")]
    ticket = open_ticket(
        by=owner,
        customer=customer,
        category=category,
        subject="Slow",
        text="Slow.",
        service=hosting,
        files=files[:1],
        signed_in_as=owner.membership,
    )
    contact = Contact.objects.create(customer=customer, kind="technical", name="Tomasz", email="tech@garden.example")
    now = timezone.now()
    code = AuthorizationCode.objects.create(
        membership=owner.membership, customer=customer, code_mac="0", expires_at=now + timedelta(hours=1)
    )
    session = SupportSession.objects.create(
        staff=support_session, customer=customer, membership=owner.membership, code=code
    )
    passkey = Passkey.objects.create(user=owner, name="Blue key", credential_id="a2V5", public_key=b"", sign_count=0)
    trusted = TrustedBrowser.objects.create(user=owner, expires_at=now + timedelta(days=1))
    elsewhere = UserSession.objects.create(pk="elsewhere", user=owner, expire_date=now + timedelta(hours=1))
    begun_payment = begun(owner, hosting)
    return World(
        subuser.membership, contact, hosting, ticket, *files, session, passkey, trusted, elsewhere, begun_payment
    )


def begun(person, service):
    """The transfer that somebody has announced for the renewal of a service."""
    customer = person.membership.customer
    customer.street, customer.postal_code, customer.city = "ul. Lipowa 1", "80-244", "Gdańsk"
    customer.save()
    price = Price.objects.create(product=service.product, months=12, net=100)
    cart.add(person.membership, service, price)
    agreed = cart.quote(person.membership, cart.items(person.membership)).gross
    proforma = checkout.place(person.membership, agreed=agreed, by=person)
    return payments.start(customer, [proforma.receivable], gateway=gateways.find("transfer"), by=person)


def arguments(name, world):
    """What stands in the address of that name, in its order."""
    app, _colon, page = name.rpartition(":")
    if name == "accounts:link":
        return ["registration", "unknown.token"]
    if name == "accounts:unsubscribe":
        return ["ticket_answered.u1.unknown"]
    if page in ("attachment", "upload_remove"):
        return [(world.upload if page == "upload_remove" else world.attachment).token]
    if app == "accounts" and page.startswith("contact_") and page != "contact_add":
        return [world.contact.pk]
    if name == "accounts:passkey_remove":
        return [world.passkey.pk]
    if name == "accounts:browser_forget":
        return [world.trusted.pk]
    if name == "accounts:session_end":
        return [world.elsewhere.pk]
    if name == "services:grants" or page == "user" or (page.startswith("user_") and page != "user_add"):
        return [world.subuser.pk]
    if name in ("services:manage", "services:auto_renew", "services:cancel", "services:keep"):
        return [world.hosting.pk]
    if name in ("billing:document", "billing:pdf", "billing:cancel"):
        return [world.payment.parts.get().receivable.document_id]
    if name == "billing:payment":
        return [world.payment.token]
    if name == "billing:notify":
        return ["sandbox"]
    if name == "caller_send_again":
        return [world.session.pk, world.payment.parts.get().receivable.document_id]
    if name in ("caller_service", "caller_auto_renew", "caller_cancel", "caller_keep"):
        return [world.session.pk, world.hosting.pk]
    if page.startswith("caller_"):
        return [world.session.pk]
    if name == "tickets:desk_data":
        return [world.ticket.number, world.session.membership_id]
    if app == "tickets" and page not in ("list", "new", "mark_read", "upload", "desk"):
        return [world.ticket.number]
    return []
