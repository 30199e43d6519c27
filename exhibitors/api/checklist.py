"""The checklist of an application over the API."""

from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

import clock
from api.languages import ALL, TranslatedField, pick, request_language
from exhibitors.api.applications import FairApplicationsView
from exhibitors.domain.checklist import Item, ItemKind, ItemState, checklist


class ChecklistItemSerializer(serializers.Serializer[Any]):
    """One thing that is due."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in ItemKind])
    code = serializers.CharField(help_text="Of the required document or of the fair's deadline.")
    title = TranslatedField(read_only=True)
    state = serializers.ChoiceField(
        choices=[state.value for state in ItemState],
        help_text="`open`: nothing here can see whether it is done, or it may be left out.",
    )
    why = serializers.CharField(help_text="Which rule asks for it, and what is missing, in your language.")
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of that name
    due_at = serializers.DateTimeField(allow_null=True, help_text="In the fair's time zone.")
    due_at_local = serializers.DateTimeField(allow_null=True, help_text="The same moment in yours.")
    extended = serializers.BooleanField(help_text="You have longer than the others.")
    site = serializers.CharField(allow_null=True, help_text="Slug of the site, where each needs its own.")
    document = serializers.IntegerField(allow_null=True, help_text="Id of the version that counts now.")
    link = serializers.CharField(help_text="Where to act; '' where nothing is to be done here.")


class ChecklistSerializer(serializers.Serializer[Any]):
    """What is due for one application, the earliest first."""

    application = serializers.IntegerField()
    fair_time_zone = serializers.CharField()
    time_zone = serializers.CharField(help_text="Yours.")
    done = serializers.IntegerField(help_text="How many items are `done`.")
    waiting = serializers.IntegerField(help_text="How many need nothing of you now: `waiting_for_review` and `not_needed_yet`.")
    open = serializers.IntegerField(help_text="How many need something of you: all the others.")
    items = ChecklistItemSerializer(many=True)


class ChecklistView(FairApplicationsView):
    """What is due."""

    serializer_class: Any = ChecklistSerializer
    pagination_class = None

    @extend_schema(
        operation_id="applications_checklist",
        tags=["applications"],
        description="What is due for an application, when, whether it is done, and why: required documents and the fair's deadlines.",
        responses=ChecklistSerializer,
    )
    def get(self, request: Any, fair: str, pk: int) -> Response:
        application = self.reader.visible(self.fair.pk).select_related("company").filter(pk=pk).first()
        if application is None:
            raise Http404
        application.fair = self.fair
        items = checklist(application, now=clock.now())
        done = sum(item.state == ItemState.DONE for item in items)
        waiting = sum(item.is_waiting for item in items)
        zone = ZoneInfo(request.user.time_zone)
        return Response(
            {
                "application": application.pk,
                "fair_time_zone": self.fair.time_zone,
                "time_zone": zone.key,
                "done": done,
                "waiting": waiting,
                "open": len(items) - done - waiting,
                "items": [self._item(item, zone, request.path.removesuffix("checklist/")) for item in items],
            }
        )

    def _item(self, item: Item, zone: tzinfo, base: str) -> dict[str, Any]:
        language = request_language(self.request)
        return {
            "kind": item.kind.value,
            "code": item.code,
            "title": item.title if language == ALL else pick(item.title, language),  # type: ignore[arg-type]
            "state": item.state.value,
            "why": item.why,
            "required": item.required,
            "due_at": _in(item.due_at, self.fair.zone),
            "due_at_local": _in(item.due_at, zone),
            "extended": item.extended,
            "site": item.site,
            "document": item.document,
            "link": _link(item.path, base),
        }


def _in(moment: datetime | None, zone: tzinfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment else None


def _link(path: str, base: str) -> str:
    if not path:
        return ""
    return f"/api/v1{path}" if path.startswith("/") else f"{base}{path}"
