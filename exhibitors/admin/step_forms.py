"""What has to be said to take a step in the admin: one small form a step."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

import clock
from exhibitors.domain import holding
from exhibitors.domain.deadlines import due_moments
from exhibitors.domain.extensions import extendable
from exhibitors.domain.stand_choice import StandChoice, free_stands
from exhibitors.domain.waiting_list import HIGHEST_RANK
from exhibitors.enums import HOLDABLE_STEPS, PlacementStatus, Step
from exhibitors.models import Application
from fairs.moments import moment_text
from fairs.units import area_text, power_text

_REASONS = {
    Step.REQUEST_CHANGES: ("message", _("What has to be changed"), True),
    Step.REJECT: ("reason", _("Reason"), True),
    Step.CANCEL: ("reason", _("Reason"), True),
    Step.RELOCATE: ("reason", _("Reason"), True),
    Step.WITHDRAW: ("reason", _("Reason, as far as it is known"), False),
    Step.DECLINE_OFFER: ("reason", _("Reason, as far as it is known"), False),
    Step.WITHDRAW_OFFER: ("reason", _("Reason; the exhibitor reads it, unless the offer is not announced yet"), False),
    Step.TAKE_BACK: ("reason", _("Note for colleagues"), False),
    Step.EXTEND_DEADLINE: ("reason", _("Reason; the exhibitor reads it"), False),
    Step.REQUEST_MOVE: ("reason", _("Reason"), True),
    Step.CLOSE_MOVE: ("reason", _("Reason; the exhibitor reads it"), False),
}


class StandSelect(UnfoldAdminSelectWidget):
    """Stands that are held for others are there to be seen, not to be chosen."""

    def __init__(self, *args: Any, held: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value in self.held:
            option["attrs"]["disabled"] = True
        return option


class StepForm(forms.Form):
    """Built for one application and step; ``values()`` are the arguments of the step's domain function."""

    def __init__(self, *args: Any, application: Application, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step in (Step.OFFER_STAND, Step.RELOCATE):
            self._add_stand(application, at_placed_sites=step == Step.RELOCATE)
        if step in (Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.WITHDRAW_OFFER):
            open_ones = (PlacementStatus.OFFERED, PlacementStatus.PLANNED) if step == Step.WITHDRAW_OFFER else (PlacementStatus.OFFERED,)
            offers = application.placements.known_or_held().filter(status__in=open_ones).select_related("stand", "site")
            self.fields["placement_id"] = forms.TypedChoiceField(
                label=_("Offer"),
                coerce=int,
                choices=[(offer.pk, f"{offer.site} · {offer.stand.number} · {area_text(offer.stand.area_m2)}") for offer in offers],
                widget=UnfoldAdminSelectWidget,
            )
        if step in _REASONS:
            name, label, required = _REASONS[step]
            self.fields[name] = forms.CharField(
                label=label, required=required, max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
            )
        if step == Step.EXTEND_DEADLINE:
            self._add_deadline(application)
        if step == Step.REQUEST_MOVE:
            self._add_move(application)
        if step == Step.WAITLIST:
            self.fields["rank"] = forms.IntegerField(
                label=_("Place on the waiting list"),
                required=application.waitlist_rank is not None,
                min_value=1,
                max_value=HIGHEST_RANK,
                help_text="" if application.waitlist_rank else _("Empty: the place after the last one."),
                initial=application.waitlist_rank,
                widget=UnfoldAdminIntegerFieldWidget,
            )
        if step in HOLDABLE_STEPS and not holding.pending(application).exists():
            self.fields["hold"] = forms.TypedChoiceField(
                label=_("When the exhibitor is told"),
                coerce=lambda value: value == "hold",
                choices=[("now", _("at once, by letter")), ("hold", _("later: hold the decision until it is announced"))],
                initial="now",
                required=False,
                empty_value=None,
                widget=UnfoldAdminRadioSelectWidget,
            )

        self.order_fields(["stand_id", "placement_id", "deadline", "due_at", "rank", "message", "reason", "wish", "hold"])

    def _add_stand(self, application: Application, *, at_placed_sites: bool) -> None:
        choices = free_stands(application, at_placed_sites=at_placed_sites, now=clock.now())
        self.fields["stand_id"] = forms.TypedChoiceField(
            label=_("Stand"),
            coerce=int,
            choices=_grouped(choices),
            widget=StandSelect(held={choice.stand.pk for choice in choices if choice.is_held_for_others}),
            help_text=_("The best fitting first; those that are held for others are shown and cannot be chosen."),
        )

    def _add_deadline(self, application: Application) -> None:
        zone = application.fair.zone
        deadlines = extendable(application, now=clock.now())
        moments = due_moments([application.pk], deadlines)
        self.fields["deadline"] = forms.ChoiceField(
            label=_("Deadline"),
            choices=[(row.code, f"{row} · {moment_text(moments[application.pk, row.pk], zone)}") for row in deadlines],
            widget=UnfoldAdminSelectWidget,
            help_text=_(
                "Those that this exhibitor has still to meet, or may correct something by. "
                "One that is past is open again until the new moment."
            ),
        )
        self.fields["due_at"] = forms.SplitDateTimeField(
            label=_("New moment"), help_text=_("In the fair's time zone."), widget=UnfoldAdminSplitDateTimeWidget
        )

    def _add_move(self, application: Application) -> None:
        accepted = application.placements.filter(status=PlacementStatus.ACCEPTED).select_related("stand", "site")
        self.fields["placement_id"] = forms.TypedChoiceField(
            label=_("Stand"),
            coerce=int,
            empty_value=None,
            required=False,
            choices=[("", _("whichever it has")), *((row.pk, f"{row.site} · {row.stand.number}") for row in accepted)],
            widget=UnfoldAdminSelectWidget,
        )
        self.fields["wish"] = forms.CharField(
            label=_("Where to, or what to be near to"), required=False, max_length=4000, widget=UnfoldAdminTextInputWidget
        )

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        return {**values, "hold": bool(values["hold"])} if "hold" in values else values


def _grouped(choices: list[StandChoice]) -> list[tuple[Any, list[tuple[int, Any]]]]:
    """Choices by site: number, hall, area, kind and how it fits."""
    by_site: dict[str, list[tuple[int, Any]]] = {}
    for choice in choices:
        by_site.setdefault(str(choice.wish.site), []).append((choice.stand.pk, lazystr(_describe(choice))))
    return list(by_site.items())


def _describe(choice: StandChoice) -> str:
    stand = choice.stand
    parts = [f"{stand.number} · {stand.hall}", area_text(stand.area_m2), str(stand.kind.label), power_text(stand.power_kw)]
    if stand.water:
        parts.append(str(_("water")))
    if choice.is_too_small:
        parts.append(str(_("smaller than asked for")))
    if choice.is_too_large:
        parts.append(str(_("larger than asked for")))
    if choice.held_until:
        sentence = _("held for this application until %(until)s") if choice.is_kept else _("held for others until %(until)s")
        parts.append(str(sentence) % {"until": moment_text(choice.held_until, choice.wish.site.fair.zone)})
    return " · ".join(parts)
