"""ETags: whether what a client holds is still what we hold.

A single object's tag is the hash of its whole representation in all languages, as this reader sees it, with the language
of the answer behind it: ``"3f…-ru"``. A write compares the hash alone, so that one who read Russian may write English.
A public list's tag is the hash of a revision that the view names cheaply, the address and the language.
"""

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from api.languages import ALL, in_language, request_language

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-store"


class MatchMissing(exceptions.APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = _("Read the object first and send its ETag as If-Match.")


class MatchFailed(exceptions.APIException):
    status_code = 412
    default_code = "precondition_failed"
    default_detail = _("The object has changed since you read it. Read it again.")


class CacheHeadersMixin:
    """Strangers' reads may be kept and asked about again; a signed-in person's are for that person alone."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        patch_vary_headers(response, ["X-Session-Token", "Cookie"])
        if request.method in ("GET", "HEAD") and response.status_code in (200, 304):
            response.headers.setdefault("Cache-Control", PRIVATE if request.user.is_authenticated else PUBLIC)
        return response


class ConditionalMixin(CacheHeadersMixin):
    """For a generic view of single objects: put it first, before ``RetrieveAPIView`` or ``ModelViewSet``.

    GET answers ``ETag`` and 304 on ``If-None-Match``; PUT, PATCH and DELETE need ``If-Match`` (428, 412), compared under the
    row's lock in the transaction of the write. Actions that change the object answer with ``object_response(instance)``.
    Set ``read_serializer_class`` where writing uses another serializer: the tag must come from one representation.
    ``get_object`` has to read the row each time, and a representation may hold no text that gettext chose.
    """

    read_serializer_class: Any = None
    # Fields that change by themselves, such as signed links: no part of the tag, and a reader always gets fresh ones (no 304).
    volatile_fields: tuple[str, ...] = ()

    def retrieve(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.object_response(self.get_object())  # type: ignore[attr-defined]

    def create(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        serializer = self.get_serializer(data=request.data)  # type: ignore[attr-defined]
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)  # type: ignore[attr-defined]
        return self.created_response(serializer.instance)

    def update(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        is_partial = kwargs.pop("partial", False)
        with transaction.atomic():
            instance = self.get_matching_object()
            serializer = self.get_serializer(instance, data=request.data, partial=is_partial)  # type: ignore[attr-defined]
            serializer.is_valid(raise_exception=True)
            self.perform_update(serializer)  # type: ignore[attr-defined]
            return self.object_response(self.get_object())  # type: ignore[attr-defined]

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            self.perform_destroy(self.get_matching_object())  # type: ignore[attr-defined]
        return Response(status=204)

    def get_matching_object(self) -> Any:
        """The object as ``If-Match`` knows it, locked until the transaction ends. Raises MatchMissing, MatchFailed."""
        instance = self.get_object()  # type: ignore[attr-defined]  # 404 and 403 come before 428
        header = self.request.META.get("HTTP_IF_MATCH")  # type: ignore[attr-defined]
        if header is None:
            raise MatchMissing
        lock(instance)
        instance = self.get_object()  # type: ignore[attr-defined]  # what it is now that nobody else can change it
        if not matches(header, self._digest(self.full_representation(instance))):
            raise MatchFailed
        return instance

    def full_representation(self, instance: Any) -> Any:
        """All that this reader may see of ``instance``, in all languages."""
        serializer_class = self.read_serializer_class or self.get_serializer_class()  # type: ignore[attr-defined]
        context = {**self.get_serializer_context(), "language": ALL}  # type: ignore[attr-defined]
        return serializer_class(instance, context=context).data

    def object_response(self, instance: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
        """The object in the reader's language, with its ETag; 304 when a read names that already."""
        request = self.request  # type: ignore[attr-defined]
        full = self.full_representation(instance)
        language = request_language(request)
        tag = f'"{self._digest(full)}-{language}"'
        if request.method in ("GET", "HEAD") and not self.volatile_fields and is_known(request, tag):
            return not_modified(tag)
        data = full if language == ALL else in_language(full, language)
        return Response(data, status=status, headers={"ETag": tag, **(headers or {})})

    def fresh_values(self, stored: dict[str, Any]) -> dict[str, Any]:
        """The volatile fields of an answer that is given again: as this reader gets them now, null for what is not there any more."""
        instance = self.stored_instance(stored)
        full = self.full_representation(instance) if instance is not None else {}
        return {name: full.get(name) for name in self.volatile_fields}

    def stored_instance(self, stored: dict[str, Any]) -> Any:
        """The object that an earlier answer was about, as far as the reader may see it still. May raise Http404."""
        return self.get_queryset().filter(pk=stored["id"]).first()  # type: ignore[attr-defined]

    def _digest(self, full: Any) -> str:
        return digest_of(
            {name: value for name, value in full.items() if name not in self.volatile_fields} if self.volatile_fields else full
        )

    def created_response(self, instance: Any) -> HttpResponse:
        """201 with the new object, its ETag and its Location."""
        return self.object_response(instance, status=201, headers={"Location": self.location_of(instance)})

    def location_of(self, instance: Any) -> str:
        """The new object's address: below the collection it was posted to."""
        name = getattr(self, "lookup_field", "pk")
        return self.request.build_absolute_uri(f"{self.request.path}{getattr(instance, name)}/")  # type: ignore[attr-defined]


class ListETagMixin(CacheHeadersMixin):
    """For public lists: put it first and define ``get_list_revision``. A plain view wraps its answer in ``answer_revised``."""

    def get_list_revision(self) -> str | int | None:
        """What changes whenever an answer of this view may: read with one query. None: no tag this time."""
        raise NotImplementedError

    def list(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer_revised(partial(super().list, request, *args, **kwargs))  # type: ignore[misc]

    def answer_revised(self, make: Callable[[], HttpResponse]) -> HttpResponse:
        """304 when the client knows this revision, else ``make()`` with its tag."""
        request = self.request  # type: ignore[attr-defined]
        language = request_language(request)
        # Read before the rows: a change in between makes the tag too old, which costs one read, never a stale answer.
        revision = self.get_list_revision()
        if revision is None:
            return make()
        reader = request.user.pk if request.user.is_authenticated else ""
        tag = f'"{digest_of([revision, request.build_absolute_uri(), language, reader])}-{language}"'
        is_any = request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*"
        if not is_any and is_known(request, tag):
            return not_modified(tag)
        response = make()  # “any” is known only where there is an answer: not to a query that is refused
        if response.status_code == 200:
            if is_any:
                return not_modified(tag)
            response["ETag"] = tag
        return response


def digest_of(representation: Any) -> str:
    """32 hex digits that change when anything in ``representation`` does."""
    text = json.dumps(representation, cls=JSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def lock(instance: Any) -> None:
    """Lock this row alone until the transaction ends (SQLite's transactions have the whole file)."""
    rows = type(instance)._base_manager.select_for_update(of=("self",)).filter(pk=instance.pk).order_by()
    list(rows.values_list("pk"))


def matches(header: str, digest: str) -> bool:
    """Whether an ``If-Match`` header names ``digest``, in whatever language it was read; weak tags never do."""
    if header.strip() == "*":
        return True
    return any(tag.startswith('"') and tag.strip('"').partition("-")[0] == digest for tag in _tags(header))


def is_known(request: Any, tag: str) -> bool:
    """Whether ``If-None-Match`` names ``tag``; a proxy may have weakened it."""
    header = request.META.get("HTTP_IF_NONE_MATCH", "")
    return header.strip() == "*" or tag in (known.removeprefix("W/") for known in _tags(header))


def not_modified(tag: str) -> HttpResponse:
    response = HttpResponseNotModified()
    response["ETag"] = tag
    return response


def _tags(header: str) -> list[str]:
    return [tag.strip() for tag in header.split(",")]
