"""Sessions in the database (docs/adr/0004), read by one kept statement: every request of somebody signed in begins with it."""

from functools import cache

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from api.statements import RowStatement

_KEY = "the key"  # a marker; no session has it


@cache
def _by_key() -> RowStatement[Session]:
    return RowStatement(Session.objects.filter(session_key=_KEY), markers=[_KEY])


class SessionStore(db.SessionStore):
    """Django's own, but for how it reads."""

    def _get_session_from_db(self) -> Session | None:
        """The row, unless it is unknown or has expired: then the key is forgotten, as Django does it."""
        found = _by_key().first({_KEY: self.session_key})
        if found is None or found.expire_date <= timezone.now():
            self._session_key = None
            return None
        return found
