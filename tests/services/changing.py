"""What a service can become, which part of its paid time is counted, and how it becomes it."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Event
from services import changing, expiry, jobs, offers, provisioning, targets
from services.drivers import DriverError, NullDriver
from services.models import OptionValue, Price, Product, ProvisioningJob, Service, ServiceChange
from services.targets import Hindrance, hindrance, periods_left
from tests.cast import service as make_service
from tests.services.bigger import choose, disk_of, priced
from tests.support.jobs import do_jobs


def at(day):
    """Noon of a day in Warsaw."""
    return time_machine.travel(f"{day} 11:00:00+00:00", tick=False)


def now(service):
    return Service.objects.get(pk=service.pk)


def found(service):
    """{code: Target} of what a service can become."""
    return {row.product.code: row for row in targets.targets(now(service))}


def test_the_page_leads_to_a_change_only_where_there_is_something_else(client_of, owner, small):
    link, page = f'href="/services/{small.pk}/change/"', f"/services/{small.pk}/"
    assert link in client_of(owner).get(page).content.decode()
    Product.objects.exclude(pk=small.product_id).update(is_offered=False)
    assert link not in client_of(owner).get(page).content.decode()


def until(day, anchor=None):
    return Service(ends_on=date.fromisoformat(day), anchor_day=anchor)


@pytest.mark.parametrize(
    ("ends_on", "anchor", "months", "today", "left"),
    [
        # The last day is one of thirty-one; the first day of a period is the whole of it.
        ("2027-01-31", 31, 1, "2027-01-31", Fraction(1, 31)),
        ("2027-01-31", 31, 1, "2027-01-01", Fraction(1)),
        ("2027-02-28", 31, 1, "2027-02-15", Fraction(14, 28)),
        ("2028-02-29", 31, 1, "2028-02-15", Fraction(15, 29)),
        # A year has 365 days, or 366 when it holds a 29th of February.
        ("2027-12-31", 31, 12, "2027-12-31", Fraction(1, 365)),
        ("2028-12-31", 31, 12, "2028-12-31", Fraction(1, 366)),
        ("2028-02-28", 28, 12, "2028-02-01", Fraction(28, 365)),
        ("2028-02-29", 29, 12, "2028-02-01", Fraction(29, 366)),
        # Several periods paid ahead: those that lie ahead count whole, however many days they have.
        ("2027-03-31", 31, 1, "2027-02-01", Fraction(2)),
        ("2027-03-31", 31, 1, "2027-01-31", 2 + Fraction(1, 31)),
        ("2029-12-31", 31, 12, "2027-07-02", 2 + Fraction(183, 365)),
        # The 31st is meant, though February ends before it.
        ("2027-03-31", 31, 1, "2027-02-28", 1 + Fraction(1, 28)),
        ("2027-04-14", 14, 3, "2027-01-15", Fraction(1)),
        # Nothing is left the day after, and of a period that lies ahead as a whole nothing more than itself.
        ("2027-01-31", 31, 1, "2027-02-01", Fraction(0)),
    ],
)
def test_the_paid_time_that_is_left(ends_on, anchor, months, today, left):
    assert periods_left(until(ends_on, anchor), months, date.fromisoformat(today)) == left


@given(
    st.dates(date(2026, 1, 1), date(2080, 12, 31)),
    st.integers(1, 31),
    st.sampled_from([1, 3, 6, 12, 24, 36]),
    st.integers(0, 1500),
)
def test_every_day_that_passes_takes_its_part_and_all_of_them_the_whole(today, anchor, months, days):
    service = Service(ends_on=today + timedelta(days=days), anchor_day=None)
    left, tomorrow = (periods_left(service, months, today + timedelta(days=n)) for n in (0, 1))
    assert 0 < left - tomorrow <= Fraction(1, 28 * months)
    eve = targets.months_later(service.ends_on, -2 * months, service.ends_on.day)
    assert periods_left(service, months, eve + timedelta(days=1)) == 2


def test_it_becomes_what_is_of_its_group_kind_and_driver_and_on_offer(small, sizes, provider):
    assert list(found(small)) == ["middle", "big"]
    for change in ({"is_offered": False}, {"kind": "other"}, {"driver": "manual"}, {"group": None}):
        with transaction.atomic():
            Product.objects.filter(pk=sizes.big.pk).update(**change)
            assert list(found(small)) == ["middle"]
            transaction.set_rollback(True)
    Price.objects.filter(product=sizes.big, months=12).update(is_offered=False)
    assert list(found(small)) == ["middle"]


def test_what_asks_for_a_domain_is_not_for_a_service_without_one(small, big, sizes):
    Product.objects.filter(pk=sizes.middle.pk).update(asks_domain=True)
    assert "middle" in found(small) and "middle" not in found(big)


def test_what_costs_nothing_is_no_target(small, sizes):
    Price.objects.filter(product=sizes.middle).update(net=0)
    assert list(found(small)) == ["big"]
    disk_of(sizes.middle, ("10gb", "1.00"))
    assert found(small)["middle"].net == 12


def test_domain_names_stay_what_they_are(customer, sizes, small):
    Product.objects.filter(group=sizes.group).update(kind="domain")
    assert found(small) == {}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "pending"}, Hindrance.NOT_RUNNING),
        ({"status": "suspended"}, Hindrance.NOT_RUNNING),
        ({"status": "ended"}, Hindrance.NOT_RUNNING),
        ({"ends_on": None}, Hindrance.ENDLESS),
        ({"ends_on": date(9999, 12, 31)}, Hindrance.ENDLESS),
        ({"ends_on": date(2026, 1, 1)}, Hindrance.OVER),
        ({"cancelled_at": timezone.now()}, Hindrance.CANCELLED),
    ],
)
def test_what_stands_in_the_way_is_said(small, sizes, fields, why):
    assert hindrance(small) is None
    Service.objects.filter(pk=small.pk).update(**fields)
    assert hindrance(now(small)) == why
    with pytest.raises(changing.NotChangeable):
        changing.find(now(small), sizes.big.pk)


def test_on_the_last_day_it_can_still_be_changed(small, sizes):
    with at("2027-12-31"):
        assert found(small)["big"].due == Fraction(120, 365)
    with at("2028-01-01"):
        assert hindrance(small) == Hindrance.OVER


def test_without_a_price_of_its_own_it_is_counted_by_what_is_usual(small, sizes):
    Service.objects.filter(pk=small.pk).update(price=None)
    assert found(small)["big"].price == priced(sizes.big)
    Price.objects.filter(product=sizes.small).update(is_offered=False)
    assert hindrance(now(small)) == Hindrance.NO_PRICE


def test_the_difference_is_of_net_prices_with_options_and_without_set_up(small, sizes):
    before = disk_of(sizes.small, ("10gb", "1.00"))
    disk_of(sizes.big, ("5gb", "0.50"), ("10gb", "2.00"))
    choose(small, before["10gb"])
    with at("2027-01-01"):
        target = found(small)["big"]
    assert (target.former_net, target.net) == (Decimal("112.00"), Decimal("244.00"))
    assert target.due == 132 and target.options_in_words == "Disk: 10GB" and target.dropped == ()


def test_what_the_new_one_does_not_have_is_told_and_the_cheapest_takes_its_place(small, sizes):
    before = disk_of(sizes.small, ("99gb", "1.00"))
    disk_of(sizes.big, ("20gb", "3.00"), ("5gb", "0.50"))
    choose(small, before["99gb"])
    target = found(small)["big"]
    assert [row.value.code for row in target.options] == ["5gb"] and target.dropped == ()
    assert [value.code for value in found(small)["middle"].dropped] == ["99gb"]


def test_a_value_that_is_no_longer_offered_is_not_carried_over(small, sizes):
    before, after = disk_of(sizes.small, ("9gb", "1.00")), disk_of(sizes.big, ("9gb", "9.00"), ("5gb", "0.50"))
    choose(small, before["9gb"])
    OptionValue.objects.filter(pk=after["9gb"].pk).update(is_offered=False)
    assert [row.value.code for row in found(small)["big"].options] == ["5gb"]


def test_a_catalogue_of_many_costs_no_more_queries(small, sizes, provider, django_assert_num_queries):
    def many(count):
        for number in range(count):
            product = Product.objects.create(
                provider=provider, code=f"p{count}-{number}", kind="hosting", name_en="P", group=sizes.group
            )
            Price.objects.create(product=product, months=12, net=number + 1)
            disk_of(product, ("1gb", "1.00"), ("2gb", "2.00"))

    many(2)
    mine = Service.objects.select_related("product", "price")
    with django_assert_num_queries(7):
        assert len(targets.targets(mine.get(pk=small.pk))) == 4
    many(30)
    with django_assert_num_queries(7):
        assert len(targets.targets(mine.get(pk=small.pk))) == 34


def changed(service, sizes, code, by=None):
    """Changes a service to a product of the same price, at once."""
    return changing.at_once(service, changing.find(changing.locked(service), getattr(sizes, code).pk), by=by)


def test_it_is_the_new_product_only_when_the_driver_says_so(small, sizes, owner, mailbox):
    after = disk_of(sizes.middle, ("5gb", "0.00"))
    before = disk_of(sizes.small, ("5gb", "0.00"), ("9gb", "0.00"))
    choose(small, before["9gb"])
    changed(small, sizes, "middle", by=owner)
    assert now(small).product == sizes.small and hindrance(now(small)) == Hindrance.UNDER_WAY
    job = ProvisioningJob.objects.get()
    assert (job.act, job.state, job.driver) == ("change", "waiting", "null")
    assert job.asked == {"product": "middle", "former": "small", "options": {"disk": "5gb"}}
    for _time in range(2):
        do_jobs()
    assert (now(small).product, now(small).price) == (sizes.middle, priced(sizes.middle))
    assert now(small).name == "Middle" and [row.value for row in now(small).options.all()] == [after["5gb"]]
    change = ServiceChange.objects.get()
    assert change.state == "done" and change.done_at and hindrance(now(small)) is None
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == ["change_begun", "product_changed"]
    (mail,) = mailbox(owner.email)
    assert mail.subject == "Your service was changed: Middle (small.example)" and "from Small to Middle" in mail.body
    assert "Disk: 5GB" in mail.body


def test_a_name_that_was_given_stays(small, sizes):
    Service.objects.filter(pk=small.pk).update(name="Shop of Anna")
    changed(small, sizes, "middle")
    do_jobs()
    assert now(small).name == "Shop of Anna"


def test_what_costs_less_waits_for_the_end_of_the_paid_time(big, sizes, owner):
    with at("2027-03-01"):
        target = found(big)["small"]
        assert target.is_smaller and target.due < 0
        with pytest.raises(changing.NotChangeable):
            changing.at_once(big, target, by=owner)
        changing.plan(changing.locked(big), target, by=owner)
        assert Event.objects.get().details["date"] == "2028-01-01"
        changing.begin_due()
    assert not ProvisioningJob.objects.exists() and now(big).product == sizes.big
    # What is renewed from now on costs what the smaller one does.
    assert [price.net for price in offers.for_services([big])[big]] == [Decimal("10.00"), Decimal("100.00")]
    with at("2028-01-05"):
        # Nobody has renewed it, so it is still what was paid.
        jobs.begin_planned_changes.call()
        assert not ProvisioningJob.objects.exists()
        expiry.extend(big, 12, reference="late", by=None)
        for _time in range(2):
            jobs.begin_planned_changes.call()
        assert ProvisioningJob.objects.filter(act="change").count() == 1
        do_jobs()
    assert (now(big).product, now(big).price) == (sizes.small, priced(sizes.small))


def test_what_is_renewed_early_changes_on_the_first_day_of_the_new_period(big, sizes):
    with at("2027-12-01"):
        changing.plan(changing.locked(big), found(big)["small"], by=None)
        expiry.extend(big, 12, reference="early", by=None)
        assert changing.begin_due() == 0
        assert changing.first_day(ServiceChange.objects.get()) == date(2028, 1, 1)
        with pytest.raises(changing.NotChangeable):
            changing.take_back(big, by=None)
    with at("2027-12-31"):
        assert changing.begin_due() == 0
    with at("2028-01-01"):
        assert changing.begin_due() == 1


def test_a_planned_change_is_taken_back(big, sizes, owner):
    Product.objects.filter(pk=sizes.small.pk).update(stock=1)
    changing.plan(changing.locked(big), found(big)["small"], by=owner)
    assert Product.objects.get(pk=sizes.small.pk).stock == 0
    for _time in range(2):
        changing.take_back(big, by=owner)
    assert ServiceChange.objects.get().state == "cancelled" and Product.objects.get(pk=sizes.small.pk).stock == 1
    assert hindrance(now(big)) is None
    assert list(Event.objects.order_by("pk").values_list("action", flat=True)) == [
        "change_planned",
        "change_taken_back",
    ]
    assert changing.begin_due() == 0


def test_a_service_that_ended_changes_no_more_and_gives_its_piece_back(big, sizes):
    Product.objects.filter(pk=sizes.small.pk).update(stock=1)
    changing.plan(changing.locked(big), found(big)["small"], by=None)
    Service.objects.filter(pk=big.pk).update(status="ended")
    assert changing.begin_due() == 1
    assert ServiceChange.objects.get().state == "cancelled" and Product.objects.get(pk=sizes.small.pk).stock == 1


def test_a_suspended_service_waits_with_its_change(big, sizes):
    with at("2027-12-01"):
        changing.plan(changing.locked(big), found(big)["small"], by=None)
        expiry.extend(big, 12, reference="early", by=None)
    with at("2028-02-01"):
        Service.objects.filter(pk=big.pk).update(status="suspended")
        assert changing.begin_due() == 0
        Service.objects.filter(pk=big.pk).update(status="active")
        assert changing.begin_due() == 1


def test_the_last_piece_is_taken_once(small, big, sizes, customer):
    other = make_service(customer, sizes.small, "Other", price=priced(sizes.small))
    Product.objects.filter(pk=sizes.middle.pk).update(stock=1)
    stale = found(other)["middle"]
    changed(small, sizes, "middle")
    assert found(other)["middle"].is_sold_out
    for target in (lambda: changing.find(changing.locked(other), sizes.middle.pk), lambda: stale):
        with pytest.raises(changing.SoldOut):
            changing.at_once(changing.locked(other), target(), by=None)
    assert Product.objects.get(pk=sizes.middle.pk).stock == 0


def test_without_the_condition_there_are_fewer_than_none(small, sizes, customer, monkeypatch):
    """The negative control: a piece that is taken without a look at how many are left."""
    Product.objects.filter(pk=sizes.middle.pk).update(stock=0)
    target = found(small)["middle"]
    monkeypatch.setattr(changing, "take", lambda product: False)
    assert changing.at_once(changing.locked(small), target, by=None).state == "asked"


def test_the_database_lets_a_service_change_once_at_a_time(big, sizes):
    target = found(big)["small"]
    changing.plan(big, target, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        changing.plan(big, target, by=None)


def test_what_a_planned_change_costs_is_what_was_agreed(big, sizes):
    disk = disk_of(sizes.small, ("5gb", "1.00"))
    changing.plan(changing.locked(big), found(big)["small"], by=None)
    OptionValue.objects.filter(pk=disk["5gb"].pk).update(monthly_net=9)
    Price.objects.filter(product=sizes.small).update(is_offered=False)
    (price,) = offers.for_services([now(big)])[big]
    assert offers.terms(now(big)).net(price) == Decimal("112.00")


def test_the_administration_sees_what_is_planned(client_of, administrator, big, sizes):
    changing.plan(changing.locked(big), found(big)["small"], by=None)
    client = client_of(administrator)
    page = " ".join(client.get(f"/admin/services/service/{big.pk}/change/").content.decode().split())
    assert "Big → Small</a>: At the end of the paid time" in page
    (change,) = ServiceChange.objects.all()
    for address in ("", f"{change.pk}/change/"):
        page = client.get(f"/admin/services/servicechange/{address}").content.decode()
        assert "At the end of the paid time" in page
    assert client.get("/admin/services/servicechange/add/").status_code == 403
    assert Event.objects.filter(action="admin_looked_at_service").count() == 2


def test_the_manage_page_says_what_is_to_come_and_leads_to_the_change(client_of, owner, standard, big, hosting, sizes):
    client, address = client_of(owner), f"/services/{big.pk}/"
    assert f'href="{address}change/"' in client.get(address).content.decode()
    assert "/change/" not in client.get(f"/services/{hosting.pk}/").content.decode()
    with at("2027-03-01"):
        changing.plan(changing.locked(big), found(big)["small"], by=None)
    page = " ".join(client_of(owner).get(address).content.decode().split())
    assert "From 1 January 2028 on it is to be Small." in page


# --- Letters about planned changes.


def planned(big, sizes, mailbox):
    """A planned change whose time comes with the year 2028; returns the mails about it."""
    with at("2027-12-01"):
        changing.plan(changing.locked(big), found(big)["small"], by=None)
        expiry.extend(big, 12, reference="early", by=None)
        return mailbox("anna@example.com")


def subjects(mailbox):
    return [mail.subject for mail in mailbox("anna@example.com")]


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "is to be Small from 1 January 2028 on"), ("pl", "stanie się 1 stycznia 2028 produktem Small")],
)
def test_a_planned_change_is_confirmed_by_mail(big, sizes, owner, mailbox, language, subject):
    type(owner).objects.filter(pk=owner.pk).update(language=language)
    [mail] = planned(big, sizes, mailbox)
    assert subject in mail.subject and f"/services/{big.pk}/" in mail.body


def test_a_planned_change_is_told_when_it_is_carried_out(big, sizes, owner, mailbox):
    planned(big, sizes, mailbox)
    with at("2028-01-01"):
        changing.begin_due()
        assert len(subjects(mailbox)) == 1
        do_jobs()
        assert subjects(mailbox)[1:] == ["Your service was changed: Small"]


def test_a_planned_change_that_cannot_be_carried_out_is_told_once(big, sizes, owner, mailbox, monkeypatch):
    planned(big, sizes, mailbox)

    def refuse(self, job):
        raise DriverError("no room", permanent=True)

    monkeypatch.setattr(NullDriver, "perform", refuse)
    with at("2028-01-01"):
        changing.begin_due()
        do_jobs()
        for _time in range(2):
            provisioning.repeat(ProvisioningJob.objects.all(), by=None)
            do_jobs()
        assert subjects(mailbox)[1:] == [f"{big} is not Small yet"] and now(big).product == sizes.big


def test_a_letter_about_a_failure_is_not_sent_once_it_has_worked(big, sizes, owner, mailbox, monkeypatch):
    planned(big, sizes, mailbox)

    def refuse(self, job):
        raise DriverError("no room", permanent=True)

    with at("2028-01-01"):
        changing.begin_due()
        with monkeypatch.context() as patched:
            patched.setattr(NullDriver, "perform", refuse)
            do_jobs()
        provisioning.repeat(ProvisioningJob.objects.all(), by=None)
        do_jobs()
        assert subjects(mailbox)[1:] == ["Your service was changed: Small"]


@pytest.mark.parametrize("has_ended", [True, False], ids=["ended", "taken back"])
def test_a_planned_change_that_is_off_is_told_with_the_reason(big, sizes, owner, mailbox, has_ended):
    changing.plan(changing.locked(big), found(big)["small"], by=None)
    mailbox("anna@example.com")
    if has_ended:
        Service.objects.filter(pk=big.pk).update(status="ended")
        changing.begin_due(), changing.begin_due()
        assert Event.objects.filter(action="change_dropped").count() == 1
    else:
        changing.take_back(big, by=owner)
    [_planned, mail] = mailbox("anna@example.com")
    assert mail.subject == f"{big} does not become Small"
    assert ("because it has ended" in mail.body, "That was taken back" in mail.body) == (has_ended, not has_ended)


def test_a_plan_taken_back_before_its_letter_left_is_told_as_taken_back_only(big, sizes, owner, mailbox):
    changing.plan(changing.locked(big), found(big)["small"], by=None)
    changing.take_back(big, by=owner)
    assert subjects(mailbox) == [f"{big} does not become Small"]
