"""Letters about who acts for whom, changed logins and addresses, and closing."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import closing, retention
from accounts.emails import living_link
from accounts.models import Customer, Membership
from accounts.notify import NoLongerNeeded, letter


@letter("invitation", _("Invitation by another customer"))
def invitation(row):
    """Asks somebody who has a login to act for another customer."""
    link = living_link(row)
    if not link.membership.is_invitation or link.membership.customer.closed_at:
        raise NoLongerNeeded
    membership = link.membership
    several = bool(membership.invited_as.get("any_login"))
    return {"url": link.url, "customer": membership.customer, "several": several}


def membership_of(row):
    """The membership that a letter is about; it may be gone."""
    found = Membership.objects.select_related("user", "customer").filter(pk=row.ids["membership"]).first()
    if found is None:
        raise NoLongerNeeded
    return found


@letter("invitation_accepted", _("Notice of an accepted invitation"))
def invitation_accepted(row):
    """Tells who accepted; where another address had been typed, that they wait to be let in."""
    membership = membership_of(row)
    url = settings.SITE_URL + reverse("accounts:user", args=[membership.pk])
    return {"person": membership.user, "customer": membership.customer, "typed": membership.other_address, "url": url}


@letter("owner_changed", _("Notice of a new owner"))
def owner_changed(row):
    """Tells the former and the new owner."""
    membership = membership_of(row)
    return {"person": membership.user, "customer": membership.customer, "at": row.created_at}


@letter("login_changed", _("Notice of a changed login"))
def login_changed(row):
    """Tells of a new login."""
    return {"url": living_link(row).url, "before": row.ids["before"], "at": row.created_at}


@letter("email_confirm", _("Confirming a new e-mail address"))
def email_confirm(row):
    """Asks the new address."""
    link = living_link(row)
    return {"url": link.url, "person": link.user}


@letter("email_moved", _("Notice of a changed e-mail address, to the old one"))
def email_moved(row):
    """Tells the old address, which can take the change back."""
    link = living_link(row)
    return {"url": link.url, "person": link.user, "at": row.created_at}


def customer_of(row):
    return {"customer": Customer.objects.get(pk=row.ids["customer"])}


@letter("closing_asked", _("Notice of an account that will be closed"))
def closing_asked(row):
    """Tells when the account will be closed, and where to take it back."""
    context = customer_of(row)
    if context["customer"].closing_at is None:
        raise NoLongerNeeded
    # On every page stands a button for everybody in charge; that of closing is the owner's alone.
    return context | {"url": settings.SITE_URL + reverse("home")}


@letter("closing_taken_back", _("Notice of an account that stays open"))
def closing_taken_back(row):
    """Tells that the closing was taken back."""
    context = customer_of(row)
    if context["customer"].closing_at or context["customer"].closed_at:
        raise NoLongerNeeded
    return context


@letter("closed", _("Notice of a closed account"))
def closed(row):
    """Tells that the account is closed, what becomes of its data, and where to write."""
    context = customer_of(row)
    if context["customer"].closed_at is None:
        raise NoLongerNeeded
    return context | {"plan": retention.plan(context["customer"], closing.closes_on(context["customer"]))}


@letter("reopened", _("Notice of a reopened account"))
def reopened(row):
    """Tells that the account is open again."""
    context = customer_of(row)
    if context["customer"].closed_at:
        raise NoLongerNeeded
    return context
