"""A stand is kept for somebody until a moment, while its offer is being prepared or negotiated. Only staff ever hear of it.

A hold expires by itself: what counts is its moment, not whether its end was written. Who holds, offers or releases a stand locks
it first (stand_use.locked_stand), so of two at once the second sees what the first did.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict, Findings, Invalid, field_error
from api.text import clean_line
from exhibitors.domain import stand_use, steps
from exhibitors.domain.stand_use import StandTaken
from exhibitors.enums import ApplicationStatus, HoldEnd
from exhibitors.models import Application, StandHold
from fairs.domain import stands
from fairs.models import Fair, Stand
from fairs.units import day_text


class StandHeld(Conflict):
    """The stand is kept for somebody else; ``until`` says how long."""

    code = "stand-held"


class NoHold(Conflict):
    """The stand is not held, or not any more."""

    code = "no-hold"
    message = gettext_lazy("This stand is not held.")


@transaction.atomic
def hold_stand(
    *, stand_id: int, by: User | None, now: datetime, until: datetime, application_id: int | None = None, note: str = ""
) -> StandHold:
    """Keep a stand until a moment for an application, or for whom the note names. Held again for the same one, the new moment counts.

    Raises Invalid for a moment that is past or after the fair, or an application that the fair has not or that has ended;
    StandBlocked, StandTaken, and StandHeld when it is held for somebody else.
    """
    fair = Fair.objects.get(halls__stands=stand_id)
    note = clean_line(note)
    found, application = Findings(), None
    with found.more():
        application = _living(fair, application_id)  # locked before the stand, as an offer does
    if application_id is None and not note:
        found.errors.append(field_error("/note", "required", _("Name an application, or write for whom the stand is held.")))
    with found.more():
        _require_moment(fair, until, now=now)
    found.refuse()
    stand = stand_use.locked_stand(stand_id, fair_id=fair.pk)
    if stand_use.given_away([stand.pk]):
        raise StandTaken(_("Stand %(number)s is given to an exhibitor already.") % {"number": stand.number}, stand=stand.number)
    _make_room(stand, fair, application_id=application_id, note=note, now=now)
    return StandHold.objects.create(stand=stand, application=application, note=note, until=until, by=by, created_at=now)


@transaction.atomic
def release_hold(*, stand_id: int, now: datetime) -> None:
    """The stand is free for everybody again. Raises NoHold."""
    stands.lock([stand_id])
    if not StandHold.objects.live(now=now).filter(stand=stand_id).end(HoldEnd.RELEASED, now=now):
        raise NoHold


def take_up(application: Application, stand: Stand, *, now: datetime) -> None:
    """The locked stand is about to be offered to the application: a hold for it has served. Raises StandHeld."""
    take_up_all([(application, stand)], now=now)


def take_up_all(offered: Sequence[tuple[Application, Stand]], *, now: datetime) -> None:
    """The same for many, in one query where nothing is held."""
    live = StandHold.objects.live(now=now).filter(stand__in=[stand.pk for _application, stand in offered])
    holds = {hold.stand_id: hold for hold in live}
    for application, stand in offered:
        hold = holds.get(stand.pk)
        if hold is not None and hold.application_id != application.pk:
            raise held_for_others(hold, stand, application.fair)
    if holds:
        StandHold.objects.filter(pk__in=[hold.pk for hold in holds.values()]).end(HoldEnd.OFFERED, now=now)


def kept(stand_ids: Collection[int], *, now: datetime) -> set[int]:
    """Those of the stands that are held at ``now``: nobody blocks them before they are released."""
    return set(StandHold.objects.live(now=now).filter(stand__in=stand_ids).values_list("stand", flat=True))


def latest_moment(fair: Fair) -> datetime:
    """A stand is held until the end of the fair's last day at the most."""
    return datetime.combine(fair.ends_on + timedelta(days=1), time.min, tzinfo=fair.zone)


def _living(fair: Fair, application_id: int | None) -> Application | None:
    """The application, locked: it does not end while a stand is being held for it."""
    if application_id is None:
        return None
    if not Application.objects.filter(pk=application_id, fair=fair).exists():
        raise Invalid([field_error("/application", "unknown_application", _("This fair has no such application."))])
    application = steps.locked(application_id)
    if application.status in ApplicationStatus.ended:
        raise Invalid([field_error("/application", "ended", _("This application has ended: no stand is held for it."))])
    return application


def _require_moment(fair: Fair, until: datetime, *, now: datetime) -> None:
    if until <= now:
        raise Invalid([field_error("/until", "past", _("This moment is past: name a later one."))])
    if until > latest_moment(fair):
        text = _("The fair ends on %(day)s: name a moment until then.") % {"day": day_text(fair.ends_on)}
        raise Invalid([field_error("/until", "after_fair", text)])


def _make_room(stand: Stand, fair: Fair, *, application_id: int | None, note: str, now: datetime) -> None:
    """End what is written of a hold that has expired, or that is for the same one. Raises StandHeld."""
    there = StandHold.objects.filter(stand=stand, ended_at__isnull=True).first()
    if there is None:
        return
    row = StandHold.objects.filter(pk=there.pk)
    if there.until <= now:
        row.end(HoldEnd.EXPIRED, now=there.until)
    elif there.is_for(application_id=application_id, note=note):
        row.end(HoldEnd.EXTENDED, now=now)
    else:
        raise held_for_others(there, stand, fair)


def held_for_others(hold: StandHold, stand: Stand, fair: Fair) -> StandHeld:
    """The refusal that says until when somebody else keeps the stand."""
    local = hold.until.astimezone(fair.zone)
    shown = formats.date_format(local, "SHORT_DATETIME_FORMAT")
    text = _("Stand %(number)s is held for somebody else until %(until)s, the fair's time.") % {"number": stand.number, "until": shown}
    return StandHeld(text, stand=stand.number, until=local.isoformat())
