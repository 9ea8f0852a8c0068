"""What entries of the history are about, for choosing among them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.history import Action


class Kind(models.TextChoices):
    """Kinds of entries, in the order in which they are offered."""

    SIGNING_IN = "signing_in", _("Signing in and security")
    SUPPORT = "support", _("Codes, support and administration")
    DATA = "data", _("Data and consents")
    USERS = "users", _("Users")
    MONEY = "money", _("Orders, invoices and payments")
    SERVICES = "services", _("Services")
    MESSAGES = "messages", _("Messages")


A = Action

# Of every action its kind; each app above adds its own.
KINDS = dict.fromkeys(
    [
        *(A.SIGNED_IN, A.SIGNED_OUT, A.SESSIONS_ENDED, A.SESSIONS_CLOSED, A.SESSION_CLOSED, A.SIGNED_OUT_BY_STAFF),
        *(A.APP_ADDED, A.APP_REMOVED, A.PASSKEY_ADDED, A.PASSKEY_REMOVED, A.RECOVERY_CODES_MADE),
        *(A.SECOND_STEP_CHANGED, A.RECOVERY_CODE_USED, A.PHONE_CONFIRMED, A.BROWSER_TRUSTED, A.BROWSERS_FORGOTTEN),
        *(A.RETURN_STARTED, A.RETURN_CANCELLED, A.RETURN_DONE),
        *(A.PASSWORD_REQUESTED, A.PASSWORD_CHANGED, A.LOGIN_CHANGED),
        *(A.EMAIL_CHANGED, A.EMAIL_ASKED, A.EMAIL_CONFIRMED, A.EMAIL_RESTORED),
    ],
    Kind.SIGNING_IN,
)
KINDS |= dict.fromkeys(
    [
        *(A.CODE_MADE, A.CODE_REVOKED, A.CODE_RIGHT, A.CODE_WRONG, A.CODES_ENDED, A.INSTRUCTION),
        *(A.ADMIN_LOOKED, A.ADMIN_LOOKED_AT_USER, A.MESSAGE_TRIED_AGAIN, A.TASK_TRIED_AGAIN, A.MAILING_SENT),
    ],
    Kind.SUPPORT,
)
KINDS |= dict.fromkeys(
    [
        *(A.REGISTERED, A.CONFIRMED, A.DATA_CHANGED, A.BILLING_CHANGED, A.VAT_CONFIRMED, A.VAT_NOT_CONFIRMED),
        *(A.CONTACT_ADDED, A.CONTACT_CHANGED, A.CONTACT_REMOVED, A.CONTACT_MAILS_OFF, A.CONTACT_MAILS_ON),
        *(A.MAILS_SWITCHED_OFF, A.MAILS_SWITCHED_ON, A.MAILS_RETURN, A.MAILS_ARRIVE),
        *(A.MAILING_JOINED, A.MAILING_LEFT, A.TERMS_ACCEPTED, A.EXPORT_ASKED, A.EXPORT_DOWNLOADED),
        *(A.CLOSING_ASKED, A.CLOSING_TAKEN_BACK, A.CUSTOMER_CLOSED, A.CUSTOMER_REOPENED, A.DATA_ERASED),
        *(A.CUSTOMER_VERIFIED, A.VERIFICATION_TAKEN_BACK),
    ],
    Kind.DATA,
)
KINDS |= dict.fromkeys(
    [
        *(A.SUBUSER_ADDED, A.SUBUSER_CHANGED, A.SUBUSER_BLOCKED, A.SUBUSER_UNBLOCKED, A.SUBUSER_REMOVED),
        *(A.ACTIVATION_RESENT, A.ACTIVATED, A.INVITATION_ACCEPTED, A.INVITATION_DECLINED, A.OWNER_CHANGED),
        *(A.USER_BLOCKED, A.USER_UNBLOCKED, A.STAFF_RIGHTS_CHANGED),
    ],
    Kind.USERS,
)


def put(actions, kind):
    """Says what an app's Action enum is about; looks by the provider's people stay with those."""
    for action in actions:
        KINDS[action] = Kind.SUPPORT if "looked" in action.value else kind


def actions_of(kind):
    """Every action of this kind."""
    return [action for action, its_kind in KINDS.items() if its_kind == kind]
