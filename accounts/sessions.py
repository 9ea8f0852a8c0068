"""Where sessions are kept: Django's own way, in rows that also tell whose they are (SESSION_ENGINE)."""

import hashlib
from datetime import UTC, datetime

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

DIGITS = 40


def digest(session_key):
    """What a row is found by: the key itself is in its browser only."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:DIGITS]


class SessionStore(DatabaseStore):
    """Keeps a session under the digest of its key."""

    @classmethod
    def get_model_class(cls):
        from accounts.models import UserSession

        return UserSession

    @property
    def row_key(self):
        """The key of this session's row, None before there is one."""
        return digest(self.session_key) if self.session_key else None

    def _get_session_from_db(self):
        living = self.model.objects.filter(session_key=self.row_key, expire_date__gt=timezone.now())
        row = living.first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key):
        return super().exists(digest(session_key))

    def delete(self, session_key=None):
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=digest(key)).delete()

    def create_model_instance(self, data):
        """The row of this session, with what its data say about who uses it."""
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        if SESSION_KEY in data:
            row.user_id = int(data[SESSION_KEY])
            row.generation = int(data[HASH_SESSION_KEY].partition(":")[0])
            row.began_at, row.seen_at = moment(data.get("began")), moment(data.get("seen"))
            row.ip, row.browser = data.get("ip"), data.get("browser", "")
        return row


def moment(seconds):
    """A time stamp as a date, None for none."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
