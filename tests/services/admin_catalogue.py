"""Administration of the catalogue: groups, products with prices and options, and what is refused."""

from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from services.models import OptionValue, Price, Product, ProductGroup, ProductOption, Service, ServiceOption
from tests.billing import offers
from tests.billing.shop import words
from tests.cast import user

FIELDS = ["code", "kind", "name_pl", "name_en", "driver", "position", "tax_rate", "tax_point", "unit"]
TEXTS = ["group", "stock", "description_pl", "description_en", "suffix", "zones"]


@pytest.fixture
def admin(client_of, administrator):
    return client_of(administrator)


@pytest.fixture
def vps(provider):
    return offers.product(offers.group(provider))


def product_form(product, *prices, options=(), **changes):
    """The form of a product with rows of prices, (key or "", months, net, whether offered), and of new options."""
    fields = {name: getattr(product, name) for name in FIELDS} | {"is_offered": "on"}
    fields |= {name: "" for name in TEXTS} | {"group": product.group_id or ""} | changes
    fields |= rows("prices", [{"id": pk, "months": months, "net": net} | shared(on) for pk, months, net, on in prices])
    fields |= rows("options", [{"id": "", "position": 0} | option for option in options])
    return {name: value for name, value in fields.items() if value is not None}


def shared(is_offered):
    return {"setup_net": "0", "currency": "PLN"} | ({"is_offered": "on"} if is_offered else {})


def rows(prefix, found):
    """Rows of an inline; those that have a key come first."""
    fields = {f"{prefix}-TOTAL_FORMS": len(found), f"{prefix}-INITIAL_FORMS": sum(1 for row in found if row["id"])}
    return fields | {f"{prefix}-{i}-{name}": value for i, row in enumerate(found) for name, value in row.items()}


def page_of(product):
    return f"/admin/services/product/{product.pk}/change/"


def test_a_product_is_built_from_nothing_to_something_that_can_be_ordered(admin, anonymous, provider):
    """Group, product with prices and an option, its answers; then a visitor chooses."""
    group = {"slug": "vps", "name_pl": "Serwery", "name_en": "Servers", "position": 0, "is_shown": "on"}
    assert admin.post("/admin/services/productgroup/add/", group).status_code == 302
    fields = {"code": "vps-1", "kind": "other", "name_pl": "VPS 1 (pl)", "name_en": "VPS One", "driver": "null"}
    fields |= {"position": 0, "tax_rate": "23", "tax_point": "period", "unit": "szt.", "is_offered": "on"}
    fields |= {"group": ProductGroup.objects.get().pk, "description_pl": "Opis", "description_en": "Ours."}
    fields |= rows("prices", [{"id": "", "months": 1, "net": "20.00"} | shared(True) | {"setup_net": "30.00"}])
    disk = {"id": "", "code": "disk", "name_pl": "Dysk", "name_en": "Disk", "position": 0}
    answer = admin.post("/admin/services/product/add/", fields | rows("options", [disk]))
    assert answer.status_code == 302, words(answer)
    product = Product.objects.get()
    assert product.provider == provider
    values = [
        {"id": "", "code": code, "name_pl": code, "name_en": f"{code} GB", "monthly_net": net, "setup_net": "0"}
        | {"position": 0, "is_offered": "on"}
        for code, net in [("50", "0"), ("100", "10.00")]
    ]
    option = {"code": "disk", "name_pl": "Dysk", "name_en": "Disk", "position": 0}
    address = f"/admin/services/productoption/{ProductOption.objects.get().pk}/change/"
    assert f'href="{address}' in admin.get(page_of(product)).content.decode()
    assert admin.post(address, option | rows("values", values)).status_code == 302
    page = words(anonymous.get("/order/vps-1/"))
    assert "VPS One" in page and "Ours." in page and "100 GB: PLN 12.30 a month more" in page
    assert "set-up fee PLN 36.90, once" in page


def test_the_preview_shows_what_is_typed_and_saves_nothing(admin, vps):
    """The form of a product leads there; names, prices and options are those in the form."""
    buttons = admin.get(page_of(vps)).content.decode()
    assert f'formaction="/order/preview/?of={vps.pk}" formtarget="_blank"' in buttons
    price = vps.prices.get(months=1)
    filled = product_form(vps, (price.pk, 1, "50.00", False), ("", 3, "77.00", True), name_en="VPS Two", code="vps-2")
    answer = admin.post(f"/order/preview/?of={vps.pk}", filled | {"_preview": "en"})
    page = words(answer)
    assert "VPS Two" in page and "PLN 94.71" in page and "PLN 61.50" not in page
    assert "Nothing has been saved" in page and "was changed" not in page and "Recalculate" not in page
    assert "VPS Two" not in words(admin.post(f"/order/preview/?of={vps.pk}", filled | {"_preview": "pl"}))
    vps.refresh_from_db()
    assert vps.code == "vps" and vps.name_en != "VPS Two" and vps.prices.filter(months=1, is_offered=True).exists()
    assert not LogEntry.objects.exists()
    assert "was changed" not in words(admin.get("/admin/"))


def test_a_product_is_seen_before_it_is_there(admin, provider):
    assert 'formaction="/order/preview/"' in admin.get("/admin/services/product/add/").content.decode()
    fresh = Product(code="new", kind="other", name_pl="Nowy", name_en="New", group=offers.group(provider))
    filled = product_form(fresh, ("", 12, "10.00", True))
    page = words(admin.post("/order/preview/", filled | {"_preview": "en"}))
    assert "PLN 10.00" in page and "Nothing has been saved" in page and "do not see it yet" not in page
    page = words(admin.post("/order/preview/", filled | {"_preview": "en", "prices-0-is_offered": ""}))
    assert "do not see it yet" in page
    assert not Product.objects.exists()


def test_what_cannot_be_saved_comes_back_with_its_errors_and_is_saved_from_there(admin, vps):
    answer = admin.post(f"/order/preview/?of={vps.pk}", product_form(vps, name_en=""))
    page = answer.content.decode()
    assert "This field is required." in page and f'action="{page_of(vps)}"' in page


def test_who_may_only_look_sees_what_is_saved(client_of, vps):
    looker = user("looker", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename="view_product"))
    client = client_of(looker)
    page = client.get(page_of(vps)).content.decode()
    assert 'href="/order/vps/preview/?language=en"' in page and "/order/preview/" not in page
    assert client.post(f"/order/preview/?of={vps.pk}", product_form(vps)).status_code == 403
    assert client.post("/order/preview/", product_form(vps)).status_code == 403


@pytest.mark.parametrize("key", ["", "0", "x"])
def test_a_preview_of_no_product_is_not_there(admin, key):
    assert admin.post(f"/order/preview/?of={key}").status_code == 404


@pytest.mark.parametrize("model", ["productgroup", "product", "productoption"])
def test_the_lists_open_and_are_searched(admin, vps, model):
    offers.option(vps)
    assert admin.get(f"/admin/services/{model}/?q=x").status_code == 200
    assert admin.get(f"/admin/services/{model}/").status_code == 200


# --- Prices ------------------------------------------------------------------------------------------


def test_prices_are_added_on_the_products_page(admin, products):
    hosting = products["hosting"]
    assert admin.post(page_of(hosting), product_form(hosting, ("", 12, "99.90", True))).status_code == 302
    price = Price.objects.get()
    assert (price.months, price.net, price.is_offered) == (12, Decimal("99.90"), True)
    both = product_form(hosting, (price.pk, 12, "99.90", True), ("", 12, "1.00", True))
    assert "There is a price for this period already." in words(admin.post(page_of(hosting), both))
    twice = product_form(hosting, (price.pk, 12, "99.90", True), ("", 1, "1.00", True), ("", 1, "2.00", True))
    assert "There is a price for this period already." in words(admin.post(page_of(hosting), twice))
    assert Price.objects.count() == 1


def test_a_price_is_replaced_in_one_go(admin, products):
    hosting = products["hosting"]
    old = offers.price(hosting, 12, "90.00")
    sent = product_form(hosting, (old.pk, 12, "90.00", False), ("", 12, "95.00", True))
    assert admin.post(page_of(hosting), sent).status_code == 302
    assert list(Price.objects.order_by("pk").values_list("net", "is_offered")) == [(90, False), (95, True)]
    new = Price.objects.latest("pk")
    back = product_form(hosting, (old.pk, 12, "90.00", True), (new.pk, 12, "95.00", False))
    assert admin.post(page_of(hosting), back).status_code == 302
    assert Price.objects.get(is_offered=True) == old


def test_a_price_that_somebody_pays_is_not_rewritten(admin, products, hosting):
    product = products["hosting"]
    price = offers.price(product, 12, "100")
    assert admin.post(page_of(product), product_form(product, (price.pk, 12, "90.00", True))).status_code == 302
    Service.objects.update(price=price)
    for field in ("net", "setup_net"):
        sent = product_form(product, (price.pk, 12, "90.00", True)) | {f"prices-0-{field}": "1.00"}
        assert "Customers pay this price." in words(admin.post(page_of(product), sent))
    price.refresh_from_db()
    assert (price.net, price.setup_net) == (90, 0)
    admin.post(page_of(product), product_form(product, (price.pk, 12, "90.00", False)))
    price.refresh_from_db()
    assert not price.is_offered


# --- Options -----------------------------------------------------------------------------------------


def option_form(option, *values):
    """The page of an option with rows of values: (key or "", code, net a month, whether offered)."""
    fields = {name: getattr(option, name) for name in ("code", "name_pl", "name_en", "position")}
    found = [
        {"id": pk, "code": code, "name_pl": code, "name_en": code, "monthly_net": net, "setup_net": 0, "position": 0}
        | ({"is_offered": "on"} if is_offered else {})
        for pk, code, net, is_offered in values
    ]
    return fields | rows("values", found)


def test_a_value_that_somebody_has_is_taken_off_and_another_takes_its_place(admin, vps, hosting):
    option = offers.option(vps, values=[("100", "10.00", "0")])
    address, value = f"/admin/services/productoption/{option.pk}/change/", OptionValue.objects.get()
    assert admin.post(address, option_form(option, (value.pk, "100", "9.00", True))).status_code == 302
    ServiceOption.objects.create(service=hosting, value=value, monthly_net=9)
    for changed in [(value.pk, "100", "1.00", True), (value.pk, "200", "9.00", True)]:
        assert "Customers have chosen this." in words(admin.post(address, option_form(option, changed)))
    both = option_form(option, (value.pk, "100", "9.00", True), ("", "100", "1.00", True))
    assert "There is a value with this code already." in words(admin.post(address, both))
    swapped = option_form(option, (value.pk, "100", "9.00", False), ("", "100", "1.00", True))
    assert admin.post(address, swapped).status_code == 302
    assert list(OptionValue.objects.order_by("pk").values_list("monthly_net", "is_offered")) == [(9, False), (1, True)]


def test_a_value_that_was_ordered_is_not_rewritten(admin, vps, customer):
    from billing.models import Order, OrderLine

    option = offers.option(vps, values=[("100", "10.00", "0")])
    value, price = OptionValue.objects.get(), vps.prices.first()
    line = OrderLine.objects.create(
        order=Order.objects.create(customer=customer),
        position=1,
        act="purchase",
        product=vps,
        price=price,
        months=price.months,
        chosen=[value.pk],
    )
    address, changed = f"/admin/services/productoption/{option.pk}/change/", (value.pk, "100", "1.00", True)
    assert "Customers have chosen this." in words(admin.post(address, option_form(option, changed)))
    OrderLine.objects.filter(pk=line.pk).update(state="cancelled")
    assert admin.post(address, option_form(option, changed)).status_code == 302


def test_nothing_is_deleted_from_under_a_service(admin, vps):
    option = offers.option(vps)
    value = OptionValue.objects.first()
    sent = option_form(option, (value.pk, "50", "0", True)) | {"values-0-DELETE": "on"}
    admin.post(f"/admin/services/productoption/{option.pk}/change/", sent)
    assert OptionValue.objects.filter(pk=value.pk).exists()
    assert admin.get(f"/admin/services/productoption/{option.pk}/delete/").status_code == 403
    assert admin.get("/admin/services/productoption/add/").status_code == 403


# --- What is refused ---------------------------------------------------------------------------------


def refused(admin, product, words_of_it, **changes):
    answer = admin.post(page_of(product), product_form(product, **changes))
    assert answer.status_code == 200 and words_of_it in words(answer)


def test_a_domain_needs_its_suffix_and_others_have_none(admin, products):
    refused(admin, products["domain"], "A domain needs what its names end in")
    refused(admin, products["hosting"], "Only domains have this.", suffix="pl")
    refused(admin, products["hosting"], "Only domains have this.", zones="null")
    refused(admin, products["domain"], "A domain is a name itself", suffix="pl", asks_domain="on")
    refused(admin, products["domain"], "Type what the names end in", suffix="com pl")
    sent = product_form(products["domain"], suffix=".COM.pl", zones="null")
    assert admin.post(page_of(products["domain"]), sent).status_code == 302
    products["domain"].refresh_from_db()
    assert (products["domain"].suffix, products["domain"].zones) == ("com.pl", "null")


def test_one_product_is_offered_for_a_suffix(admin, products, provider):
    other = Product.objects.create(
        provider=provider, code="pl", kind="domain", name_pl="pl", name_en="pl", suffix="pl"
    )
    refused(admin, products["domain"], "Another product with this suffix is offered.", suffix="pl")
    Product.objects.filter(pk=other.pk).update(is_offered=False)
    sent = product_form(products["domain"], suffix="pl")
    assert admin.post(page_of(products["domain"]), sent).status_code == 302


def test_a_domain_has_no_options(admin, products, provider):
    """They are asked for where names are looked for, which asks nothing else."""
    disk = {"code": "disk", "name_pl": "Dysk", "name_en": "Disk"}
    domain = products["domain"]
    refused(admin, domain, "Domains are sold without options.", suffix="pl", options=[disk])
    offers.option(products["other"])
    refused(admin, products["other"], "Domains are sold without options.", suffix="pl", kind="domain")
    assert admin.post(page_of(domain), product_form(domain, suffix="pl")).status_code == 302


def test_what_is_free_has_nothing_to_be_paid_each_month(admin, provider):
    trial = offers.product(offers.group(provider), "trial", prices=[(1, "0")])
    option = offers.option(trial, values=[("50", "0", "0")])
    address = f"/admin/services/productoption/{option.pk}/change/"
    paid, kept = ("", "100", "10.00", True), (option.values.get().pk, "50", "0", True)
    assert "only a set-up fee is possible" in words(admin.post(address, option_form(option, kept, paid)))
    Price.objects.update(net=5)
    assert admin.post(address, option_form(option, kept, paid)).status_code == 302
    price = Price.objects.get()
    answer = admin.post(page_of(trial), product_form(trial, (price.pk, 1, "0", True)))
    assert "so it cannot be free of charge" in words(answer)


def test_what_customers_do_not_see_yet_is_told(admin, vps, products):
    hosting = products["hosting"]
    told = "Customers do not see it yet"
    assert told in words(admin.post(page_of(hosting), product_form(hosting), follow=True))
    prices = [(price.pk, price.months, price.net, True) for price in vps.prices.order_by("months")]
    assert told not in words(admin.post(page_of(vps), product_form(vps, *prices), follow=True))
    off = product_form(hosting, is_offered=None)
    assert told not in words(admin.post(page_of(hosting), off, follow=True))


@pytest.mark.parametrize("code", ["domain", "groups", "preview"])
def test_a_code_that_is_an_address_of_the_panel_is_refused(admin, products, code):
    refused(admin, products["hosting"], "This word stands in addresses of the panel itself.", code=code)


def test_a_description_is_written_in_both_languages_or_in_none(admin, products):
    refused(admin, products["hosting"], "Write it in both languages.", description_pl="Opis")
    group = {"slug": "x", "name_pl": "X", "name_en": "X", "position": 0, "description_en": "Words"}
    assert "Write it in both languages." in words(admin.post("/admin/services/productgroup/add/", group))


def test_a_product_that_customers_have_stays_of_its_kind(admin, products, hosting):
    refused(admin, products["hosting"], "so it stays of its kind", kind="voip")
    assert admin.post(page_of(products["other"]), product_form(products["other"], kind="voip")).status_code == 302


def test_a_driver_of_another_kind_is_refused(admin, products, monkeypatch):
    from services import registrars

    monkeypatch.setitem(registrars.REGISTRARS, "registry", registrars.NullRegistrar)
    monkeypatch.setitem(registrars.LABELS, "registry", "A registry")
    assert "A registry" in admin.get(page_of(products["hosting"])).content.decode()
    refused(admin, products["hosting"], "This one does not set up products of this kind.", driver="registry")
    refused(admin, products["hosting"], "Select a valid choice.", driver="no such driver")
    sent = product_form(products["domain"], suffix="pl", driver="registry")
    assert admin.post(page_of(products["domain"]), sent).status_code == 302


@pytest.mark.parametrize(("field", "value"), [("stock", "-1"), ("stock", "x"), ("position", "-1")])
def test_numbers_that_are_none_are_refused(admin, products, field, value):
    assert (
        admin.post(page_of(products["hosting"]), product_form(products["hosting"], **{field: value})).status_code
        == 200
    )
    products["hosting"].refresh_from_db()
    assert (products["hosting"].stock, products["hosting"].position) == (None, 0)


@pytest.mark.parametrize(
    ("shown", "typed", "now", "left"),
    [(5, "5", 3, 3), (5, "15", 3, 13), (5, "1", 3, 0), (5, "", 3, None), (5, "5", 6, 6), ("", "7", None, 7)],
    ids=["not touched", "ten more", "four less", "endless", "given back", "counted from now on"],
)
def test_what_is_sold_while_the_page_is_open_stays_sold(admin, products, shown, typed, now, left):
    rows = Product.objects.filter(pk=products["hosting"].pk)
    rows.update(stock=shown or None)
    page = admin.get(page_of(products["hosting"])).content.decode()
    assert 'name="initial-stock"' in page
    rows.update(stock=now)
    sent = product_form(products["hosting"], stock=typed, name_en="Renamed") | {"initial-stock": shown}
    assert admin.post(page_of(products["hosting"]), sent).status_code == 302
    assert (rows.get().stock, rows.get().name_en) == (left, "Renamed")


@pytest.mark.parametrize("shown", ["x", "-1", "9" * 30])
def test_nonsense_about_what_was_shown_counts_for_nothing(admin, products, shown):
    sent = product_form(products["hosting"], stock="5") | {"initial-stock": shown}
    assert admin.post(page_of(products["hosting"]), sent).status_code == 302
    assert Product.objects.get(pk=products["hosting"].pk).stock == 5


@pytest.mark.parametrize("net", ["-1", "x", "99999999999", "1.001"])
def test_amounts_that_are_none_are_refused(admin, products, net):
    assert (
        admin.post(page_of(products["hosting"]), product_form(products["hosting"], ("", 12, net, True))).status_code
        == 200
    )
    assert not Price.objects.exists()


# --- A copy ------------------------------------------------------------------------------------------


def test_a_product_is_copied_with_prices_options_and_answers(admin, vps):
    option = offers.option(vps)
    offers.value(option, "old", is_offered=False)
    prices = [(price.pk, price.months, price.net, True) for price in vps.prices.order_by("months")]
    asked = [{"id": option.pk, "code": "disk", "name_pl": "Dysk", "name_en": "Disk"}]
    sent = product_form(vps, *prices, options=asked, code="vps-2", name_en="VPS 2") | {"_saveasnew": "yes"}
    assert admin.post(page_of(vps), sent).status_code == 302
    copy = Product.objects.get(code="vps-2")
    assert [price.net for price in copy.prices.order_by("months")] == [20, 200]
    answers = copy.options.get(code="disk").values.order_by("pk")
    assert [(value.code, value.monthly_net, value.setup_net) for value in answers] == [("50", 0, 0), ("100", 10, 5)]
    assert vps.prices.count() == 2 and option.values.count() == 3


def test_a_copy_needs_a_code_of_its_own(admin, vps):
    answer = admin.post(page_of(vps), product_form(vps) | {"_saveasnew": "yes"})
    assert answer.status_code == 200 and Product.objects.count() == 1
