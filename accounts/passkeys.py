"""Passkeys (WebAuthn): what the browser is asked, and whether its answer is right."""

import base64
import json
import secrets
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts import keys, limits
from accounts.models import Passkey, Provider

# A second step beside the password: a key that merely is there is enough, one that also knows its owner is better.
VERIFICATION = UserVerificationRequirement.PREFERRED
TIMEOUT_MILLISECONDS = 5 * 60 * 1000
ANSWER_AT_MOST = 20_000
# What py_webauthn raises for an answer that is not one; cbor and base64 beneath it add their own.
REFUSALS = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError)


class WrongAnswer(Exception):
    """The browser's answer does not fit what was asked."""


def relying_party():
    """Whose keys they are: the host of this panel."""
    return urlsplit(settings.SITE_URL).hostname


def new_challenge():
    """32 random bytes, base64url, that one answer fits."""
    return bytes_to_base64url(secrets.token_bytes(32))


def as_bytes(challenge):
    return base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))


def descriptors(user):
    """The person's keys as the browser names them."""
    ids = user.passkeys.values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=as_bytes(key)) for key in ids]


def creation_options(user, challenge):
    """What a browser is asked to make a new key for this person, as JSON."""
    provider = Provider.current()
    options = webauthn.generate_registration_options(
        rp_id=relying_party(),
        rp_name=provider.name if provider else relying_party(),
        user_name=user.login,
        user_display_name=user.display_name,
        # Opaque: an authenticator may show it to others.
        user_id=bytes.fromhex(keys.mac("passkey-owner", user.pk)),
        challenge=as_bytes(challenge),
        timeout=TIMEOUT_MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=VERIFICATION
        ),
        exclude_credentials=descriptors(user),
    )
    return webauthn.options_to_json(options)


def request_options(user, challenge):
    """What a browser is asked to sign with one of the person's keys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=relying_party(),
        challenge=as_bytes(challenge),
        timeout=TIMEOUT_MILLISECONDS,
        allow_credentials=descriptors(user),
        user_verification=VERIFICATION,
    )
    return webauthn.options_to_json(options)


def use_challenge(challenge):
    """Uses a challenge up; raises WrongAnswer for every answer but the first, also for those sent at once."""
    if not challenge:
        raise WrongAnswer
    try:
        limits.PASSKEY_CHALLENGE.charge(challenge)
    except limits.TooMany as error:
        raise WrongAnswer from error


def created(answer, challenge):
    """The new key in the browser's answer, as an unsaved row. Raises WrongAnswer."""
    use_challenge(challenge)
    try:
        verified = webauthn.verify_registration_response(
            credential=parsed(answer),
            expected_challenge=as_bytes(challenge),
            expected_rp_id=relying_party(),
            expected_origin=settings.SITE_URL,
        )
    except REFUSALS as error:
        raise WrongAnswer from error
    key_id = bytes_to_base64url(verified.credential_id)
    if Passkey.objects.filter(credential_id=key_id).exists():
        raise WrongAnswer
    return Passkey(credential_id=key_id, public_key=verified.credential_public_key, sign_count=verified.sign_count)


def is_right(user, answer, challenge):
    """Whether the answer is signed by one of the person's keys, for this challenge, and never seen before."""
    try:
        use_challenge(challenge)
        credential = parsed(answer)
        key = Passkey.objects.filter(user=user, credential_id=credential.get("id")).first()
        return key is not None and key.use(verified_count(key, credential, challenge))
    except (WrongAnswer, *REFUSALS):
        return False


def verified_count(key, credential, challenge):
    """The counter in an answer that this key has signed. Raises one of REFUSALS."""
    return webauthn.verify_authentication_response(
        credential=credential,
        expected_challenge=as_bytes(challenge),
        expected_rp_id=relying_party(),
        expected_origin=settings.SITE_URL,
        credential_public_key=bytes(key.public_key),
        credential_current_sign_count=key.sign_count,
    ).new_sign_count


def parsed(answer):
    """The answer as a dictionary. Raises ValueError for what is too long or no JSON object."""
    if len(answer) > ANSWER_AT_MOST:
        raise ValueError("too long")
    found = json.loads(answer)
    if not isinstance(found, dict) or not isinstance(found.get("id"), str):
        raise ValueError("no credential")
    return found
