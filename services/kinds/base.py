"""What a kind of service consists of on its page: parts below each other, and links in the heading."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse


def nothing_more(service, membership):
    """For a part that the service alone is enough for."""
    return {}


def always(service, membership):
    return True


@dataclass(frozen=True)
class Part:
    """A piece of the page: its template knows `service`, `membership` and, as `part`, what `needs` gives.

    `needs(service, membership)` answers with a dict, or None where this part has nothing to show. The template
    is about 20 lines and brings its own `<section class="section">`. Support sees it in a call when
    `for_support` says so; then it holds neither forms nor passwords. `permission` is the word for it, as in
    `|may`; who sees everything has them all.
    """

    template: str
    needs: Callable = nothing_more
    permission: str = ""
    for_support: bool = False


@dataclass(frozen=True)
class Link:
    """A button in the heading, to the named address of whatever app with the key of the service.

    `is_shown(service, membership)` says for whom and when. `query` names what the key stands under behind the
    "?"; without it the key is a part of the address.
    """

    label: str
    url_name: str
    icon: str = ""
    is_shown: Callable = always
    permission: str = ""
    is_primary: bool = False
    query: str = ""

    def address(self, service):
        """Where it leads for this service."""
        if self.query:
            return f"{reverse(self.url_name)}?{self.query}={service.pk}"
        return reverse(self.url_name, args=[service.pk])


@dataclass(frozen=True)
class Kind:
    """How services of one Product.Kind are shown."""

    label: str
    icon: str
    parts: tuple = ()
    links: tuple = ()


def may(membership, permission):
    """Whether the person has a permission of whatever app, known by its word."""
    return not permission or membership.sees_everything or permission in membership.permissions
