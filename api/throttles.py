"""How often one client may write. An ordinary courtesy limit: what guards sign-in and tokens counts in the database."""

import logging
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.utils import timezone
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from api import limits

logger = logging.getLogger(__name__)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class WriteThrottle(BaseThrottle):
    """Counts POST, PUT, PATCH and DELETE per person, or per address for strangers. When the counter is away it lets everyone pass."""

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
    """How many requests this window has seen with this one, counted in Redis where there is one; 0 when the counter is away."""
    try:
        if not settings.REDIS_URL:
            return limits.count(key, ends_at=timezone.now() + timedelta(seconds=2 * seconds))
        cache = caches["shared"]
        if cache.add(key, 1, timeout=2 * seconds):
            return 1
        return cache.incr(key)
    except ValueError:  # it expired between the two calls
        return 1
    except Exception:
        logger.warning("The counter of the throttles is away; nobody is held back.", exc_info=True)
        return 0
