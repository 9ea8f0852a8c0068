"""The named pages of the panel, as people of the demo see them: for pictures and for axe."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.urls import reverse

from accounts import codes
from accounts.models import Customer, Membership, SupportSession, User
from billing import cart, gateways, payments, renewals
from billing.models import CartItem, Document, Order, OrderLine, Payment, Receivable
from panel.models import Article
from services import offers
from services.models import (
    Credential,
    DnsRecord,
    Price,
    Product,
    ProductGroup,
    ProductOption,
    ProvisioningJob,
    Service,
)
from services.purchasing import Wanted
from tickets import attachments, contact, drafts, opinions
from tickets.models import CannedAnswer, Category, ContactRequest, IncomingMail, Opinion, Ticket


@dataclass(frozen=True)
class Page:
    """A page with a name of its own. `login` is who opens it; `arguments` finds what its address names.

    `query` finds what the address says behind its "?".
    """

    name: str
    login: str
    url_name: str
    arguments: Callable = list
    query: Callable = dict

    @property
    def path(self):
        path = reverse(self.url_name, args=self.arguments())
        query = urlencode(self.query(), doseq=True)
        return f"{path}?{query}" if query else path


def a_service():
    return [Service.objects.filter(customer=mine(), product__kind="hosting").earliest("pk").pk]


def a_service_to_change():
    """The hosting of klient, with something bigger and something smaller in its group for the same period."""
    (pk,) = a_service()
    service = Service.objects.select_related("product__provider").get(pk=pk)
    now, price = service.product, offers.usual(service, offers.for_services([service])[service])
    if now.group is None:
        names = {"name_pl": "Hosting", "name_en": "Hosting"}
        now.group, _new = ProductGroup.objects.get_or_create(slug="hosting", provider=now.provider, defaults=names)
        now.save(update_fields=["group"])
    for code, net in (("smaller", price.net / 2), ("bigger", price.net * 2)):
        named = {"name_pl": code.title(), "name_en": code.title(), "kind": now.kind, "driver": now.driver}
        named |= {"group": now.group, "provider": now.provider}
        product, _new = Product.objects.get_or_create(code=f"{now.code}-{code}"[:50], defaults=named)
        Price.objects.get_or_create(product=product, months=price.months, defaults={"net": net})
    return [pk]


def bigger():
    """The product that is chosen on that page."""
    return {"product": Product.objects.get(code__endswith="-bigger").pk}


def smaller():
    return {"product": Product.objects.get(code__endswith="-smaller").pk}


def a_zone():
    return [Service.objects.filter(customer=mine(), records__isnull=False).earliest("pk").pk]


def a_record(kind):
    """The first record of this type, with its domain."""
    record = DnsRecord.objects.filter(service__customer=mine(), type=kind).earliest("pk")
    return [record.service_id, record.pk]


def a_telephone_line():
    return [Service.objects.filter(customer=mine(), product__kind="voip").earliest("pk").pk]


def a_thread():
    return [Ticket.objects.filter(customer=mine()).earliest("pk").number]


def opened_in_place():
    """The list with the messages of a thread shown in it."""
    return {"open": a_thread()}


def searched(words):
    return {"q": words}


def a_closed_thread():
    """One whose reader is asked whether support has helped."""
    return [Opinion.objects.filter(ticket__customer=mine()).earliest("pk").ticket.number]


def an_opinion_by_mail():
    return [opinions.token(Opinion.objects.filter(ticket__customer=mine()).earliest("pk"))]


def a_message_to_confirm():
    """What somebody wrote without signing in, as the link of the mail finds it."""
    typed = {"name": "Jan", "email": "jan@example.net", "account": "", "category": None, "text": "?"}
    contact.ask(key="pages", language="pl", **typed)
    asked = ContactRequest.objects.get(key="pages")
    return [asked.selector, asked.mac]


def with_a_draft():
    """Leaves pracownik a message that is being written, with two files."""
    writer = Membership.objects.select_related("user", "customer").get(user__login="pracownik")
    files = [SimpleUploadedFile(name, b"1") for name in ("dziennik.txt", f"{'zestawienie-' * 15}.csv")]
    files = [attachments.keep(file, by=writer.user) for file in files]
    drafts.save(writer=writer.user, customer=writer.customer, files=files, subject="Nowa domena", text="Dzień dobry")
    return []


def a_thread_about(subject):
    """The thread whose subject begins so."""
    return [Ticket.objects.get(subject__startswith=subject).number]


def a_mail():
    """One that was not taken."""
    return [IncomingMail.objects.get(subject="Zdjęcie usterki").pk]


def first(model):
    """The first row, for a page of the administration."""
    return [model.objects.earliest("pk").pk]


def a_domain():
    return [Service.objects.filter(customer=mine(), product__kind="domain").earliest("pk").pk]


def a_failed_job():
    """An extension that its server did not take."""
    (service,) = a_service()
    state = {"act": "extend", "state": "failed", "next_at": None, "error": "the server answered 500"}
    job, _is_new = ProvisioningJob.objects.get_or_create(service_id=service, reference="pages", defaults=state)
    return [job.pk]


def a_product():
    """One with options."""
    return [Product.objects.get(code="hosting-pro").pk]


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
    if not owner.cart_items.filter(act="purchase").exists():
        price = Price.objects.filter(is_offered=True, product__kind="domain", product__is_offered=True).earliest("pk")
        name = f"nowa-galeria.{price.product.suffix or 'example'}"
        cart.put(owner, Wanted(price.product, price, domain=name, origin="registered"))
    return []


def an_order():
    return [Order.objects.filter(customer=mine()).latest("pk").pk]


def a_document(kind):
    """The first document of this kind, a proforma only while it is to be paid."""
    found = Document.objects.filter(customer=mine(), kind=kind)
    return [(found.filter(receivable__state="open") if kind == "proforma" else found).earliest("pk").pk]


def to_be_paid():
    return {"document": a_document("proforma")}


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


def a_credential():
    row = Credential.objects.filter(service__customer=mine()).earliest("pk")
    return [row.service_id, row.pk]


def a_contract():
    """A hosting that a consumer has just ordered."""
    service = (
        Service.objects.select_related("product").filter(customer__memberships__user__login="inny").earliest("pk")
    )
    order = Order.objects.create(customer_id=service.customer_id)
    price = service.product.prices.earliest("pk")
    line = {"position": 1, "act": CartItem.Act.PURCHASE, "state": OrderLine.State.DONE}
    OrderLine.objects.create(order=order, service=service, product=service.product, price=price, months=12, **line)
    return [service.pk]


PAGES = [
    Page("sign-in", "", "accounts:sign_in"),
    Page("register", "", "accounts:register"),
    Page("forgotten", "", "accounts:forgotten"),
    Page("terms", "", "accounts:terms"),
    Page("help-open", "", "help"),
    Page("help-topic-open", "", "help_topic", lambda: ["uslugi"]),
    Page("help-article-open", "", "help_article", lambda: ["sip-phone"]),
    Page("help-search-open", "", "help_search"),
    Page("help-found-open", "", "help_search", query=partial(searched, "hasło")),
    Page("help-nothing-open", "", "help_search", query=partial(searched, "ornitologia")),
    Page("contact", "", "tickets:contact"),
    Page("contact-sent", "", "tickets:contact_sent"),
    Page("contact-confirm", "", "tickets:contact_link", a_message_to_confirm),
    Page("opinion-by-mail", "", "tickets:opinion_by_mail", an_opinion_by_mail),
    Page("catalogue-open", "", "billing:catalogue"),
    Page("group-open", "", "billing:group", lambda: ["vps"]),
    Page("product-open", "", "billing:product", lambda: ["vps-8"]),
    Page("product-sold-out", "", "billing:product", lambda: ["vps-gpu"]),
    Page("cart-open", "", "billing:cart"),
    Page("domain-search-open", "", "billing:domain_search"),
    Page("domain-search-found", "", "billing:domain_search", query=lambda: {"name": "ogrody-pomorza.pl"}),
    Page("domain-transfer-open", "", "billing:domain_transfer", query=lambda: {"name": "ogrody-pomorza.pl"}),
    Page("home", "klient", "home"),
    Page("news", "klient", "news"),
    Page("services", "klient", "services:services"),
    Page("service", "klient", "services:manage", a_service),
    Page("service-label", "klient", "services:label", a_service),
    Page("service-end", "klient", "services:terminate", a_service),
    Page("service-password", "klient", "services:credential", a_credential),
    Page("service-password-change", "klient", "services:credential_change", a_credential),
    Page("service-invoices", "klient", "billing:of_service", a_service),
    Page("service-messages", "klient", "tickets:of_service", a_service),
    Page("service-bought", "inny", "services:manage", a_contract),
    Page("service-withdraw", "inny", "services:withdraw", a_contract),
    Page("telephone", "klient", "services:manage", a_telephone_line),
    Page("usage", "klient", "billing:usage", a_telephone_line),
    Page("domains", "klient", "services:domains"),
    Page("catalogue", "klient", "billing:catalogue"),
    Page("group", "klient", "billing:group", lambda: ["hosting"]),
    Page("product", "klient", "billing:product", lambda: ["hosting-pro"]),
    Page("product-domain", "klient", "billing:product", lambda: ["domena-com-pl"]),
    Page("product-free", "klient", "billing:product", lambda: ["hosting-mini"]),
    Page("domain-search", "klient", "billing:domain_search", query=lambda: {"name": "żółty-ogród"}),
    Page("domain", "klient", "services:manage", a_domain),
    Page("nameservers", "klient", "services:nameservers", a_domain),
    Page("authinfo", "klient", "services:authinfo", a_domain),
    Page("records", "klient", "services:records", a_zone),
    Page("record-new", "klient", "services:record_add", a_zone, lambda: {"type": "SRV"}),
    Page("record", "klient", "services:record", partial(a_record, "TXT")),
    Page("renewals", "klient", "billing:renewals"),
    Page("change", "klient", "billing:change", a_service_to_change),
    Page("change-bigger", "klient", "billing:change", a_service_to_change, bigger),
    Page("change-smaller", "klient", "billing:change", a_service_to_change, smaller),
    Page("cart", "klient", "billing:cart", with_a_cart),
    Page("checkout", "klient", "billing:checkout", with_a_cart),
    Page("buyer", "klient", "billing:buyer"),
    Page("orders", "klient", "billing:orders"),
    Page("order", "klient", "billing:order", an_order),
    Page("invoices", "klient", "billing:invoices"),
    Page("proforma", "klient", "billing:document", partial(a_document, "proforma")),
    Page("invoice", "klient", "billing:document", partial(a_document, "invoice")),
    Page("correction", "klient", "billing:document", partial(a_document, "correction")),
    Page("pay", "klient", "billing:pay", query=to_be_paid),
    Page("transfer", "klient", "billing:payment", a_transfer),
    Page("payment", "klient", "billing:payment", a_payment_that_came),
    Page("wallet", "klient", "billing:wallet"),
    Page("messages", "klient", "tickets:list"),
    Page("messages-open", "klient", "tickets:list", query=opened_in_place),
    Page("messages-found", "klient", "tickets:list", query=partial(searched, "galeria")),
    Page("messages-nothing", "klient", "tickets:list", query=partial(searched, "ornitologia")),
    Page("message", "klient", "tickets:thread", a_thread),
    Page("message-closed", "klient", "tickets:thread", a_closed_thread),
    Page("message-print", "klient", "tickets:print", a_thread),
    Page("message-new", "klient", "tickets:new"),
    Page("help", "klient", "help"),
    Page("help-topic", "klient", "help_topic", lambda: ["logowanie"]),
    Page("help-article", "klient", "help_article", lambda: ["domain-transfer"]),
    Page("help-found", "klient", "help_search", query=partial(searched, "domeny")),
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
    Page("message-draft", "pracownik", "tickets:new", with_a_draft),
    Page("standard-product", "pracownik", "billing:product", lambda: ["hosting-pro"]),
    Page("desk", "wsparcie", "tickets:desk"),
    Page("desk-message", "wsparcie", "tickets:desk_thread", a_thread),
    Page("desk-late", "wsparcie", "tickets:desk", query=partial(dict, late="on")),
    Page("desk-search", "wsparcie", "tickets:desk", query=partial(searched, "hasło")),
    Page("desk-closed", "wsparcie", "tickets:desk", query=partial(dict, status="closed")),
    Page("desk-empty", "wsparcie", "tickets:desk", query=partial(searched, "nic takiego")),
    Page("desk-late-message", "wsparcie", "tickets:desk_thread", partial(a_thread_about, "Strona otwiera")),
    Page("desk-nobody-s", "wsparcie", "tickets:desk_thread", partial(a_thread_about, "Nie dochodzą")),
    Page("desk-opinion", "wsparcie", "tickets:desk_thread", partial(a_thread_about, "Przeniesienie domeny")),
    Page("desk-sort", "wsparcie", "tickets:desk_sort", a_thread),
    Page("desk-merge", "wsparcie", "tickets:desk_merge", partial(a_thread_about, "Przekierowanie")),
    Page(
        *("desk-give", "wsparcie", "tickets:desk_give", partial(a_thread_about, "Nie dochodzą")),
        query=partial(dict, who="3104857"),
    ),
    Page("desk-figures", "wsparcie", "tickets:desk_figures"),
    Page("mails", "wsparcie", "tickets:mails", query=partial(dict, reason="all")),
    Page("mail", "wsparcie", "tickets:mail", a_mail),
    Page("help-staff", "wsparcie", "help_article", lambda: ["authorization-code"]),
    Page("caller", "wsparcie", "caller"),
    Page("caller-session", "wsparcie", "caller_session", a_call),
    Page("caller-service", "wsparcie", "caller_service", a_call_about_a_service),
    Page("admin", "admin", "admin:index"),
    Page("admin-users", "admin", "admin:accounts_user_changelist"),
    Page("admin-categories", "admin", "admin:tickets_category_changelist"),
    Page("admin-category", "admin", "admin:tickets_category_change", partial(first, Category)),
    Page("admin-hours", "admin", "admin:tickets_openinghours_changelist"),
    Page("admin-hours-add", "admin", "admin:tickets_openinghours_add"),
    Page("admin-canned-answers", "admin", "admin:tickets_cannedanswer_changelist"),
    Page("admin-canned-answer", "admin", "admin:tickets_cannedanswer_change", partial(first, CannedAnswer)),
    Page("admin-opinions", "admin", "admin:tickets_opinion_changelist"),
    Page("admin-messages", "admin", "admin:tickets_ticket_changelist"),
    Page("admin-message", "admin", "admin:tickets_ticket_change", partial(first, Ticket)),
    Page("admin-groups", "admin", "admin:services_productgroup_changelist"),
    Page("admin-products", "admin", "admin:services_product_changelist"),
    Page("admin-product", "admin", "admin:services_product_change", a_product),
    Page("admin-option", "admin", "admin:services_productoption_change", partial(first, ProductOption)),
    Page("admin-services", "admin", "admin:services_service_changelist", query=partial(dict, status__exact="active")),
    Page("admin-jobs", "admin", "admin:services_provisioningjob_changelist"),
    Page("admin-job", "admin", "admin:services_provisioningjob_change", partial(first, ProvisioningJob)),
    Page("admin-job-give-up", "admin", "admin:services_provisioningjob_give-up", a_failed_job),
    Page("admin-promo-code", "admin", "admin:billing_promocode_add"),
    Page("admin-orders", "admin", "admin:billing_order_changelist"),
    Page("admin-cases", "admin", "admin:billing_case_changelist"),
    Page("admin-usage", "admin", "admin:services_usage_changelist"),
    Page("admin-records", "admin", "admin:services_dnsrecord_changelist"),
    Page("admin-service", "admin", "admin:services_service_change", a_service),
    Page("product-preview", "admin", "billing:product_preview", lambda: ["hosting-pro"]),
    Page("admin-news-add", "admin", "admin:panel_news_add"),
    Page("admin-topics", "admin", "admin:panel_helpcategory_changelist"),
    Page("admin-articles", "admin", "admin:panel_article_changelist"),
    Page("admin-article", "admin", "admin:panel_article_change", partial(first, Article)),
    Page("admin-article-add", "admin", "admin:panel_article_add"),
    Page("admin-pictures", "admin", "admin:panel_helpimage_changelist"),
    Page("admin-picture-add", "admin", "admin:panel_helpimage_add"),
    Page("admin-readers", "admin", "admin:panel_articlevote_changelist"),
    Page("admin-help-figures", "admin", "admin:panel_article_figures"),
]
