"""What stands out about a service, at the top of its page: what it waits for, that it rests, ends or has ended."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.expiry import is_renewable
from services.models import Domain, ProvisioningJob, Service

Act, State, Status = ProvisioningJob.Act, ProvisioningJob.State, Service.Status
# Functions that get a service that the provider has switched off and say why, and what helps, or "": appended in
# AppConfig.ready().
WHY_HELD = []
DOING = {
    Act.CREATE: gettext_lazy("This service is being set up."),
    Act.CHANGE: gettext_lazy("This service is being changed to another product."),
    Act.SUSPEND: gettext_lazy("This service is being switched off."),
    Act.RESUME: gettext_lazy("This service is being switched on again."),
    Act.TERMINATE: gettext_lazy("This service is being ended."),
}


@dataclass(frozen=True)
class Notice:
    """A sentence in bold, more words after it, and how serious it is."""

    tone: str
    title: str
    text: str = ""


def notices_of(service):
    """The notices of a service out of `shown.for_page`, the most important first."""
    found = [ended(service), work(service), resting(service), cancelled(service)]
    return [notice for notice in found if notice]


def ended(service):
    """What has ended is told of by nothing else; a withdrawal is told of until then and afterwards."""
    if withdrawal := getattr(service, "withdrawal", None):
        day = date_format(withdrawal.received_at, "DATE_FORMAT")
        return Notice("info", _("You withdrew from this contract on %(day)s.") % {"day": day}, what_follows(service))
    if service.status == Status.ENDED:
        return Notice("info", _("This service has ended."))
    return None


def what_follows(service):
    """What becomes of what was withdrawn from."""
    if service.status == Status.ENDED:
        return _("The service has ended. We give the money back within 14 days of your statement.")
    return _("The service is being ended. We give the money back within 14 days of your statement.")


def work(service):
    """What a driver has not done yet; only what it has done is called so."""
    act = service.open_act
    if is_being_resumed(service):
        return Notice("info", str(DOING[Act.RESUME]))
    if act == Act.TERMINATE and getattr(service, "withdrawal", None) and not has_failed(service):
        return None  # said with the withdrawal
    if service.status == Status.ENDED or act is None or (act == Act.EXTEND and not has_failed(service)):
        return waiting(service)
    words = str(DOING.get(act, _("The server has not taken over the new end of this service yet.")))
    if awaits_authinfo(service):
        return Notice("warn", words, _("It waits for another AuthInfo, see below."))
    if service.open_state == State.FAILED:
        return Notice("warn", words, _("That did not work. Support is looking into it."))
    if has_failed(service):
        return Notice("warn", words, _("That did not work at once. We try again by ourselves."))
    return Notice("info", words, _("We will tell you when it runs.") if act == Act.CREATE else "")


def has_failed(service):
    """Whether its server did not do it at once, be it for good or until the next attempt."""
    return service.open_state == State.FAILED or bool(service.open_failures)


def awaits_authinfo(service):
    """Whether its transfer was refused because of the AuthInfo, so that the next step is the customer's."""
    is_failed = service.open_act == Act.CREATE and service.open_state == State.FAILED
    domain = getattr(service, "registration", None) if is_failed else None
    return domain is not None and domain.origin == Domain.Origin.TRANSFERRED and not domain.authinfo


def is_being_resumed(service):
    """Whether paying for a suspended service is about to switch it on again."""
    is_asked = service.open_act == Act.EXTEND and service.open_resume and not has_failed(service)
    return service.status == Status.SUSPENDED and not service.held_at and bool(is_asked)


def waiting(service):
    """What is not set up although nobody was asked to: support sees to it."""
    if service.status != Status.PENDING:
        return None
    return Notice("info", _("This service is being set up."), _("We will tell you when it runs."))


def resting(service):
    """Why it does not run, and what helps."""
    if service.status != Status.SUSPENDED or service.open_act == Act.RESUME or is_being_resumed(service):
        return None
    if is_renewable(service) and service.days_left < 0 and not service.held_at:
        text = _("Its paid time is over. Renew it, and it runs again once that is paid.")
    else:
        text = why_held(service) or _("Write to support to have it switched on again.")
    return Notice("bad", _("This service is suspended."), text)


def why_held(service):
    """What somebody above knows of the reason for which the provider has switched it off, or ""."""
    return next((text for tell in WHY_HELD if service.held_at and (text := tell(service))), "")


def cancelled(service):
    """That it ends with its paid time, unless it ends sooner."""
    if not service.cancelled_at or not is_renewable(service) or service.is_ending:
        return None
    day = date_format(service.ends_on, "DATE_FORMAT")
    is_over = service.days_left < 0
    text = _("Its paid time ended on %(day)s.") if is_over else _("It runs until %(day)s and then ends.")
    return Notice("warn", _("This service is cancelled."), text % {"day": day})
