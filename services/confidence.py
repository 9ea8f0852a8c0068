"""What drivers are told in confidence; servers that repeat it when they refuse must not carry it into the log."""

import json
import traceback
from pathlib import Path
from urllib.parse import quote

from django.conf import settings

from accounts import keys
from services.models import Credential, Domain, ProvisioningJob

Act = ProvisioningJob.Act
# How settings are called whose values are keys of ours.
SECRET_SETTINGS = ("SECRET", "KEY", "TOKEN", "PASSWORD")
# What is shorter stands in every other sentence, and is no key of ours.
SHORTEST_KEY = 8


def without_secrets(job, said, told=frozenset()):
    """What a driver said about a job (a text, or an answer to be kept) without what it was told in confidence.

    Neither the password or AuthInfo of the job, nor any other of the service, nor our keys to servers; nor `told`,
    the `secrets_of` the job when the driver was asked.
    """
    return cleaned(said, secrets_of(job) | keys_of_ours() | told)


def without_keys(words):
    """The words of a driver that are about no job, without our keys to servers."""
    return cleaned(str(words), keys_of_ours())


def cleaned(said, secrets):
    """A text, list or dict without any of these secrets, however they are written."""
    if isinstance(said, dict):
        return {cleaned(name, secrets): cleaned(value, secrets) for name, value in said.items()}
    if isinstance(said, (list, tuple)):
        return [cleaned(value, secrets) for value in said]
    if not isinstance(said, str):
        return said
    # The longest first: of one that contains another nothing may stay.
    for form in sorted({form for secret in secrets for form in written(secret)}, key=len, reverse=True):
        said = said.replace(form, "…")
    return said


def written(secret):
    """How a secret may stand in a message: as it is, as Python or JSON quote it, or in an address."""
    return {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1], quote(secret, safe="")}


def secrets_of(job):
    """What a driver may know of the service: what it was told with the job, and passwords it has made."""
    tokens = list(Domain.objects.filter(service=job.service_id).values_list("authinfo", "released"))
    tokens += Credential.objects.filter(service=job.service_id).values_list("secret", "wanted")
    return {secret for pair in tokens for token in pair if token and (secret := keys.decrypt(token))}


def keys_of_ours():
    """The values of all settings that are called a key, a secret or the like."""
    found = [getattr(settings, name) for name in dir(settings) if name.isupper() and name.endswith(SECRET_SETTINGS)]
    return {value for value in found if isinstance(value, str) and len(value) >= SHORTEST_KEY}


def place_of(error):
    """Which exception it is and where it was raised. Its words are left out: they may repeat what was being sent."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-3:]]
    return f"{type(error).__name__} at {' > '.join(places)}"
