"""Make the next edition of a fair at the desk: what it is called and when it begins, what would move to when, and then the draft."""

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

import clock
from api.languages import COLUMNS
from api.problems import Refused, field_of
from fairs import access
from fairs.admin_scope import label_in
from fairs.cloning import Edition, Wish
from fairs.domain import cloning
from fairs.domain.clone_preview import Move, days_that_move, moments_that_move, unknown_holidays
from fairs.domain.cloning import MOST_EDITIONS, NewFair
from fairs.models import Deadline, Fair, Site, Stand
from fairs.roles import Right

if TYPE_CHECKING:
    from fairs.admin.fair import FairAdmin

PREVIEWED = "previewed"  # the first day that the page's preview was made for
_YEAR = timedelta(days=364)  # on the same day of the week


class NextEditionForm(forms.Form):
    """``name_…`` in each language, ``wish_…`` for what is copied only where it is asked for."""

    slug = forms.SlugField(label=gettext_lazy("Short name for addresses"), max_length=80, widget=UnfoldAdminTextInputWidget)
    edition = forms.IntegerField(label=gettext_lazy("Edition"), min_value=1, max_value=MOST_EDITIONS, widget=UnfoldAdminIntegerFieldWidget)
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=gettext_lazy("Every day and deadline moves by the same number of days, at the same hour."),
    )
    wish_staff = forms.BooleanField(
        label=gettext_lazy("Take the staff along, with their roles"), required=False, widget=UnfoldBooleanWidget
    )
    wish_conferences = forms.BooleanField(
        label=gettext_lazy("Take conferences along: days, rooms, tracks and terms for delegates, without sessions"),
        required=False,
        widget=UnfoldBooleanWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            f"name_{column}": forms.CharField(
                label=label_in(Fair._meta.get_field("name").verbose_name, language),
                max_length=200,
                required=False,
                widget=UnfoldAdminTextInputWidget,
            )
            for language, column in COLUMNS.items()
        }
        self.fields = {**names, **self.fields}

    def new_fair(self) -> NewFair:
        given = self.cleaned_data
        return NewFair(
            slug=given["slug"],
            names={name: value for name, value in given.items() if name.startswith("name_")},
            edition=given["edition"],
            starts_on=given["starts_on"],
            wishes=frozenset(wish for wish in Wish if given[f"wish_{wish}"]),
        )

    def refuse(self, refusal: Refused) -> None:
        for error in refusal.facts.get("errors", [{"pointer": "", "detail": str(refusal)}]):
            name = field_of(error)
            self.add_error(name if name in self.fields else None, str(error["detail"]))


def beginning(source: Fair) -> dict[str, Any]:
    """What the form begins with: a year later on the same day of the week, with the year moved in the names."""
    starts_on = source.starts_on + _YEAR
    years = str(source.starts_on.year), str(starts_on.year)
    moved = re.sub(rf"(?<!\d){years[0]}(?!\d)", years[1], source.slug)
    names = {f"name_{column}": getattr(source, f"name_{column}") or "" for column in COLUMNS.values()}
    return {
        **{name: text.replace(*years) for name, text in names.items()},
        "slug": moved if moved != source.slug else f"{source.slug[:75]}-{years[1]}",
        "edition": source.edition + 1,
        "starts_on": starts_on,
        "wish_staff": True,
        "wish_conferences": False,
    }


def next_edition_page(page: "FairAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """The form with the preview of what moves; after "Make it" the page of the new fair."""
    source = page.get_object(request, object_id)
    if source is None:
        raise Http404
    user: Any = request.user
    if not access.has_right(user, fair_id=source.pk, right=Right.EDIT_FAIR):
        raise PermissionDenied
    begins = beginning(source)
    form = NextEditionForm(request.POST if request.method == "POST" else begins)
    edition, made = None, None
    if form.is_valid():
        new = form.new_fair()
        try:
            if "make" in request.POST and request.POST.get(PREVIEWED) == new.starts_on.isoformat():
                made = cloning.clone(source=source, new=new, by=user, now=clock.now())
            else:
                edition = cloning.edition_of(source, new, by=user, now=clock.now())
        except Refused as refusal:
            form.refuse(refusal)
    if made is not None:
        messages.success(request, _made_text(made))
        return HttpResponseRedirect(reverse("admin:fairs_fair_change", args=[made.fair.pk]))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Make the next edition"),
        "opts": page.opts,
        "fair": source,
        "form": form,
        "was_not_previewed": edition is not None and "make" in request.POST,
        "back": reverse("admin:fairs_fair_change", args=[source.pk]),
        **(_preview(edition) if edition else {}),
    }
    return TemplateResponse(request, "fairs/admin/next_edition.html", context)


def _preview(edition: Edition) -> dict[str, Any]:
    moments = moments_that_move(edition)
    return {
        "previewed": edition.fair.starts_on.isoformat(),
        "days": edition.days,
        "moves": [_row(move, edition) for move in (*days_that_move(edition), *moments)],
        "remarked": sum(1 for move in moments if move.remarks),
        "unknown_holidays": unknown_holidays(edition),
    }


def _row(move: Move, edition: Edition) -> dict[str, Any]:
    zone = edition.source.zone
    before, after = (" – ".join(_day_or_moment(each, zone) for each in side) for side in (move.before, move.after))
    return {"what": move.what, "before": before, "after": after, "remarks": move.remarks}


def _day_or_moment(value: date | datetime, zone: Any) -> str:
    """With the day of the week, which tells more than the number."""
    if isinstance(value, datetime):
        value = value.astimezone(zone)
        return f"{date_format(value, 'D')} {date_format(value, 'SHORT_DATETIME_FORMAT')}"
    return f"{date_format(value, 'D')} {date_format(value, 'SHORT_DATE_FORMAT')}"


def _made_text(made: cloning.Made) -> str:
    sites, stands, deadlines = (made.counts.get(model, 0) for model in (Site, Stand, Deadline))
    counts = [
        ngettext("%(count)d site", "%(count)d sites", sites) % {"count": sites},
        ngettext("%(count)d stand", "%(count)d stands", stands) % {"count": stands},
        ngettext("%(count)d deadline", "%(count)d deadlines", deadlines) % {"count": deadlines},
    ]
    text = _("“%(fair)s” has been made as a draft: %(counts)s. No letter went. Look it through, then publish it here.")
    return text % {"fair": made.fair, "counts": ", ".join(counts)}
