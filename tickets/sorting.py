"""What a conversation is about: its category and its service."""

from django.db import transaction

from accounts.history import record
from services.models import Service
from tickets import targets
from tickets.actions import Action
from tickets.identified import open_for
from tickets.models import Ticket

SERVICES_LISTED = 300


def services_known_to(staff, ticket):
    """The customer's services that this member of staff may see now: see tickets.identified. Without access, none."""
    services = Service.objects.none()
    for access in open_for(staff, ticket):
        services = services | Service.objects.visible_to(access.membership)
    return services.distinct()


@transaction.atomic
def sort(ticket, *, category, service, by):
    """Puts it into this category and under this service or none; the time for an answer is reckoned again.

    Who sees the conversation goes by its service, so this may let other people see it.
    """
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    moved = ticket.category_id != category.pk
    if not moved and ticket.service_id == (service and service.pk):
        return
    ticket.category, ticket.service = category, service
    ticket.save(update_fields=["category", "service"])
    if moved:
        targets.reckon_again(ticket)
    record(Action.TICKET_SORTED, customer=ticket.customer, by=by, ticket=ticket.number)
