"""Whose cart it is: of the membership that is signed in, or of a visitor by a token that only the session knows."""

import secrets

from django.db import transaction

from accounts.models import Membership
from accounts.sessions import digest
from billing.cart import base
from billing.locks import locked_one
from billing.models import CartItem
from billing.permissions import Permission

# Where a session keeps a visitor's token.
IN_SESSION = "cart"


class Visitor:
    """Somebody who has not signed in. Until something is put in, there is neither a token nor a row."""

    customer = None

    def __init__(self, session):
        self.session = session

    @property
    def owner(self):
        """What the items carry, "" while there is no cart."""
        return digest(self.session[IN_SESSION]) if IN_SESSION in self.session else ""

    @property
    def cart_items(self):
        """The items that lie in it."""
        return CartItem.objects.filter(visitor=self.owner) if self.owner else CartItem.objects.none()

    def begin(self):
        """Draws the token that this cart is found by from now on."""
        self.session.setdefault(IN_SESSION, secrets.token_urlsafe(32))


def of(request):
    """The basket of this request: the membership, which takes over what was chosen before signing in, or a Visitor.

    Both have `customer` (None of a visitor) and `cart_items`. Whoever may not order takes nothing over.
    """
    membership = request.membership
    if membership is None:
        return Visitor(request.session)
    if IN_SESSION in request.session and membership.may(Permission.ORDERING):
        take_over(Visitor(request.session), membership)
        del request.session[IN_SESSION]
    return membership


def waits_for(request):
    """Whether something was chosen before signing in that this person, who may order, has not seen in a cart yet."""
    if request.membership is None or IN_SESSION not in request.session:
        return False
    return request.membership.may(Permission.ORDERING) and Visitor(request.session).cart_items.exists()


@transaction.atomic
def take_over(visitor, membership):
    """Moves the visitor's items into the cart of the membership, the oldest first, as many as it holds.

    Only what the customer's own provider sells: the visitor saw the catalogue of the panel's.
    """
    locked_one(Membership.objects, pk=membership.pk)
    found = list(visitor.cart_items.filter(product__provider=membership.customer.provider_id).order_by("pk"))
    domains = {item.domain for item in found if item.origin}
    membership.cart_items.filter(domain__in=domains).exclude(origin="").delete()
    room = max(0, base.MOST_ITEMS - membership.cart_items.count())
    CartItem.objects.filter(pk__in=[item.pk for item in found[:room]]).update(membership=membership, visitor="")
    visitor.cart_items.all().delete()


def owner_of(basket):
    """The columns by which an item belongs to this basket."""
    return {"visitor": basket.owner} if isinstance(basket, Visitor) else {"membership": basket}
