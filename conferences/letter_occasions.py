"""The letters to delegates that organisers may say in their own words; those with a code are ours alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from conferences.models import Conference
from notifications.fillers import day_of, greeting, value_of
from notifications.occasions import Occasion, Placeholder, Sample

PLACEHOLDERS = (
    Placeholder("greeting", _("the first line, with the reader's name"), greeting),
    Placeholder("recipient_name", _("the reader's name"), lambda scope: scope.recipient_name),
    Placeholder("conference", _("the conference"), value_of("conference_name")),
    Placeholder("site", _("the site"), value_of("site_name")),
    Placeholder("first_day", _("first day of the conference"), day_of("starts_on")),
    Placeholder("last_day", _("last day of the conference"), day_of("ends_on")),
    Placeholder("reply_to", _("the fair's reply address"), lambda scope: scope.reply_to),
)


def sample_of(fair: Any, number: int | None) -> Sample | None:
    """The conference of this number at the fair, or its first."""
    rows = Conference.objects.filter(fair=fair).select_related("site").order_by("pk")
    chosen = (rows.filter(pk=number) if number else rows).first()
    if chosen is None:
        return None
    context = {
        "conference_name": str(chosen.name),
        "site_name": str(chosen.site),
        "starts_on": chosen.starts_on,
        "ends_on": chosen.ends_on,
        "fair_zone": fair.time_zone,
        "fair": fair,
        "is_reserved": True,
        "confirm_by": None,
        "code_holds": False,
    }
    return Sample(number=chosen.pk, context=context, choices=[(row.pk, str(row.name)) for row in rows])


OCCASIONS = (
    Occasion("conferences.delegate_confirmed", _("Delegate: place confirmed"), PLACEHOLDERS, sample_of),
    Occasion("conferences.delegate_registered_already", _("Delegate: registered already"), PLACEHOLDERS, sample_of),
)
