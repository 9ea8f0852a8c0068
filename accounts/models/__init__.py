"""The tables of accounts, one subject a module."""

from accounts.models.access_return import AccessReturn
from accounts.models.bounced import BouncedAddress, BounceReport
from accounts.models.browsers import TrustedBrowser, UserSession
from accounts.models.code import AuthorizationCode, SupportSession
from accounts.models.consent import Consent, Unwanted
from accounts.models.contact import Contact
from accounts.models.customer import Customer
from accounts.models.erasure import Erasure
from accounts.models.event import Event
from accounts.models.export import DataExport
from accounts.models.factors import AuthenticatorApp, Passkey, RecoveryCode
from accounts.models.limit import LimitCounter
from accounts.models.mailing import Mailing
from accounts.models.outbox import Outbox
from accounts.models.provider import Provider
from accounts.models.security import Link, OneTimeCode
from accounts.models.terms import Terms, TermsAcceptance
from accounts.models.user import Membership, User
from accounts.models.vat import VatCheck
from accounts.models.worker import BackgroundTask, PeriodicJob, TaskFailure, WorkerHeartbeat

__all__ = [
    "AccessReturn",
    "AuthenticatorApp",
    "AuthorizationCode",
    "BackgroundTask",
    "BounceReport",
    "BouncedAddress",
    "Consent",
    "Contact",
    "Customer",
    "DataExport",
    "Erasure",
    "Event",
    "LimitCounter",
    "Link",
    "Mailing",
    "Membership",
    "OneTimeCode",
    "Outbox",
    "Passkey",
    "PeriodicJob",
    "Provider",
    "RecoveryCode",
    "SupportSession",
    "TaskFailure",
    "Terms",
    "TermsAcceptance",
    "TrustedBrowser",
    "Unwanted",
    "User",
    "UserSession",
    "VatCheck",
    "WorkerHeartbeat",
]
