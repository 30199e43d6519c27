"""The page that begins a run: which halls, who takes part, what it weighs, how long."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

import clock
from allocations.admin.priority import chosen_fair
from allocations.domain import runs
from allocations.domain.inputs import POSSIBLE_STATUSES
from allocations.domain.settings import preset_weights
from allocations.enums import WeightPreset
from allocations.models.run import LARGEST_SEED, LONGEST_RUN_SECONDS, USUAL_RUN_SECONDS
from allocations.tasks import run_soon
from api.problems import Refused
from exhibitors.enums import ApplicationStatus
from fairs import access
from fairs.models import Fair, Hall
from fairs.roles import Right

if TYPE_CHECKING:
    from allocations.admin.run import AllocationRunAdmin

OF_THE_FAIR = ""
_STATES = [(state, ApplicationStatus(state).label) for state in POSSIBLE_STATUSES]


class StartForm(forms.Form):
    """What a run covers. Everything has a usual value, so that a click is enough."""

    halls = forms.ModelMultipleChoiceField(label=_("Halls"), queryset=Hall.objects.none(), widget=forms.CheckboxSelectMultiple)
    statuses = forms.MultipleChoiceField(
        label=_("Who gets a stand"),
        choices=_STATES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Applications in these states. Whoever has accepted a stand keeps it; whoever has an offer is moved for good reason only."
        ),
    )
    weights = forms.ChoiceField(
        label=_("What counts"),
        required=False,
        choices=[
            (OF_THE_FAIR, _("the fair's rules of allocation")),
            *(pair for pair in WeightPreset.choices if pair[0] != WeightPreset.OWN),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    time_limit_seconds = forms.IntegerField(
        label=_("Time limit, seconds"),
        min_value=1,
        max_value=LONGEST_RUN_SECONDS,
        initial=USUAL_RUN_SECONDS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("It ends earlier when nothing better can be found."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=LARGEST_SEED,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("The same number gives the same proposal; another one may give another of the same worth."),
    )
    keeps_plan = forms.BooleanField(
        label=_("With the fewest changes"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Whoever is planned or offered stays, unless somebody else could not be placed."),
    )

    def __init__(self, *args: Any, fair: Fair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["halls"]
        field.queryset = Hall.objects.filter(fair=fair).select_related("site").order_by("site__starts_on", "site", "slug")
        field.label_from_instance = lambda hall: f"{hall.site} · {hall}"
        field.initial = list(field.queryset)
        self.fields["statuses"].initial = [ApplicationStatus.ADMITTED]


def start_page(page: "AllocationRunAdmin", request: HttpRequest) -> HttpResponse:
    """Begin a run; it waits for a worker, and the page of the run shows how far it is."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    user: Any = request.user
    fairs = list(access.fairs_with(user, Right.PLACE).order_by("-starts_on", "pk"))
    fair = chosen_fair(request, fairs)
    form = StartForm(request.POST or None, fair=fair) if fair else None
    if request.method == "POST" and form and fair and form.is_valid():
        run_id = _started(request, fair, form)
        if run_id is not None:
            return HttpResponseRedirect(reverse("admin:allocations_allocationrun_change", args=[run_id]))
    context = {
        **page.admin_site.each_context(request),
        "title": gettext("Begin a run"),
        "opts": page.opts,
        "fairs": fairs,
        "fair": fair,
        "form": form,
        "back": reverse("admin:allocations_allocationrun_changelist"),
    }
    return TemplateResponse(request, "admin/allocations/start.html", context)


def _started(request: HttpRequest, fair: Fair, form: StartForm) -> int | None:
    given = form.cleaned_data
    user: Any = request.user
    try:
        run = runs.create(
            fair=fair,
            by=user,
            now=clock.now(),
            halls=given["halls"],
            statuses=given["statuses"],
            weights=preset_weights(given["weights"]),
            seed=given["seed"],
            time_limit_seconds=given["time_limit_seconds"],
            keeps_plan=given["keeps_plan"],
        )
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            form.add_error(None, str(error["detail"]))
        return None
    run_soon(run.pk)
    messages.success(request, gettext("The run waits for a worker. Nothing changes until you take its proposal over."))
    return run.pk
