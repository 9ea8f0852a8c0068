"""Looking at what belongs to a service."""

from accounts.admin.looking import LooksMixin
from accounts.history import record
from services.actions import Action


class LooksAtServiceMixin(LooksMixin):
    """For rows with a `service`: whoever opens one has looked at the service, and its customer reads that."""

    def write_look(self, request, row):
        service = row.service
        record(Action.ADMIN_LOOKED_AT_SERVICE, customer=service.customer, by=request.user, service=str(service))
