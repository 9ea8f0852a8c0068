"""Writing to support without signing in: kept until the address is confirmed, and only then a thread."""

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import notify
from tickets.conversation import Outside, open_ticket
from tickets.models import Category, ContactRequest, Message


def came_before(key):
    """Whether this very form was sent already and waits to be confirmed."""
    return ContactRequest.objects.filter(key=key).exists()


@transaction.atomic
def ask(*, key, language, email, **typed):
    """Keeps what was typed and mails the address a link that confirms it. The same form again changes nothing.

    Who has the address is not looked up: nothing here can differ between known and unknown ones. The mail says
    neither what was typed nor by whom, so that nobody is sent the words of a stranger.
    """
    row, is_new = ContactRequest.objects.get_or_create(
        key=key, defaults={"language": language, "email": email, **typed}
    )
    if is_new:
        notify.mail("contact_request", address=email, language=language, request=row.pk)


@transaction.atomic
def confirm(pk):
    """Makes it a thread of nobody's, which support reads; None when it was confirmed before or is too old."""
    row = ContactRequest.living().select_for_update().filter(pk=pk).first()
    if row is None:
        return None
    row.delete()
    with translation.override(row.language):
        category = row.category or Category.for_mail()
        return open_ticket(
            customer=None,
            category=category,
            subject=_("From the contact form: %(category)s") % {"category": category.name},
            text=written(row),
            outside=Outside(
                name=row.name,
                email=row.email,
                origin=Message.Origin.FORM,
                is_verified=True,
                language=row.language,
            ),
        )


def written(row):
    """The text, below what the writer says they are here."""
    if not row.account:
        return row.text
    return "\n\n".join([_("Login or customer number: %(account)s") % {"account": row.account}, row.text])


def forget_unconfirmed():
    """Deletes what nobody confirmed in time; returns how many."""
    return ContactRequest.objects.filter(created_at__lte=timezone.now() - ContactRequest.LIFETIME).delete()[0]
