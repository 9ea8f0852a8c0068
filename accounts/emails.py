"""Every letter of accounts: what its templates are told. The secrets in them are made here, when it is sent."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.history import sentence
from accounts.models import (
    AccessReturn,
    AuthorizationCode,
    Customer,
    DataExport,
    Event,
    Link,
    Membership,
    OneTimeCode,
    RecoveryCode,
    User,
)
from accounts.notify import NoLongerNeeded, letter


def living_link(row):
    """The link to write into a mail; a dead one needs no mail any more."""
    link = row.batch.need(row, "link", Link.objects.select_related("user"))
    if not link.is_alive or link.user.blocked_at:
        raise NoLongerNeeded
    return link


@letter("registration", _("Confirming a registration"))
def registration(row):
    """Confirms a registration."""
    return {"url": living_link(row).url}


@letter("activation", _("Activation of a user"))
def activation(row):
    """Lets a sub-user, or a new member of staff (without a customer), set a password."""
    link = living_link(row)
    if row.ids["membership"] is None:
        return {"url": link.url, "customer": None}
    membership = Membership.objects.select_related("customer").filter(pk=row.ids["membership"]).first()
    if membership is None or membership.blocked_at:
        raise NoLongerNeeded
    return {"url": link.url, "customer": membership.customer}


@letter("sign_in_code", _("One-time code"))
def sign_in_code(row):
    """The one-time code of the second step, by mail or SMS."""
    code = row.batch.need(row, "code", OneTimeCode.objects)
    if not code.is_alive:
        raise NoLongerNeeded
    return {"digits": code.digits, "minutes": int(OneTimeCode.LIFETIME.total_seconds() // 60)}


@letter("signed_in", _("Notice of a sign-in"))
def signed_in(row):
    """Tells of a sign-in: when, from where, with what, by which second step."""
    event = row.batch.need(row, "event", Event.objects)
    way = event.details.get("way")
    label = User.Way(way).label if way in User.Way else _("none, the browser is trusted")
    return {"event": event, "way": label, "url": living_link(row).url}


@letter("recovery", _("Forgotten login or password"))
def recovery(row):
    """Every login at one address, each with its link."""
    links = Link.objects.select_related("user").filter(pk__in=row.ids["links"]).order_by("user__login")
    living = [link for link in links if link.is_alive and not link.user.blocked_at]
    if not living:
        raise NoLongerNeeded
    return {"links": living, "after_alarm": row.ids.get("after_alarm", False)}


@letter("password_changed", _("Notice of a changed password"))
def password_changed(row):
    """Tells of a changed password."""
    return {"url": living_link(row).url, "at": row.created_at}


@letter("second_step_changed", _("Notice of a changed second step"))
def second_step_changed(row):
    """Tells what changed in the second step of signing in."""
    event = row.batch.find(row, "event", Event.objects)
    return {"url": living_link(row).url, "at": row.created_at, "what": event and sentence(event)}


@letter("recovery_code_used", _("Notice of a used recovery code"))
def recovery_code_used(row):
    """Tells that a recovery code was used, and when few are left."""
    left = RecoveryCode.left(row.user)
    return {"at": row.created_at, "left": left, "few": left <= RecoveryCode.FEW, "url": living_link(row).url}


@letter("return_started", _("Notice of access that will be restored"))
def return_started(row):
    """Tells that access will be restored, when, and how to stop it; by mail and SMS."""
    back = row.batch.need(row, "back", AccessReturn.objects.waiting())
    return {"back": back, "url": living_link(row).url if "link" in row.ids else ""}


@letter("return_done", _("Notice of restored access"))
def return_done(row):
    """Tells that codes come by e-mail again and everything else is removed."""
    return {"url": living_link(row).url, "at": row.created_at}


@letter("email_changed", _("Notice of a changed e-mail address"))
def email_changed(row):
    """Tells the old address that the provider put another in its place."""
    return {"person": User.objects.get(pk=row.ids["user"]), "at": row.created_at}


@letter("blocked", _("Notice of blocked access"))
def blocked(row):
    """Tells that the provider blocked the account."""
    return {}


@letter("codes_ended", _("Notice of wrong authorization codes"))
def codes_ended(row):
    """Tells that too many wrong authorization codes were tried."""
    return {"customer": Customer.objects.get(pk=row.ids["customer"]), "at": row.created_at}


@letter("code_used", _("Notice of a used authorization code"))
def code_used(row):
    """Tells that a member of staff used an authorization code."""
    code = AuthorizationCode.objects.select_related("customer").filter(pk=row.ids["code"]).first()
    if code is None:
        raise NoLongerNeeded
    return {"customer": code.customer, "at": row.created_at}


@letter("export_ready", _("File with one's own data"))
def export_ready(row):
    """Tells that the file with one's own data can be downloaded."""
    export = row.batch.need(row, "export", DataExport.objects)
    if export.state != DataExport.State.READY:
        raise NoLongerNeeded
    return {"export": export, "url": settings.SITE_URL + reverse("accounts:export")}
