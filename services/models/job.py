"""Work at the servers of services: the row is the job."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProvisioningJob(models.Model):
    """One thing that a driver is to do for a service, and what has become of it.

    `reference` is unique here and goes to the driver, which does the same thing once however often it is
    asked. Neither what is asked nor what is answered holds a secret. While a driver has it in hand, the job
    is claimed by a worker; a claim of a worker that is no more counts for nothing.
    """

    class Act(models.TextChoices):
        CREATE = "create", _("Set up")
        EXTEND = "extend", _("Extend")
        CHANGE = "change", pgettext_lazy("job", "Change the product")
        PASSWORD = "password", _("Set a password")
        SUSPEND = "suspend", _("Suspend")
        RESUME = "resume", pgettext_lazy("job", "Switch on again")
        TERMINATE = "terminate", _("Terminate")
        ZONE = "zone", _("Publish DNS records")
        NAMESERVERS = "nameservers", _("Set name servers")
        AUTHINFO = "authinfo", _("Give out the AuthInfo")

    class State(models.TextChoices):
        WAITING = "waiting", _("To be done")
        ACCEPTED = "accepted", _("Taken over by the server or by staff")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        # Something later has been done that it would undo: nobody is told any more.
        DROPPED = "dropped", _("No longer needed")

    # What is still to come.
    UNFINISHED = (State.WAITING, State.ACCEPTED)
    # What is still to be done, if by staff.
    TO_DO = (*UNFINISHED, State.FAILED)

    service = models.ForeignKey("services.Service", models.PROTECT, verbose_name=_("service"), related_name="jobs")
    act = models.CharField(_("what"), max_length=12, choices=Act)
    driver = models.CharField(_("driver"), max_length=40)
    reference = models.CharField(_("reference"), max_length=80, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # How many in a row went wrong: after too many it has failed for good.
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    # When its driver is to be asked, or asked again; None while nobody is to ask.
    next_at = models.DateTimeField(_("next attempt"), default=timezone.now, null=True, blank=True)
    claimed_by = models.CharField(_("in the hands of"), max_length=64, blank=True)
    # The signature of the last word that a server told by itself: the same one again is a repetition.
    heard = models.CharField(_("last signature"), max_length=64, blank=True, editable=False)
    asked = models.JSONField(_("request"), default=dict, blank=True)
    answered = models.JSONField(_("answer"), default=dict, blank=True)
    error = models.CharField(_("last error"), max_length=500, blank=True)
    by = models.ForeignKey(
        "accounts.User", models.SET_NULL, verbose_name=_("asked for by"), null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("provisioning job")
        verbose_name_plural = _("provisioning jobs")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["service", "-id"]),
            models.Index(fields=["state", "id"], condition=~models.Q(state="done"), name="jobs_not_done"),
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="jobs_to_do"),
            models.Index(fields=["service"], condition=~models.Q(claimed_by=""), name="jobs_in_hand"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at=None)),
                name="done_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "accepted"]) | models.Q(claimed_by=""),
                name="what_is_over_is_in_no_hands",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="waiting") | models.Q(next_at__isnull=False), name="what_waits_is_tried"
            ),
        ]

    def __str__(self):
        return f"{self.get_act_display()}: {self.service}"
