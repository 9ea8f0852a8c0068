"""What runs by the clock."""

from datetime import timedelta

from django_tasks import task

from accounts.work.periodic import daily, every
from tickets import attachments, company, contact, drafts, nobodys
from tickets.incoming import keeping


@every(timedelta(hours=1))
@task()
def remove_abandoned_uploads():
    """Deletes files that were uploaded for messages nobody sent."""
    attachments.remove_abandoned()


@every(timedelta(hours=1))
@task()
def forget_old_drafts():
    """Deletes drafts that nobody has written on for a month."""
    drafts.forget_old()


@every(timedelta(hours=1))
@task()
def forget_who_was_writing():
    """Deletes the signs of answers that were being written."""
    company.forget_old()


@every(timedelta(hours=1))
@task()
def forget_old_mails():
    """Deletes mails as they came, once nobody has to look at them any more."""
    keeping.forget_old()


@daily(hour=3, minute=40)
@task()
def forget_nobodys_threads():
    """Deletes what people unknown to us wrote, a year after it was closed."""
    nobodys.forget_old()


@every(timedelta(hours=1))
@task()
def forget_unconfirmed_messages():
    """Deletes what was written in the contact form and nobody confirmed in time."""
    contact.forget_unconfirmed()
