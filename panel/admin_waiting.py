"""What waits for somebody in the administration: the first thing that is read there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from billing.models import Case
from services.models import ProvisioningJob
from services.turns import TURNS


@dataclass(frozen=True)
class Waiting:
    """One list, narrowed to what waits in it."""

    words: str
    count: int
    address: str


def waiting(user):
    """What waits for this person, as far as they may open it; nothing that does not wait."""
    found = []
    if user.has_perm("services.view_provisioningjob"):
        jobs = reverse("admin:services_provisioningjob_changelist")
        counts = {turn: ProvisioningJob.objects.filter(TURNS[turn]).count() for turn in ("staff", "failed")}
        failed = ngettext("job that failed", "jobs that failed", counts["failed"])
        found.append(Waiting(gettext("to be done by hand"), counts["staff"], f"{jobs}?turn=staff"))
        found.append(Waiting(failed, counts["failed"], f"{jobs}?turn=failed"))
    if user.has_perm("billing.view_case"):
        cases = reverse("admin:billing_case_changelist")
        count = Case.objects.filter(closed_at=None).count()
        found.append(Waiting(ngettext("open case", "open cases", count), count, f"{cases}?closed=no"))
    return [row for row in found if row.count]
