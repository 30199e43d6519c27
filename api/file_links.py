"""Links to kept files: signed, for one person, for ten minutes. Whoever hands one out has checked that the person may see the file."""

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from api.file_kinds import CONTENT_TYPES, FileKind
from api.models import StoredFile

VALID_FOR = 600  # seconds
_signer = TimestampSigner(salt="api.file_links", sep="~")


def file_url(file: StoredFile, *, user: Any) -> str:
    """The address under which ``user``, and nobody else, may load the file within the next ten minutes."""
    return f"{settings.SITE_URL}{file_path(file, user=user)}"


def file_path(file: StoredFile, *, user: Any) -> str:
    """The same without the host."""
    return reverse("file", args=[_signer.sign(f"{file.pk}-{user.pk}")])


class FileView(APIView):
    """The content of a file, under a link from the representation of what it belongs to.

    Always to be saved: opened by itself it would be a page of ours. A picture in ``<img>`` is drawn all the same.
    """

    permission_classes = [IsAuthenticated]
    http_method_names = ["get", "head", "options"]

    @extend_schema(
        operation_id="files_retrieve",
        tags=["files"],
        description="Load a file. Its address is a `file_url` that you were given less than ten minutes ago; it serves nobody but you.",
        parameters=[OpenApiParameter("token", OpenApiTypes.STR, OpenApiParameter.PATH, description="From a `file_url`.")],
        responses={(200, kind): OpenApiTypes.BINARY for kind in CONTENT_TYPES.values()},
    )
    def get(self, request: Any, token: str) -> Any:
        return answer_with(_opened(token, request.user))


def _opened(token: str, user: Any) -> StoredFile:
    """What the token names. Raises Http404 for one that is forged, too old or somebody else's: nobody can tell which."""
    try:
        file_id, user_id = _signer.unsign(token, max_age=VALID_FOR).split("-")
    except (BadSignature, ValueError) as error:
        raise Http404 from error
    file = StoredFile.objects.filter(pk=file_id).first() if user_id == str(user.pk) else None
    if file is None:
        raise Http404
    return file


def answer_with(file: StoredFile) -> HttpResponse:
    """The content, to be saved. Whoever calls has checked that the person may have it. Raises Http404 where it is lost."""
    try:
        content = default_storage.open(file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    response: Any = FileResponse(content, as_attachment=True, filename=file.original_name)
    response["Content-Type"] = CONTENT_TYPES[FileKind(file.kind)]
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response  # type: ignore[no-any-return]
