"""What waits for somebody in the administration: the first thing that is read there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

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
        found += [
            Waiting(words, ProvisioningJob.objects.filter(TURNS[turn]).count(), f"{jobs}?turn={turn}")
            for turn, words in (("staff", _("to be done by hand")), ("failed", _("jobs that failed")))
        ]
    if user.has_perm("billing.view_case"):
        cases = reverse("admin:billing_case_changelist")
        count = Case.objects.filter(closed_at=None).count()
        found.append(Waiting(_("open cases"), count, f"{cases}?closed=no"))
    return [row for row in found if row.count]
