"""A registrar with a small registry of its own in the database: a laptop has all that a demo needs."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts import keys
from services.calendar import months_later
from services.domain_names import BadName, in_punycode
from services.drivers import Done, DriverError
from services.models import Domain, RegistryName
from services.registrars.base import Availability, Registrar, WrongAuthInfo


class NullRegistrar(Registrar):
    """Names registered here are taken; names of another registrar come with the right AuthInfo."""

    IS_OURS = True

    def availability(self, names):
        taken = set(RegistryName.objects.filter(name__in=names).values_list("name", flat=True))
        return {name: Availability.TAKEN if name in taken else Availability.FREE for name in names}

    @transaction.atomic
    def create(self, job):
        if job.asked.get("origin") == Domain.Origin.TRANSFERRED:
            return self.transfer(job)
        row, is_new = RegistryName.objects.get_or_create(name=name_of(job), defaults={"reference": job.reference})
        if not is_new and row.reference != job.reference:
            raise DriverError("the name is taken", permanent=True)
        return self.give(row, job) if is_new else Done(remote_id=row.name)

    def transfer(self, job):
        """Takes the name over from another registrar. Raises WrongAuthInfo."""
        row = RegistryName.objects.select_for_update().filter(name=name_of(job)).first()
        if row is None:
            raise DriverError("the name is registered nowhere", permanent=True)
        if row.reference == job.reference:
            return Done(remote_id=row.name)
        if row.holder:
            raise DriverError("the name is registered here already", permanent=True)
        if not keys.same(self.typed_authinfo(job), row.authinfo or ""):
            raise WrongAuthInfo
        return self.give(row, job)

    def give(self, row, job):
        """The name belongs to the service of the job from now on, for the months that were paid."""
        row.holder, row.reference, row.authinfo = holder_of(job), job.reference, keys.new_selector()
        if months := job.asked.get("months"):
            row.expires_on = months_later(timezone.localdate(), months)
        row.save()
        return Done(remote_id=row.name, answer={"registered until": str(row.expires_on or "")})

    def extend(self, job):
        row = ours(job)
        row.expires_on = date.fromisoformat(job.asked["until"])
        row.save(update_fields=["expires_on"])
        return Done()

    def nameservers(self, job):
        row = ours(job)
        row.nameservers = job.asked["nameservers"]
        row.save(update_fields=["nameservers"])
        return Done()

    def authinfo(self, job):
        return Done(authinfo=ours(job).authinfo or "")

    def suspend(self, job):
        """The name rests with its name servers; the registry keeps it."""
        return Done()

    def resume(self, job):
        return Done()

    def change(self, job):
        """A name is the same whatever product it is sold as."""
        return Done()

    def terminate(self, job):
        """The name is free for everybody; a second time there is nothing to free."""
        RegistryName.objects.filter(name=name_of(job), holder=holder_of(job)).delete()
        return Done()


def name_of(job):
    """The name that a job is about, as the registry has it. Raises DriverError for what is no name."""
    try:
        return in_punycode(job.service.domain)
    except BadName as error:
        raise DriverError(str(error), permanent=True) from None


def holder_of(job):
    """What the registry calls the service by."""
    return f"service:{job.service_id}"


def ours(job):
    """The row of a name that is kept here; one that the registry had not heard of is entered now.

    Raises DriverError when it belongs to somebody else.
    """
    row, is_new = RegistryName.objects.get_or_create(name=name_of(job), defaults={"holder": holder_of(job)})
    if row.holder != holder_of(job):
        raise DriverError("the name is registered for somebody else", permanent=True)
    if is_new or not row.secret:
        row.authinfo = keys.new_selector()
        row.save(update_fields=["secret"])
    return row
