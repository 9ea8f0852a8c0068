"""What accounts keeps about people and customers."""

from accounts import history
from accounts.holdings import everything, hold, leave_out
from accounts.models import (
    AuthenticatorApp,
    AuthorizationCode,
    Consent,
    Contact,
    Customer,
    DataExport,
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


@hold(
    User,
    *("login", "email", "name", "phone", "language", "second_step", "muted"),
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
    *("created_at", "closed_at"),
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


leave_out("a secret, or half of one", AuthenticatorApp, RecoveryCode)
leave_out("the file that all of this is written into", DataExport)
leave_out("half of a secret, good for a short while", Link, OneTimeCode, AuthorizationCode)
leave_out("the history tells of each of them", SupportSession)
