"""How many passes stands earn, at the desk; and the page that grants one exhibitor more."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

import clock
from api.problems import Refused
from exhibitors.domain import steps
from exhibitors.domain.pass_quotas import MOST_EXTRA, earned_by, grant_extra, passes_of, rules_at
from exhibitors.domain.seen_state import SEEN, SomebodyWasFirst, require_seen, state_of
from exhibitors.models import Application, PassQuota
from fairs import access
from fairs.admin.base import FairAdminBase
from fairs.models import Site
from fairs.moments import moment_text
from fairs.roles import Right
from fairs.units import area_text

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

_EXAMPLE_AREAS = (9, 18, 36)  # m²


def passes_text(count: int) -> str:
    return ngettext("%(count)d pass", "%(count)d passes", count) % {"count": count}


@admin.register(PassQuota)
class PassQuotaAdmin(FairAdminBase):
    """How many passes a stand earns at a fair. A fair without rules gives two for each 9 m² begun and two for each co-exhibitor."""

    view_right, edit_right = Right.VIEW_APPLICATIONS, Right.EDIT_FAIR
    kept = ("fair",)
    empty_hint = _("No rules yet: a stand earns two passes for each 9 m² begun, and two for each co-exhibitor.")
    list_display = ["area", "site_name", "passes", "further", "per_co_exhibitor", "examples", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fair", "site"]
    ordering = ["fair", "site", "from_area_m2"]
    readonly_fields = ["examples"]
    fieldsets = [
        (None, {"fields": ["fair", "site"]}),
        (
            _("What a stand earns"),
            {
                "fields": [("from_area_m2", "passes"), ("extra_passes", "extra_per_m2"), "per_co_exhibitor", "examples"],
                "description": _("Of several rules that one counts whose area is the largest that the stand reaches."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PassQuota]:
        return super().get_queryset(request).prefetch_related("fair__pass_quotas")

    @admin.display(description=_("from area"), ordering="from_area_m2")
    def area(self, rule: PassQuota) -> str:
        return area_text(rule.from_area_m2)

    @admin.display(description=_("site"), ordering="site")
    def site_name(self, rule: PassQuota) -> Any:
        return rule.site or _("every site")

    @admin.display(description=_("further passes"))
    def further(self, rule: PassQuota) -> str:
        if not (rule.extra_passes and rule.extra_per_m2):
            return "–"
        return gettext("+%(count)d per %(area)s begun") % {"count": rule.extra_passes, "area": area_text(rule.extra_per_m2)}

    @admin.display(description=_("for example"))
    def examples(self, rule: PassQuota) -> str:
        """What stands of some usual sizes earn by all the rules of this one's site."""
        rules = rules_at(rule.fair.pass_quotas.all(), rule.site_id or 0) if rule.fair_id else []
        areas = sorted({*_EXAMPLE_AREAS, rule.from_area_m2 or _EXAMPLE_AREAS[0]})
        lines = ((area_text(area), passes_text(earned_by(area, co_exhibitors=0, rules=rules))) for area in areas)  # type: ignore[arg-type]
        return format_html_join(SafeString("<br>"), "{} → {}", lines)


class ExtraPassesForm(forms.Form):
    """``site`` is one that the application asks for."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), widget=UnfoldAdminSelectWidget)
    passes = forms.IntegerField(label=_("How many more"), min_value=1, max_value=MOST_EXTRA, widget=UnfoldAdminIntegerFieldWidget)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("For colleagues; the exhibitor sees the number alone."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        field.queryset = Site.objects.filter(site_wishes__application=application).order_by("starts_on", "pk")
        field.initial = field.queryset.first()


def extra_passes_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Say what one application has, and grant more."""
    application = page.get_object(request, object_id)
    if application is None:
        raise Http404
    user: Any = request.user
    if not access.has_right(user, fair_id=application.fair_id, right=Right.EDIT_APPLICATIONS):
        raise PermissionDenied
    form = ExtraPassesForm(request.POST or None, application=application)
    back = reverse("admin:exhibitors_application_change", args=[application.pk])
    if request.method == "POST" and form.is_valid() and _granted(request, application, form):
        return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": gettext("Grant further passes"),
        "opts": page.opts,
        "original": application,
        "application": application,
        "seen": _state_of(application),
        "passes": passes_of(application),
        "granted": application.extra_passes.select_related("site", "by"),
        "form": form,
        "back": back,
    }
    return TemplateResponse(request, "admin/exhibitors/application/extra_passes.html", context)


def _state_of(application: Application) -> str:
    """What the page shows, in short: it changes with every step and every grant."""
    return f"{state_of(application)}.{_latest_grant(application) or 0}"


def _latest_grant(application: Application) -> int | None:
    return application.extra_passes.order_by("-pk").values_list("pk", flat=True).first()


def _require_seen(application: Application, seen: str) -> None:
    """Raise SomebodyWasFirst when the application, which is locked, has taken a step or got passes since the page was shown."""
    if not seen or seen == _state_of(application):
        return
    require_seen(application, seen.rpartition(".")[0])
    grant = application.extra_passes.select_related("by", "site").order_by("-pk").first()
    if grant is None:
        raise SomebodyWasFirst(gettext("This application has changed meanwhile. Look again before you decide."))
    text = gettext("Meanwhile, %(moment)s: %(passes)s granted for %(site)s (%(who)s). Look again before you grant more.")
    facts = {"passes": f"+{passes_text(grant.passes)}", "site": grant.site, "who": grant.by.get_full_name() if grant.by else "–"}
    raise SomebodyWasFirst(text % {"moment": moment_text(grant.at, application.fair.zone), **facts})


def _granted(request: HttpRequest, application: Application, form: ExtraPassesForm) -> bool:
    user: Any = request.user
    try:
        with transaction.atomic():
            _require_seen(steps.locked(application.pk), request.POST.get(SEEN, ""))
            row = grant_extra(application_id=application.pk, by=user, now=clock.now(), **form.cleaned_data)
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            form.add_error(None, str(error["detail"]))
        application.refresh_from_db()
        return False
    messages.success(request, f"{application.company}, {row.site}: +{passes_text(row.passes)}")
    return True
