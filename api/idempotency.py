"""``Idempotency-Key``: a creating POST that a client may repeat without creating twice.

A key belongs to one person and path (a stranger's to path and body). The first request claims it by inserting a row and
commits that at once; its answer is stored in the transaction that creates, so that both exist or neither. Others with the
same key read the row until the answer is there; they hold no lock. What changes by itself in an answer, such as a signed link, is
made anew when it is given again (``fresh_values`` of api/etags.py). A claim ends by itself when its request was killed;
should that request be alive after all, it finds its claim gone before it commits and rolls back.
"""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder

from api.models import IdempotencyKey
from api.problems import problem

KEPT = timedelta(hours=24)
CLAIM = timedelta(seconds=45)  # the promise is 60 s; no request of ours runs so long
PATIENCE = 10.0  # seconds that a repeated request waits for the first
_PAUSES = (0.05, 0.1, 0.2, 0.4)  # seconds between looks; the last one repeats
_PRINTABLE = re.compile(r"[!-~]{1,255}")
_KEPT_HEADERS = ("Location", "ETag")
_NOT_KEPT = frozenset({401, 403, 408, 429})  # who asks may change; the next try may be right

Make = Callable[[], HttpResponse]


class IdempotentCreateMixin:
    """Put it before the generic view: its ``create`` honours ``Idempotency-Key``.

    A plain view wraps its own work: ``return idempotency.once(self, request, lambda: …)``; it still inherits this mixin,
    which is how the schema knows. The work runs in one transaction, so it may not open a durable one.
    """

    idempotent_actions: tuple[str, ...] = ("create",)

    def create(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return once(self, request, partial(super().create, request, *args, **kwargs))  # type: ignore[misc]


def once(view: Any, request: Any, make: Make) -> HttpResponse:
    """The answer of ``make``, or the stored one when this key was answered before; without the header just ``make()``."""
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return make()
    if not _PRINTABLE.fullmatch(key):
        return problem(
            status=400, code="idempotency_key_invalid", detail=_("Idempotency-Key has 1 to 255 printable characters, no blanks.")
        )
    body_hash = hash_of_body(request)
    person = str(request.user.pk) if request.user.is_authenticated else ""
    scope = _hash("person", person, request.path) if person else _hash("stranger", request.path, body_hash)
    found = _claim(view, scope=scope, key=key, person=person, body_hash=body_hash)
    return _run(view, found, make) if isinstance(found, IdempotencyKey) else found


def hash_of_body(request: Any) -> str:
    """The same for the same JSON value, or the same form fields and files. Raises what parsing raises."""
    data = request.data
    if hasattr(data, "lists"):
        data = {name: [_file_hash(value) if hasattr(value, "chunks") else value for value in values] for name, values in data.lists()}
    return _hash(json.dumps(data, sort_keys=True, cls=JSONEncoder))


def forget_old(*, now: datetime) -> int:
    """Delete the rows that no client may refer to any more; returns how many."""
    return IdempotencyKey.objects.filter(created_at__lte=now - KEPT).delete()[0]


def _claim(view: Any, *, scope: str, key: str, person: str, body_hash: str) -> IdempotencyKey | HttpResponse:
    """The row when this request is to do the work, else the answer."""
    began = time.monotonic()
    looks = 0
    mine = secrets.token_hex(16)
    while True:
        now = timezone.now()
        row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
        if row is not None and row.created_at <= now - KEPT:
            IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim).delete()
            row = None
        if row is None:
            fresh = IdempotencyKey(
                scope=scope, key=key, person=person, body_hash=body_hash, claim=mine, claimed_until=now + CLAIM, created_at=now
            )
            # Of several at once one is written, the others are passed over without an error.
            IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
            row = IdempotencyKey.objects.filter(scope=scope, key=key).first()
            if row is None:
                continue
            if row.claim == mine:
                return row
        if row.body_hash != body_hash:
            text = _("This Idempotency-Key came with another body before: take a new key for a new request.")
            return problem(status=422, code="idempotency_key_reused", detail=text)
        if row.status is not None:
            return _replay(view, row)
        if row.claimed_until <= now and _take_over(row, mine, now):
            return row
        if time.monotonic() - began >= PATIENCE:
            return _still_running()
        time.sleep(_PAUSES[min(looks, len(_PAUSES) - 1)])
        looks += 1


def _take_over(row: IdempotencyKey, mine: str, now: datetime) -> bool:
    unfinished = IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim, status=None)
    taken = unfinished.update(claim=mine, claimed_until=now + CLAIM)
    row.claim = mine
    return bool(taken)


def _run(view: Any, row: IdempotencyKey, make: Make) -> HttpResponse:
    try:
        with transaction.atomic():
            response = make()
            if response.status_code < 500 and not _store(row, response):
                raise _ClaimLost
            return response
    except _ClaimLost:
        return _still_running()
    except Exception as error:
        try:
            response = view.handle_exception(error)
        except Exception:
            _free(row)
            raise
        if response.status_code >= 500 or response.status_code in _NOT_KEPT:
            _free(row)
        else:
            _store(row, response)
        return response
    except BaseException:  # the server stops in the middle of the work
        _free(row)
        raise


class _ClaimLost(Exception):
    """Another request took the claim, because this one took too long."""


def _store(row: IdempotencyKey, response: Any) -> bool:
    is_plain = not hasattr(response, "render")
    body = response.content if is_plain else (b"" if response.data is None else JSONRenderer().render(response.data))
    return bool(
        IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim, status=None).update(
            status=response.status_code,
            content_type=response.get("Content-Type", "") if is_plain else "application/json",
            headers={name: response[name] for name in _KEPT_HEADERS if name in response},
            body=body.decode(),
        )
    )


def _free(row: IdempotencyKey) -> None:
    IdempotencyKey.objects.filter(pk=row.pk, claim=row.claim, status=None).delete()


def _replay(view: Any, row: IdempotencyKey) -> HttpResponse:
    body = row.body
    if getattr(view, "volatile_fields", ()) and row.status is not None and row.status < 300:
        stored = json.loads(body)
        body = JSONRenderer().render({**stored, **view.fresh_values(stored)}).decode()
    response = HttpResponse(body, status=row.status, content_type=row.content_type or None, headers=row.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _still_running() -> HttpResponse:
    detail = _("The first request with this Idempotency-Key is still running.")
    return problem(status=409, code="idempotency_key_in_progress", detail=detail, headers={"Retry-After": "2"})


def _file_hash(upload: Any) -> list[str]:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return [upload.name, digest.hexdigest()]


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
