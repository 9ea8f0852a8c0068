"""A pretend server for hosting: every service gets an account, so that all of it can be tried without a server."""

from services.drivers.base import Account, Done
from services.drivers.null import NullDriver
from services.drivers.passwords import new_password
from services.models import Credential, ProvisioningJob


class PretendHost(NullDriver):
    """Nothing is there to be signed in to; an account is called by the key of its service."""

    HOST = "host.example.net"

    def perform(self, job):
        """Everything is done as soon as it is asked for; what is set up gets an account of the server's panel."""
        if job.act != ProvisioningJob.Act.CREATE:
            return super().perform(job)
        login = f"u{job.service_id}"
        account = Account(Credential.Kind.PANEL, login, new_password(), f"https://{self.HOST}:8443")
        return Done(remote_id=login, configuration={"Server": self.HOST}, accounts=(account,))
