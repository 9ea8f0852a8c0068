"""The side menus: what exists and what this person may open."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission as AccountsPermission
from tickets.permissions import Permission as TicketsPermission


@dataclass
class Item:
    """A line of the menu. `everything`: only for people who see everything of the customer."""

    label: str
    icon: str
    url_name: str = ""
    permission: object = None
    everything: bool = False
    children: list = field(default_factory=list)
    current: bool = False

    @property
    def url(self):
        return reverse(self.url_name) if self.url_name else ""

    def is_for(self, membership):
        """Whether this person may open it."""
        if self.everything and not membership.sees_everything:
            return False
        return self.permission is None or membership.may(self.permission)


def entries():
    """The menu in the order of the product, without what does not exist yet."""
    return [
        Item(_("Home page"), "home", "home"),
        Item(_("Services"), "server", "services:services"),
        Item(_("Domains"), "globe", "services:domains"),
        Item(
            _("Help centre"),
            "help",
            children=[Item(_("Messages and notices"), "mail", "tickets:list", TicketsPermission.TICKETS)],
        ),
        Item(_("Users"), "users", "accounts:users", AccountsPermission.USERS),
        Item(
            _("Your data"),
            "user",
            children=[
                Item(_("Personal data"), "user", "accounts:personal_data"),
                Item(_("Contact data"), "phone", "accounts:contacts", everything=True),
                Item(_("Authorization code"), "key", "accounts:authorization_code"),
                Item(_("Security"), "shield", "accounts:security"),
                Item(_("History"), "history", "accounts:history"),
            ],
        ),
    ]


def customer_menu(request):
    """The menu for this person, with the current place marked."""
    items = []
    for item in entries():
        item.children = [child for child in item.children if child.is_for(request.membership)]
        if item.is_for(request.membership) and (item.url_name or item.children):
            items.append(item)
    return mark_current(items, request.path)


def desk_menu(request):
    """The menu of the provider's own people."""
    items = []
    if request.user.is_support:
        items += [Item(_("Messages"), "mail", "tickets:desk"), Item(_("Who is calling"), "phone", "caller")]
    if request.user.is_staff:
        items.append(Item(_("Administration"), "server", "admin:index"))
    if request.membership is None:
        items.append(Item(_("Security"), "shield", "accounts:security"))
    return mark_current(items, request.path)


def mark_current(items, path):
    """Marks the line whose address fits the page most closely."""
    lines = [line for item in items for line in [item, *item.children] if line.url]
    fitting = [line for line in lines if path == line.url or (line.url != "/" and path.startswith(line.url))]
    if fitting:
        max(fitting, key=lambda line: len(line.url)).current = True
    return items
