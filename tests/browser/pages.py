"""The named pages of the panel, as people of the demo see them: for pictures and for axe."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.db.models import F
from django.urls import reverse

from accounts import codes
from accounts.models import Customer, Membership, SupportSession, User
from billing import cart, gateways, payments, renewals
from billing.models import Document, Payment, Receivable
from services.models import Service
from tickets.models import Ticket


@dataclass(frozen=True)
class Page:
    """A page with a name of its own. `login` is who opens it; `arguments` finds what its address names.

    `query` finds the documents that the address names behind its "?".
    """

    name: str
    login: str
    url_name: str
    arguments: Callable = list
    query: Callable = list

    @property
    def path(self):
        path = reverse(self.url_name, args=self.arguments())
        documents = urlencode([("document", key) for key in self.query()])
        return f"{path}?{documents}" if documents else path


def a_service():
    return [Service.objects.filter(customer=mine(), product__kind="hosting").earliest("pk").pk]


def a_thread():
    return [Ticket.objects.filter(customer=mine()).earliest("pk").number]


def a_subuser():
    return [Membership.objects.get(user__login="pracownik").pk]


def somebody_new():
    return [Membership.objects.get(user__login="nowy").pk]


def a_contact():
    return [mine().contacts.earliest("pk").pk]


def a_call():
    """An open support session for klient, opened by a code as on the phone."""
    staff = User.objects.get(login="wsparcie")
    session = SupportSession.open_for(staff).first()
    if not session:
        owner = Membership.objects.select_related("customer", "user").get(user__login="klient")
        _code, digits = codes.generate(owner, by=owner.user)
        session = codes.check(staff=staff, caller=str(owner.customer.number), code=digits)
    return [session.pk]


def with_a_cart():
    """Leaves the last thing that klient can renew in the cart."""
    owner = Membership.objects.select_related("customer").get(user__login="klient")
    services = cart.renewable(owner).annotate(proforma_pk=cart.open_proforma(), cart_price=F("price"))
    rows = [row for row in renewals.rows(owner.customer, list(services.order_by("pk"))) if row.is_for_sale]
    cart.add_all(owner, {row.service.pk: row.chosen for row in rows[-1:]})
    return []


def a_document(kind):
    """The first document of this kind, a proforma only while it is to be paid."""
    found = Document.objects.filter(customer=mine(), kind=kind)
    return [(found.filter(receivable__state="open") if kind == "proforma" else found).earliest("pk").pk]


def a_transfer():
    """A transfer that klient has announced for what is to be paid."""
    due = list(Receivable.objects.open().filter(customer=mine()))
    by = User.objects.get(login="klient")
    return [payments.start(mine(), due, gateway=gateways.find("transfer"), by=by).token]


def a_payment_that_came():
    return [Payment.objects.filter(customer=mine(), state="paid", purpose="documents").earliest("pk").token]


def mine():
    """The customer of klient."""
    return Customer.objects.get(memberships__user__login="klient")


def a_call_about_a_service():
    return a_call() + a_service()


PAGES = [
    Page("sign-in", "", "accounts:sign_in"),
    Page("register", "", "accounts:register"),
    Page("forgotten", "", "accounts:forgotten"),
    Page("terms", "", "accounts:terms"),
    Page("home", "klient", "home"),
    Page("news", "klient", "news"),
    Page("services", "klient", "services:services"),
    Page("service", "klient", "services:manage", a_service),
    Page("domains", "klient", "services:domains"),
    Page("renewals", "klient", "billing:renewals"),
    Page("cart", "klient", "billing:cart", with_a_cart),
    Page("checkout", "klient", "billing:checkout", with_a_cart),
    Page("buyer", "klient", "billing:buyer"),
    Page("invoices", "klient", "billing:invoices"),
    Page("proforma", "klient", "billing:document", partial(a_document, "proforma")),
    Page("invoice", "klient", "billing:document", partial(a_document, "invoice")),
    Page("correction", "klient", "billing:document", partial(a_document, "correction")),
    Page("pay", "klient", "billing:pay", query=partial(a_document, "proforma")),
    Page("transfer", "klient", "billing:payment", a_transfer),
    Page("payment", "klient", "billing:payment", a_payment_that_came),
    Page("wallet", "klient", "billing:wallet"),
    Page("messages", "klient", "tickets:list"),
    Page("message", "klient", "tickets:thread", a_thread),
    Page("message-new", "klient", "tickets:new"),
    Page("users", "klient", "accounts:users"),
    Page("user-add", "klient", "accounts:user_add"),
    Page("user", "klient", "accounts:user", a_subuser),
    Page("user-not-active", "klient", "accounts:user", somebody_new),
    Page("user-rights", "klient", "accounts:user_rights", a_subuser),
    Page("user-services", "klient", "services:grants", a_subuser),
    Page("data", "klient", "accounts:personal_data"),
    Page("data-edit", "klient", "accounts:personal_data_edit"),
    Page("billing-edit", "klient", "accounts:billing_edit"),
    Page("login-change", "klient", "accounts:login_change"),
    Page("email-change", "klient", "accounts:email_change"),
    Page("close-account", "klient", "accounts:close_account"),
    Page("contacts", "klient", "accounts:contacts"),
    Page("contact-add", "klient", "accounts:contact_add"),
    Page("contact-edit", "klient", "accounts:contact_edit", a_contact),
    Page("code", "klient", "accounts:authorization_code"),
    Page("security", "klient", "accounts:security"),
    Page("password", "klient", "accounts:password_change"),
    Page("second-step", "klient", "accounts:second_step"),
    Page("app-add", "klient", "accounts:app_add"),
    Page("passkey-add", "klient", "accounts:passkey_add"),
    Page("recovery-codes", "klient", "accounts:recovery_codes"),
    Page("phone-confirm", "klient", "accounts:phone_confirm"),
    Page("password-again", "klient", "accounts:password_again"),
    Page("history", "klient", "accounts:history"),
    Page("standard-home", "pracownik", "home"),
    Page("standard-messages", "pracownik", "tickets:list"),
    Page("desk", "wsparcie", "tickets:desk"),
    Page("desk-message", "wsparcie", "tickets:desk_thread", a_thread),
    Page("caller", "wsparcie", "caller"),
    Page("caller-session", "wsparcie", "caller_session", a_call),
    Page("caller-service", "wsparcie", "caller_service", a_call_about_a_service),
    Page("admin", "admin", "admin:index"),
    Page("admin-users", "admin", "admin:accounts_user_changelist"),
]
