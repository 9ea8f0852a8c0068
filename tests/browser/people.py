"""People of the demo in a browser: their session, and for a while another language."""

from contextlib import contextmanager

from django.conf import settings

from accounts.models import User
from tests.cast import signed_in


def session_cookies(login, address):
    """What makes a browser this person's, as after both steps; nothing for nobody."""
    if not login:
        return []
    return [session_cookie(User.objects.get(login=login), address)]


def session_cookie(person, address):
    """The cookie of a session that this person opened by the panel's own door."""
    value = signed_in(person).cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}


@contextmanager
def languages_of(login, language):
    """The person reads this language inside."""
    people = User.objects.filter(login=login)
    before = dict(people.values_list("pk", "language"))
    people.update(language=language)
    try:
        yield
    finally:
        for pk, old in before.items():
            User.objects.filter(pk=pk).update(language=old)
