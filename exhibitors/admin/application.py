"""Applications on the organisers' desk: the queue, one application on one page, and the steps as buttons."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

import clock
from accounts.models import User
from api.problems import Refused
from api.text import labelled
from exhibitors.admin.all_at_once import ask_or_take_all, take_or_begin
from exhibitors.admin.answers import AnswerInline, answers_page
from exhibitors.admin.application_groups import context_of, further_links
from exhibitors.admin.application_inlines import CoExhibitorInline, DeadlineExtensionInline, PlacementInline, StandHoldInline, StepInline
from exhibitors.admin.apply_again import apply_again_page
from exhibitors.admin.changes import changed_since
from exhibitors.admin.checklist_page import checklist_page
from exhibitors.admin.document_panel import document_rows
from exhibitors.admin.form_parts import ProductInline, RepresentedInline
from exhibitors.admin.held import AttentionFilter, EventFilter, move_text, told_text
from exhibitors.admin.kept_choice import announcing
from exhibitors.admin.letter_timeline import application_letters_page
from exhibitors.admin.mailing_write import write_to
from exhibitors.admin.neighbours import NeighbourFormSet, NeighbourInline
from exhibitors.admin.pass_quotas import extra_passes_page
from exhibitors.admin.refusals import add_refusal
from exhibitors.admin.review import review_page
from exhibitors.admin.review_queue import queue_page
from exhibitors.admin.site_wishes import SiteWishFormSet, SiteWishInline
from exhibitors.admin.stand_staff import StandStaffInline
from exhibitors.admin.steps import is_usual, open_steps, step_page
from exhibitors.admin.unreachable import unreachable_page
from exhibitors.admin.upcoming import upcoming_page
from exhibitors.domain import applications
from exhibitors.domain.form import FormValues
from exhibitors.domain.search import matching
from exhibitors.domain.seen_state import SEEN, state_of
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import ApplicationStatus, Step
from exhibitors.models import Application, Company, Pavilion
from fairs import access
from fairs.admin.base import FairTimesMixin
from fairs.admin_scope import FairScopedAdmin
from fairs.models import Fair, StaffMembership
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.units import area_text

STATUS_COLOURS: dict[str, str | None] = {
    **dict.fromkeys(ApplicationStatus),  # the theme shows a state without an entry by its value
    ApplicationStatus.SUBMITTED: "info",
    ApplicationStatus.IN_REVIEW: "info",
    ApplicationStatus.CHANGES_REQUESTED: "warning",
    ApplicationStatus.WAITLISTED: "warning",
    ApplicationStatus.ADMITTED: "primary",
    ApplicationStatus.STAND_OFFERED: "primary",
    ApplicationStatus.ACCEPTED: "success",
    ApplicationStatus.REJECTED: "danger",
    ApplicationStatus.CANCELLED: "danger",
}


def _whole(area_m2: Any) -> str:
    """An area whose number and unit stay on one line."""
    return area_text(area_m2).replace(" ", "\N{NO-BREAK SPACE}")


_OWN_FIELDS = ("categories", "pavilion", "fascia_text")  # written by the domain


class ApplicationForm(forms.ModelForm):  # type: ignore[type-arg]
    """``refusal``: what the domain said to the same form a moment ago; it is shown with all that was typed."""

    refusal: Refused | None = None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        return cleaned


@admin.register(Application)
class ApplicationAdmin(FairTimesMixin, FairScopedAdmin):
    """States change by steps only: buttons on the page, and actions over a selection."""

    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_APPLICATIONS
    may_delete = False
    region_path = "company__region__code"
    form = ApplicationForm
    list_display = ("company", "status_chip", "submitted_day", "region", "sites", "stands", "responsible_name")
    list_filter = (
        # of related rows those that occur in the reader's own list: a plain filter would name every fair, site and user there is
        ("fair", admin.RelatedOnlyFieldListFilter),
        "status",
        AttentionFilter,
        EventFilter,
        "late",
        ("company__region", admin.RelatedOnlyFieldListFilter),
        ("categories", admin.RelatedOnlyFieldListFilter),
        ("pavilion", admin.RelatedOnlyFieldListFilter),
        ("site_wishes__site", admin.RelatedOnlyFieldListFilter),
        ("responsible", admin.RelatedOnlyFieldListFilter),
    )
    list_per_page = 50
    search_fields = ("company__legal_name",)
    search_help_text = _("Company, brand or tax number")
    autocomplete_fields = ("company", "categories")
    actions = (
        *("start_review", "admit", "waitlist", "reject", "admit_held", "waitlist_held", "reject_held"),
        *("announce", "write_to_these"),
    )
    change_form_template = "admin/exhibitors/application/change_form.html"
    change_form_before_template = "admin/exhibitors/application/steps_panel.html"
    inlines = (
        *(SiteWishInline, NeighbourInline, ProductInline, RepresentedInline, AnswerInline, PlacementInline),
        *(StandHoldInline, CoExhibitorInline, StandStaffInline, DeadlineExtensionInline, StepInline),
    )
    fieldsets = (
        (None, {"fields": (("company", "fair"), "categories", ("pavilion", "fascia_text"), "responsible")}),
        (_("State"), {"fields": (("status", "waitlist_rank"), ("submitted", "decided"), "changes_due", "message", "told", "move")}),
    )
    readonly_fields = ("status", "message", "waitlist_rank", "submitted", "decided", "changes_due", "told", "move")

    def get_readonly_fields(self, request: HttpRequest, obj: Application | None = None) -> tuple[str, ...]:
        fixed = ("company", "fair") if obj else ()  # an application keeps both
        return (*self.readonly_fields, *fixed)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "responsible":
            kwargs["queryset"] = self._colleagues(request)
        if db_field.name == "pavilion":
            kwargs["queryset"] = Pavilion.objects.filter(fair__in=self._fairs(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _fairs(self, request: HttpRequest) -> QuerySet[Fair]:
        """The fair of the page; of a new application those where the reader may enter one."""
        application = getattr(request, "application", None)
        if application is None:
            return access.fairs_with(request.user, Right.EDIT_APPLICATIONS)  # type: ignore[arg-type]
        return Fair.objects.filter(pk=application.fair_id)

    def _colleagues(self, request: HttpRequest) -> QuerySet[User]:
        """Who may look after an application: staff that see the applications of its fair, or whoever does so already."""
        application = getattr(request, "application", None)
        fairs = self._fairs(request)
        staff = StaffMembership.objects.with_right(Right.VIEW_APPLICATIONS).filter(fair__in=fairs, user__is_active=True)
        found = Q(pk__in=staff.values("user"))
        return User.objects.filter(found | Q(pk=application.responsible_id) if application else found).order_by("email")

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.fieldsets[:1]  # a new one has no state yet

    def get_inlines(self, request: HttpRequest, obj: Application | None) -> Any:
        return self.inlines if obj else (SiteWishInline, NeighbourInline)  # nothing else can be typed for a new one

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        shown = context.get("original")
        if shown is not None and request.method == "POST":
            shown = self.get_object(request, str(shown.pk))  # the one of the form has what was typed and refused
        panel = self._panel(request, shown) if shown is not None else {}
        return super().render_change_form(request, {**context, **panel, **context_of(context)}, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Application | None = None, change: bool = False, **kwargs: Any) -> Any:
        request.application = obj  # type: ignore[attr-defined]  # for the form's fields, which are asked without it
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changes_since(self, obj: Application, moment: datetime) -> list[tuple[datetime, str]]:
        return super().changes_since(obj, moment) + changed_since(obj.changes.all(), moment)

    def fair_of_page(self, request: HttpRequest, pk: str | None) -> Fair | None:
        return Fair.objects.filter(applications=pk).first() if pk and pk.isdigit() else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return super().get_queryset(request).for_listing().mark_held().select_related("company__region")  # type: ignore[attr-defined]

    def seen_by(self, request: HttpRequest) -> QuerySet[Application]:
        """The rows of the reader's own list without what a list shows: for the queue, which shows other things."""
        return super().get_queryset(request)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        companies = matching(Company.objects.all(), search_term, numbers=True)
        return queryset.filter(company__in=companies.values("pk")), False

    # --- columns

    @display(description=_("status"), label=STATUS_COLOURS, ordering="status")
    def status_chip(self, application: Application) -> tuple[str, Any]:
        shown = application.get_status_display()
        return application.status, format_lazy("{} · {}", shown, _("held")) if application.has_held else shown  # type: ignore[attr-defined]

    @admin.display(description=_("region"), ordering="company__region__code")
    def region(self, application: Application) -> str:
        return str(application.company.region.name) if application.company.region else "–"

    @admin.display(description=_("responsible"), ordering="responsible__name")
    def responsible_name(self, application: Application) -> str:
        return application.responsible.get_full_name() if application.responsible else "–"

    @admin.display(description=_("submitted"), ordering="submitted_at")
    def submitted(self, application: Application) -> Any:
        shown = moment_text(application.submitted_at, application.fair.zone)
        return format_lazy("{} · {}", shown, _("late")) if application.late else shown

    @admin.display(description=_("submitted"), ordering="submitted_at")
    def submitted_day(self, application: Application) -> Any:
        """The day alone, in the fair's zone: the list has no room for more."""
        if application.submitted_at is None:
            return "–"
        shown = date_format(application.submitted_at.astimezone(application.fair.zone), "SHORT_DATE_FORMAT")
        return format_html("{}<br>{}", shown, _("late")) if application.late else shown

    @admin.display(description=_("decided"), ordering="decided_at")
    def decided(self, application: Application) -> str:
        return moment_text(application.decided_at, application.fair.zone)

    @admin.display(description=_("changes due"))
    def changes_due(self, application: Application) -> Any:
        shown = moment_text(application.changes_due_at, application.fair.zone)
        is_over = application.changes_due_at is not None and application.changes_due_at < clock.now()
        return format_lazy("{} · {}", shown, _("overdue")) if is_over else shown

    @admin.display(description=_("the exhibitor knows"))
    def told(self, application: Application) -> Any:
        return told_text(application)

    @admin.display(description=_("wish to move"))
    def move(self, application: Application) -> str:
        return move_text(application)

    @admin.display(description=_("sites wished"))
    def sites(self, application: Application) -> str:
        wishes = ((wish.site.city, _whole(wish.area_wished_m2 or 0)) for wish in application.site_wishes.all())
        return format_html_join(SafeString("<br>"), '<span class="whitespace-nowrap">{} {}</span>', wishes) or "–"

    @admin.display(description=_("stands"))
    def stands(self, application: Application) -> str:
        links = (
            (reverse("admin:fairs_stand_change", args=[placement.stand_id]), placement.stand.number)
            for placement in application.live_placements  # type: ignore[attr-defined]
        )
        return format_html_join(", ", '<a href="{}">{}</a>', links) or "–"

    # --- steps

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.take_step_view)
        passes = self.admin_site.admin_view(partial(extra_passes_page, self))
        queue = self.admin_site.admin_view(partial(queue_page, self))
        upcoming = self.admin_site.admin_view(partial(upcoming_page, self))
        due = self.admin_site.admin_view(partial(checklist_page, self))
        letters = self.admin_site.admin_view(partial(application_letters_page, self))
        unreachable = self.admin_site.admin_view(partial(unreachable_page, self))
        review = self.admin_site.admin_view(partial(review_page, self))
        return [
            path("queue/", queue, name="exhibitors_application_queue"),
            path("upcoming-letters/", upcoming, name="exhibitors_application_upcoming"),
            path("<path:object_id>/checklist/", due, name="exhibitors_application_checklist"),
            path("unreachable/", unreachable, name="exhibitors_application_unreachable"),
            path("<path:object_id>/letters/", letters, name="exhibitors_application_letters"),
            path("<path:object_id>/review/", review, name="exhibitors_application_review"),
            path("<path:object_id>/step/<str:name>/", page, name="exhibitors_application_step"),
            path(
                "<path:object_id>/answers/",
                self.admin_site.admin_view(partial(answers_page, self)),
                name="exhibitors_application_answers",
            ),
            path(
                "<path:object_id>/apply-again/",
                self.admin_site.admin_view(partial(apply_again_page, self)),
                name="exhibitors_application_apply_again",
            ),
            path("<path:object_id>/extra-passes/", passes, name="exhibitors_application_extra_passes"),
            *super().get_urls(),
        ]

    def take_step_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        return step_page(self, request, object_id, name)

    def _panel(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        """What stands above the form: the steps that may be taken, the state and what is still to be done."""
        pages = {step: reverse("admin:exhibitors_application_step", args=[application.pk, step.value]) for step in Step}
        seen = f"?{SEEN}={state_of(application)}"
        return {
            "open_steps": [
                {"text": STEP_TEXTS[step], "url": pages[step] + seen, "is_usual": is_usual(application, step)}
                for step in open_steps(application, request)
            ],
            "state_facts": self._state_facts(application),
            "further_links": further_links(application, request),
            "documents": document_rows(application),
        }

    def _state_facts(self, application: Application) -> list[Any]:
        """What stands beside the state on top of the page."""
        facts: list[Any] = []
        if application.submitted_at:
            shown = self.submitted(application)
            facts.append(shown if application.status == ApplicationStatus.SUBMITTED else format_lazy("{} {}", _("submitted"), shown))
        if application.waitlist_rank:
            facts.append(labelled(_("rank on the waiting list"), application.waitlist_rank))
        if application.has_held:  # type: ignore[attr-defined]
            facts.append(labelled(_("the exhibitor knows"), told_text(application)))
        return facts

    @action(description=_("Start the review"), permissions=["decide"])
    def start_review(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return take_or_begin(request, queryset, Step.START_REVIEW)

    @action(description=_("Admit, and tell the exhibitors by letter"), permissions=["decide"])
    def admit(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return ask_or_take_all(self, request, queryset, Step.ADMIT)

    @action(description=_("Put on the waiting list, and tell the exhibitors by letter"), permissions=["decide"])
    def waitlist(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return ask_or_take_all(self, request, queryset, Step.WAITLIST)

    @action(description=_("Reject with one reason for all, and tell the exhibitors by letter"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return ask_or_take_all(self, request, queryset, Step.REJECT)

    @action(description=_("Admit, but tell nobody until you announce it"), permissions=["decide"])
    def admit_held(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return ask_or_take_all(self, request, queryset, Step.ADMIT, hold=True)

    @action(description=_("Put on the waiting list, but tell nobody until you announce it"), permissions=["decide"])
    def waitlist_held(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return ask_or_take_all(self, request, queryset, Step.WAITLIST, hold=True)

    @action(description=_("Reject with one reason for all, but tell nobody until you announce it"), permissions=["decide"])
    def reject_held(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return ask_or_take_all(self, request, queryset, Step.REJECT, hold=True)

    @action(description=_("Announce what is held…"), permissions=["decide"])
    def announce(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return announcing(request, queryset.filter(access.within(request.user, Right.DECIDE_APPLICATIONS, fair="fair")))  # type: ignore[arg-type]

    @action(description=_("Write to these…"), permissions=["write"])
    def write_to_these(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        return write_to(self, request, queryset.filter(access.within(request.user, Right.SEND_LETTERS, fair="fair")))  # type: ignore[arg-type]

    def has_write_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._allows(request, Right.SEND_LETTERS, None)

    def has_decide_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self._allows(request, Right.DECIDE_APPLICATIONS, None)

    # --- adding and editing go through the domain

    def save_model(self, request: HttpRequest, obj: Application, form: forms.ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        if change:
            if "responsible" in form.changed_data:
                Application.objects.filter(pk=obj.pk).update(responsible=obj.responsible)
            return
        user: Any = request.user
        draft = applications.create_draft(company=obj.company, fair=obj.fair, by=user, now=clock.now(), as_staff=True)
        Application.objects.filter(pk=draft.pk).update(responsible=obj.responsible)
        obj.pk = draft.pk
        obj._state.adding = False

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:  # type: ignore[type-arg]
        user: Any = request.user
        names = [name for name in _OWN_FIELDS if name in form.changed_data]  # what nobody touched is nobody's change
        values: FormValues = {name: form.cleaned_data[name] for name in names}  # type: ignore[assignment]
        neighbours = next((formset for formset in formsets if isinstance(formset, NeighbourFormSet)), None)
        for formset in formsets:
            if isinstance(formset, SiteWishFormSet) and formset.has_changed():
                values["sites"] = formset.wishes()
        if neighbours is not None and neighbours.has_changed():
            values["near"], values["away"] = neighbours.wished().values()
        applications.update(application_id=form.instance.pk, by=user, now=clock.now(), as_staff=True, **values)
        if neighbours is not None:
            neighbours.link(by=user)
        for formset in formsets:  # none is saved by itself, and the log of changes asks for these
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None) -> Any:
        context = {"show_save_and_add_another": False, **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except Refused as refusal:
            # Nothing was written. The same form once more, which now says so beside what was typed.
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)
