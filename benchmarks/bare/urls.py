from django.http import HttpRequest, JsonResponse
from django.urls import path


def constant(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"name": "Yarmarka", "docs": "/api/v1/docs/", "schema": "/api/v1/schema/"})


urlpatterns = [path("api/v1/", constant)]
