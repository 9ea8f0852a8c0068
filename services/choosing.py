"""Which driver does what for a service: that of its product, its registrar, or its name servers."""

from collections import Counter

from services import drivers, registrars, zones
from services.drivers import DriverError
from services.models import Product, ProvisioningJob


def name_of_driver(service, act):
    """The name of the driver that is to do `act`; kept with the job, whatever becomes of the product."""
    return service.product.zones if act == ProvisioningJob.Act.ZONE else service.product.driver


def family(kind, act):
    """Where the drivers of an act for products of a kind are listed: (dict of classes, dict of labels)."""
    if act == ProvisioningJob.Act.ZONE:
        return zones.ZONES, zones.LABELS
    if kind == Product.Kind.DOMAIN:
        return registrars.REGISTRARS, registrars.LABELS
    return drivers.DRIVERS, drivers.LABELS


def drivers_for(kind, act):
    """The dict of drivers in which those of an act for products of a kind are named."""
    return family(kind, act)[0]


def names_for(kind):
    """The names of drivers that a product of this kind may have."""
    return set(drivers_for(kind, ProvisioningJob.Act.CREATE))


def driver_of(job):
    """The driver of a job. Raises DriverError, permanent, when no version knows it."""
    try:
        return drivers_for(job.service.product.kind, job.act)[job.driver]()
    except KeyError:
        raise DriverError(f"no driver is called “{job.driver}”", permanent=True) from None


def labels():
    """{name: words} of every driver there is; a name that several families have stands for itself."""
    families = [
        (drivers.DRIVERS, drivers.LABELS),
        (registrars.REGISTRARS, registrars.LABELS),
        (zones.ZONES, zones.LABELS),
    ]
    shared = Counter(name for classes, _labels in families for name in classes)
    return {
        name: words.get(name, name) if shared[name] == 1 else name for classes, words in families for name in classes
    }


def label_of(job):
    """What administrators call the driver of a job."""
    _classes, labels = family(job.service.product.kind, job.act)
    return labels.get(job.driver, job.driver)
