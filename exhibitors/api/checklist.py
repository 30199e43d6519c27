"""The checklist of an application over the API."""

from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

import clock
from api import idempotency
from api.idempotency import IdempotentCreateMixin
from api.languages import ALL, TranslatedField, pick, request_language
from api.serializers import StrictSerializer
from exhibitors.api.applications import FairApplicationsView
from exhibitors.api.parts import ApplicationPartView
from exhibitors.domain import deadline_ticks
from exhibitors.domain.checklist import Item, ItemKind, ItemState, checklist
from exhibitors.models import Application


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
    by_hand = serializers.BooleanField(help_text="Nothing here can see whether it is done: it is ticked off, by you or by the organiser.")
    ticked_by = serializers.ChoiceField(choices=["exhibitor", "organiser"], allow_null=True)
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


class TickSerializer(StrictSerializer):
    """Which deadline is ticked off."""

    deadline = serializers.CharField(max_length=60, help_text="Code of the fair's deadline, as the checklist has it.")
    note = serializers.CharField(
        max_length=deadline_ticks.LONGEST_NOTE, required=False, allow_blank=True, help_text="For the organisers, such as: came by post."
    )


class UntickSerializer(StrictSerializer):
    deadline = serializers.CharField(max_length=60, help_text="Code of the fair's deadline, as the checklist has it.")


class _ChecklistAnswer(FairApplicationsView):
    """What the paths of the checklist share: the whole list is the answer."""

    serializer_class: Any = ChecklistSerializer
    pagination_class = None

    def answer(self, application: Application) -> Response:
        application.fair = self.fair
        items = checklist(application, now=clock.now())
        done = sum(item.state == ItemState.DONE for item in items)
        waiting = sum(item.is_waiting for item in items)
        zone = ZoneInfo(self.request.user.time_zone)  # type: ignore[union-attr]
        base = f"/api/v1/fairs/{self.fair.slug}/applications/{application.pk}/"
        return Response(
            {
                "application": application.pk,
                "fair_time_zone": self.fair.time_zone,
                "time_zone": zone.key,
                "done": done,
                "waiting": waiting,
                "open": len(items) - done - waiting,
                "items": [self._item(item, zone, base) for item in items],
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
            "by_hand": item.by_hand,
            "ticked_by": item.ticked_by or None,
            "link": _link(item.path, base),
        }


class ChecklistView(_ChecklistAnswer):
    """What is due."""

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
        return self.answer(application)


class _TickView(IdempotentCreateMixin, ApplicationPartView, _ChecklistAnswer):
    """Tick off, or take back: 403 for who may only read, 409 where it is not the reader's to do."""

    http_method_names = ["post", "options"]

    def tick_once(self, request: Any) -> Any:
        self.require_editor()
        return idempotency.once(self, request, self._take)

    def _take(self) -> Response:
        as_staff = self.require_editor()
        self.take(by_exhibitor=not as_staff)
        return self.answer(self.application)

    def take(self, *, by_exhibitor: bool) -> None:
        raise NotImplementedError


class TickView(_TickView):
    """Tick off a deadline."""

    @extend_schema(
        operation_id="applications_checklist_tick",
        tags=["applications"],
        description=(
            "Tick off a deadline that has been met and of which nothing here can see it (`by_hand`): reminders of it stop. Staff tick off "
            "any deadline of the fair. Ticked again, the first tick stays."
        ),
        request=TickSerializer,
        responses=ChecklistSerializer,
    )
    def post(self, request: Any, fair: str, pk: int) -> Any:
        return self.tick_once(request)

    def take(self, *, by_exhibitor: bool) -> None:
        body = TickSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        user: Any = self.request.user
        deadline_ticks.tick(application_id=self.application.pk, by=user, now=clock.now(), by_exhibitor=by_exhibitor, **body.validated_data)


class UntickView(_TickView):
    """Take a tick back."""

    @extend_schema(
        operation_id="applications_checklist_untick",
        tags=["applications"],
        description="Take a tick back; reminders go on with the step that comes next. An exhibitor takes back the own ticks alone.",
        request=UntickSerializer,
        responses=ChecklistSerializer,
    )
    def post(self, request: Any, fair: str, pk: int) -> Any:
        return self.tick_once(request)

    def take(self, *, by_exhibitor: bool) -> None:
        body = UntickSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        deadline_ticks.untick(application_id=self.application.pk, by_exhibitor=by_exhibitor, **body.validated_data)


def _in(moment: datetime | None, zone: tzinfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment else None


def _link(path: str, base: str) -> str:
    if not path:
        return ""
    return f"/api/v1{path}" if path.startswith("/") else f"{base}{path}"
