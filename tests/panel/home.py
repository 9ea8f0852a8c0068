"""The first page: whose sections stand on it, and what it costs."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import counting
from accounts.models import Membership
from billing import cart, checkout
from services.models import Domain, Price, Product, Service
from tests.cast import service
from tests.crowd import many_services, queries_of
from tickets import conversation
from tickets.models import Category, Ticket


@pytest.fixture
def category(db):
    return Category.objects.create(name_pl="Poczta", name_en="Mail")


@pytest.fixture
def threads(owner, category, hosting, voip):
    """One thread about the granted service and one about another."""
    return [
        conversation.open_ticket(
            by=owner, customer=owner.membership.customer, category=category, service=about, subject=subject, text="…"
        )
        for about, subject in [(hosting, "Gallery is white"), (voip, "Phone is silent")]
    ]


def home(client):
    return " ".join(client.get("/").content.decode().split())


def tile(page, name):
    return page.split(f"<span>{name}</span><strong>")[1].split("<")[0]


def section(page, heading):
    """The part of the page under a heading."""
    return page.split(f"<h2>{heading}")[1].split("</section>")[0]


def test_the_owner_sees_every_section(client_of, owner, contact, hosting, voip, domain, threads):
    page = home(client_of(owner))
    assert "Anna Owner" in page and "anna@example.com" in page and 'href="/data/">Update' in page
    assert "Tomasz Techniczny" in page and "tech@garden.example" in page
    assert [tile(page, name) for name in ("Services", "Domains", "Messages")] == ["2", "1", "2"]
    assert "Hosting Garden" in page and "Office phone" in page
    assert "Gallery is white" in page and "Phone is silent" in page


def test_a_standard_sub_user_sees_what_was_given(client_of, standard, contact, voip, domain, threads):
    page = home(client_of(standard))
    assert [tile(page, name) for name in ("Services", "Domains", "Messages")] == ["1", "0", "1"]
    assert "Hosting Garden" in page and "Gallery is white" in page
    assert "Office phone" not in page and "Phone is silent" not in page
    assert "Tomasz Techniczny" not in page


def test_without_the_permission_there_are_no_messages(client_of, standard_without, hosting, threads):
    page = home(client_of(standard_without))
    assert "Latest messages" not in page and "Gallery is white" not in page
    assert "No active services" in page


def test_another_customer_sees_nothing_of_it(client_of, stranger, contact, hosting, domain, threads):
    page = home(client_of(stranger))
    assert "Hosting Elsewhere" in page
    for word in ("Hosting Garden", "Gallery is white", "Tomasz Techniczny", "Anna Owner"):
        assert word not in page


def test_tiles_count_what_is_active_and_here(client_of, owner, customer, products, hosting, domain):
    service(customer, products["hosting"], "Old shop", status=Service.Status.SUSPENDED)
    for origin in (Domain.Origin.TRANSFERRED, Domain.Origin.ELSEWHERE):
        kept = service(customer, products["domain"], f"{origin}.example")
        Domain.objects.create(service=kept, origin=origin)
    page = home(client_of(owner))
    assert [tile(page, name) for name in ("Services", "Domains")] == ["1", "2"]
    listed = client_of(owner).get("/domains/?status=active&kept=here").content.decode()
    assert "elsewhere.example" not in listed and "transferred.example" in listed


def test_closed_messages_are_not_counted(client_of, owner, threads):
    threads[0].close(by=owner)
    assert tile(home(client_of(owner)), "Messages") == "1"


def test_a_tile_leads_to_what_it_counts(client_of, owner, support, threads):
    """Also to what is answered and not closed: it may still go on."""
    threads[0].close(by=owner)
    conversation.answer(threads[1], by=support, text="Done.")
    client = client_of(owner)
    address = re.search(r'href="([^"]+)"><span>Messages</span><strong>1<', home(client))[1]
    listed = " ".join(client.get(address).content.decode().split())
    assert threads[1].subject in listed and threads[0].subject not in listed
    assert '<option value="not-closed" selected>Not closed</option>' in listed


def test_what_ends_soon_is_told_with_its_days(client_of, owner, customer, products, hosting):
    today = timezone.localdate()
    service(customer, products["other"], "Certificate", ends_on=today + timedelta(days=12))
    service(customer, products["other"], "Backup", ends_on=today + timedelta(days=1))
    service(customer, products["other"], "Ended", ends_on=today, status=Service.Status.ENDED)
    service(customer, products["other"], "Far away", ends_on=today + timedelta(days=31))
    soon = section(home(client_of(owner)), "What ends soon")
    assert soon.index("Backup") < soon.index("Certificate")
    assert "ends in 12 days" in soon and "ends in 1 day<" in soon
    assert "Far away" not in soon and "Ended" not in soon and "Hosting Garden" not in soon


def test_what_is_urgent_is_marked(client_of, owner, customer, products):
    for name, days in [("Over", -1), ("Today", 0), ("Week", 7), ("Later", 8)]:
        service(customer, products["other"], name, ends_on=timezone.localdate() + timedelta(days=days))
    soon = section(home(client_of(owner)), "What ends soon")
    marks = [row.split('data-status="')[1].split('"')[0] if "data-status" in row else "" for row in soon.split("<tr>")]
    assert marks[2:] == ["bad", "warn", "warn", ""]


def test_work_comes_before_personal_data(client_of, owner, contact, hosting, threads):
    page = home(client_of(owner))
    places = [page.index(f"<h2>{heading} ") for heading in ("Active services", "Latest messages", "Personal data")]
    assert places == sorted(places)


def test_nothing_ends_soon_and_the_section_is_away(client_of, owner, hosting):
    assert "What ends soon" not in home(client_of(owner))


def test_a_new_answer_is_marked(client_of, owner, support, threads):
    assert "Waiting for us" in home(client_of(owner))
    conversation.answer(threads[0], by=support, text="Repaired.")
    page = home(client_of(owner))
    assert "(new answer)" in page and "Answered" in page


def test_support_and_administrators_are_led_to_their_work(client_of, support, administrator):
    assert client_of(support).get("/")["Location"] == "/desk/"
    assert client_of(administrator).get("/")["Location"] == "/admin/"


def test_somebody_whom_nobody_lets_in_is_told_so(client_of, standard):
    Membership.objects.filter(user=standard).update(blocked_at=timezone.now())
    answer = client_of(standard).get("/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "nobody lets you see their services" in page and "support@example.com" in page
    assert "Hosting Garden" not in page


def test_strangers_are_asked_to_sign_in(anonymous):
    assert anonymous.get("/")["Location"].startswith("/sign-in/")


@pytest.fixture
def ending(customer, products):
    """A certificate that ends in twelve days."""
    return service(customer, products["other"], "Certificate", ends_on=timezone.localdate() + timedelta(days=12))


@pytest.fixture
def ordered(owner, customer, ending):
    """The certificate's renewal, ordered and not paid; the receivable."""
    price = Price.objects.create(product=ending.product, months=12, net=100)
    for name, value in {"street": "ul. Lipowa 1", "postal_code": "80-244", "city": "Gdańsk"}.items():
        setattr(customer, name, value)
    customer.save()
    owner.membership.customer = customer
    cart.add(owner.membership, ending, price)
    return checkout.place(owner.membership, agreed=Decimal("123.00"), by=owner).proforma.receivable


def test_what_ends_soon_is_renewed_from_there(client_of, owner, ending):
    soon = section(home(client_of(owner)), "What ends soon")
    assert f'href="/renewals/?service={ending.pk}" aria-label="Renew Certificate now">Renew now</a>' in soon


def test_what_is_ordered_already_is_paid_from_there(client_of, owner, ordered):
    page = home(client_of(owner))
    soon = section(page, "What ends soon")
    assert f'href="/invoices/pay/?document={ordered.document_id}"' in soon and "Renew now" not in soon
    assert tile(page, "Unpaid invoices") == "1" and 'href="/invoices/?status=unpaid"' in page


def test_paid_and_cancelled_proformas_are_not_counted(client_of, owner, ordered):
    checkout.cancel(ordered, by=owner)
    page = home(client_of(owner))
    assert tile(page, "Unpaid invoices") == "0" and "Renew now" in page


def test_without_the_permissions_there_is_neither_renewing_nor_paying(client_of, standard, ordered):
    standard.membership.grants.create(service=ordered.document.order.lines.get().service)
    page = home(client_of(standard))
    soon = section(page, "What ends soon")
    assert "Certificate" in soon and "/invoices/" not in page and "/renewals/" not in page and "/wallet/" not in page
    standard.membership.permissions = ["ordering"]
    standard.membership.save()
    soon = section(home(client_of(standard)), "What ends soon")
    assert "Ordered" in soon and "/invoices/" not in soon


def test_the_way_to_the_cart_says_how_much_is_in_it(client_of, owner, hosting):
    assert 'href="/cart/"' not in home(client_of(owner))
    price = Price.objects.create(product=hosting.product, months=12, net=100)
    cart.add(owner.membership, hosting, price)
    assert 'Cart <span class="badge">1</span>' in home(client_of(owner))


def test_who_may_order_finds_the_shortcuts_and_the_field_for_a_domain(client_of, owner, standard):
    page = home(client_of(owner))
    assert 'href="/order/"' in page and 'href="/order/domain/"' in page
    assert 'action="/order/domain/"' in section(page, "Register or transfer a domain")
    page = home(client_of(standard))
    assert "/order/" not in page and "Register" not in page


def test_the_menu_stands_in_the_order_of_the_product(client_of, owner):
    menu = home(client_of(owner)).split('id="menu"')[1].split("</nav>")[0]
    names = [
        "Home page",
        "Services",
        "Domains",
        "Renewals",
        "Invoices",
        "Balance",
        "Help centre",
        "Users",
        "Your data",
    ]
    places = [menu.index(f"<span>{name}</span>") for name in names]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/services/{domain}/", "/domains/"),
        ("/services/{domain}/label/", "/domains/"),
        ("/services/{hosting}/", "/services/"),
        ("/invoices/service/{domain}/", "/invoices/"),
        ("/cart/", "/order/"),
    ],
    ids=["domain", "its label", "hosting", "its invoices", "cart"],
)
def test_the_menu_marks_where_a_page_belongs(client_of, owner, domain, hosting, address, line):
    page = client_of(owner).get(address.format(domain=domain.pk, hosting=hosting.pk)).content.decode()
    menu = page.split('id="menu"')[1].split("</nav>")[0]
    assert f'href="{line}" aria-current="page"' in menu and menu.count("aria-current") == 1


def test_it_costs_the_same_with_many_rows(
    client_of, owner, contact, customer, products, domain, threads, ordered, hosting
):
    client = client_of(owner)
    cart.add(owner.membership, hosting, Price.objects.create(product=hosting.product, months=12, net=100))
    few = queries_of(client, "/")
    many_services(customer, products["hosting"])
    many_services(customer, products["domain"], 200)
    ticket = threads[0]
    Ticket.objects.bulk_create(
        [
            Ticket(
                customer=customer, category=ticket.category, subject=f"No. {i}", sender_name="A", sender_email="a@b.pl"
            )
            for i in range(1_000)
        ],
        batch_size=1000,
    )
    many = queries_of(client, "/")
    assert len(many) == len(few) <= 12


def test_it_says_the_same_to_the_database_however_many_products_somebody_has(client_of, owner, customer, provider):
    def lengths():
        return [len(sql) // 100 for sql in queries_of(client, "/") if "panel_news" in sql or "panel_banner" in sql]

    client = client_of(owner)
    service(customer, Product.objects.create(provider=provider, code="p", kind="hosting"), "Hosting")
    few = lengths()
    rows = [Product(provider=provider, code=f"p{i}", kind="hosting", name_en="P", name_pl="P") for i in range(300)]
    for product in Product.objects.bulk_create(rows):
        many_services(customer, product, 1)
    assert lengths() == few and len(few) == 2


def test_it_costs_a_sub_user_no_more(client_of, standard, threads):
    assert len(queries_of(client_of(standard), "/")) <= 12


def test_beyond_a_thousand_a_tile_says_so(client_of, owner, customer, products, monkeypatch):
    monkeypatch.setattr(counting, "MOST", 2)
    many_services(customer, products["voip"], 2)
    assert tile(home(client_of(owner)), "Services") == "2"
    many_services(customer, products["voip"], 1)
    assert tile(home(client_of(owner)), "Services") == "over 2"
