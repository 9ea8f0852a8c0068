"""Services with everything that their page asks for, in one query."""

from django.db.models import Exists, OuterRef, Subquery

from services import offers, sip
from services.models import Credential, Product, ProvisioningJob
from services.withdrawing import with_contract

Act = ProvisioningJob.Act
# What the top of the page tells of; passwords and DNS are told where they stand.
TOLD = (Act.CREATE, Act.EXTEND, Act.CHANGE, Act.SUSPEND, Act.RESUME, Act.TERMINATE)


def for_page(services):
    """The services with the latest work that is not done, and whether parts are empty.

    `open_act` and `open_state` are those of the work, `open_failures` how often it went wrong in a row; `has_others`
    says whether its group has another product that it might become.
    """
    of_it = {"service": OuterRef("pk")}
    to_do = ProvisioningJob.objects.filter(**of_it, state__in=ProvisioningJob.TO_DO)
    jobs = to_do.filter(act__in=TOLD).order_by("-pk")
    product = {name: OuterRef(f"product__{name}") for name in ("group", "kind", "driver", "provider")}
    others = Product.objects.filter(**product, is_offered=True).exclude(pk=OuterRef("product"))
    return (
        with_contract(offers.flagged(services))
        .select_related("product", "registration", "price", "customer", "withdrawal")
        .annotate(
            open_act=Subquery(jobs.values("act")[:1]),
            open_state=Subquery(jobs.values("state")[:1]),
            open_failures=Subquery(jobs.values("failures")[:1]),
            open_resume=Subquery(jobs.values("asked__resume")[:1]),
            is_ending=Exists(to_do.filter(act=Act.TERMINATE)),
            has_others=Exists(others),
            has_credentials=Exists(Credential.objects.filter(**of_it)),
            has_withheld=Exists(sip.withheld(Credential.objects.filter(**of_it))),
        )
    )
