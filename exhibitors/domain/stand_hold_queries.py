"""Which holds somebody may see: staff who see applications, a regional coordinator those for the own region's applications."""

from datetime import datetime

from accounts.models import User
from exhibitors.models import StandHold
from exhibitors.models.stand_hold import StandHoldQuerySet
from fairs import access
from fairs.roles import Right


def seen_by(user: User) -> StandHoldQuerySet:
    """All holds, past ones too, with what a reader wants to know of each; the latest first."""
    region = "application__company__region__code"
    allowed = access.within(user, Right.VIEW_APPLICATIONS, fair="stand__hall__fair", region=region)
    return (
        StandHold.objects.filter(allowed).select_related("stand__hall__site", "application__company", "by").order_by("-created_at", "-pk")
    )


def live_seen_by(user: User, *, now: datetime) -> StandHoldQuerySet:
    """The holds that keep their stand at ``now``."""
    return seen_by(user).live(now=now)
