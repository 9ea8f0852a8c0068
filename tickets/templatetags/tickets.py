"""What templates about messages use."""

from django import template
from django.utils.html import format_html

from tickets.models import Ticket

register = template.Library()

TONES = {Ticket.Status.OPEN: "wait", Ticket.Status.ANSWERED: "ok", Ticket.Status.CLOSED: "muted"}


@register.filter
def status(ticket):
    """The one place where the status of a thread becomes words and a colour."""
    label = Ticket.Status(ticket.status).label
    return format_html('<span class="status" data-status="{}">{}</span>', TONES[ticket.status], label)
