"""The authorization code: made by the customer, read out on the phone, checked by support."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import keys, limits, notify
from accounts.history import Action, record, resting_on
from accounts.identifiers import canonical_phone
from accounts.models import AuthorizationCode, Customer, Membership, SupportSession
from accounts.typed import customer_number

# A caller who is found under more customers than this is not found at all.
CUSTOMERS_AT_MOST = 20


class WrongCode(Exception):
    """The caller is unknown, has no living code, or the code is another: the answer is the same."""


class SeveralCustomers(Exception):
    """What the caller gave belongs to several customers; the customer number is needed."""


def by_number(text):
    """Customers with this customer number."""
    number = customer_number(text)
    return [] if number is None else Customer.objects.filter(number=number)


def by_login(text):
    """Customers for whom the person with this login acts."""
    return Customer.objects.filter(memberships__user__login=text, memberships__blocked_at=None)


def by_phone(text):
    """Customers for whom a person with this phone number acts."""
    try:
        number = canonical_phone(text)
    except ValidationError:
        return []
    return Customer.objects.filter(memberships__user__phone=number, memberships__blocked_at=None)


# Ways to find a caller's customers; upper apps append theirs when the house starts.
FINDERS = [by_number, by_login, by_phone]


def find_customer(caller):
    """The one open customer behind what a caller gave, or None. Raises SeveralCustomers.

    A customer number is the last resort, so nobody whose login looks like it may stand in its way.
    """
    found = {}
    for finder in FINDERS:
        for customer in finder(caller.strip())[:CUSTOMERS_AT_MOST]:
            if customer.closed_at is None:
                found[customer.pk] = customer
        if found and finder is by_number:
            break
    if len(found) > 1:
        raise SeveralCustomers
    return next(iter(found.values()), None)


@transaction.atomic
def generate(membership, *, by):
    """A new code of this person for this customer; the old one ends. Returns (row, digits); only the MAC is kept.

    Raises PermissionDenied when `by` is anybody but that person.
    """
    if by.pk != membership.user_id:
        raise PermissionDenied
    # Two made at once come one after the other, so that the later ends the earlier.
    Membership.objects.select_for_update(of=["self"]).get(pk=membership.pk)
    now = timezone.now()
    membership.authorization_codes.living().update(ended_at=now)
    digits = keys.new_digits(settings.AUTHORIZATION_CODE_DIGITS)
    code = AuthorizationCode.objects.create(
        membership=membership,
        customer=membership.customer,
        code_mac=code_mac(membership.customer_id, digits),
        created_at=now,
        expires_at=now + AuthorizationCode.LIFETIME,
    )
    others = AuthorizationCode.objects.living().filter(customer=membership.customer).exclude(pk=code.pk)
    if not others.exists():
        # While other people's codes live, a new one buys nobody more tries at theirs.
        limits.CODE_OF_CUSTOMER.reset(membership.customer_id)
    record(Action.CODE_MADE, customer=membership.customer, user=membership.user, by=by)
    return code, digits


def code_mac(customer_id, digits):
    """What is kept of a code; bound to its customer, so that it proves nothing elsewhere."""
    return keys.mac("authorization", customer_id, digits)


@transaction.atomic
def revoke(membership, *, by):
    """Ends the person's code, and with it every support session it opened; twice is harmless."""
    if membership.authorization_codes.living().update(ended_at=timezone.now()):
        record(Action.CODE_REVOKED, customer=membership.customer, user=membership.user, by=by)


def check(*, staff, caller, code):
    """Opens a support session for the customer who is calling when the code is right.

    The try is counted for the member of staff and for the customer before anything is compared. Five
    wrong ones end all codes of the customer. Raises WrongCode, SeveralCustomers, or limits.TooMany
    when the member of staff has to stop.
    """
    customer = find_customer(caller)
    limits.CODE_BY_STAFF.charge(staff.pk)
    if customer is None:
        wrong(staff, caller=written(caller))
        raise WrongCode
    found = compare(customer, "".join(code.split()), staff)
    if found is None:
        raise WrongCode
    limits.CODE_BY_STAFF.give_back(staff.pk)
    return open_session(staff, found)


def written(caller):
    """What the history keeps of an unknown caller: never a code that was typed into the wrong field."""
    plain = "".join(caller.split())
    is_like_a_code = plain.isdecimal() and len(plain) == settings.AUTHORIZATION_CODE_DIGITS
    return "…" if is_like_a_code else caller[:100]


def wrong(staff, customer=None, **details):
    """Writes a wrong try down; very many of them together raise an alarm."""
    record(Action.CODE_WRONG, customer=customer, by=staff, **details)
    limits.alarm(limits.CODE_ALL, "all")


def compare(customer, code, staff):
    """The living code that `code` is, or None; counts the try first and ends all codes after the last one."""
    try:
        number = limits.CODE_OF_CUSTOMER.charge(customer.pk)
    except limits.TooMany:
        wrong(staff, customer)
        return None
    typed = code_mac(customer.pk, code)
    living = AuthorizationCode.objects.living().filter(
        customer=customer, membership__blocked_at=None, membership__user__blocked_at=None
    )
    for candidate in living.select_related("membership__user", "customer"):
        if keys.same(typed, candidate.code_mac):
            limits.CODE_OF_CUSTOMER.give_back(customer.pk)
            return candidate
    wrong(staff, customer)
    if number >= limits.CODE_OF_CUSTOMER.most:
        end_all(customer)
    return None


@transaction.atomic
def end_all(customer):
    """Ends every living code of a customer after too many wrong tries and tells their owners."""
    living = list(AuthorizationCode.objects.living().filter(customer=customer).select_related("membership__user"))
    AuthorizationCode.objects.filter(pk__in=[code.pk for code in living]).update(ended_at=timezone.now())
    if living:
        record(Action.CODES_ENDED, customer=customer)
    for code in living:
        notify.mail("codes_ended", to=code.membership.user, customer=customer.pk)


@transaction.atomic
def open_session(staff, code):
    """The support session of this member of staff for this code; the owner hears of everybody it is opened for."""
    session, created = SupportSession.objects.update_or_create(
        staff=staff,
        code=code,
        defaults={"customer": code.customer, "membership": code.membership, "closed_at": None},
    )
    owner = code.membership.user
    with resting_on(owner, **basis(session)):
        record(Action.CODE_RIGHT, customer=code.customer, by=staff)
    if created:
        notify.mail("code_used", to=owner, customer=code.customer_id, code=code.pk)
    return session


def basis(session):
    """What every line of the history says that is written in this session: by whose code of when, or by what case."""
    which = {"session": session.pk, "owner": session.membership.user.display_name}
    if session.code:
        return which | {"code": session.code_id, "code_made": session.code.created_at.isoformat()}
    return which | {"case": session.case}
