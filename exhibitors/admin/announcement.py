"""Announcements on the desk: when the decisions that are held are told, and to how many."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

import clock
from api.problems import Refused
from api.text import labelled, listed
from exhibitors.admin import kept_choice
from exhibitors.admin.all_at_once import named
from exhibitors.admin.announcement_decisions import decisions_of
from exhibitors.admin.held import ids_in
from exhibitors.domain import announcements
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.models import Announcement, Application, ApplicationStep
from exhibitors.tasks import announce_soon
from fairs import access
from fairs.admin.base import FairTimesMixin
from fairs.admin_scope import FairScopedAdmin
from fairs.models import Fair
from fairs.moments import moment_text
from fairs.roles import Right


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new one: for the applications that the link names, or for all that is held; what the domain refuses is said beside it."""

    applications = forms.CharField(required=False, widget=forms.HiddenInput)
    saved: Announcement | None = None
    user: Any = None

    class Meta:
        model = Announcement
        fields = ("fair", "at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "at" in self.fields and self.instance.pk is None:
            self.fields["at"].required = False
            self.fields["at"].help_text = _("In the fair's time zone. Left empty: at once.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.saved = self._take(cleaned)
        except Refused as refusal:
            for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
                self.add_error("at" if error.get("pointer") == "/at" else None, str(error["detail"]))
        return cleaned

    def _take(self, cleaned: dict[str, Any]) -> Announcement:
        if self.instance.pk is not None:
            return announcements.move(announcement_id=self.instance.pk, at=cleaned["at"], now=clock.now())
        chosen = ids_in(cleaned.get("applications", ""))
        fair, at = cleaned["fair"], cleaned.get("at")
        return announcements.create(fair=fair, by=self.user, now=clock.now(), at=at, application_ids=chosen or None)

    def _post_clean(self) -> None:
        """The domain has written the row; the form builds none."""


class StateFilter(admin.SimpleListFilter):
    """By what the list calls an announcement."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("planned", _("planned")), ("done", _("done")), ("cancelled", _("cancelled")), ("empty", _("nothing left to tell"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Announcement]) -> QuerySet[Announcement]:
        kept = queryset.filter(cancelled_at=None)
        match self.value():
            case "planned":
                return kept.filter(done_at=None, told__gt=0)
            case "done":
                return kept.filter(done_at__isnull=False, told__gt=0)
            case "cancelled":
                return queryset.filter(cancelled_at__isnull=False)
            case "empty":
                return kept.filter(told=0)
        return queryset


@admin.register(Announcement)
class AnnouncementAdmin(FairTimesMixin, FairScopedAdmin):
    """Moved while it is open, cancelled by an action; what is done stays."""

    view_right = edit_right = Right.DECIDE_APPLICATIONS
    may_delete = False
    form = AnnouncementForm
    list_display = ("moment", "fair", "state", "application_count")
    list_filter = (("fair", admin.RelatedOnlyFieldListFilter), StateFilter)
    list_select_related = ("fair",)
    actions = ("cancel",)
    fieldsets = ((None, {"fields": ("fair", "at", "applications")}),)
    change_form_after_template = "admin/exhibitors/announcement/decisions.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        told = Count("steps__application", filter=Q(steps__voided_at=None), distinct=True)
        return super().get_queryset(request).annotate(told=told)

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        return ((None, {"fields": ("fair", "at", "state_text", "application_count")}),) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Announcement | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("fair", "state_text", "application_count", *(() if self._is_open(obj) else ("at",)))

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self._is_open(obj))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        announcement = self.get_object(request, object_id)
        context = decisions_of(request, announcement) if announcement and self.has_view_permission(request, announcement) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        chosen = self._chosen(request) or []
        return {"applications": ",".join(map(str, chosen)), **{name: value for name, value in request.GET.items() if name == "fair"}}

    def _chosen(self, request: HttpRequest) -> list[int] | None:
        return kept_choice.read(request.GET.get("applications", ""), purpose=kept_choice.ANNOUNCE, user_id=request.user.pk)

    def get_form(self, request: HttpRequest, obj: Announcement | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def fair_of_page(self, request: HttpRequest, pk: str | None) -> Fair | None:
        if pk is not None:
            return Fair.objects.filter(announcements=pk).first() if pk.isdigit() else None
        named = super().fair_of_page(request, pk)
        fairs = list(access.fairs_with(request.user, Right.DECIDE_APPLICATIONS)[:2])  # type: ignore[arg-type]
        return named or (fairs[0] if len(fairs) == 1 else None)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        if request.method == "GET":
            chosen = self._chosen(request)
            if chosen is None:
                messages.warning(request, kept_choice.GONE)
                return HttpResponseRedirect(reverse("admin:exhibitors_application_changelist"))
            if chosen:
                rows = Application.objects.filter(access.within(request.user, self.edit_right, fair="fair"))  # type: ignore[arg-type]
                names = [str(row.company) for row in rows.filter(pk__in=chosen).select_related("company")]
                messages.info(request, _("Chosen: %(names)s.") % {"names": named(names, most=20)})
            else:
                messages.info(request, self._undated_text(request))
        return super().add_view(request, form_url, {"show_save_and_add_another": False, **(extra_context or {})})

    def _undated_text(self, request: HttpRequest) -> str:
        """What a page without a choice will announce, with a number for each kind of decision where the fair is known."""
        fair = self.fair_of_page(request, None)
        if fair is None:
            return gettext("Everything that is held and has no moment yet will be announced.")
        undated = ApplicationStep.objects.pending().filter(application__fair=fair, announcement=None).order_by()
        counts = dict(undated.values_list("step").annotate(Count("application", distinct=True)))
        if not counts:
            return gettext("Nothing is held at this fair without a moment: there is nothing to announce.")
        told = listed(labelled(text.done, counts[step.value]) for step, text in STEP_TEXTS.items() if step.value in counts)
        return gettext("Everything that is held and has no moment yet will be announced (%(decisions)s).") % {"decisions": told}

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        return form.saved

    def save_model(self, request: HttpRequest, obj: Announcement, form: Any, change: bool) -> None:
        announce_soon()  # the domain has written it

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    @action(description=_("Cancel: hold the decisions without a moment"), permissions=["decide"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Announcement]) -> None:
        for announcement in queryset:
            try:
                announcements.cancel(announcement_id=announcement.pk, now=clock.now())
            except Refused as refusal:
                messages.warning(request, labelled(self.moment(announcement), refusal))

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._allows(request, Right.DECIDE_APPLICATIONS, None)

    def _is_open(self, announcement: Announcement) -> bool:
        return announcement.done_at is None and announcement.cancelled_at is None

    @admin.display(description=_("moment"), ordering="at")
    def moment(self, announcement: Announcement) -> str:
        return moment_text(announcement.at, announcement.fair.zone)

    @display(description=_("status"), label={"done": "success", "planned": "info", "cancelled": None, "empty": None})
    def state(self, announcement: Any) -> tuple[str, Any]:
        if announcement.cancelled_at:
            return "cancelled", _("cancelled")
        if not announcement.told:  # all of it was taken back, or moved to another announcement
            return "empty", _("nothing left to tell")
        return ("done", _("done")) if announcement.done_at else ("planned", _("planned"))

    @admin.display(description=_("status"))
    def state_text(self, announcement: Any) -> str:
        """On the page itself, where nothing draws the list's coloured labels."""
        return str(self.state(announcement)[1])

    @admin.display(description=_("applications"))
    def application_count(self, announcement: Any) -> int:
        return int(announcement.told)
