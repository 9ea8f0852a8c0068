"""What the panel itself writes into the history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import history, history_kinds


@history.register
class Action(models.TextChoices):
    """Labels are filled from an entry's details."""

    STAFF_LOOKED = "staff_looked", _("Support opened your data and your list of services.")
    STAFF_LOOKED_AT_SERVICE = "staff_looked_at_service", _("Support opened the service %(service)s.")
    STAFF_LOOKED_AT_DOCUMENTS = "staff_looked_at_documents", _("Support opened the list of your invoices.")
    CALL_ENDED = "call_ended", _("Support ended the call and closed your data.")


# Pages opened, not things done.
LOOKS = (Action.STAFF_LOOKED, Action.STAFF_LOOKED_AT_SERVICE, Action.STAFF_LOOKED_AT_DOCUMENTS)


history_kinds.put(Action, history_kinds.Kind.SUPPORT)
