"""Use that the balance is too small for: told once, switched off beyond a limit, switched on when it is paid."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import notify
from billing import recipients
from billing.cases import close_by_itself, open_case
from billing.models import Case
from billing.money import in_words
from services import provisioning
from services.models import ProvisioningJob, Service

# What these holds are called by, so that nobody takes them for those of staff.
HOLD = "debt"
REASON = Case.Reason.USE_NOT_PAID


def look(customer, due, used):
    """Does what follows from `due` (gross) waiting for the use of these services.

    The caller holds the customer's wallet, so that one looks after the other.
    """
    case = open_of(customer).first()
    if due:
        details = {"amount": str(due), "service": ", ".join(str(service) for service in used)[:400]}
        tell(customer, case, details, switched_off=is_beyond(due) and hold(used, since=case and case.opened_at))
    elif case:
        close_by_itself(REASON, case.key)
        let_go(customer)


def is_beyond(due):
    """Whether so much is not paid that services are switched off."""
    return 0 <= settings.USAGE_DEBT_LIMIT < due


def open_of(customer):
    """The case about this customer, while one is open."""
    return Case.objects.filter(reason=REASON, key=f"use-of:{customer.pk}", closed_at=None)


def tell(customer, case, details, *, switched_off):
    """Tells staff and the customer the first time, and the customer once more when services are switched off."""
    if case is None:
        open_case(REASON, f"use-of:{customer.pk}", customer=customer, **details)
    else:
        open_of(customer).update(details=details)
    if case is None or switched_off:
        for reader in recipients.of(customer):
            notify.mail("use_suspended" if switched_off else "use_waits", **reader, customer=customer.pk)


def hold(services, *, since):
    """Has the services switched off; whether any was. What staff have switched on again since then stays on."""
    rows = [service for service in services if provisioning.can_be_held(service)]
    rows = [service for service in rows if since is None or not was_held(service, since)]
    for service in rows:
        provisioning.hold(service, by=None, why=HOLD)
    return bool(rows)


def was_held(service, since):
    """Whether it was switched off for this since then."""
    return service.jobs.filter(reference__startswith=f"{HOLD}:{service.pk}:", created_at__gte=since).exists()


def is_held(service):
    """Whether it is off because its use is not paid, and for nothing else."""
    return bool(service.held_at) and ProvisioningJob.objects.filter(reference=hold_of(service)).exists()


def hold_of(service):
    """The reference of the job by which a service would have been switched off for this."""
    return provisioning.reference_of_hold(service, HOLD)


def let_go(customer):
    """Switches those of the customer's services on again that are off because of this."""
    for service in Service.objects.filter(customer=customer, held_at__isnull=False).order_by("pk"):
        if is_held(service):
            provisioning.release(service, by=None, only_paid=True)


def why_held(service):
    """What its page says of a service that is off because of this; "" of others."""
    if not is_held(service):
        return ""
    return _("Its use is not paid, because the balance is too small. Top up the balance, and it runs again.")


def limit_in_words():
    """The limit for people, or "" when there is none."""
    return in_words(settings.USAGE_DEBT_LIMIT) if settings.USAGE_DEBT_LIMIT >= 0 else ""
