"""The passwords of services themselves: shown, and changed once the server has the new one."""

import secrets

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.history import record
from services import provisioning
from services.actions import Action
from services.models import Credential, ProvisioningJob, Service

Act = ProvisioningJob.Act
# Without letters and figures that are mistaken for each other, and with signs that need no quoting anywhere.
LETTERS = ("ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "-_.")
# 58 signs to the 20th: 117 bits.
GENERATED_LENGTH = 20
PREFIX = "password:"


class NotChangeable(Exception):
    """The service does not run, so its server takes no new password."""


def generated():
    """A strong password with every kind of sign in it."""
    while True:
        text = "".join(secrets.choice("".join(LETTERS)) for _sign in range(GENERATED_LENGTH))
        if all(set(kind) & set(text) for kind in LETTERS):
            return text


def can_change(service):
    """Whether the server of the service takes a new password."""
    return service.status in Service.SET_UP


@transaction.atomic
def show(credential, *, by):
    """The password in plain words, or None when its key is gone; the customer reads that it was shown."""
    write(Action.CREDENTIAL_SHOWN, credential, by)
    return credential.password


@transaction.atomic
def change(credential, password, *, by):
    """Has the server told a new password; the old one stays until it says done. Raises NotChangeable.

    A second change before that takes the first one's place.
    """
    service = provisioning.locked_service(credential.service_id)
    credential = Credential.objects.get(pk=credential.pk)
    credential.service = service
    if not can_change(service):
        raise NotChangeable(str(service))
    credential.next_password, credential.changes = password, credential.changes + 1
    credential.save(update_fields=["wanted", "changes"])
    write(Action.CREDENTIAL_ASKED, credential, by)
    return provisioning.ask(
        service,
        Act.PASSWORD,
        reference=f"{PREFIX}{credential.pk}:{credential.changes}",
        by=by,
        credential=credential.pk,
        change=credential.changes,
    )


def with_failures(credentials):
    """The credentials with `has_failed`: whether the server has refused what is wanted last."""
    reference = Concat(Value(PREFIX), Cast("pk", CharField()), Value(":"), Cast("changes", CharField()))
    went_wrong = Q(state=ProvisioningJob.State.FAILED) | Q(failures__gt=0)
    jobs = ProvisioningJob.objects.filter(went_wrong, reference=OuterRef("reference"))
    return credentials.annotate(reference=reference).annotate(has_failed=Exists(jobs))


def write(action, credential, by):
    """A line of the history: which account, never its password."""
    service = credential.service
    record(action, customer=service.customer, by=by, service=str(service), account=credential.login)
