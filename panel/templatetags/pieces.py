"""The small pieces of every page. Built in, so that no template has to load them, and quick: long lists have many."""

from functools import cache

from django import template
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import counting
from accounts.identifiers import readable_phone
from accounts.permissions import Permission as AccountsPermission
from billing import gateways
from billing import money as amounts
from billing.models import Document, Payment, Receivable
from billing.orders import LineProgress, Progress, Stage
from billing.permissions import Permission as BillingPermission
from panel.menu import customer_menu
from services.models import Service
from tickets import targets
from tickets.models import Ticket
from tickets.permissions import Permission as TicketsPermission

register = template.Library()

# What each status means to its reader, as in static/css/status.css.
TONES = {
    Ticket: {
        Ticket.Status.OPEN: "wait",
        Ticket.Status.ANSWERED: "ok",
        Ticket.Status.CLOSED: "muted",
    },
    Service: {
        Service.Status.PENDING: "wait",
        Service.Status.ACTIVE: "ok",
        Service.Status.SUSPENDED: "bad",
        Service.Status.ENDED: "muted",
    },
    Receivable: {
        Receivable.Status.OPEN: "wait",
        Receivable.Status.OVERDUE: "bad",
        Receivable.Status.PAID: "ok",
        Receivable.Status.CANCELLED: "muted",
    },
    Document: {
        Document.Status.OPEN: "wait",
        Document.Status.OVERDUE: "bad",
        Document.Status.PAID: "ok",
        Document.Status.CANCELLED: "muted",
        Document.Status.CORRECTED: "warn",
        Document.Status.ISSUED: "ok",
    },
    Payment: {
        Payment.Status.STARTED: "wait",
        Payment.Status.FAILED: "bad",
        Payment.Status.PAID: "ok",
    },
}

TONES[Progress] = TONES[LineProgress] = {
    Stage.UNPAID: "wait",
    Stage.SETTING_UP: "wait",
    Stage.LOOKED_INTO: "warn",
    Stage.RUNS: "ok",
    Stage.DONE: "ok",
    Stage.SUSPENDED: "bad",
    Stage.ENDED: "muted",
    Stage.CANCELLED: "muted",
}

SELECTED = mark_safe(" selected")

# By the words that templates know them by.
PERMISSIONS = {
    permission.value: permission for permission in (*AccountsPermission, *TicketsPermission, *BillingPermission)
}


@register.simple_tag
@cache
def icon(name):
    """`{% icon "mail" %}`: a drawing out of static/icons.svg."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def menu(context):
    """`{% menu as items %}`: the side menu of a customer's person; the `service` of a page says where it belongs."""
    request = context["request"]
    return customer_menu(request, context.get("service")) if getattr(request, "membership", None) else ""


@register.filter(expects_localtime=True)
def moment(at):
    """`{{ ticket.updated_at|moment }}`: date and time, for people and for machines."""
    return format_html(
        '<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), date_format(at, "SHORT_DATETIME_FORMAT")
    )


@register.filter
def money(amount, currency=amounts.CURRENCY):
    """`{{ line.gross|money }}`, `{{ document.gross|money:document.currency }}`: an amount with its currency."""
    return amounts.in_words(amount, currency)


@register.filter
def with_tax(net, rate):
    """`{{ net|with_tax:product.tax_rate|money }}`: the gross of a net amount."""
    return amounts.with_tax(net, rate)


@register.filter
def rate(of_vat):
    """`{{ line.tax_rate|rate }}`: a rate of VAT in words."""
    return _("exempt") if of_vat == amounts.EXEMPT else f"{of_vat}%"


@register.filter
def counted(number):
    """`{{ counts.services|counted }}`: a number of accounts.counting, which stops at its most."""
    return number if number <= counting.MOST else _("over %(most)d") % {"most": counting.MOST}


@register.filter
def phone(number):
    """`{{ user.phone|phone }}`: a number in groups, as one reads it out."""
    return readable_phone(number) if number else ""


@register.filter
def way(name):
    """`{{ payment.gateway|way }}`: a way of paying in words."""
    return gateways.label(name)


@register.filter
def status(thing):
    """`{{ ticket|status }}`: the one place where the status of a thing becomes words and a colour."""
    return mark(TONES[type(thing)][thing.status], str(thing.Status(thing.status).label))


@register.filter
def time_left(service):
    """`{{ service|time_left }}`: how far away its last paid day is, marked when that is urgent."""
    days = service.days_left
    if days > 0:
        words = ngettext("ends in %(days)s day", "ends in %(days)s days", days) % {"days": days}
    else:
        words = _("the paid time is over") if days else _("ends today")
    return mark("bad" if days < 0 else "warn", words) if service.is_urgent else words


@register.filter
def due(ticket):
    """`{{ ticket|due }}`: how soon an answer is due, marked once it is late; "" when nobody waits for one."""
    late, words = targets.in_words(ticket) or (False, "")
    return format_html('<span class="status" data-status="bad">{}</span>', words) if late else words


@cache
def mark(tone, words):
    """The few marks that there are, each made once."""
    return format_html('<span class="status" data-status="{}">{}</span>', tone, words)


@register.filter
def may(membership, permission):
    """`{% if request.membership|may:"ordering" %}`: whether the person has this permission of some app."""
    return membership.may(PERMISSIONS[permission])


@register.filter
def option_tags(options, chosen):
    """`<select>{{ options|option_tags:chosen }}</select>`: by the `key` and `line` of each."""
    chosen = str(chosen)
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((option.key, SELECTED if str(option.key) == chosen else "", option.line) for option in options),
    )


@register.filter
def attributes(values):
    """`{{ widget.attrs|attributes }}`: the attributes of a form field."""
    return flatatt(values)
