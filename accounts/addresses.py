"""Changing one's own login and e-mail address: the new one proves itself first, the old one has a week's way back."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts import notify
from accounts.history import Action, record
from accounts.identifiers import canonical_login, is_anothers_address
from accounts.models import Link, User
from accounts.recovery import mail_links
from accounts.signin import cancel_return, end_everything, own_customer

DIGITS = "0123456789"


@transaction.atomic
def change_login(user, login):
    """A new login, told by mail; False when it is an address that is theirs no longer.

    Raises IntegrityError when somebody took it at the same moment.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if is_anothers_address(login, user.email):
        return False
    before, user.login = user.login, login
    if before == login:
        return True
    user.save(update_fields=["login"])
    # A link sent before names the old login.
    Link.end_all(user, Link.Purpose.PASSWORD)
    record(Action.LOGIN_CHANGED, customer=own_customer(user), user=user, by=user, before=before, login=login)
    notify.mail("login_changed", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk, before=before)
    return True


@transaction.atomic
def ask_for_email(user, address):
    """Mails a link to the new address; until it is used nothing changes. A newer request ends an older one."""
    link = Link.issue(user, Link.Purpose.EMAIL, address=address)
    record(Action.EMAIL_ASKED, customer=own_customer(user), user=user, by=user)
    notify.mail("email_confirm", address=address, language=user.language, link=link.pk)


@transaction.atomic
def confirm_email(link):
    """Puts the new address in force; ends every session, link and code. True for exactly one use of the link.

    The old address gets a link that takes the change back. False also when the login has become an e-mail
    address since: nobody signs in under an address that is not theirs.
    """
    user = User.objects.select_for_update().get(pk=link.user_id)
    if is_anothers_address(user.login, link.address) or not link.use():
        return False
    before, user.email = user.email, link.address
    user.save(update_fields=["email"])
    end_everything(user)
    record(Action.EMAIL_CONFIRMED, customer=own_customer(user), user=user, by=user)
    back = Link.issue(user, Link.Purpose.EMAIL_BACK, address=before)
    notify.mail("email_moved", address=before, language=user.language, link=back.pk)
    return True


@transaction.atomic
def take_email_back(link):
    """Restores the older address, ends everything and mails a link for a new password there; True for one use.

    Ways back to addresses that came later end too: they may be a thief's.
    """
    user = User.objects.select_for_update().get(pk=link.user_id)
    if user.is_shut_out or not link.use():
        return False
    later = Link.objects.filter(user=user, purpose=Link.Purpose.EMAIL_BACK, pk__gt=link.pk, ended_at=None)
    later.update(ended_at=timezone.now())
    user.email = link.address
    save_with_own_login(user)
    end_everything(user)
    record(Action.EMAIL_RESTORED, customer=own_customer(user), user=user, by=user)
    mail_links([user], after_alarm=True)
    return True


@transaction.atomic
def was_not_me(link):
    """Ends every session of the person and mails a fresh link for a new password; True for one use.

    An address that was put in force after what the person is alarmed about gives way to the one before it:
    otherwise the link would go to the thief. Who holds the alarm's mailbox holds the way back as well.
    """
    if not link.use():
        return False
    cancel_return(link.user)
    since = Link.objects.filter(user=link.user_id, purpose=Link.Purpose.EMAIL_BACK, pk__gt=link.pk)
    back = since.filter(ended_at=None, expires_at__gt=timezone.now()).select_related("user").order_by("pk").first()
    if back and take_email_back(back):
        return True
    end_everything(link.user)
    record(Action.SESSIONS_ENDED, customer=own_customer(link.user), user=link.user, by=link.user)
    if not link.user.is_shut_out:
        mail_links([link.user], after_alarm=True)
    return True


def save_with_own_login(user):
    """Saves the address; a login that is an address no longer theirs becomes their own one, or else a number."""
    fields = ["email", "login"]
    if is_anothers_address(user.login, user.email):
        user.login = canonical_login(user.email)
    try:
        with transaction.atomic():
            user.save(update_fields=fields)
    except IntegrityError:  # somebody has registered under it
        user.login = f"user-{get_random_string(10, DIGITS)}"
        user.save(update_fields=fields)
