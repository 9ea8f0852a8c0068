"""What runs by the clock."""

from datetime import timedelta

from django_tasks import task

from accounts.work.periodic import every
from tickets import attachments


@every(timedelta(hours=1))
@task()
def remove_abandoned_uploads():
    """Deletes files that were uploaded for messages nobody sent."""
    attachments.remove_abandoned()
