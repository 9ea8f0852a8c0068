"""Which ways there are to take the second step of signing in."""

from accounts import sms
from accounts.access import STRONG_WAYS
from accounts.models import AuthenticatorApp, Passkey, RecoveryCode, User

Way = User.Way


def strong_ways(user):
    """The ways that no stolen mailbox or phone number opens: an authenticator app, passkeys."""
    registered = {Way.APP: AuthenticatorApp, Way.PASSKEY: Passkey}
    return [way for way in STRONG_WAYS if registered[way].objects.filter(user=user).exists()]


def has_confirmed_phone(user):
    """Whether text messages may carry codes: to a number from which its owner has typed one."""
    return bool(user.phone) and user.phone == user.confirmed_phone and sms.reaches(user.phone)


def message_ways(user):
    """How codes come to a person: always by mail, by SMS to a confirmed number."""
    return [Way.MAIL, Way.SMS] if has_confirmed_phone(user) else [Way.MAIL]


def lets_messages_in(user, strong):
    """Whether codes by mail or SMS open the account beside the `strong` ways; staff who have one need it."""
    return not strong or (user.message_codes and not user.has_staff_rights)


def choosable(user):
    """The ways a person may prefer, the strong ones first. Never empty."""
    strong = strong_ways(user)
    return strong + (message_ways(user) if lets_messages_in(user, strong) else [])


def ways_of(user):
    """All ways open to a person who has typed the right password: the preferred one first, recovery codes last."""
    ways = sorted(choosable(user), key=lambda way: way != user.second_step)
    return ways + ([Way.RECOVERY] if RecoveryCode.left(user) else [])
