"""Finding the customer behind a domain name that a caller reads out."""

from accounts.models import Customer
from services.models import Service
from services.names import canonical_domain


def by_domain(text):
    """Customers with a service of this domain that has not ended."""
    domain = canonical_domain(text)
    if "." not in domain:
        return Customer.objects.none()
    running = Service.objects.filter(domain=domain).exclude(status=Service.Status.ENDED)
    return Customer.objects.filter(pk__in=running.values("customer"))
