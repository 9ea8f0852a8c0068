"""Everybody who may knock at a door, and one of every thing that an address may name."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
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
from panel.models import Article
from services.models import Credential, DnsRecord, Domain, Price, Product, ProductGroup, Service, ServiceGrant
from tests import cast, library
from tests.support.pictures import picture
from tickets import thumbnails
from tickets.attachments import keep
from tickets.conversation import open_ticket
from tickets.incoming import take
from tickets.models import Attachment, CannedAnswer, Category, IncomingMail, Ticket

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
    article: Article
    mail: IncomingMail
    canned: CannedAnswer
    product: Product
    domain: Service
    record: DnsRecord


def build(customer, owner, hosting, support_session, standard):
    """A sub-user who is not active, a contact person, a thread with a file, an upload, a call, an order to be paid."""
    standard.membership.permissions = [value for value, _label in choices()]
    standard.membership.save()
    subuser = cast.member(customer, "nina", "Nina New", "standard")
    subuser.activated_at = None
    subuser.save()
    Link.issue(subuser, Link.Purpose.ACTIVATION)
    category = Category.objects.create(name_pl="Inne", name_en="Other")
    files = [keep(SimpleUploadedFile(f"{name}.png", picture()), by=owner) for name in ("sent", "unsent")]
    thumbnails.make.call(files[0].pk)
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
    article = library.article()
    Credential.objects.create(service=hosting, login="garden")
    mail = take(b"Subject: Nobody's\r\n\r\nWords.")
    return World(
        subuser.membership,
        contact,
        hosting,
        ticket,
        *files,
        session,
        passkey,
        trusted,
        elsewhere,
        begun_payment,
        article,
        mail,
        CannedAnswer.objects.create(title_pl="Restart", title_en="Restart", text_pl="Restart.", text_en="Restart."),
        on_offer(hosting.product),
        a_domain(customer, hosting.product.provider, standard),
        a_record(customer, standard),
    )


def refused(request, reason=""):
    """In the place of the page about a form from elsewhere."""
    return HttpResponse(status=403)


def a_record(customer, standard):
    """A DNS record of a domain that was granted to a standard sub-user."""
    names = {"name_pl": "Domena", "name_en": "Domain with DNS"}
    product = Product.objects.create(
        provider=customer.provider, code="domain-with-dns", kind="domain", zones="null", **names
    )
    domain = cast.service(customer, product, "zone.example", domain="zone.example")
    ServiceGrant.objects.create(membership=standard.membership, service=domain)
    return DnsRecord.objects.create(service=domain, name="www", type="A", content="192.0.2.1")


def begun(person, service):
    """The transfer that somebody has announced for the renewal of a service."""
    customer = person.membership.customer
    customer.street, customer.postal_code, customer.city = "ul. Lipowa 1", "80-244", "Gdańsk"
    customer.save()
    price = Price.objects.create(product=service.product, months=12, net=100)
    cart.add(person.membership, service, price)
    agreed = cart.quote(person.membership, cart.items(person.membership)).gross
    proforma = checkout.place(person.membership, agreed=agreed, by=person).proforma
    return payments.start(customer, [proforma.receivable], gateway=gateways.find("transfer"), by=person)


def a_domain(customer, provider, standard):
    """A domain name that is kept here, which the standard sub-user sees, too."""
    product = Product.objects.create(
        provider=provider, code="domena-pl", kind="domain", name_pl="Domena", name_en="Domain"
    )
    kept = cast.service(customer, product, "garden.pl", domain="garden.pl")
    Domain.objects.create(service=kept, origin=Domain.Origin.REGISTERED)
    ServiceGrant.objects.create(membership=standard.membership, service=kept)
    return kept


def on_offer(product):
    """The product, which has a price, in a group of the catalogue."""
    product.group = ProductGroup.objects.create(
        provider=product.provider, slug="servers", name_pl="Serwery", name_en="Servers"
    )
    product.save()
    return product


def arguments(name, world):
    """What stands in the address of that name, in its order."""
    app, _colon, page = name.rpartition(":")
    if name == "accounts:link":
        return ["registration", "unknown.token"]
    if name == "accounts:unsubscribe":
        return ["ticket_answered.u1.unknown"]
    if name == "tickets:opinion_by_mail":
        return ["1.unknown"]
    if name == "help_topic":
        return [world.article.category.slug]
    if name in ("help_article", "help_vote"):
        return [world.article.slug]
    if name == "help_image":
        return ["unknown"]
    if page in ("attachment", "thumbnail", "upload_remove"):
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
    if name in ("services:record", "services:record_delete"):
        return [world.record.service_id, world.record.pk]
    if name in ("services:records", "services:record_add"):
        return [world.record.service_id]
    if name.startswith("services:credential"):
        return [world.hosting.pk, world.hosting.credentials.get().pk]
    if name in ("services:nameservers", "services:authinfo", "services:authinfo_ask", "services:transfer"):
        return [world.domain.pk]
    if name == "services:webhook":
        return [1]
    if page == "of_service" or (app == "services" and page not in ("services", "domains", "used")):
        return [world.hosting.pk]
    if name in ("billing:usage", "billing:usage_csv", "billing:change", "billing:change_take_back"):
        return [world.hosting.pk]
    if name in ("billing:document", "billing:pdf", "billing:cancel"):
        return [world.payment.parts.get().receivable.document_id]
    if name == "billing:order":
        return [world.payment.parts.get().receivable.document.order_id]
    if name == "billing:payment":
        return [world.payment.token]
    if name == "billing:group":
        return [world.product.group.slug]
    if name in ("billing:product", "billing:product_add", "billing:product_preview"):
        return [world.product.code]
    if name == "billing:notify":
        return ["sandbox"]
    if name == "caller_send_again":
        return [world.session.pk, world.payment.parts.get().receivable.document_id]
    if name in ("caller_service", "caller_auto_renew", "caller_cancel", "caller_keep"):
        return [world.session.pk, world.hosting.pk]
    if page.startswith("caller_"):
        return [world.session.pk]
    if name in ("tickets:door", "accounts:mail_events"):
        return ["postmark"]
    if app == "tickets" and page.startswith("mail") and page not in ("mails", "mark_read"):
        return [world.mail.pk]
    if name == "tickets:desk_canned":
        return [world.ticket.number, world.canned.pk]
    if name == "tickets:desk_data":
        return [world.ticket.number, world.session.membership_id]
    if name.startswith("tickets:contact"):
        return ["unknown", "secret"] if page == "contact_link" else []
    no_thread = {"list", "new", "draft", "draft_remove", "mark_read", "upload", "desk", "desk_habit", "desk_figures"}
    if app == "tickets" and page not in no_thread | {"mails", "door_mime"}:
        return [world.ticket.number]
    return []
