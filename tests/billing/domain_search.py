"""The page on which a domain name is looked for, and what goes from there into the cart."""

import re
import threading
from decimal import Decimal
from functools import partial

import pytest
from django.conf import settings

from accounts import keys
from accounts.models import Event
from billing import limits
from billing.models import CartItem
from services import availability
from services.drivers import DriverError
from services.models import Domain, Price, Product, RegistryName, Service
from services.registrars import REGISTRARS, Availability, NullRegistrar, Registrar
from tests.billing.shop import page_of, words
from tests.cast import service
from tests.crowd import queries_of

ADDRESS = "/order/domain/"
# Nobody waits so long where the machine has nothing else to do.
PATIENCE_SECONDS = 60


@pytest.fixture
def sold(provider):
    """Two suffixes with prices: .pl is sold for a year and for two, .com with a set-up fee."""
    made = {}
    for suffix, net, setup in [("pl", "50.00", "0"), ("com", "70.00", "10.00")]:
        product = Product.objects.create(
            provider=provider, code=f"names-{suffix}", kind="domain", suffix=suffix, name_pl=suffix, name_en=suffix
        )
        Price.objects.create(product=product, months=24, net=90)
        Price.objects.create(product=product, months=12, net=Decimal(net), setup_net=Decimal(setup))
        made[suffix] = product
    return made


@pytest.fixture
def away(db):
    """A name that another registrar keeps."""
    row = RegistryName(name="taken.pl")
    row.authinfo = "Right-1234"
    row.save()
    return row


@pytest.fixture
def every_thread_back():
    """No thread that still asks a registrar is left to the test after this one."""
    unheld = availability.unheld
    yield
    for _thread in range(availability.THREADS):
        assert unheld.acquire(timeout=PATIENCE_SECONDS)
    unheld.release(availability.THREADS)


@pytest.fixture
def registrar(every_thread_back, monkeypatch, sold):
    """`registrar(states)` lets .pl be asked at a registrar that answers so, or does what a function does."""
    monkeypatch.setattr(Registrar, "AVAILABILITY_SECONDS", PATIENCE_SECONDS)

    def registrar(answer, *, ours=True):
        class Told(NullRegistrar):
            IS_OURS = ours
            asked = []

            def availability(self, names):
                self.asked.append(names)
                return answer(names) if callable(answer) else {name: answer for name in names}

        monkeypatch.setitem(REGISTRARS, "told", Told)
        Product.objects.filter(pk=sold["pl"].pk).update(driver="told")
        return Told

    return registrar


def found(client, name, address=ADDRESS):
    return words(client.get(address, {"name": name}))


def row(page, name):
    """The row of the table of this name."""
    return next(part for part in page.split("<tr>") if f'class="lead">{name}' in part)


def test_a_visitor_looks_for_a_free_name(anonymous, sold):
    page = found(anonymous, "garden")
    assert "Free</span>" in row(page, "garden.pl") and "PLN 61.50" in row(page, "garden.pl")
    assert "1 year" in row(page, "garden.pl") and "PLN 86.10" in row(page, "garden.com")
    assert "and PLN 12.30 once" in row(page, "garden.com") and "Prices include VAT." in page
    assert "session" not in anonymous.cookies


def test_a_company_sees_net_prices(client_of, owner, sold):
    page = found(client_of(owner), "garden.pl")
    assert "PLN 50.00" in row(page, "garden.pl") and "Prices are net" in page


def test_a_taken_name_can_be_moved_here(anonymous, sold, away):
    taken = row(found(anonymous, "taken.pl"), "taken.pl")
    assert "Taken</span>" in taken and 'href="/order/domain/transfer/?name=taken.pl"' in taken
    assert "Register</button>" not in taken


def test_a_name_that_is_here_can_neither_be_bought_nor_moved(anonymous, sold, domain):
    Service.objects.update(domain="garden.pl")
    here = row(found(anonymous, "garden.pl"), "garden.pl")
    assert "Registered with us" in here and "<button" not in here and "href=" not in here


def test_an_international_name_is_shown_in_both_forms(anonymous, sold):
    assert "xn--w-uga1v8h.pl" in row(found(anonymous, "Żółw"), "żółw.pl")


def test_a_name_of_several_scripts_is_shown_in_punycode(anonymous, sold):
    page = found(anonymous, "p\u0430ypal.pl")
    assert "several alphabets" in row(page, "xn--pypal-4ve.pl") and ">p\u0430ypal.pl" not in page


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Type the name that you look for."),
        ("   ", "Type the name that you look for."),
        ("my garden", "letters, digits and hyphens only"),
        ("<script>alert(1)</script>", "letters, digits and hyphens only"),
        ("garden.de", "Sold are: .com, .pl"),
        ("a" * 64, "at most 63 signs"),
        ("a" * 5000, "at most 300 characters"),
        ("shop.garden.pl", "Only one word can stand before"),
    ],
)
def test_what_is_no_name_is_said_beside_the_field(anonymous, sold, registrar, typed, why):
    told = registrar(Availability.FREE)
    page = found(anonymous, typed)
    assert why in page and "<script>alert" not in page and told.asked == []


def test_without_anything_sold_the_page_says_so(anonymous, provider):
    assert "No domains are sold here now" in found(anonymous, "garden")


def test_a_registrar_that_fails_is_told(anonymous, sold, registrar):
    def fail(names):
        raise DriverError("it is down")

    registrar(fail)
    page = found(anonymous, "garden")
    assert "Cannot be checked now" in row(page, "garden.pl") and "<button" not in row(page, "garden.pl")
    assert "Free" in row(page, "garden.com")


@pytest.mark.parametrize("answer", [None, "soon", {"other.pl": "free"}, ["free"], {"garden.pl": "maybe"}, 7], ids=str)
def test_a_registrar_that_answers_garbage_is_told(anonymous, sold, registrar, answer):
    registrar(lambda names: answer)
    assert "Cannot be checked now" in row(found(anonymous, "garden"), "garden.pl")


def test_a_premium_name_is_not_sold(anonymous, sold, registrar):
    registrar(Availability.PREMIUM)
    premium = row(found(anonymous, "garden"), "garden.pl")
    assert "Premium" in premium and "<button" not in premium
    anonymous.post(f"{ADDRESS}register/", {"name": "garden.pl"})
    assert not CartItem.objects.exists()


def test_a_registrar_that_hangs_is_not_waited_for(anonymous, sold, registrar, monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(Registrar, "AVAILABILITY_SECONDS", 0.05)
    registrar(lambda names: ended.wait(PATIENCE_SECONDS), ours=False)
    try:
        page = found(anonymous, "garden")
    finally:
        ended.set()
    assert "Cannot be checked now" in row(page, "garden.pl") and "Free" in row(page, "garden.com")


def test_while_hanging_ones_hold_all_threads_nobody_waits(anonymous, sold, registrar, monkeypatch):
    monkeypatch.setattr(availability, "unheld", threading.BoundedSemaphore(1))
    availability.unheld.acquire()
    told = registrar(Availability.FREE, ours=False)
    assert "Cannot be checked now" in row(found(anonymous, "garden"), "garden.pl") and told.asked == []
    availability.unheld.release()
    for _ in range(3):  # a thread that is done is there for the next
        assert "Free" in row(found(anonymous, "garden"), "garden.pl")


def test_however_many_look_for_names_most_threads_are_left_for_the_others(anonymous, sold, registrar):
    """A registrar that takes its time would otherwise hold every thread of the web server: nobody could sign in."""
    threads = re.search(r"--blocking-threads (\d+)", (settings.BASE_DIR / "deploy/panel.service").read_text("utf-8"))
    assert int(threads[1]) / 2 >= availability.WAITING_AT_MOST
    held, ended, answers = threading.Barrier(availability.WAITING_AT_MOST + 1), threading.Event(), []

    def hang(names):
        held.wait(PATIENCE_SECONDS)
        ended.wait(PATIENCE_SECONDS)
        return {name: Availability.FREE for name in names}

    told = registrar(hang, ours=False)
    ask = partial(availability.answers, {"told": ["garden.pl"]})
    waiting = [threading.Thread(target=lambda: answers.append(ask())) for _n in range(availability.WAITING_AT_MOST)]
    for thread in waiting:
        thread.start()
    held.wait(PATIENCE_SECONDS)
    try:
        assert "Cannot be checked now" in row(found(anonymous, "garden"), "garden.pl")
        assert len(told.asked) == availability.WAITING_AT_MOST
    finally:
        ended.set()
        for thread in waiting:
            thread.join(PATIENCE_SECONDS)
    assert answers == [{("told", "garden.pl"): Availability.FREE}] * availability.WAITING_AT_MOST
    registrar(Availability.FREE, ours=False)
    for _ in range(3):  # who has been answered makes room
        assert "Free" in row(found(anonymous, "garden"), "garden.pl")


def test_all_names_of_a_registrar_are_one_question(anonymous, sold, registrar):
    told = registrar(Availability.FREE)
    Product.objects.update(driver="told")
    found(anonymous, "garden")
    assert told.asked == [["garden.com", "garden.pl"]]


@pytest.fixture
def few(monkeypatch):
    """Two questions are all that may be asked."""
    monkeypatch.setattr(limits, "NAMES_ASKED", limits.Limit("domain-names-asked", 2, 600))


def test_too_many_questions_are_refused(anonymous, client_of, owner, sold, registrar, few):
    told = registrar(Availability.FREE)
    for _ in range(2):
        assert "Free" in found(anonymous, "garden")
    page = found(anonymous, "garden")
    assert "very many names" in page and "Free" not in page and len(told.asked) == 2
    assert "Free" in found(client_of(owner), "garden")


def test_visitors_together_do_not_wear_a_registrar_out(anonymous, client_of, owner, sold, registrar, monkeypatch):
    """Each from an address of its own; whoever is signed in goes on looking."""
    most = limits.Limit("domain-names-asked-by-visitors", 3, 600)
    monkeypatch.setattr(limits, "NAMES_ASKED_BY_VISITORS", most)
    told = registrar(Availability.FREE)
    pages = [words(anonymous.get(ADDRESS, {"name": "garden"}, REMOTE_ADDR=f"192.0.2.{n}")) for n in range(5)]
    assert ["Free" in page for page in pages] == [True, True, True, False, False]
    assert "Sign in, or wait a few minutes." in pages[-1] and len(told.asked) == 3
    assert "Free" in found(client_of(owner), "garden")


def test_a_visitor_puts_a_free_name_into_the_cart(anonymous, sold):
    answer = anonymous.post(f"{ADDRESS}register/", {"name": "xn--w-uga1v8h.pl"}, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)] and "żółw.pl is in the cart." in words(answer)
    item = CartItem.objects.get()
    assert (item.domain, item.origin, item.product, item.price.months) == ("żółw.pl", "registered", sold["pl"], 12)
    assert item.visitor and item.authinfo == ""


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("taken.pl", "taken.pl is taken. If it is yours, you can move it here."),
        ("garden", "Type the whole name with its ending."),
        ("garden.de", "We do not sell names"),
        ("", "Type the name"),
    ],
)
def test_what_is_not_free_does_not_get_into_the_cart(anonymous, sold, away, name, why):
    assert why in words(anonymous.post(f"{ADDRESS}register/", {"name": name}, follow=True))
    assert not CartItem.objects.exists()


def test_what_cannot_be_checked_does_not_get_into_the_cart(anonymous, registrar):
    registrar(Availability.UNKNOWN)
    page = words(anonymous.post(f"{ADDRESS}register/", {"name": "garden.pl"}, follow=True))
    assert "cannot be checked now" in page and not CartItem.objects.exists()


def test_a_transfer_asks_for_the_authinfo_on_its_own_page(anonymous, sold, away):
    page = page_of(anonymous, f"{ADDRESS}transfer/?name=taken.pl")
    assert "What a transfer costs" in page and '<td class="lead">.pl</td>' in page
    assert 'value="taken.pl"' in page and 'type="password" name="authinfo"' in page
    answer = anonymous.post(f"{ADDRESS}transfer/", {"name": "taken.pl", "authinfo": "Right-1234"}, follow=True)
    assert answer.redirect_chain == [("/cart/", 302)] and "Right-1234" not in words(answer)
    item = CartItem.objects.get()
    assert (item.domain, item.origin, keys.decrypt(item.authinfo)) == ("taken.pl", "transferred", "Right-1234")
    assert "Right-1234" not in str(CartItem.objects.values().get())


@pytest.mark.parametrize(
    ("name", "authinfo", "why"),
    [
        ("taken.pl", "", "This field is required"),
        ("taken.pl", "żółw", "An AuthInfo has only letters"),
        ("taken.pl", "a" * 129, "at most 128 characters"),
        ("garden.pl", "Secret-1234", "garden.pl is registered nowhere"),
        ("taken", "Secret-1234", "Type the whole name with its ending."),
        ("taken.de", "Secret-1234", "We do not sell names"),
    ],
)
def test_a_transfer_that_makes_no_sense_comes_back_without_its_code(anonymous, sold, away, name, authinfo, why):
    page = words(anonymous.post(f"{ADDRESS}transfer/", {"name": name, "authinfo": authinfo}))
    assert why in page and f'value="{name}"' in page
    assert not authinfo or authinfo not in page
    assert not CartItem.objects.exists()


def test_the_code_stands_neither_in_the_history_nor_in_a_log(client_of, owner, sold, away, caplog):
    client_of(owner).post(f"{ADDRESS}transfer/", {"name": "taken.pl", "authinfo": "Right-1234"})
    assert CartItem.objects.get().membership == owner.membership
    assert "Right-1234" not in str(list(Event.objects.values())) + caplog.text


def test_who_may_not_order_sees_no_buttons(client_of, standard, sold, away):
    client = client_of(standard)
    page = found(client, "taken")
    assert "Taken" in page and "Free" in page and "<button" not in row(page, "taken.com")
    assert "/transfer/" not in page
    for address in ("register", "transfer"):
        assert client.post(f"{ADDRESS}{address}/", {"name": "garden.pl"}).status_code == 403
    standard.membership.permissions = ["ordering"]
    standard.membership.save()
    assert "<button" in row(found(client, "taken"), "taken.com")


def test_the_page_costs_the_same_with_many_names_and_products(anonymous, sold, customer, products, provider):
    few = queries_of(anonymous, f"{ADDRESS}?name=garden")
    for n in range(60):
        made = service(customer, products["domain"], f"name{n}.pl", domain=f"name{n}.pl")
        Domain.objects.create(service=made, origin="registered")
        RegistryName.objects.create(name=f"name{n}.pl")
        product = Product.objects.create(
            provider=provider, code=f"names-{n}", kind="domain", suffix=f"x{n}.pl", name_pl="n", name_en="n"
        )
        Price.objects.create(product=product, months=12, net=10)
    assert len(queries_of(anonymous, f"{ADDRESS}?name=garden")) == len(few) <= 11
    page = found(anonymous, "garden.x7.pl")
    assert page.count("<tr>") == 1 + 30 and "There are more endings" in page and "Free" in row(page, "garden.x7.pl")


def test_hundreds_of_endings_have_pages(anonymous, sold, provider):
    few = queries_of(anonymous, ADDRESS)
    for n in range(60):
        ending = {"kind": "domain", "suffix": f"x{n:02}.pl", "position": n + 1}
        product = Product.objects.create(provider=provider, code=f"names-{n}", name_pl="n", name_en="n", **ending)
        Price.objects.create(product=product, months=12, net=10)
    assert len(queries_of(anonymous, ADDRESS)) == len(few) <= 4
    first, second = (anonymous.get(f"{ADDRESS}?page={n}").content.decode() for n in (1, 2))
    assert ".x00.pl" in first and ".x59.pl" not in first and "Page 1 of 2" in first
    assert ".x59.pl" in second and ".x00.pl" not in second
    assert anonymous.get(f"{ADDRESS}?name=garden.x59.pl").content.decode().count("garden.x59.pl") >= 1
