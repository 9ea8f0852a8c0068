from datetime import timedelta

from django.db import migrations
from django.db.models import Exists, OuterRef

from tickets.opening import USUAL, Calendar


def give_targets(apps, schema_editor):
    """What waited before there were targets gets the one it would have had: counted from when it began to wait."""
    Ticket, Turn = apps.get_model("tickets", "Ticket"), apps.get_model("tickets", "Turn")
    hours = apps.get_model("tickets", "OpeningHours").objects.all()
    calendar = Calendar({day.weekday: (day.opens, day.closes) for day in hours} or USUAL)
    counted = Turn.objects.filter(ticket=OuterRef("pk"), answered_at=None)
    for ticket in Ticket.objects.filter(~Exists(counted), status="open").select_related("category"):
        is_first, began = ticket.last_staff_message_at is None, ticket.status_since
        allowed = ticket.category.first_answer_hours if is_first else ticket.category.next_answer_hours
        due = calendar.after(began, timedelta(hours=allowed))
        Ticket.objects.filter(pk=ticket.pk).update(due_at=due)
        Turn.objects.create(ticket=ticket, is_first=is_first, began_at=began, due_at=due)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0019_order_of_files"),
    ]

    operations = [migrations.RunPython(give_targets, migrations.RunPython.noop)]
