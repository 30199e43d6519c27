"""How often one client may write. An ordinary courtesy limit: what guards sign-in and tokens counts in the database."""

import logging
import time
from typing import Any

from django.core.cache import caches
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

logger = logging.getLogger(__name__)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class WriteThrottle(BaseThrottle):
    """Counts POST, PUT, PATCH and DELETE per person, or per address for strangers. Without its cache it lets everyone pass."""

    def allow_request(self, request: Any, view: Any) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        person = request.user.pk if request.user and request.user.is_authenticated else None
        scope = "anonymous-write" if person is None else "write"
        rate = api_settings.DEFAULT_THROTTLE_RATES.get(scope)
        if not rate:
            return True
        most, seconds = _parse(str(rate))
        moment = time.time()
        self._rest = seconds - moment % seconds
        key = f"throttle:{scope}:{self.get_ident(request) if person is None else person}:{int(moment // seconds)}"
        return _count(key, seconds) <= most

    def wait(self) -> float:
        """Seconds until the next window begins."""
        return self._rest


def _parse(rate: str) -> tuple[int, int]:
    number, _slash, period = rate.partition("/")
    return int(number), _SECONDS[period[0]]


def _count(key: str, seconds: int) -> int:
    """How many requests this window has seen with this one; 0 when the cache is away."""
    try:
        cache = caches["shared"]
        if cache.add(key, 1, timeout=2 * seconds):
            return 1
        return cache.incr(key)
    except ValueError:  # it expired between the two calls
        return 1
    except Exception:
        logger.warning("The cache of the throttles is away; nobody is held back.", exc_info=True)
        return 0
