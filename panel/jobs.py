"""What the panel itself does by the clock."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from accounts.work.periodic import daily
from panel.models import ArticleDay, MissedSearch

KEPT_MISSED_SEARCHES = timedelta(days=90)
KEPT_VIEWS = timedelta(days=2 * 365)


@daily(hour=4, minute=10)
@task()
def clear_help_figures():
    """Figures of the help centre that are too old to tell anything."""
    now = timezone.now()
    MissedSearch.objects.filter(last_at__lt=now - KEPT_MISSED_SEARCHES).delete()
    ArticleDay.objects.filter(day__lt=(now - KEPT_VIEWS).date()).delete()
