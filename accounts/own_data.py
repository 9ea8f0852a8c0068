"""What accounts keeps about people and customers, and what becomes of it after closing."""

from functools import partial

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat, Now
from django.utils.translation import gettext_lazy as _

from accounts import history
from accounts.holdings import everything, hold, leave_out
from accounts.models import (
    AccessReturn,
    AuthenticatorApp,
    AuthorizationCode,
    Consent,
    Contact,
    Customer,
    DataExport,
    Erasure,
    Event,
    Link,
    Membership,
    OneTimeCode,
    Outbox,
    Passkey,
    RecoveryCode,
    SupportSession,
    TermsAcceptance,
    TrustedBrowser,
    User,
    UserSession,
    VatCheck,
)
from accounts.models.user import ERASED_LOGIN
from accounts.retention import CHUNK, anonymised, erased, harmless, kept, of_the_person, rewritten


@hold(
    User,
    *("login", "email", "name", "phone", "language", "second_step", "muted", "texted"),
    *("created_at", "activated_at", "last_login"),
)
def people(membership):
    """The person who asks; colleagues ask for themselves."""
    return User.objects.filter(pk=membership.user_id)


@hold(
    Membership,
    *("customer__number", "role", "permissions", "created_at", "blocked_at"),
)
def memberships(membership):
    return Membership.objects.filter(user=membership.user_id)


@hold(TermsAcceptance, "terms__version", "at", "how", "ip")
def acceptances(membership):
    return TermsAcceptance.objects.filter(user=membership.user_id)


@hold(
    Consent,
    *("kind", "version", "text", "given_at", "given_how", "ip", "withdrawn_at", "withdrawn_how"),
)
def consents(membership):
    return Consent.objects.filter(user=membership.user_id).order_by("pk")


@hold(
    Customer,
    *("number", "kind", "name", "tax_id", "eu_vat", "street", "postal_code", "city", "country"),
    *("created_at", "verified_at", "closed_at"),
)
def customers(membership):
    return everything(membership, Customer.objects.filter(pk=membership.customer_id))


@hold(
    VatCheck,
    *("number", "is_valid", "at", "consultation", "name", "address"),
)
def vat_checks(membership):
    return everything(membership, VatCheck.objects.filter(customer=membership.customer_id).order_by("pk"))


@hold(Contact, "kind", "name", "email", "phone")
def contacts(membership):
    return everything(membership, Contact.objects.filter(customer=membership.customer_id))


@hold(
    Event,
    *("at", "action", "by_name", "by_staff", "ip", "browser", "details"),
)
def events(membership):
    return history.visible_to(membership).order_by("pk")


@hold(
    Outbox,
    *("created_at", "channel", "letter", "address", "state", "sent_at"),
)
def messages(membership):
    return Outbox.objects.filter(user=membership.user_id).order_by("pk")


@hold(UserSession, "browser", "ip", "began_at", "seen_at")
def sessions(membership):
    return UserSession.objects.filter(user=membership.user_id).order_by("began_at")


@hold(TrustedBrowser, "browser", "created_at", "used_at", "expires_at")
def trusted_browsers(membership):
    return TrustedBrowser.objects.filter(user=membership.user_id).order_by("pk")


@hold(Passkey, "name", "created_at", "used_at")
def passkeys(membership):
    return Passkey.objects.filter(user=membership.user_id).order_by("pk")


@hold(AccessReturn, "note", "started_at", "due_at", "cancelled_at", "done_at")
def access_returns(membership):
    return AccessReturn.objects.filter(user=membership.user_id).order_by("pk")


leave_out("a secret, or half of one", AuthenticatorApp, RecoveryCode)
leave_out("the file that all of this is written into", DataExport)
leave_out("half of a secret, good for a short while", Link, OneTimeCode, AuthorizationCode)
leave_out("the history tells of each of them", SupportSession)
leave_out("counts what was erased, in no words of anybody", Erasure)


def forget_person(rows):
    """Leaves of a person the bare row that others point at: nobody signs in as it or finds it."""
    return rows.exclude(login__startswith=ERASED_LOGIN).update(
        login=Concat(Value(ERASED_LOGIN), Cast(F("pk"), CharField())),
        **dict.fromkeys(["email", "name", "phone", "confirmed_phone", "blocked_reason"], ""),
        password=UNUSABLE_PASSWORD_PREFIX,
        muted=[],
        texted=[],
        activated_at=None,
        blocked_at=Now(),
    )


def forget_own_entries(rows):
    """Entries about a person that belong to no customer's history."""
    return history.forget_words(rows.filter(customer_id=None), CHUNK)


erased(_("contact persons"), (Contact, "customer"))
erased(
    _("users, their roles and permissions"),
    *((Membership, "customer"), (AuthorizationCode, "customer"), (SupportSession, "customer")),
)
erased(_("files with all your data that were put together for you"), (DataExport, "membership__customer"))
anonymised(
    _("name, address and tax numbers of the customer"),
    Customer,
    "pk",
    **dict.fromkeys(["name", "tax_id", "eu_vat", "street", "postal_code", "city", "closed_reason"], ""),
)
rewritten(_("the history of the account"), Event, "customer_id", partial(history.forget_words, count=CHUNK))
kept(_("proofs that an EU VAT number was checked"), (VatCheck, "customer"))
of_the_person(
    _("passwords, passkeys, apps and codes, sessions and trusted browsers"),
    *((AuthenticatorApp, "user"), (Passkey, "user"), (RecoveryCode, "user"), (Link, "user"), (OneTimeCode, "user")),
    *((UserSession, "user"), (TrustedBrowser, "user"), (AccessReturn, "user")),
)
of_the_person(_("which mails we sent"), (Outbox, "user"))
of_the_person(
    _("from where terms and mailing list were agreed to"), (Consent, "user"), (TermsAcceptance, "user"), ip=None
)
of_the_person(_("login, name, e-mail address and phone"), (Event, "user_id"), work=forget_own_entries)
# The last: a person without a login of their own is taken for done.
of_the_person(_("login, name, e-mail address and phone"), (User, "pk"), work=forget_person)
harmless("counts what was erased, in no words of anybody", Erasure)
