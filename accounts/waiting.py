"""What lies in a session between the two steps: who typed the right password, and how the second is taken."""

import time

from django.urls import reverse

from accounts import factors, limits, passkeys, signin, ways
from accounts.models import OneTimeCode, User

KEY = "second_step"
# Who takes longer begins again with the password.
LASTS_SECONDS = 30 * 60
MESSAGES = (User.Way.MAIL, User.Way.SMS)
# What a visitor's session holds that goes on when they sign in; other apps append their keys in AppConfig.ready().
KEPT = []


def empty_session(request):
    """Empties the session for whoever signs in next; what a visitor has begun goes on, what a person had does not."""
    visited = {key: request.session[key] for key in KEPT if key in request.session}
    kept = {} if request.user.is_authenticated else visited
    request.session.flush()
    request.session.update(kept)


class Waiting:
    """The second step of one person in one session. Until it is done nobody is signed in by it."""

    def __init__(self, request, user, noted):
        self.request, self.user, self.noted = request, user, noted

    @classmethod
    def begin(cls, request, user, *, target=""):
        """Notes whose second step this is and sends a code if that is the preferred way. Raises limits.TooMany.

        In a session that this person has open already, it goes on afterwards; any other is emptied first.
        """
        if request.user.pk != user.pk:
            empty_session(request)
        noted = {"user": user.pk, "account": user.get_session_auth_hash(), "at": time.time(), "next": target}
        waiting = cls(request, user, noted | {"way": "", "code": None, "sent": 0})
        waiting.choose_first()
        return waiting

    @classmethod
    def of(cls, request):
        """The step this session waits for, or None: also when the password it began with was changed meanwhile."""
        noted = request.session.get(KEY)
        if not noted or time.time() - noted["at"] > LASTS_SECONDS:
            return None
        user = User.objects.filter(pk=noted["user"]).first()
        if user is None or user.get_session_auth_hash() != noted["account"]:
            return None
        return cls(request, user, noted)

    @property
    def ways(self):
        """Every way open to the person, the preferred one first."""
        return ways.ways_of(self.user)

    @property
    def way(self):
        """The way that is being taken."""
        return User.Way(self.noted["way"])

    @property
    def is_message(self):
        """Whether a code was sent that can be sent again."""
        return self.way in MESSAGES

    @property
    def is_renewal(self):
        """Whether the person is signed in already and only shows once more who they are."""
        return self.request.user.pk == self.user.pk

    @property
    def target(self):
        """Where to go afterwards."""
        return self.noted["next"] or reverse("home")

    @property
    def code(self):
        """The code that was sent in this session, or None."""
        return OneTimeCode.objects.select_related("user").filter(pk=self.noted["code"]).first()

    def choose_first(self):
        """Takes the preferred way; while too many codes went out, one that needs none. Raises limits.TooMany."""
        preferred, *others = self.ways
        try:
            self.choose(preferred)
        except limits.TooMany:
            without = [way for way in others if way not in MESSAGES]
            if not without:
                raise
            self.choose(without[0])

    def choose(self, way):
        """Takes another way; a code goes out unless one that lives went that way last. Raises limits.TooMany.

        False, and nothing is sent, when as many went out as may in one session.
        """
        code = self.code
        if way in MESSAGES and not (code and code.is_alive and code.channel == way):
            if self.noted["sent"] > OneTimeCode.RESENDS:
                return False
            self.send(way)
        self.note(way=way)
        return True

    def resend(self):
        """Sends a fresh code; False when that is too soon or too often. Raises limits.TooMany."""
        code = self.code
        if code is None or not self.is_message or not code.may_resend(self.noted["sent"] - 1):
            return False
        self.send(self.way)
        return True

    def send(self, channel):
        code = signin.send_code(self.user, channel)
        self.note(code=code.pk, sent=self.noted["sent"] + 1)

    def note(self, **changes):
        """Keeps what changed in the session."""
        self.noted = self.request.session[KEY] = self.noted | changes

    def new_challenge(self):
        """What a browser is asked for a passkey; its answer is good in this session, once."""
        challenge = passkeys.new_challenge()
        self.note(challenge=challenge)
        return passkeys.request_options(self.user, challenge)

    def is_right(self, typed):
        """Whether the second step is taken by what was typed, or by a passkey's answer. Raises limits.TooMany."""
        if self.is_message:
            code = self.code
            return code is not None and code.check_digits(typed)
        if self.way == User.Way.APP:
            return factors.check_app(self.user, typed)
        if self.way == User.Way.PASSKEY:
            return factors.check_passkey(self.user, typed, self.noted.get("challenge"))
        return factors.check_recovery_code(self.user, typed)

    def end(self):
        """Forgets it."""
        self.request.session.pop(KEY, None)
