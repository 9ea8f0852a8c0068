"""The history that customers read: one line for every thing that happened to their account."""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import origin
from accounts.models import Event

SENTENCES = {}

# What lets somebody do what is being written down, such as a call with a code: (user, details).
BASIS = ContextVar("basis", default=(None, {}))


def register(actions):
    """Adds an app's Action enum (a TextChoices); its labels are the sentences people read."""
    SENTENCES.update({action.value: action.label for action in actions})
    return actions


@register
class Action(models.TextChoices):
    """What accounts writes down. Labels are filled from an entry's details."""

    REGISTERED = "registered", _("The account was registered.")
    CONFIRMED = "confirmed", _("The registration was confirmed.")
    SIGNED_IN = "signed_in", _("Signed in.")
    SIGNED_OUT = "signed_out", _("Signed out.")
    SESSIONS_ENDED = "sessions_ended", _("All sessions were ended: “this was not me”.")
    SESSIONS_CLOSED = "sessions_closed", _("All other sessions were ended.")
    SIGNED_OUT_BY_STAFF = "signed_out_by_staff", _("An administrator ended all sessions of %(login)s.")
    STAFF_RIGHTS_CHANGED = "staff_rights_changed", _("The rights of member of staff %(login)s were changed.")
    SESSION_CLOSED = "session_closed", _("A session was ended: %(browser)s.")
    SECOND_STEP_CHANGED = "second_step_changed", _("The way the second step is taken was changed.")
    APP_ADDED = "app_added", _("An authenticator app was added.")
    APP_REMOVED = "app_removed", _("The authenticator app was removed.")
    PASSKEY_ADDED = "passkey_added", _("A passkey was added: %(name)s.")
    PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed: %(name)s.")
    RECOVERY_CODES_MADE = "recovery_codes_made", _("New recovery codes were made.")
    RECOVERY_CODE_USED = "recovery_code_used", _("A recovery code was used.")
    PHONE_CONFIRMED = "phone_confirmed", _("The phone number was confirmed by a code.")
    BROWSER_TRUSTED = "browser_trusted", _("A browser is trusted for 30 days: %(browser)s.")
    BROWSERS_FORGOTTEN = "browsers_forgotten", _("A browser is no longer trusted.")
    RETURN_STARTED = (
        "return_started",
        _("An administrator began to restore the access of %(login)s. How the identity was checked: %(note)s"),
    )
    RETURN_CANCELLED = "return_cancelled", _("Restoring the access of %(login)s was cancelled.")
    RETURN_DONE = "return_done", _("The access of %(login)s was restored: codes come by e-mail again.")
    PASSWORD_REQUESTED = "password_requested", _("A link for a new password was sent.")
    PASSWORD_CHANGED = "password_changed", _("The password was changed.")
    DATA_CHANGED = "data_changed", _("Personal data were changed: %(fields)s.")
    EMAIL_CHANGED = "email_changed", _("The provider changed the e-mail address.")
    BILLING_CHANGED = "billing_changed", _("Billing data were changed: %(fields)s.")
    MAILS_RETURN = "mails_return", _("E-mails to %(address)s come back.")
    MAILS_ARRIVE = "mails_arrive", _("It was said that e-mails to %(address)s arrive.")
    MAILS_SWITCHED_OFF = "mails_switched_off", _("E-mails were switched off from one of them: %(letter)s.")
    MAILS_SWITCHED_ON = "mails_switched_on", _("E-mails were switched on from one of them: %(letter)s.")
    CONTACT_MAILS_OFF = (
        "contact_mails_off",
        _("Contact person %(name)s switched e-mails off from one of them: %(mails)s."),
    )
    CONTACT_MAILS_ON = (
        "contact_mails_on",
        _("Contact person %(name)s switched e-mails on from one of them: %(mails)s."),
    )
    MAILING_JOINED = "mailing_joined", _("The mailing list was joined.")
    MAILING_LEFT = "mailing_left", _("The mailing list was left.")
    MAILING_SENT = "mailing_sent", _("The mail “%(subject)s” was sent to the mailing list.")
    TERMS_ACCEPTED = "terms_accepted", _("Version %(terms)s of the terms of service was accepted.")
    VAT_CONFIRMED = "vat_confirmed", _("VIES confirmed the EU VAT number %(number)s.")
    VAT_NOT_CONFIRMED = "vat_not_confirmed", _("VIES does not know the EU VAT number %(number)s.")
    CONTACT_ADDED = "contact_added", _("Contact person added: %(name)s.")
    CONTACT_CHANGED = "contact_changed", _("Contact person changed: %(name)s.")
    CONTACT_REMOVED = "contact_removed", _("Contact person removed: %(name)s.")
    SUBUSER_ADDED = "subuser_added", _("User %(login)s was added.")
    SUBUSER_CHANGED = "subuser_changed", _("The rights of user %(login)s were changed.")
    SUBUSER_BLOCKED = "subuser_blocked", _("User %(login)s was blocked.")
    SUBUSER_UNBLOCKED = "subuser_unblocked", _("User %(login)s was unblocked.")
    SUBUSER_REMOVED = "subuser_removed", _("User %(login)s was removed.")
    ACTIVATION_RESENT = "activation_resent", _("The activation mail to user %(login)s was sent again.")
    ACTIVATED = "activated", _("User %(login)s set a password and is active.")
    INVITATION_ACCEPTED = "invitation_accepted", _("User %(login)s accepted the invitation.")
    INVITATION_DECLINED = "invitation_declined", _("An invitation was declined.")
    OWNER_CHANGED = "owner_changed", _("User %(login)s became the owner.")
    LOGIN_CHANGED = "login_changed", _("The login was changed from %(before)s to %(login)s.")
    EMAIL_ASKED = "email_asked", _("A link was sent to a new e-mail address.")
    EMAIL_CONFIRMED = "email_confirmed", _("The e-mail address was changed.")
    EMAIL_RESTORED = "email_restored", _("The older e-mail address was restored: “this was not me”.")
    CLOSING_ASKED = "closing_asked", _("The account will be closed on %(date)s.")
    CLOSING_TAKEN_BACK = "closing_taken_back", _("The account stays open: the closing was taken back.")
    CUSTOMER_CLOSED = "customer_closed", _("The account was closed.")
    CUSTOMER_REOPENED = "customer_reopened", _("The account was opened again.")
    USER_BLOCKED = "user_blocked", _("The provider blocked user %(login)s.")
    USER_UNBLOCKED = "user_unblocked", _("The provider unblocked user %(login)s.")
    CODE_MADE = "code_made", _("An authorization code was generated.")
    CODE_REVOKED = "code_revoked", _("The authorization code was revoked.")
    CODE_RIGHT = "code_right", _("Support checked the authorization code of %(owner)s: right.")
    CODE_WRONG = "code_wrong", _("Support checked an authorization code: wrong.")
    CODES_ENDED = "codes_ended", _("All authorization codes were ended after too many wrong tries.")
    CUSTOMER_VERIFIED = "customer_verified", _("The customer was verified %(verified)s.")
    VERIFICATION_TAKEN_BACK = (
        "verification_taken_back",
        _("The provider took back that the customer is verified."),
    )
    ADMIN_LOOKED = "admin_looked", _("The administration opened your data.")
    ADMIN_LOOKED_AT_USER = "admin_looked_at_user", _("The administration opened the data of user %(login)s.")
    INSTRUCTION = "instruction", _("Support noted an instruction: %(text)s")
    MESSAGE_TRIED_AGAIN = "message_tried_again", _("A message to %(address)s was put back into the queue.")
    EXPORT_ASKED = "export_asked", _("A file with all your data was asked for.")
    EXPORT_DOWNLOADED = "export_downloaded", _("The file with all your data was downloaded.")
    DATA_ERASED = "data_erased", _("Data were erased, as the rules of the closed account say: %(term)s.")
    TASK_TRIED_AGAIN = "task_tried_again", _("The background task %(task)s was put back into the queue.")


# What `fields` of an entry names, by its keys: an entry keeps keys, its reader gets words.
FIELDS = {
    Action.DATA_CHANGED: {
        "name": _("first and last name"),
        "phone": _("phone"),
        "language": _("language"),
        "notifications": _("e-mail notifications"),
        "texts": _("notifications by text message"),
    },
    Action.BILLING_CHANGED: {
        "kind": _("buyer"),
        "name": _("name on invoices"),
        "tax_id": _("NIP"),
        "eu_vat": _("EU VAT number"),
        "street": _("street and number"),
        "postal_code": _("postal code"),
        "city": _("city"),
        "country": _("country"),
    },
}


def day_in_words(text):
    """A day of an entry, which is kept as "2026-11-21", as its reader writes days."""
    try:
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text


# What other details name by a key, with what makes words of it; each app adds its own.
WORDS_OF = {"date": day_in_words, "until": day_in_words}


class Words(dict):
    """Details in the reader's language; a missing one reads as an ellipsis, so that every entry has a sentence."""

    def __missing__(self, key):
        return "…"


def sentence(event):
    """The entry as a sentence in the reader's language."""
    words = Words(event.details)
    if "fields" in words:
        names = FIELDS.get(event.action, {})
        words["fields"] = ", ".join(str(names.get(key, key)) for key in words["fields"])
    words.update({name: WORDS_OF[name](words[name]) for name in WORDS_OF.keys() & words.keys()})
    return str(SENTENCES.get(event.action, event.action)) % words


def basis_in_words(event):
    """What an act of support rested on, for whoever reads the history, or ""."""
    if made := event.details.get("code_made"):
        at = timezone.localtime(datetime.fromisoformat(made))
        return gettext("by the authorization code of %(owner)s made at %(time)s") % {
            "owner": event.details["owner"],
            "time": time_format(at),
        }
    if case := event.details.get("case"):
        return gettext("by message %(case)s of %(owner)s") % {"case": case, "owner": event.details["owner"]}
    return ""


def sentence_of(action):
    """What entries of this action say, with an ellipsis for what differs between them."""
    return str(SENTENCES.get(action, action)) % Words()


def record(action, *, customer=None, user=None, by=None, **details):
    """Writes a line: what happened, to which customer or user, by whom. Details must be JSON.

    A staff member's own events carry no customer; `by` None means the system itself.
    """
    where = origin.current.get()
    person, basis = BASIS.get()
    user = user or person
    return Event.objects.create(
        at=timezone.now(),
        action=action,
        customer_id=customer.pk if customer else None,
        user_id=user.pk if user else None,
        by_id=by.pk if by else None,
        by_name=by.display_name if by else "",
        by_staff=bool(by and by.is_any_staff),
        ip=where.ip,
        browser=where.browser,
        details=basis | details,
    )


@contextmanager
def resting_on(user, **details):
    """Every line written inside names what the act rests on, and is read by this person, too."""
    token = BASIS.set((user, details))
    try:
        yield
    finally:
        BASIS.reset(token)


def visible_to(membership):
    """What this person may read: all of the customer's, or a standard sub-user's own."""
    return Event.objects.filter(reduce(or_, parts_of(membership)))


def parts_of(membership):
    """The same as conditions of which each is answered by an index of its own."""
    about_me = models.Q(user_id=membership.user_id)
    if membership.sees_everything:
        return [about_me, models.Q(customer_id=membership.customer_id)]
    return [about_me, models.Q(by_id=membership.user_id, customer_id=membership.customer_id)]


@contextmanager
def unlocked():
    """The one way round the triggers, for retention and for emptying a test database.

    Inside, and in one transaction, rows of the history can be deleted.
    """
    with transaction.atomic():
        set_lock(False)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                set_lock(True)


def forget_words(rows, count):
    """Takes names, addresses and details out of at most `count` of the entries; returns how many it were.

    Entries are never updated: each is deleted and written anew, with its number, its time and what was done.
    """
    with unlocked():
        chunk = list(rows.exclude(by_name="", ip=None, browser="", details={}).order_by("pk")[:count])
        Event.objects.filter(pk__in=[event.pk for event in chunk]).delete()
        for event in chunk:
            event.by_name, event.ip, event.browser, event.details = "", None, "", {}
        Event.objects.bulk_create(chunk)
    return len(chunk)


def set_lock(locked):
    """Shuts or opens the history for this connection; see migration 0002 for what looks at it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('panel.history', %s, true)", ["locked" if locked else "open"])
        else:
            cursor.execute("DELETE FROM accounts_historydoor")
            if not locked:
                cursor.execute("INSERT INTO accounts_historydoor (id) VALUES (1)")
