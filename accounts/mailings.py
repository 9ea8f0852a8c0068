"""Mails to the mailing list: a row for everybody who asked for it, written by the worker in portions."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts import consents, notify
from accounts.history import Action, record
from accounts.models import Consent, Mailing, User
from accounts.notify import Kind, NoLongerNeeded, letter
from accounts.work.retry import retries

PORTION = 500


@letter("mailing", _("Mail to the mailing list"), optional=Kind.NEWS.label, kind=Kind.NEWS, by_consent=True)
def mailing(row):
    """What the provider wrote, in the reader's language; not for who left the list meanwhile."""
    found = row.batch.need(row, "mailing", Mailing.objects)
    if not row.user.is_active or not consents.has(row.user, Consent.Kind.MAILING):
        raise NoLongerNeeded
    english = row.language == "en"
    return {
        "subject": found.subject_en if english else found.subject_pl,
        "text": found.text_en if english else found.text_pl,
    }


@transaction.atomic
def send(mailing, *, by):
    """Has the worker write to everybody on the list; False when it was sent before."""
    if not Mailing.objects.filter(pk=mailing.pk, sent_at=None).update(sent_at=timezone.now()):
        return False
    record(Action.MAILING_SENT, user=by, by=by, subject=mailing.subject_pl)
    write.enqueue(mailing.pk)
    return True


@task()
@retries(10, on=(Exception,))
def write(mailing_pk):
    """Writes the mails portion by portion; a worker that comes after one that was killed goes on where it stopped."""
    while write_portion(mailing_pk):
        pass


@transaction.atomic
def write_portion(mailing_pk):
    """The next people on the list; how many there were."""
    mailing = Mailing.objects.select_for_update(no_key=True).get(pk=mailing_pk)
    on_the_list = User.objects.filter(consents__kind=Consent.Kind.MAILING, consents__withdrawn_at=None)
    people = on_the_list.filter(pk__gt=mailing.sent_up_to, activated_at__isnull=False, blocked_at=None)
    portion = list(people.order_by("pk")[:PORTION])
    for person in portion:
        notify.mail("mailing", to=person, mailing=mailing.pk)
    if portion:
        Mailing.objects.filter(pk=mailing.pk).update(sent_up_to=portion[-1].pk)
    return len(portion)
