"""The side menu: what exists and what this person may open."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission as AccountsPermission


@dataclass
class Item:
    """A line of the menu; `views` are the URL names under which it is the current one."""

    label: str
    icon: str
    url_name: str = ""
    permission: object = None
    children: list = field(default_factory=list)
    current: bool = False
    url: str = ""


def entries():
    """The menu in the order of the product, without what does not exist yet."""
    return [
        Item(_("Home page"), "home", "home"),
        Item(_("Users"), "users", "accounts:users", AccountsPermission.USERS),
        Item(
            _("Your data"),
            "user",
            children=[
                Item(_("Personal data"), "user", "accounts:personal_data"),
                Item(_("Contact data"), "phone", "accounts:contacts"),
                Item(_("Authorization code"), "key", "accounts:authorization_code"),
                Item(_("Security"), "shield", "accounts:security"),
                Item(_("History"), "history", "accounts:history"),
            ],
        ),
    ]


def customer_menu(request):
    """The menu for this person, with the current place marked."""
    return [item for item in (shown(item, request) for item in entries()) if item]


def shown(item, request):
    """The item with its address, or None when this person may not open it."""
    if item.permission and not request.membership.may(item.permission):
        return None
    if item.url_name:
        item.url = reverse(item.url_name)
        item.current = request.path == item.url or (item.url != "/" and request.path.startswith(item.url))
    item.children = [child for child in (shown(child, request) for child in item.children) if child]
    return item
