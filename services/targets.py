"""To which products a service can change, and for which part of its paid time the difference is due."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from services import offers
from services.calendar import months_later
from services.expiry import is_being_ended, is_renewable
from services.models import OptionValue, Price, Product, ProductOption, Service, ServiceChange

ONE_DAY = timedelta(days=1)


class Hindrance(models.TextChoices):
    """Why a service cannot change its product now."""

    NOT_RUNNING = "not_running", _("Only a service that runs can be changed.")
    ENDLESS = "endless", _("It runs without an end, so there is no paid time to count. Write to support.")
    OVER = "over", _("Its paid time is over. Renew it first.")
    CANCELLED = "cancelled", _("It is cancelled and ends with its paid time. Take the cancelling back first.")
    UNDER_WAY = "under_way", _("Another change of it is under way.")
    NO_PRICE = "no_price", _("We have no price for what it is now. Write to support.")


@dataclass(frozen=True)
class Chosen:
    """An option of the new product: its value, and what it costs a month."""

    value: OptionValue
    monthly_net: Decimal


@dataclass(frozen=True)
class Target:
    """A product that a service can become. `net` is what a period of it costs, `former_net` what one costs now.

    `share` is how many such periods of paid time are left, as `periods_left` counts them; `dropped` are options
    that the new product does not have.
    """

    product: Product
    price: Price
    options: tuple
    dropped: tuple
    net: Decimal
    former_net: Decimal
    share: Fraction

    @property
    def due(self):
        """The net difference for the paid time that is left, exactly; negative for a smaller product."""
        return Fraction(self.net - self.former_net) * self.share

    @property
    def is_smaller(self):
        """Whether it costs less, so that it waits for the end of the paid time."""
        return self.net < self.former_net

    @property
    def is_sold_out(self):
        return self.product.is_sold_out

    @property
    def options_in_words(self):
        """What comes with it, in the reader's language."""
        return offers.Terms(self.product, self.price.pk, self.options).options_in_words


def periods_left(service, months, today):
    """How many periods of `months` the paid time still holds, today included, as a Fraction.

    The paid time is cut into periods by the calendar, backwards from its last day. Every period that lies wholly
    ahead counts one, and the one that today falls into its days left (today and the last one included) divided by
    its days: 28 to 31 for a month, 365 or 366 for a year. On the last day one day of it is left.
    """
    anchor, left, number, last = service.anchor_day or service.ends_on.day, Fraction(0), 0, service.ends_on
    while last >= today:
        number += 1
        eve = months_later(service.ends_on, -number * months, anchor)
        left += Fraction((last - max(eve, today - ONE_DAY)).days, (last - eve).days)
        last = eve
    return left


def hindrance(service):
    """The Hindrance of a service, or None."""
    if service.status != Service.Status.ACTIVE or service.held_at or is_being_ended(service):
        return Hindrance.NOT_RUNNING
    if not is_renewable(service):
        return Hindrance.ENDLESS
    if service.ends_on < timezone.localdate():
        return Hindrance.OVER
    if service.cancelled_at:
        return Hindrance.CANCELLED
    if service.changes.filter(state__in=ServiceChange.UNDER_WAY).exists():
        return Hindrance.UNDER_WAY
    return None if price_now(service) else Hindrance.NO_PRICE


def price_now(service):
    """The price that its time is counted by: its own, else the one that a renewal would be proposed at, or None."""
    return service.price or offers.usual(service, offers.for_services([service])[service])


def targets(service):
    """The Targets of a service without a Hindrance, the cheapest first.

    They are products of the same group, kind and driver, on offer, that have a price for the same period. Options
    are carried over where the codes match; of others the cheapest value is taken. A set-up fee is not charged, and
    what costs nothing is no target: nobody could renew it. A domain name stays what it is.
    """
    price, today = price_now(service), timezone.localdate()
    own = offers.own_terms(service)
    share = periods_left(service, price.months, today)
    found = [target(product, own, price, share) for product in candidates(service, price) if product.prices_of_period]
    return sorted((row for row in found if row.net), key=lambda row: (row.net, row.product.pk))


def candidates(service, price):
    """Products that it can become, with `prices_of_period` (none or one) and options, by four queries."""
    now = service.product
    if now.group_id is None or now.kind == Product.Kind.DOMAIN:
        return Product.objects.none()
    alike = Product.objects.filter(
        provider=now.provider_id, group=now.group_id, kind=now.kind, driver=now.driver, is_offered=True
    ).exclude(pk=now.pk)
    if not service.domain:
        alike = alike.exclude(asks_domain=True)
    same = Price.objects.filter(months=price.months, currency=price.currency, is_offered=True)
    values = OptionValue.objects.filter(is_offered=True).select_related("option")
    options = ProductOption.objects.prefetch_related(Prefetch("values", values, to_attr="offered"))
    return alike.prefetch_related(Prefetch("prices", same, to_attr="prices_of_period"), Prefetch("options", options))


def target(product, own, price, share):
    """The Target that a candidate makes of a service with its own Terms."""
    had = {option.value.option.code: option.value.code for option in own.options}
    (to,) = product.prices_of_period
    questions = [option for option in product.options.all() if option.offered]
    options = tuple(Chosen(value, value.monthly_net) for value in (pick(row, had.get(row.code)) for row in questions))
    asked = {row.code for row in questions}
    return Target(
        product=product,
        price=to,
        options=options,
        dropped=tuple(option.value for option in own.options if option.value.option.code not in asked),
        net=offers.Terms(product, to.pk, options).net(to),
        former_net=own.net(price),
        share=share,
    )


def pick(option, code):
    """The value of this code, else the cheapest one."""
    same = [value for value in option.offered if value.code == code]
    return same[0] if same else min(option.offered, key=lambda value: (value.monthly_net, value.position, value.pk))
