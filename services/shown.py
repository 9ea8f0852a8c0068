"""Services with everything that their page asks for, in one query."""

from django.db.models import Exists, OuterRef, Subquery

from services import offers, sip
from services.models import Credential, Product, ProvisioningJob
from services.withdrawing import with_contract

Act = ProvisioningJob.Act
# What the top of the page tells of; passwords and DNS are told where they stand.
TOLD = (Act.CREATE, Act.EXTEND, Act.CHANGE, Act.SUSPEND, Act.RESUME, Act.TERMINATE)


OF_IT = {"service": OuterRef("pk")}
TO_DO = ProvisioningJob.objects.filter(**OF_IT, state__in=ProvisioningJob.TO_DO)
LATEST = TO_DO.filter(act__in=TOLD).order_by("-pk")
OF_ITS_PRODUCT = {name: OuterRef(f"product__{name}") for name in ("group", "kind", "driver", "provider")}
OTHERS = Product.objects.filter(**OF_ITS_PRODUCT, is_offered=True).exclude(pk=OuterRef("product"))
CREDENTIALS = Credential.objects.filter(**OF_IT)
# Made once, not with every page.
COLUMNS = {
    "open_act": Subquery(LATEST.values("act")[:1]),
    "open_state": Subquery(LATEST.values("state")[:1]),
    "open_failures": Subquery(LATEST.values("failures")[:1]),
    "open_resume": Subquery(LATEST.values("asked__resume")[:1]),
    "is_ending": Exists(TO_DO.filter(act=Act.TERMINATE)),
    "has_others": Exists(OTHERS),
    "has_credentials": Exists(CREDENTIALS),
    "has_withheld": Exists(sip.withheld(CREDENTIALS)),
}


def for_page(services):
    """The services with the latest work that is not done, and whether parts are empty.

    `open_act` and `open_state` are those of the work, `open_failures` how often it went wrong in a row; `has_others`
    says whether its group has another product that it might become.
    """
    told = with_contract(offers.flagged(services)).annotate(**COLUMNS)
    return told.select_related("product", "registration", "price", "customer", "withdrawal")
