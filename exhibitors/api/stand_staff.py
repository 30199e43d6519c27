"""The people on an exhibitor's stand over the API, and how many passes are left for them."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListCreateAPIView, RetrieveUpdateDestroyAPIView

import clock
from api.idempotency import IdempotentCreateMixin
from api.problems import Findings, field_error
from api.serializers import StrictSerializer
from exhibitors.api.form_values import no_such_site
from exhibitors.api.parts import ApplicationPartView
from exhibitors.domain import stand_staff
from exhibitors.domain.pass_quotas import passes_of
from exhibitors.domain.stand_staff_values import DaysInput
from exhibitors.enums import StandRole
from exhibitors.models import StandStaff
from fairs.models import Site


class StaffDaysSerializer(StrictSerializer):
    """At which site from which day to which: one pass. Days left out: all that the application asks for there."""

    site = serializers.SlugField(max_length=60, help_text="Slug of a site that the application asks for.")
    first_day = serializers.DateField(required=False, allow_null=True)
    last_day = serializers.DateField(required=False, allow_null=True)


class StandStaffSerializer(StrictSerializer):
    """Somebody on the stand. A name in Latin letters or in Cyrillic is needed; for a visa invitation the Latin one, as in the passport."""

    in_parts = ("days",)

    id = serializers.IntegerField(read_only=True)
    name_in_latin = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="As in the passport: A–Z, spaces, hyphens and apostrophes."
    )
    name_in_cyrillic = serializers.CharField(max_length=100, required=False, allow_blank=True)
    name_in_chinese = serializers.CharField(max_length=60, required=False, allow_blank=True)
    role = serializers.ChoiceField(choices=StandRole.choices)
    languages = serializers.ListField(
        child=serializers.ChoiceField(choices=settings.LANGUAGES), max_length=10, required=False, help_text="Which the person speaks."
    )
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, help_text="Kept as E.164, such as +74232550123.")
    needs_visa_invitation = serializers.BooleanField(required=False)
    days = StaffDaysSerializer(many=True, required=False, help_text="Each site once; every site takes one pass.")

    def to_representation(self, instance: StandStaff) -> dict[str, Any]:
        plain = ("name_in_latin", "name_in_cyrillic", "name_in_chinese", "role", "languages", "email", "phone", "needs_visa_invitation")
        return {
            "id": instance.pk,
            **{name: getattr(instance, name) for name in plain},
            "days": [
                {"site": row.site.slug, "first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat()}
                for row in instance.days.all()
            ],
        }

    def wrong_besides(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        view, found = self.context["view"], Findings()
        days = view.days_of(values.pop("days"), found) if "days" in values else None
        found.errors += stand_staff.wrong(view.application, values, days, person=self.instance)  # type: ignore[arg-type]
        return found.errors


class SitePassesSerializer(serializers.Serializer[Any]):
    """The passes at one site: `quota` is what the area and the co-exhibitors earn, and what the organiser granted on top."""

    site = serializers.CharField(help_text="Slug of the site.")
    area_m2 = serializers.FloatField(help_text="Of the accepted stand; until there is one, the area wished.")
    quota = serializers.IntegerField()
    extra = serializers.IntegerField(help_text="How many of the quota the organiser granted beyond the rules.")
    used = serializers.IntegerField(help_text="People named for the site. More than the quota when the stand became smaller.")


class PassesSerializer(serializers.Serializer[Any]):
    """How many people may be named, and until when."""

    closes_at = serializers.DateTimeField(help_text="After this moment only the organiser changes the list.")
    sites = SitePassesSerializer(many=True)


class StaffView(ApplicationPartView):
    """What the paths of people share."""

    serializer_class = StandStaffSerializer  # type: ignore[assignment]

    def get_queryset(self) -> QuerySet[StandStaff]:  # type: ignore[override]
        if getattr(self, "swagger_fake_view", False):
            return StandStaff.objects.none()
        return StandStaff.objects.filter(application=self.application.pk).prefetch_related("days__site").order_by("pk")

    def values(self, serializer: Any, *, as_staff: bool) -> dict[str, Any]:
        """The arguments of the domain's functions that the body and the request give."""
        values = dict(serializer.validated_data)
        if "days" in values:
            found = Findings()
            days = self.days_of(values.pop("days"), found)
            if found.errors:
                found.errors += stand_staff.wrong(self.application, values, days, person=serializer.instance)  # type: ignore[arg-type]
            found.refuse()
            values["days"] = list(days.values())
        return {**values, "by": self.request.user, "now": clock.now(), "as_staff": as_staff}

    def days_of(self, rows: list[dict[str, Any]], found: Findings) -> dict[int, DaysInput]:
        """The days with the fair's own sites, by their place; an unknown one is left out, for ``found``."""
        sites = {site.slug: site for site in Site.objects.filter(fair=self.fair)}
        found.errors += [
            field_error(f"/days/{place}/site", "unknown_site", no_such_site(self.fair))
            for place, row in enumerate(rows)
            if row.get("site", "") not in sites
        ]
        return {
            place: DaysInput(sites[row["site"]], row.get("first_day"), row.get("last_day"))
            for place, row in enumerate(rows)
            if row.get("site", "") in sites  # of one without, the serializer has said so
        }


@extend_schema_view(
    get=extend_schema(
        operation_id="applications_staff_list",
        tags=["staff"],
        description="The people on the stand of an application. How many passes are left: `passes/`.",
    ),
    post=extend_schema(
        operation_id="applications_staff_create",
        tags=["staff"],
        description="Name somebody for the stand. Each site takes one pass: 409 when none is left, and after `closes_at` of `passes/`. "
        "Somebody who is there for one of these days is refused (`unique`): two people with one name have an `email` or `phone` each.",
    ),
)
class StaffListView(IdempotentCreateMixin, StaffView, ListCreateAPIView[StandStaff]):  # type: ignore[misc]
    """The people on one application's stand."""

    def create(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require_editor()
        return super().create(request, *args, **kwargs)

    def perform_create(self, serializer: Any) -> None:
        person = stand_staff.add(application_id=self.application.pk, **self.values(serializer, as_staff=self.require_editor()))
        serializer.instance = self.get_queryset().get(pk=person.pk)


@extend_schema_view(
    get=extend_schema(operation_id="applications_staff_retrieve", tags=["staff"], description="Read who somebody on the stand is."),
    patch=extend_schema(
        operation_id="applications_staff_partial_update",
        tags=["staff"],
        description="Change somebody on the stand. What is given replaces what was there; `days` is the whole list.",
    ),
    delete=extend_schema(
        operation_id="applications_staff_destroy",
        tags=["staff"],
        description="Take somebody off the stand. The row is deleted, and its passes are free again.",
    ),
)
class StaffDetailView(StaffView, RetrieveUpdateDestroyAPIView[StandStaff]):  # type: ignore[misc]
    """One of them."""

    http_method_names = ["get", "patch", "delete", "head", "options"]

    def update(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_object()
        self.require_editor()  # 403 comes before 428
        return super().update(request, *args, **kwargs)

    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.get_object()
        self.require_editor()
        return super().destroy(request, *args, **kwargs)

    def perform_update(self, serializer: Any) -> None:
        stand_staff.update(staff_id=serializer.instance.pk, **self.values(serializer, as_staff=self.require_editor()))

    def perform_destroy(self, instance: StandStaff) -> None:
        stand_staff.remove(staff_id=instance.pk, by=self.request.user, now=clock.now(), as_staff=self.require_editor())  # type: ignore[arg-type]


class PassesView(ApplicationPartView, GenericAPIView[Any]):  # type: ignore[misc]
    """The passes of one application."""

    serializer_class = PassesSerializer  # type: ignore[assignment]

    @extend_schema(
        operation_id="applications_passes_retrieve",
        tags=["staff"],
        description="How many passes the application has at each site, how many are used, and until when people may be named.",
    )
    def get(self, request: Any, fair: str, pk: int) -> HttpResponse:
        return self.object_response(self.application)

    def full_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "closes_at": stand_staff.closes_at(instance).astimezone(self.fair.zone).isoformat(),
            "sites": [
                {
                    "site": passes.site.slug,
                    "area_m2": float(passes.area_m2),
                    "quota": passes.quota,
                    "extra": passes.extra,
                    "used": passes.used,
                }
                for passes in passes_of(instance)
            ],
        }
