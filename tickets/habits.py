"""What a member of support has chosen for their own desk."""

from tickets.models import DeskHabit

# What is worth beginning the day with; a search is not.
REMEMBERED = ("status", "assignee", "category", "sort")


def remember_filters(user, filters):
    """Makes what the filters show the beginning of this person's desk."""
    chosen = {name: str(value) for name in REMEMBERED if (value := filters.chosen(name))}
    DeskHabit.objects.update_or_create(user=user, defaults={"filters": chosen})


def switch_shortcuts(user, *, on):
    """Lets the desk listen to single keys, or not."""
    DeskHabit.objects.update_or_create(user=user, defaults={"has_shortcuts": on})
