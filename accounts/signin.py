"""Signing in: the password, the second step, and the one door into a session."""

import time

from django.conf import settings
from django.contrib.auth import login as django_login
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import limits, notify, origin
from accounts.history import Action, record
from accounts.identifiers import canonical_login
from accounts.models import (
    AccessReturn,
    AuthorizationCode,
    Link,
    Membership,
    OneTimeCode,
    TrustedBrowser,
    User,
    UserSession,
)
from accounts.sessions import digest

PURPOSE = "sign-in"
BACKEND = "django.contrib.auth.backends.ModelBackend"
KNOWN_BROWSER_COOKIE = f"{settings.COOKIE_PREFIX}known"
KNOWN_BROWSER_SECONDS = 180 * 24 * 3600
KNOWN_PEOPLE_AT_MOST = 5


def person_by_password(login, password, *, browser=""):
    """The person whose login and password these are, or None.

    `browser` is the mark of this browser (see `browser_mark`): people who signed in from it before keep
    an allowance of their own there, so that nobody can lock them out from elsewhere. Unknown, blocked and
    not activated logins cost the same time and get the same answer; a blocked person is told after the
    second step.
    Raises limits.TooMany before anything is hashed.
    """
    user = User.objects.filter(login=login).first()
    charged = charge(login, user, browser)
    limits.alarm(limits.PASSWORD_ALL, "all")
    right = password_matches(user, password)
    if not right:
        return None
    for limit, key in charged:
        limit.give_back(key)
    return user


def charge(login, user, browser):
    """Counts the try; returns what was charged, to be given back after a success."""
    if user and user.pk in known_people(browser):
        charges = [(limits.PASSWORD_KNOWN_BROWSER, f"{user.pk} {browser}")]
    else:
        ip = origin.limit_key(origin.current.get().ip)
        key = canonical_login(login)
        charges = [(limits.PASSWORD_IP, ip), (limits.PASSWORD_LOGIN, key), (limits.PASSWORD_LOGIN_DAY, key)]
    for limit, key in charges:
        limit.charge(key)
    return charges


def password_matches(user, password):
    """Compares in the same time whether or not there is anything to compare with."""
    if user is None or user.activated_at is None or not user.has_usable_password():
        make_password(password)
        return False
    return check_password(password, user.password)


def confirm_password(user, password):
    """Whether a signed-in person typed their own password; raises limits.TooMany after too many tries."""
    charged = (limits.PASSWORD_AGAIN, limits.PASSWORD_AGAIN_DAY)
    for limit in charged:
        limit.charge(user.pk)
    if not check_password(password, user.password):
        return False
    for limit in charged:
        limit.give_back(user.pk)
    return True


def send_code(user, channel, purpose=PURPOSE):
    """Has a one-time code sent by mail or to the person's phone.

    Raises limits.TooMany when many went out and none came back.
    """
    limits.CODES_SENT.charge(user.pk)
    if channel == User.Channel.SMS:
        limits.CODES_TO_NUMBER.charge(user.phone)
    return issue_code(user, channel, purpose)


@transaction.atomic
def issue_code(user, channel, purpose=PURPOSE):
    """A one-time code and the message that carries it."""
    code = OneTimeCode.issue(user, purpose, channel)
    if channel == User.Channel.SMS:
        notify.sms("sign_in_code", to=user, code=code.pk)
    else:
        notify.mail("sign_in_code", to=user, code=code.pk)
    return code


@transaction.atomic
def open_session(request, user, *, way):
    """The one way into a session, after both steps: a new session id, history, and the mail that tells of it.

    `way` is the second step that was taken (User.Way), or access.BY_TRUST for none.
    """
    django_login(request, user, backend=BACKEND)
    request.session["began"] = request.session["seen"] = time.time()
    if way in User.Way:
        cancel_return(user)
    where = origin.current.get()
    request.session["ip"], request.session["browser"] = where.ip, where.browser
    note_steps(request, way)
    event = record(Action.SIGNED_IN, customer=own_customer(user), user=user, by=user, way=way)
    notify.mail("signed_in", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk, event=event.pk)


@transaction.atomic
def cancel_return(user):
    """Stops the restoring of access: the person has a second step, or says that it was not them. Twice is harmless."""
    if AccessReturn.objects.waiting().filter(user=user).update(cancelled_at=timezone.now()):
        record(Action.RETURN_CANCELLED, customer=own_customer(user), user=user, by=user, login=user.login)


def note_steps(request, way):
    """Notes in the session when the password was typed last, and which second step opened it."""
    request.session["confirmed"], request.session["way"] = time.time(), way


def renew_session(request, way=None):
    """A new id for an open session whose person has just shown once more who they are."""
    request.session.cycle_key()
    if way in User.Way:
        cancel_return(request.user)
    note_steps(request, way or request.session.get("way"))


def own_customer(user):
    """The customer in whose history this person's signing in belongs, or None for staff.

    Of several the one that they came to first: who invites them later does not read what they do elsewhere.
    """
    memberships = Membership.objects.filter(user=user, blocked_at=None).select_related("customer")
    first = memberships.order_by("accepted_at", "pk").first()
    return first and first.customer


@transaction.atomic
def end_everything(user):
    """Ends every session, trusted browser, link and code of a person at once.

    "This was not me" links stay: a thief who changed the password must not shut that door.
    """
    # Raised in the database: two who end everything at once must not both arrive at the same number.
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    user.refresh_from_db(fields=["session_generation"])
    now = timezone.now()
    TrustedBrowser.objects.filter(user=user).delete()
    Link.end_all(user, *Link.ENDED_BY_CHANGES)
    OneTimeCode.objects.filter(user=user, ended_at=None).update(ended_at=now)
    AuthorizationCode.objects.living().filter(membership__user=user).update(ended_at=now)


def keep_session(request, user=None):
    """Lets this session go on, under a new id, after its person has just ended everything that signed them in.

    One that somebody else ended while the request was under way is not brought back.
    """
    user = user or request.user
    row = UserSession.objects.filter(pk=digest(request.session.session_key)).first()
    if row and row.generation + 1 == user.session_generation:
        update_session_auth_hash(request, user)
    else:
        logout(request)


@transaction.atomic
def choose_second_step(user, way, *, message_codes=True):
    """Sets the preferred second step, and whether codes by message open the account beside a stronger one."""
    user.second_step, user.message_codes = way, message_codes
    user.save(update_fields=["second_step", "message_codes"])
    second_step_changed(user)


@transaction.atomic
def second_step_changed(user, action=Action.SECOND_STEP_CHANGED, **details):
    """Ends every session, since the account's door has changed, writes down what changed and tells the person."""
    end_everything(user)
    event = record(action, customer=own_customer(user), user=user, by=user, **details)
    notify.mail("second_step_changed", to=user, link=Link.issue(user, Link.Purpose.NOT_ME).pk, event=event.pk)


@transaction.atomic
def end_session(session, *, by):
    """Ends one session from its next request on."""
    session.delete()
    record(
        Action.SESSION_CLOSED,
        customer=own_customer(by),
        user=by,
        by=by,
        browser=", ".join(filter(None, [session.browser, session.ip])) or "–",
    )


@transaction.atomic
def end_other_sessions(user):
    """Ends every session of the person; the caller keeps its own."""
    end_everything(user)
    record(Action.SESSIONS_CLOSED, customer=own_customer(user), user=user, by=user)


def browser_mark(request):
    """The signed mark by which a browser is known, one for each; "" where nobody signed in before."""
    return request.COOKIES.get(KNOWN_BROWSER_COOKIE, "")


def known_people(mark):
    """Ids of people who signed in before from the browser with this mark."""
    try:
        return signing.loads(mark, salt=KNOWN_BROWSER_COOKIE, max_age=KNOWN_BROWSER_SECONDS)
    except signing.BadSignature:
        return []


def remember_browser(request, response, user):
    """Notes in the browser that this person signed in from it; opens nothing, only keeps their allowance."""
    others = [pk for pk in known_people(browser_mark(request)) if pk != user.pk]
    people = [user.pk, *others][:KNOWN_PEOPLE_AT_MOST]
    response.set_cookie(
        KNOWN_BROWSER_COOKIE,
        signing.dumps(people, salt=KNOWN_BROWSER_COOKIE),
        max_age=KNOWN_BROWSER_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response
