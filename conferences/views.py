"""Pages of a conference that are neither the API's nor the desk's."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

from conferences.domain.photos import FOLDER


@require_safe
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    """A photo of somebody on the programme, for everybody. ``name`` is one that we have given (config/urls.py)."""
    response = serve(request, f"{FOLDER}{name}", document_root=str(settings.MEDIA_ROOT))
    response["Content-Type"] = "image/jpeg"
    response["Content-Disposition"] = "attachment"  # a page draws it in <img> all the same
    response["X-Content-Type-Options"] = "nosniff"
    # Another picture gets another name: what is under this one never changes.
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
