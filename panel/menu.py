"""The side menus: what exists and what this person may open."""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission as AccountsPermission
from billing.permissions import Permission as BillingPermission
from services.models import Product
from tickets.permissions import Permission as TicketsPermission

# Of every language, set of rights and current place there is one menu; more than a few hundred are rare.
MENUS_KEPT = 500


@dataclass(frozen=True)
class Item:
    """A line of the menu, or a group of lines.

    `permissions`: one of them is enough, none are needed when there are none. `everything`: only for people
    who see everything of the customer.
    """

    label: str = field(compare=False)  # a lazy text is another one in each language
    icon: str = ""
    url_name: str = ""
    permissions: tuple = ()
    everything: bool = False
    children: tuple = ()

    @cached_property
    def url(self):
        return reverse(self.url_name) if self.url_name else ""

    def is_for(self, membership):
        """Whether this person may open it; a group is for whoever may open a line of it."""
        if self.everything and not membership.sees_everything:
            return False
        if self.children:
            return any(child.is_for(membership) for child in self.children)
        return not self.permissions or any(map(membership.may, self.permissions))


# In the order of the product.
CUSTOMER = (
    Item(_("Home page"), "home", "home"),
    Item(_("Services"), "server", "services:services"),
    Item(_("Domains"), "globe", "services:domains"),
    Item(_("Order a service"), "plus", "billing:catalogue", (BillingPermission.ORDERING,)),
    Item(_("Renewals"), "refresh", "billing:renewals", (BillingPermission.ORDERING,)),
    Item(_("Orders"), "cart", "billing:orders", (BillingPermission.INVOICES, BillingPermission.ORDERING)),
    Item(_("Invoices"), "receipt", "billing:invoices", (BillingPermission.INVOICES, BillingPermission.ORDERING)),
    Item(_("Balance"), "wallet", "billing:wallet", (BillingPermission.INVOICES,)),
    Item(
        _("Help centre"),
        "help",
        children=(
            Item(_("Messages and notices"), "mail", "tickets:list", (TicketsPermission.TICKETS,)),
            Item(_("Articles"), "info", "help"),
        ),
    ),
    Item(_("Users"), "users", "accounts:users", (AccountsPermission.USERS,)),
    Item(
        _("Your data"),
        "user",
        children=(
            Item(_("Personal data"), "user", "accounts:personal_data"),
            Item(_("Contact data"), "phone", "accounts:contacts", everything=True),
            Item(_("Authorization code"), "key", "accounts:authorization_code"),
            Item(_("Security"), "shield", "accounts:security"),
            Item(_("History"), "history", "accounts:history"),
        ),
    ),
)
SUPPORT = (Item(_("Messages"), "mail", "tickets:desk"), Item(_("Who is calling"), "phone", "caller"))
ARTICLES = (Item(_("Articles"), "help", "help"),)
ADMINISTRATION = (Item(_("Administration"), "server", "admin:index"),)
ONE_S_OWN = (Item(_("Security"), "shield", "accounts:security"),)


# Pages that stand under another line than their address says: what begins so, and the line.
ELSEWHERE = (("billing:cart", "billing:catalogue"), ("billing:checkout", "billing:catalogue"))


def customer_menu(request, service=None):
    """The menu for this person, with the current place marked; `service` is the one that the page is about."""
    lines = [line for item in CUSTOMER for line in (item, *item.children)]
    place = place_of(request.path, service)
    return drawn(CUSTOMER, frozenset(line for line in lines if line.is_for(request.membership)), place)


def place_of(path, service):
    """The address by which the menu finds the place: the pages of a domain begin as those of any service do."""
    if service and path.startswith(reverse("services:services")) and service.product.kind == Product.Kind.DOMAIN:
        return reverse("services:domains")
    return next((reverse(line) for start, line in ELSEWHERE if path.startswith(reverse(start))), path)


def desk_menu(request):
    """The menu of the provider's own people."""
    user = request.user
    items = (SUPPORT if user.is_support else ()) + ARTICLES + (ADMINISTRATION if user.is_staff else ())
    if request.membership is None:
        items += ONE_S_OWN
    return drawn(items, frozenset(items), request.path)


def drawn(items, allowed, path):
    """The menu as HTML: what is allowed of the items, with the place of `path` marked."""
    return draw(items, allowed, current(allowed, path), get_language())


def current(items, path):
    """The address that fits the page most closely, or ""."""
    fitting = [item.url for item in items if path == item.url or (len(item.url) > 1 and path.startswith(item.url))]
    return max(fitting, key=len, default="")


@lru_cache(MENUS_KEPT)
def draw(items, allowed, current, language):
    """Drawn once and kept: it stands on every page and hardly ever differs."""
    return render_to_string("_menu_items.html", {"items": items, "allowed": allowed, "current": current})
