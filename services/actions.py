"""What services writes into the history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import history, history_kinds


@history.register
class Action(models.TextChoices):
    """Labels are filled from an entry's details."""

    GRANTS_CHANGED = "grants_changed", _("The services of user %(login)s were changed: %(changes)s.")
    ADMIN_LOOKED_AT_SERVICE = "admin_looked_at_service", _("The administration opened the service %(service)s.")
    SERVICE_ADDED = "service_added", _("The provider added the service %(service)s.")
    SERVICE_CHANGED = "service_changed", _("The provider changed the service %(service)s.")
    SERVICE_DELETED = "service_deleted", _("The provider deleted the service %(service)s.")
    SERVICE_BOUGHT = "service_bought", _("The service %(service)s was bought and is being set up.")
    SERVICE_SET_UP = "service_set_up", _("The service %(service)s runs.")
    SERVICE_SUSPENDED = "service_suspended", _("The service %(service)s was switched off.")
    SERVICE_RESUMED = "service_resumed", _("The service %(service)s was switched on again.")
    SERVICE_HELD = "service_held", _("The provider is switching %(service)s off.")
    SERVICE_RELEASED = "service_released", _("The provider is switching %(service)s on again.")
    JOB_DONE_BY_HAND = "job_done_by_hand", _("The provider did by hand for %(service)s: %(act)s.")
    JOB_REFUSED = "job_refused", _("The provider cannot do for %(service)s: %(act)s. %(reason)s")
    SERVICE_GIVEN_UP = "service_given_up", _("The provider cannot set up %(service)s. %(reason)s")
    SERVICE_ENDED = "service_ended", _("The service %(service)s ended.")
    DRIVER_TOLD_AGAIN = "driver_told_again", _("The provider repeats what failed for %(service)s: %(act)s.")
    AUTO_RENEWAL_ON = "auto_renewal_on", _("Automatic renewal of %(service)s was switched on.")
    AUTO_RENEWAL_OFF = "auto_renewal_off", _("Automatic renewal of %(service)s was switched off.")
    SERVICE_CANCELLED = "service_cancelled", _("The service %(service)s was cancelled: it ends on %(until)s.")
    SERVICE_KEPT = "service_kept", _("The cancelling of %(service)s was taken back.")
    RECORD_ADDED = "record_added", _("A DNS record of %(domain)s was added: %(record)s.")
    RECORD_CHANGED = "record_changed", _("A DNS record of %(domain)s was changed from %(before)s to %(record)s.")
    RECORD_REMOVED = "record_removed", _("A DNS record of %(domain)s was deleted: %(record)s.")
    SERVICE_LABELLED = "service_labelled", _("The label of %(service)s was changed: %(label)s.")
    SERVICE_TERMINATED = "service_terminated", _("The service %(service)s was terminated: it is being ended.")
    CONTRACT_WITHDRAWN = "contract_withdrawn", _("%(name)s withdrew from the contract: %(contract)s.")
    CREDENTIAL_SHOWN = "credential_shown", _("The password of %(account)s of %(service)s was shown.")
    CREDENTIAL_ASKED = "credential_asked", _("A new password of %(account)s of %(service)s was asked for.")
    CREDENTIAL_CHANGED = "credential_changed", _("The password of %(account)s of %(service)s is changed.")
    CHANGE_PLANNED = "change_planned", _("From %(date)s on %(service)s is to be %(product)s.")
    CHANGE_TAKEN_BACK = "change_taken_back", _("%(service)s is not to become %(product)s after all.")
    CHANGE_DROPPED = "change_dropped", _("%(service)s does not become %(product)s: it has ended.")
    CHANGE_BEGUN = "change_begun", _("The change of %(service)s to %(product)s has begun.")
    PRODUCT_CHANGED = "product_changed", _("%(service)s was changed from %(former)s to %(product)s.")
    SIP_ACCOUNT_MAILED = "sip_account_mailed", _("The SIP account %(login)s of %(service)s was sent by e-mail.")
    SERVICE_EXTENDED = "service_extended", _("The service %(service)s is paid until %(until)s.")
    NAMESERVERS_ASKED = "nameservers_asked", _("Name servers for %(service)s were asked for: %(names)s.")
    AUTHINFO_ASKED = "authinfo_asked", _("The AuthInfo of %(service)s was asked for and shown.")
    TRANSFER_TRIED_AGAIN = (
        "transfer_tried_again",
        _("The transfer of %(service)s was asked for with another AuthInfo."),
    )


history_kinds.put(Action, history_kinds.Kind.SERVICES)
