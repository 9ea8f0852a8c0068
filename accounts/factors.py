"""The second step beyond one-time codes by message: adding, using and removing an app, passkeys, recovery codes.

Every try is charged before anything is compared. Every change ends the person's sessions and tells them.
"""

import secrets
import time

import pyotp
import segno
from django.db import transaction
from django.utils import timezone

from accounts import keys, limits, notify, passkeys
from accounts.history import Action, record
from accounts.models import AuthenticatorApp, Link, Passkey, Provider, RecoveryCode, User
from accounts.models.security import hold
from accounts.signin import own_customer, second_step_changed
from accounts.ways import strong_ways

Way = User.Way

STEP_SECONDS = 30
# Clocks of phones are wrong by a little: the step before and the one after are looked at too.
STEPS_AROUND = 1

RECOVERY_CODES = 10
# Without letters and digits that look alike on paper; two groups of five are 49 bits.
RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_LENGTH = 10
PASSKEYS_AT_MOST = 10


class TooManyPasskeys(Exception):
    """The person has as many passkeys as there can be."""


def charged(check):
    """Counts a try of the person (the first argument) before `check` looks at it; a right one is given back.

    Raises limits.TooMany when the account has no tries left over all methods.
    """

    def counted(user, *arguments):
        limits.charge_second_step(user.pk)
        right = check(user, *arguments)
        if right:
            limits.give_back_second_step(user.pk)
        return right

    return counted


def new_seed():
    """A random seed of 160 bits, as letters to type."""
    return pyotp.random_base32()


def seed_picture(user, seed):
    """The seed as a QR code for the app's camera, as a data: address."""
    provider = Provider.current()
    uri = pyotp.TOTP(seed).provisioning_uri(name=user.login, issuer_name=provider.name if provider else None)
    return segno.make(uri, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def step_of(seed, typed):
    """The time step whose code was typed, among the present one and its neighbours; None for a wrong code."""
    totp = pyotp.TOTP(seed, interval=STEP_SECONDS)
    now = int(time.time()) // STEP_SECONDS
    steps = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
    right = [step for step in steps if keys.same(typed, totp.generate_otp(step))]
    return right[-1] if right else None


@charged
def check_app(user, typed):
    """Whether `typed` is a code of the person's app that was not used before."""
    app = AuthenticatorApp.objects.filter(user=user).first()
    seed = app and keys.decrypt(app.seed)
    step = seed and step_of(seed, typed)
    return bool(step) and app.use(step)


@charged
def check_passkey(user, answer, challenge):
    """Whether `answer` is one of the person's passkeys answering this challenge, for the first time."""
    return passkeys.is_right(user, answer, challenge)


@charged
def check_recovery_code(user, typed):
    """Whether `typed` is a recovery code of the person; uses it up and tells them."""
    with transaction.atomic():
        if not RecoveryCode.use(user, typed):
            return False
        record(Action.RECOVERY_CODE_USED, customer=own_customer(user), user=user, by=user)
        notify.mail("recovery_code_used", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk)
    return True


@charged
def first_step(user, seed, typed):
    """The time step of the first code of an app that is being added; None for a wrong one."""
    return step_of(seed, typed)


@transaction.atomic
def add_app(user, seed, step, *, message_codes):
    """Registers the app that made the code of this time step; it takes the place of an older one."""
    add_strong(user, Way.APP, message_codes)
    now = timezone.now()
    values = {"seed": keys.encrypt(seed), "last_step": step, "created_at": now, "used_at": now}
    AuthenticatorApp.objects.update_or_create(user=user, defaults=values)
    second_step_changed(user, Action.APP_ADDED)


@transaction.atomic
def add_passkey(user, key, name, *, message_codes):
    """Registers a verified passkey (an unsaved row) under a name. Raises TooManyPasskeys."""
    add_strong(user, Way.PASSKEY, message_codes)
    if user.passkeys.count() >= PASSKEYS_AT_MOST:
        raise TooManyPasskeys
    key.user, key.name = user, name
    key.save()
    second_step_changed(user, Action.PASSKEY_ADDED, name=name)


def add_strong(user, way, message_codes):
    """Prefers the first strong way, and notes what becomes of codes by message beside it."""
    hold(user)
    if not strong_ways(user):
        user.second_step, user.message_codes = way, message_codes
        user.save(update_fields=["second_step", "message_codes"])


@transaction.atomic
def remove_app(user):
    """Removes the app; twice is harmless."""
    hold(user)
    removed, _rows = AuthenticatorApp.objects.filter(user=user).delete()
    if removed:
        prefer_what_is_left(user)
        second_step_changed(user, Action.APP_REMOVED)


@transaction.atomic
def remove_passkey(key):
    """Removes a passkey; twice is harmless."""
    hold(key.user)
    removed, _rows = Passkey.objects.filter(pk=key.pk).delete()
    if removed:
        prefer_what_is_left(key.user)
        second_step_changed(key.user, Action.PASSKEY_REMOVED, name=key.name)


def prefer_what_is_left(user):
    """After a strong way went: another one, or codes by mail, so that nobody is left without a second step."""
    left = strong_ways(user)
    if not left:
        user.second_step, user.message_codes = Way.MAIL, True
    elif user.second_step not in left and user.second_step in (Way.APP, Way.PASSKEY):
        user.second_step = left[0]
    user.save(update_fields=["second_step", "message_codes"])


@transaction.atomic
def new_recovery_codes(user):
    """Ten new codes, to be shown once; the old ones end."""
    hold(user)
    codes = ["".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    rows = [RecoveryCode(user=user, code_mac=RecoveryCode.mac_of(user, code)) for code in codes]
    RecoveryCode.objects.bulk_create(rows)
    second_step_changed(user, Action.RECOVERY_CODES_MADE)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def confirm_phone(user, number):
    """Notes that a code was typed from this number, which now opens the account; True if it still is theirs."""
    if not User.objects.filter(pk=user.pk, phone=number).update(confirmed_phone=number):
        return False
    second_step_changed(user, Action.PHONE_CONFIRMED)
    return True
