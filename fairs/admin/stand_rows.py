"""Add rows of stands to a hall from a pattern, with a picture before anything is written."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from fairs import geometry
from fairs.admin.drawn_stands import drawn, picture
from fairs.admin_scope import may_edit_floor
from fairs.domain import stand_pattern, stand_rows
from fairs.domain.drawn_sides import FEWEST
from fairs.domain.stand_pattern import Pattern
from fairs.domain.stands import FloorRefused
from fairs.enums import STAND_KIND_BY_OPEN_SIDES, HallCorner, NextRow, RowDirection
from fairs.models import Hall, Zone

if TYPE_CHECKING:
    from fairs.admin.hall import HallAdmin

LONGEST_M = 1000


def _metres(label: Any, *, least: float, **more: Any) -> forms.FloatField:
    widget = UnfoldAdminDecimalFieldWidget(attrs={"step": "any"})
    return forms.FloatField(label=label, min_value=least, max_value=LONGEST_M, widget=widget, **more)


class RowsForm(forms.Form):
    """The pattern and what its stands have in common; a hall that is empty is filled."""

    first_number = forms.CharField(label=_("First number"), max_length=20, widget=UnfoldAdminTextInputWidget)
    next_row = forms.ChoiceField(label=_("The next row goes on"), choices=NextRow.choices, widget=UnfoldAdminSelectWidget)
    rows = forms.IntegerField(label=_("Rows"), min_value=1, max_value=500, widget=UnfoldAdminIntegerFieldWidget)
    per_row = forms.IntegerField(label=_("Stands a row"), min_value=1, max_value=500, widget=UnfoldAdminIntegerFieldWidget)
    width = _metres(_("Stand width, m"), least=0.5)
    depth = _metres(_("Stand depth, m"), least=0.5)
    doubles = forms.BooleanField(label=_("Two rows back to back"), required=False, widget=UnfoldBooleanWidget)
    aisle = _metres(_("Aisle, m"), least=0)
    cross_after = forms.IntegerField(
        label=_("Cross aisle after so many stands"),
        min_value=0,
        max_value=500,
        required=False,
        help_text=_("Empty: none."),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    corner = forms.ChoiceField(label=_("Begin in the corner"), choices=HallCorner.choices, widget=UnfoldAdminSelectWidget)
    direction = forms.ChoiceField(label=_("The rows run"), choices=RowDirection.choices, widget=UnfoldAdminSelectWidget)
    margin_x = _metres(_("Free at the side wall, m"), least=0)
    margin_y = _metres(_("Free at the front wall, m"), least=0)
    zone = forms.ModelChoiceField(label=_("Zone"), queryset=Zone.objects.none(), required=False, widget=UnfoldAdminSelectWidget)
    power_kw = forms.DecimalField(
        label=_("Power, kW"), min_value=0, max_digits=6, decimal_places=2, required=False, widget=UnfoldAdminDecimalFieldWidget
    )
    floor_load_kg_m2 = forms.IntegerField(
        label=_("Floor load, kg/m²"), min_value=1, max_value=100_000, required=False, widget=UnfoldAdminIntegerFieldWidget
    )
    height_limit_m = forms.DecimalField(
        label=_("Height limit, m"), min_value=1, max_digits=5, decimal_places=2, required=False, widget=UnfoldAdminDecimalFieldWidget
    )
    water = forms.BooleanField(label=_("Water"), required=False, widget=UnfoldBooleanWidget)
    drain = forms.BooleanField(label=_("Drain"), required=False, widget=UnfoldBooleanWidget)
    internet = forms.BooleanField(label=_("Internet"), required=False, widget=UnfoldBooleanWidget)
    only_fitting = forms.BooleanField(label=_("Leave out what does not fit"), required=False, widget=UnfoldBooleanWidget)

    GROUPS = (
        (_("Numbering"), ("first_number", "next_row")),
        (_("Rows"), ("rows", "per_row", "width", "depth", "doubles", "aisle", "cross_after")),
        (_("Place"), ("corner", "direction", "margin_x", "margin_y", "only_fitting")),
        (_("Services"), ("zone", "power_kw", "floor_load_kg_m2", "height_limit_m", "water", "drain", "internet")),
    )
    OF_PATTERN = (
        *("first_number", "next_row", "rows", "per_row", "width", "depth", "doubles", "aisle", "cross_after"),
        *("corner", "direction", "margin_x", "margin_y"),
    )

    def __init__(self, *args: Any, hall: Hall, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = hall.zones.all()  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def pattern(self) -> Pattern:
        given = {name: self.cleaned_data[name] for name in self.OF_PATTERN}
        chosen = {"corner": HallCorner(given["corner"]), "next_row": NextRow(given["next_row"])}
        return Pattern(**{**given, **chosen, "direction": RowDirection(given["direction"]), "cross_after": given["cross_after"] or 0})

    def services(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in stand_rows.SERVICES}
        return {**found, "power_kw": found["power_kw"] or 0}

    def refuse(self, refusal: FloorRefused) -> None:
        for problem in refusal.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem.message)


def beginning(hall: Hall) -> dict[str, Any]:
    """What the form begins with: rows that fill the hall, or what is left of it beyond its stands, in its next free letter."""
    pattern = Pattern(first_number=f"{_next_letter(hall)}01")
    left, low, right, high = geometry.bounds(hall.outline)
    boxes = [geometry.bounds(outline) for outline in hall.stands.values_list("outline", flat=True)]
    if high - low > right - left:
        beyond = max((box[2] - left for box in boxes), default=0) + pattern.aisle
        pattern = replace(pattern, direction=RowDirection.ALONG_Y, margin_x=round(beyond, 2))
    else:
        pattern = replace(pattern, margin_y=round(max((box[3] - low for box in boxes), default=0) + pattern.aisle, 2))
    return {**vars(stand_pattern.filling(pattern, hall=hall.outline)), "cross_after": None, "power_kw": None}


def _next_letter(hall: Hall) -> str:
    used = {number[:1] for number in hall.stands.values_list("number", flat=True)}
    return next((letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in used), "A")


def rows_page(page: "HallAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The pattern and its picture; with X-Preview the picture alone; after "Add" the hall."""
    hall = page.get_object(request, object_id)
    if hall is None:
        raise Http404
    if not may_edit_floor(request, hall.fair_id):
        raise PermissionDenied
    form = RowsForm(request.POST if request.method == "POST" else beginning(hall), hall=hall)
    rows = None
    if form.is_valid():
        pattern = form.pattern()
        try:
            if "add" in request.POST:
                made = stand_rows.add(hall=hall, pattern=pattern, services=form.services(), only_fitting=form.cleaned_data["only_fitting"])
                text = ngettext("%(count)d stand was added.", "%(count)d stands were added.", len(made)) % {"count": len(made)}
                messages.success(request, text)
                return HttpResponseRedirect(reverse("admin:fairs_hall_change", args=[hall.pk]))
            rows = stand_rows.look(hall=hall, pattern=pattern)
        except FloorRefused as refusal:
            form.refuse(refusal)
            rows = _seen_again(hall, pattern)
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                form.add_error(name if name in form.fields else None, sentences)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Add rows of stands"),
        "opts": page.opts,
        "hall": hall,
        "form": form,
        "back": reverse("admin:fairs_hall_change", args=[hall.pk]),
        **_picture(hall, rows, only_fitting=bool(form.data.get("only_fitting"))),
    }
    name = "preview" if request.headers.get("X-Preview") else "page"
    return TemplateResponse(request, f"fairs/admin/stand_rows_{name}.html", context)


def _seen_again(hall: Hall, pattern: Pattern) -> stand_rows.Rows | None:
    """The picture of what was refused, where it can be drawn."""
    try:
        return stand_rows.look(hall=hall, pattern=pattern)
    except FloorRefused:
        return None


def _picture(hall: Hall, rows: stand_rows.Rows | None, *, only_fitting: bool) -> dict[str, Any]:
    # What is there is seen above what would overlap it.
    misfits, fitting, sides = (rows.misfits, rows.fitting, rows.open_sides) if rows else ({}, {}, {})
    stands = [drawn(number, outline, kind="misfit") for number, outline in misfits.items()]
    stands += [drawn(stand.number, stand.outline, kind="there") for stand in hall.stands.order_by("number")]
    stands += [drawn(number, outline, kind=STAND_KIND_BY_OPEN_SIDES[max(sides[number], FEWEST)]) for number, outline in fitting.items()]
    count = len(fitting)
    return {
        **picture(hall, stands),
        "count": count,
        "problems": [problem.message for problem in rows.problems] if rows else [],
        "may_add": bool(rows and count and (only_fitting or not rows.problems)),
        "area": sum(geometry.area(outline) for outline in fitting.values()),
    }
