"""Promo codes: which one counts, for what, and how often."""

from django.contrib import messages
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing.models import CartItem, PromoCode

# Where a session keeps the code that was typed.
IN_SESSION = "promo"


class PromoRefused(Exception):
    """The code does not count; the message says why in the reader's language."""


def used_up():
    """The refusal of a code that has no use left."""
    return PromoRefused(_("This code has been used as often as it may be."))


def canonical(text):
    """A code as it is kept: in capital letters, without the spaces that came along."""
    return "".join(text.split()).upper()


def find(text, customer, items):
    """The PromoCode that makes something of these items cheaper for this customer (None: a visitor).

    Raises PromoRefused. It is only counted when the order is placed, see `use`.
    """
    promo = PromoCode.objects.filter(code=canonical(text)).first()
    if promo is None:
        raise PromoRefused(_("There is no such code."))
    today = timezone.localdate()
    if promo.valid_from and today < promo.valid_from:
        raise PromoRefused(_("This code is valid from %(day)s.") % {"day": date_format(promo.valid_from)})
    if promo.valid_until and today > promo.valid_until:
        raise PromoRefused(_("This code was valid until %(day)s.") % {"day": date_format(promo.valid_until)})
    if promo.most_uses is not None and promo.uses >= promo.most_uses:
        raise used_up()
    refuse_another(promo, customer)
    if not any(fits(items, promo)):
        raise PromoRefused(_("This code is not for what is in the cart."))
    return promo


def refuse_another(promo, customer, beside=None):
    """Raises PromoRefused when the customer has used it as often as one may, not counting the order `beside`."""
    if customer is None or promo.most_of_a_customer is None:
        return
    if promo.orders.filter(customer=customer).exclude(pk=beside).count() >= promo.most_of_a_customer:
        raise PromoRefused(_("You have used this code as often as one customer may."))


def of(request, items):
    """The PromoCode that was typed in this session, None when there is none; one that counts no more is forgotten."""
    if not (items and request.session.get(IN_SESSION)):
        return None
    try:
        return find(request.session[IN_SESSION], request.customer, items)
    except PromoRefused as refusal:
        messages.warning(request, f"{request.session.pop(IN_SESSION)}: {refusal}")
        return None


def fits(items, promo):
    """For each item whether the code is for it, by two queries."""
    products = set(promo.products.values_list("pk", flat=True))
    groups = set(promo.groups.values_list("pk", flat=True))
    for item in items:
        product = item.product or item.service.product
        acts = [CartItem.Act.PURCHASE] if promo.first_period_only else [CartItem.Act.PURCHASE, CartItem.Act.RENEWAL]
        is_meant = not (products or groups) or product.pk in products or product.group_id in groups
        yield item.act in acts and is_meant


def use(promo, order):
    """Counts one use for the order, by one conditional statement. Raises PromoRefused when none is left.

    The row stays locked until the transaction ends, so that orders of one customer are counted one by one.
    """
    left = PromoCode.objects.filter(Q(most_uses=None) | Q(uses__lt=F("most_uses")), pk=promo.pk)
    if not left.update(uses=F("uses") + 1):
        raise used_up()
    refuse_another(promo, order.customer, beside=order.pk)
    order.promo = promo
    order.save(update_fields=["promo"])


def give_back(order):
    """Takes the use of an order back; twice is harmless, as the caller holds the lock of the order."""
    if order.promo_id:
        PromoCode.objects.filter(pk=order.promo_id).update(uses=F("uses") - 1)
        order.promo = None
        order.save(update_fields=["promo"])
