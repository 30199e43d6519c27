"""The stand's page and list with what exhibitors have to do with it: held until when, for whom; hold it, release it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSplitDateTimeWidget, UnfoldAdminTextInputWidget

import clock
from api.problems import Refused
from api.text import labelled
from exhibitors.domain import stand_holds
from exhibitors.domain.stand_hold_queries import live_seen_by, seen_by
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, Placement, StandHold
from fairs import access
from fairs.admin.base import link
from fairs.admin.stand import StandAdmin, StateFilter
from fairs.enums import StandStatus
from fairs.models import Stand
from fairs.moments import moment_text
from fairs.roles import Right

HELD, SPOKEN_FOR = "held", "spoken_for"
_SHOWN = 10  # past holds on a stand's page


def _live(request: HttpRequest) -> QuerySet[StandHold]:
    user: Any = request.user
    return live_seen_by(user, now=clock.now())


def _open(request: HttpRequest) -> QuerySet[Placement]:
    """What is planned and offered, for those who place exhibitors."""
    user: Any = request.user
    open_ones = Placement.objects.live().exclude(status=PlacementStatus.ACCEPTED)
    seen = open_ones.filter(access.within(user, Right.PLACE, fair="application__fair"))
    return seen.select_related("application__company").order_by("first_day", "pk")


def with_spoken_for(stands: QuerySet[Stand], request: HttpRequest) -> QuerySet[Stand]:
    """The same stands, each with ``spoken_for``: whether it is held, planned or offered, as far as the reader may know."""
    ours = (one.filter(stand=OuterRef("pk")) for one in (_live(request), _open(request)))
    held, placed = (Q(Exists(one)) for one in ours)
    return stands.annotate(spoken_for=Case(When(held | placed, then=Value(True)), default=Value(False), output_field=BooleanField()))


def hold_text(hold: StandHold, stand: Stand) -> str:
    """Until when a stand is held, and for whom."""
    whom = hold.application.company if hold.application else hold.note
    until = moment_text(hold.until, stand.hall.fair.zone)
    return gettext("held until %(until)s for %(whom)s") % {"until": until, "whom": whom}


class HeldFilter(StateFilter):
    """The public states, and what is held, planned or offered apart from the available ones, for those who may see it."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        user: Any = request.user
        if not access.has_right_anywhere(user, Right.VIEW_APPLICATIONS):
            return StandStatus.choices
        ours = [(SPOKEN_FOR, pgettext_lazy("stand", "offered, planned or held")), (HELD, pgettext_lazy("stand", "held"))]
        return [*StandStatus.choices, *ours]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stand]) -> QuerySet[Stand]:
        if self.value() == HELD:
            return queryset.filter(Exists(_live(request).filter(stand=OuterRef("pk"))))
        if self.value() not in (SPOKEN_FOR, StandStatus.AVAILABLE):
            return super().queryset(request, queryset)
        is_spoken_for = self.value() == SPOKEN_FOR
        return with_spoken_for(queryset, request).filter(status=StandStatus.AVAILABLE, spoken_for=is_spoken_for)


class HoldForm(forms.Form):
    """For whom a stand is held, and until when."""

    application = forms.ModelChoiceField(
        label=_("Application"), queryset=Application.objects.none(), required=False, widget=UnfoldAdminSelectWidget
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("For whom, or why; needed where there is no application. Only staff read it."),
        widget=UnfoldAdminTextInputWidget,
    )
    until = forms.SplitDateTimeField(label=_("Until"), help_text=_("In the fair's time zone."), widget=UnfoldAdminSplitDateTimeWidget)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["application"]
        living = Application.objects.filter(fair=stand.hall.fair_id).exclude(status__in=ApplicationStatus.ended)
        field.queryset = living.select_related("company").order_by("company__legal_name")
        field.label_from_instance = lambda one: f"{one.company} · {one.get_status_display()}"


class HeldStandAdmin(StandAdmin):
    """The stands of fairs.admin, with their holds."""

    list_filter = [HeldFilter if one is StateFilter else one for one in StandAdmin.list_filter]
    change_form_before_template = "admin/exhibitors/stand/hold_panel.html"
    list_display = [*StandAdmin.list_display, "plan_link"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stand]:
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("holds", _live(request), to_attr="live_holds"),
                Prefetch("placements", _open(request), to_attr="open_placements"),
            )
        )

    @admin.display(description=_("state"))
    def state(self, stand: Any) -> str:
        uses = [hold_text(hold, stand) for hold in stand.live_holds[:1]]
        uses += [f"{one.get_status_display()} · {one.application.company}" for one in stand.open_placements]
        public = [super().state(stand)] if not uses or stand.status != StandStatus.AVAILABLE else []
        return " · ".join([*public, *uses])

    def get_list_display(self, request: HttpRequest) -> Any:
        user: Any = request.user
        shown = super().get_list_display(request)
        return shown if access.has_right_anywhere(user, Right.VIEW_APPLICATIONS) else [name for name in shown if name != "plan_link"]

    @admin.display(description=_("plan"))
    def plan_link(self, stand: Stand) -> str:
        return link(f"{reverse('admin:fairs_hall_plan', args=[stand.hall_id])}?stand={stand.pk}", gettext("Show on the plan"))

    def get_urls(self) -> list[URLPattern]:
        hold, release = self.admin_site.admin_view(self.hold_view), self.admin_site.admin_view(self.release_view)
        return [
            path("<path:object_id>/hold/", hold, name="fairs_stand_hold"),
            path("<path:object_id>/release/", release, name="fairs_stand_release"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        stand = self.get_object(request, object_id)
        panel = {} if stand is None else self._panel(request, stand)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **panel})

    def _panel(self, request: HttpRequest, stand: Any) -> dict[str, Any]:
        user: Any = request.user
        if not access.has_right(user, fair_id=stand.hall.fair_id, right=Right.VIEW_APPLICATIONS):
            return {}
        hold = stand.live_holds[0] if stand.live_holds else None
        zone = stand.hall.fair.zone
        return {
            "sees_holds": True,
            "may_hold": access.has_right(user, fair_id=stand.hall.fair_id, right=Right.PLACE),
            "hold": hold,
            "held_text": self._linked(hold, stand) if hold else "",
            "past_holds": [
                {"hold": one, "from": moment_text(one.created_at, zone), "until": moment_text(one.ended_at or one.until, zone)}
                for one in seen_by(user).filter(stand=stand).exclude(pk=hold.pk if hold else None)[:_SHOWN]
            ],
        }

    def _linked(self, hold: StandHold, stand: Stand) -> str:
        if hold.application is None:
            return hold_text(hold, stand)
        page = link(reverse("admin:exhibitors_application_change", args=[hold.application_id]), hold.application.company)
        return format_html("{} · {}", hold_text(hold, stand), page)

    def hold_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Hold the stand, or hold it longer."""
        stand = self._placed_by(request, object_id)
        hold = stand.live_holds[0] if stand.live_holds else None
        asked = request.GET.get("application", "")
        initial = {"application": asked if asked.isdigit() else None}
        if hold is not None:
            initial = {"application": hold.application_id, "note": hold.note, "until": hold.until}
        with timezone.override(stand.hall.fair.zone):  # moments are typed as the fair's clock shows them
            form = HoldForm(request.POST or None, stand=stand, initial=initial)
            if request.method == "POST" and form.is_valid() and self._held(request, stand, form):
                return HttpResponseRedirect(self._page(stand))
            consequence = gettext(
                "Until then the stand is offered to nobody else; then it falls free by itself. "
                "Visitors and exhibitors see nothing of it, and no letter goes."
            )
            return self._answer(request, stand, form, title=gettext("Hold for…"), consequence=consequence).render()

    def _held(self, request: HttpRequest, stand: Stand, form: HoldForm) -> bool:
        user: Any = request.user
        given = form.cleaned_data
        application_id = given["application"].pk if given["application"] else None
        try:
            hold = stand_holds.hold_stand(
                stand_id=stand.pk, by=user, now=clock.now(), until=given["until"], application_id=application_id, note=given["note"]
            )
        except Refused as refusal:
            for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
                name = str(error.get("pointer", "")).lstrip("/")
                form.add_error(name if name in form.fields else None, str(error["detail"]))
            return False
        messages.success(request, labelled(stand, hold_text(hold, stand)))
        return True

    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask once, then release."""
        stand = self._placed_by(request, object_id)
        if request.method == "POST" or not stand.live_holds:
            try:
                stand_holds.release_hold(stand_id=stand.pk, now=clock.now())
                messages.success(request, gettext("Stand %(number)s is released.") % {"number": stand.number})
            except Refused as refusal:
                messages.warning(request, str(refusal))
            return HttpResponseRedirect(self._page(stand))
        return self._answer(
            request,
            stand,
            forms.Form(),
            title=gettext("Release"),
            consequence=gettext("The stand can be offered to everybody again. No letter goes."),
        )

    def _placed_by(self, request: HttpRequest, object_id: str) -> Any:
        """The stand, for somebody who places exhibitors at its fair. Raises Http404, PermissionDenied."""
        stand = self.get_object(request, object_id)
        if stand is None:
            raise Http404
        user: Any = request.user
        if not access.has_right(user, fair_id=stand.hall.fair_id, right=Right.PLACE):
            raise PermissionDenied
        return stand

    def _page(self, stand: Stand) -> str:
        return reverse("admin:fairs_stand_change", args=[stand.pk])

    def _answer(self, request: HttpRequest, stand: Any, form: forms.Form, *, title: str, consequence: str) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "original": stand,
            "stand": stand,
            "state": self.state(stand),
            "form": form,
            "consequence": consequence,
            "back": self._page(stand),
        }
        return TemplateResponse(request, "admin/exhibitors/stand/hold.html", context)


admin.site.unregister(Stand)
admin.site.register(Stand, HeldStandAdmin)
