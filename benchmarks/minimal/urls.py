"""One view that writes the rows of a submitted application, without asking anything: a bound for what Django and PostgreSQL allow."""

import json
import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from exhibitors.models import Application, ApplicationStep, SiteWish
from notifications.models import Letter


@transaction.atomic
def insert(request: HttpRequest) -> JsonResponse:
    rows: dict[str, Any] = json.loads(request.body)
    now = timezone.now()
    told = {"told_status": "submitted"} if hasattr(Application, "told_status") else {}
    application = Application.objects.create(
        fair_id=rows["fair"], company_id=rows["company"], status="submitted", submitted_at=now, created_at=now, **told
    )
    Application.categories.through.objects.create(application_id=application.pk, productcategory_id=rows["category"])
    SiteWish.objects.create(
        application=application, site_id=rows["site"], area_wished_m2=9, first_day=rows["first_day"], last_day=rows["last_day"]
    )
    ApplicationStep.objects.create(application=application, step="submit", from_status="draft", to_status="submitted", at=now)
    letters = [
        Letter(
            key=f"minimal:{application.pk}:{number}", occasion="exhibitors.application_received", recipient_email="reader@bench.example",
            language="ru", subject="Application", text="Text\n" * 30, message_id=f"<{secrets.token_hex(12)}@bench.example>",
            due_at=now, next_attempt_at=now,
        )
        for number in range(rows["letters"])
    ]  # fmt: skip
    Letter.objects.bulk_create(letters)
    return JsonResponse({"id": application.pk})


def ready(request: HttpRequest) -> JsonResponse:
    return JsonResponse({})


urlpatterns = [path("insert/", insert), path("api/v1/", ready)]
