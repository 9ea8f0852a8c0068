"""A registrar for what people do: staff register and move names wherever they do so, and say when it is done."""

from services.drivers import Accepted
from services.registrars.base import Availability, Registrar


class ManualRegistrar(Registrar):
    """Every job waits in the administration; services.by_hand is how staff finish or refuse it."""

    IS_OURS = True

    def availability(self, names):
        """Nobody can be asked while a visitor waits: staff look when a name is ordered."""
        return dict.fromkeys(names, Availability.BY_HAND)

    def wait(self, job):
        """Waits for staff."""
        return Accepted()

    create = extend = change = suspend = resume = terminate = nameservers = authinfo = wait
