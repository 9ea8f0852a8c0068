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
    SERVICE_ENDED = "service_ended", _("The service %(service)s ended.")
    DRIVER_TOLD_AGAIN = "driver_told_again", _("The provider sets up again that %(service)s is paid until %(until)s.")
    AUTO_RENEWAL_ON = "auto_renewal_on", _("Automatic renewal of %(service)s was switched on.")
    AUTO_RENEWAL_OFF = "auto_renewal_off", _("Automatic renewal of %(service)s was switched off.")
    SERVICE_CANCELLED = "service_cancelled", _("The service %(service)s was cancelled: it ends on %(until)s.")
    SERVICE_KEPT = "service_kept", _("The cancelling of %(service)s was taken back.")
    SERVICE_EXTENDED = "service_extended", _("The service %(service)s is paid until %(until)s.")


history_kinds.put(Action, history_kinds.Kind.SERVICES)
