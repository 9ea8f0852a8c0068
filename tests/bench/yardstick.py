"""The yardstick: session and user by query, a count, and 25 tickets in a bare table. Four queries."""

from django.http import HttpResponse
from django.template import engines
from django.urls import path

TABLE = """<!DOCTYPE html><html><head><title>Tickets</title></head><body><p>{{ user.login }}, {{ count }}</p>
<table><tr><th>Number</th><th>Subject</th><th>Sender</th><th>Service</th><th>Status</th><th>Updated</th></tr>
{% for ticket in tickets %}<tr><td><a href="/messages/{{ ticket.number }}/">{{ ticket.number }}</a></td>
<td>{{ ticket.subject }}</td><td>{{ ticket.sender_email }}</td><td>{{ ticket.service.name }}</td>
<td>{{ ticket.get_status_display }}</td><td>{{ ticket.updated_at }}</td></tr>{% endfor %}</table></body></html>"""

compiled = []


def bare_table(request):
    from tickets.models import Ticket

    if not compiled:
        compiled.append(engines["django"].from_string(TABLE))
    mine = Ticket.objects.filter(customer__memberships__user=request.user.pk)
    user = request.user._wrapped if request.user.is_authenticated else None
    page = {"user": user, "count": mine.count(), "tickets": mine.select_related("service")[:25]}
    return HttpResponse(compiled[0].render(page, request))


urlpatterns = [path("yardstick/", bare_table)]
