"""The documents of an application over the API: handed in by the exhibitor, reviewed by staff."""

from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response

import clock
from api import idempotency
from api.filters import ChoicesFilter, YesNoFilter, text_filter
from api.idempotency import IdempotentCreateMixin
from api.languages import ALL, in_language, request_language
from api.uploads import UploadParser
from exhibitors.api.document_serializers import DocumentChangeSerializer, DocumentSerializer, NewDocumentSerializer, ReturnSerializer
from exhibitors.api.parts import ApplicationPartView
from exhibitors.api.serializers import NoInputSerializer
from exhibitors.domain import documents
from exhibitors.domain.document_queries import documents_of, may_load, present
from exhibitors.domain.steps import locked
from exhibitors.enums import DocumentState
from exhibitors.models import Document
from fairs.denials import staff_denied
from fairs.roles import Right


class DocumentFilter(django_filters.FilterSet):
    state = ChoicesFilter(choices=DocumentState.choices)
    requirement = text_filter("requirement__code", help_text="Code of a required document.")
    current = YesNoFilter(method="by_current", help_text="true: without versions that were replaced.")

    class Meta:
        model = Document
        fields: list[str] = []

    def by_current(self, found: QuerySet[Document], name: str, value: bool) -> QuerySet[Document]:
        replaced = {"state": DocumentState.SUPERSEDED}
        return found.exclude(**replaced) if value else found.filter(**replaced)


class DocumentsView(ApplicationPartView):
    """What the paths of documents share."""

    serializer_class: Any = DocumentSerializer
    volatile_fields = ("file_url",)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Document.objects.none()
        return documents_of(self.application)

    def read(self, found: Any) -> list[dict[str, Any]]:
        has_link = may_load(self.reader, self.application)
        is_staff = bool(self.reader.rights_at(self.application)[0])
        return [present(document, reader=self.reader, has_link=has_link, is_staff=is_staff) for document in found]

    def full_representation(self, instance: Any) -> Any:
        return self.read([instance])[0]


class DocumentListView(IdempotentCreateMixin, DocumentsView, GenericAPIView[Document]):
    """All versions of all documents of an application."""

    filterset_class = DocumentFilter
    parser_classes = [UploadParser]

    @extend_schema(
        operation_id="applications_documents_list",
        tags=["documents"],
        description="The documents of an application, all versions, the oldest first.",
        responses=DocumentSerializer(many=True),
    )
    def get(self, request: Any, fair: str, pk: int) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows, language = self.read(page), request_language(request)
        return self.get_paginated_response(rows if language == ALL else in_language(rows, language))

    @extend_schema(
        operation_id="applications_documents_create",
        tags=["documents"],
        description="Hand in a document: the next version of a required one, or something else. One file a request.",
        request={"multipart/form-data": NewDocumentSerializer},
        responses={201: DocumentSerializer},
    )
    def post(self, request: Any, fair: str, pk: int) -> Any:
        self.require_editor()  # before a byte of the file is parsed
        return idempotency.once(self, request, self._create)

    def _create(self) -> Any:
        as_staff = self.require_editor()
        body = NewDocumentSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        user: Any = self.request.user
        made = documents.upload(application_id=self.application.pk, by=user, now=clock.now(), as_staff=as_staff, **body.validated_data)
        return self.created_response(self.get_queryset().get(pk=made.pk))


class DocumentView(DocumentsView, GenericAPIView[Document]):
    """One version of a document."""

    http_method_names = ["get", "patch", "delete", "head", "options"]
    as_staff = False

    @extend_schema(
        operation_id="applications_documents_retrieve",
        tags=["documents"],
        description="Read a document; its `file_url` is for you alone and ends after ten minutes.",
        responses=DocumentSerializer,
    )
    def get(self, request: Any, fair: str, pk: int, part: int) -> Any:
        return self.object_response(self.get_object())

    @extend_schema(
        operation_id="applications_documents_partial_update",
        tags=["documents"],
        description="Correct until when the document is valid, while nobody has reviewed it.",
        request=DocumentChangeSerializer,
        responses=DocumentSerializer,
    )
    def patch(self, request: Any, fair: str, pk: int, part: int) -> Any:
        with transaction.atomic():
            document = self._editable()
            body = DocumentChangeSerializer(data=request.data)
            body.is_valid(raise_exception=True)
            documents.change(document_id=document.pk, by=request.user, now=clock.now(), as_staff=self.as_staff, **body.validated_data)
            return self.object_response(self.get_object())

    @extend_schema(
        operation_id="applications_documents_destroy",
        tags=["documents"],
        description="Take back a document that nobody has reviewed; the version before it counts again.",
        responses={204: None},
    )
    def delete(self, request: Any, fair: str, pk: int, part: int) -> Any:
        with transaction.atomic():
            document = self._editable()
            documents.remove(document_id=document.pk, by=request.user, now=clock.now(), as_staff=self.as_staff)
        return Response(status=204)

    def _editable(self) -> Document:
        """The document that the request names and knows. The application is locked first, as the verbs do."""
        self.get_object()  # 404 and 403 come before 428
        self.as_staff = self.require_editor()
        locked(self.application.pk)
        document: Document = self.get_matching_object()
        return document


class ReviewView(IdempotentCreateMixin, DocumentsView, GenericAPIView[Document]):
    """What the decisions share: 403 for whoever does not review documents, 409 when somebody decided first."""

    http_method_names = ["post", "options"]

    def decide(self, request: Any) -> Any:
        self.get_object()
        if Right.REVIEW_DOCUMENTS not in self.reader.rights_at(self.application)[0]:
            raise staff_denied(Right.REVIEW_DOCUMENTS)
        return idempotency.once(self, request, self._decide)

    def _decide(self) -> Any:
        document = self.get_queryset().filter(pk=self.kwargs["part"]).first()
        if document is None:
            raise Http404
        self.take(document)
        return self.object_response(self.get_object())

    def take(self, document: Document) -> None:
        raise NotImplementedError


class ApproveView(ReviewView):
    """Approve a document."""

    @extend_schema(
        operation_id="applications_documents_approve",
        tags=["documents"],
        description="Approve a document. No letter goes; the exhibitor's checklist shows it.",
        request=NoInputSerializer,
        responses=DocumentSerializer,
    )
    def post(self, request: Any, fair: str, pk: int, part: int) -> Any:
        return self.decide(request)

    def take(self, document: Document) -> None:
        NoInputSerializer(data=self.request.data).is_valid(raise_exception=True)
        documents.approve(document_id=document.pk, by=self.request.user, now=clock.now())  # type: ignore[arg-type]  # signed in


class ReturnView(ReviewView):
    """Return a document."""

    @extend_schema(
        operation_id="applications_documents_return",
        tags=["documents"],
        description="Return a document with a reason. The exhibitor gets a letter and sends a new version.",
        request=ReturnSerializer,
        responses=DocumentSerializer,
    )
    def post(self, request: Any, fair: str, pk: int, part: int) -> Any:
        return self.decide(request)

    def take(self, document: Document) -> None:
        body = ReturnSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        documents.return_(document_id=document.pk, by=self.request.user, now=clock.now(), **body.validated_data)  # type: ignore[arg-type]
