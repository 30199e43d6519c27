"""A stand kept for somebody: who may have it meanwhile, and what ends it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.problems import Invalid
from exhibitors.domain import announcements, applications, endings, placements, stand_holds, stand_use
from exhibitors.domain.stand_choice import free_stands
from exhibitors.enums import ApplicationStatus, HoldEnd
from exhibitors.models import Application, Placement, StandHold
from fairs.models import Stand
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import LAST_DAY

pytestmark = pytest.mark.django_db

S = ApplicationStatus
QUIET: dict[str, Any] = {"by": None, "now": NOW, "tell": False}
UNTIL = NOW + timedelta(days=3)
NOTE = "The honey makers of Altai"


def application_and_stand(status: str = S.ADMITTED) -> tuple[Application, Stand]:
    application = application_in(status)
    return application, stand_at(site_of(application.fair))


def hold(stand: Stand, *, now: datetime = NOW, until: datetime = UNTIL, **party: Any) -> StandHold:
    return stand_holds.hold_stand(stand_id=stand.pk, by=None, now=now, until=until, **(party or {"note": NOTE}))


def offer(application: Application, stand: Stand, *, now: datetime = NOW) -> Placement:
    return placements.offer_stand(application_id=application.pk, stand_id=stand.pk, by=None, now=now, tell=False)


def ends(stand: Stand) -> list[str]:
    return list(StandHold.objects.filter(stand=stand).order_by("pk").values_list("how", flat=True))


def test_a_stand_that_is_held_is_offered_to_nobody_else_until_the_moment():
    application, stand = application_and_stand()
    hold(stand)

    with pytest.raises(stand_holds.StandHeld, match="held for somebody else until 18 Jan 2030, 17:00, the fair's time") as refusal:
        offer(application, stand, now=UNTIL - timedelta(seconds=1))
    assert (refusal.value.status, refusal.value.code) == (409, "stand-held")
    assert refusal.value.facts == {"stand": stand.number, "until": "2030-01-18T17:00:00+08:00"}
    assert not Placement.objects.exists()

    assert offer(application, stand, now=UNTIL).stand == stand


@pytest.mark.parametrize("end", ["released", "offered", "extended", "expired"])
def test_the_end_of_a_hold_is_not_that_of_another(end):
    application, stand = application_and_stand()
    other = hold(stand_at(site_of(application.fair)), until=UNTIL + timedelta(days=9), application_id=application.pk)
    hold(stand, application_id=application.pk)
    match end:
        case "released":
            stand_holds.release_hold(stand_id=stand.pk, now=NOW)
        case "offered":
            offer(application, stand)
        case "extended":
            hold(stand, until=UNTIL + timedelta(days=1), application_id=application.pk)
        case "expired":
            hold(stand, now=UNTIL, until=UNTIL + timedelta(days=1))
    other.refresh_from_db()
    assert other.ended_at is None
    assert ends(stand)[0] == end


@pytest.mark.parametrize("is_planned", [False, True])
def test_the_application_it_is_held_for_is_offered_it_and_the_hold_has_served(is_planned):
    application, stand = application_and_stand()
    hold(stand, application_id=application.pk)

    placements.offer_stand(application_id=application.pk, stand_id=stand.pk, hold=is_planned, **QUIET)

    assert ends(stand) == [HoldEnd.OFFERED]
    assert StandHold.objects.get().ended_at == NOW


def test_a_relocation_respects_a_hold_as_an_offer_does():
    application, stand = application_and_stand(S.ACCEPTED)
    values: dict[str, Any] = {"application_id": application.pk, "stand_id": stand.pk, "reason": "A pillar.", **QUIET}
    kept = hold(stand)
    with pytest.raises(stand_holds.StandHeld):
        placements.relocate(**values)
    assert Placement.objects.count() == 1
    stand_holds.release_hold(stand_id=kept.stand_id, now=NOW)
    hold(stand, application_id=application.pk)

    placements.relocate(**values)

    assert ends(stand) == [HoldEnd.RELEASED, HoldEnd.OFFERED]


def test_held_again_for_the_same_one_the_new_moment_and_note_count():
    application, stand = application_and_stand()
    hold(stand, application_id=application.pk, note="Waits for the bank.")
    later = hold(stand, application_id=application.pk, until=UNTIL + timedelta(days=1))
    assert (later.until, later.note, ends(stand)) == (UNTIL + timedelta(days=1), "", [HoldEnd.EXTENDED, ""])

    other = stand_at(site_of(application.fair))
    hold(other)
    assert hold(other, note=f"  {NOTE}\n", until=UNTIL - timedelta(days=1)).note == NOTE  # the same one, and shorter
    assert ends(other) == [HoldEnd.EXTENDED, ""]


@pytest.mark.parametrize("first", ["note", "application"])
def test_a_stand_that_is_held_is_not_held_for_another(first):
    application, stand = application_and_stand()
    parties: dict[str, dict[str, Any]] = {"note": {"note": NOTE}, "application": {"application_id": application.pk}}
    hold(stand, **parties.pop(first))

    for party in (*parties.values(), {"note": "Somebody else"}):
        with pytest.raises(stand_holds.StandHeld):
            hold(stand, **party)
    assert ends(stand) == [""]


def test_over_a_hold_that_has_expired_another_is_made_and_the_old_one_ended_at_its_moment():
    _application, stand = application_and_stand()
    old = hold(stand)

    hold(stand, now=UNTIL, until=UNTIL + timedelta(days=1), note="Somebody else")

    old.refresh_from_db()
    assert (old.ended_at, ends(stand)) == (UNTIL, [HoldEnd.EXPIRED, ""])


def test_a_blocked_stand_and_one_that_is_given_are_not_held():
    application, stand = application_and_stand()
    with pytest.raises(stand_use.StandBlocked):
        hold(stand_at(site_of(application.fair), blocked=True))
    PlacementFactory(stand=stand, application=application, status="planned")
    with pytest.raises(stand_use.StandTaken):
        hold(stand, application_id=application.pk)
    assert not StandHold.objects.exists()


END_OF_FAIR = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 16, tzinfo=UTC)  # midnight in Shanghai


@pytest.mark.parametrize(("until", "code"), [(NOW, "past"), (END_OF_FAIR + timedelta(seconds=1), "after_fair")])
def test_a_moment_that_is_past_or_after_the_fair_is_refused(until, code):
    _application, stand = application_and_stand()
    with pytest.raises(Invalid) as refusal:
        hold(stand, until=until)
    assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [("/until", code)]
    assert hold(stand, until=END_OF_FAIR).until == END_OF_FAIR


@pytest.mark.parametrize("status", ["withdrawn", "cancelled", "rejected", "of another fair", "unknown"])
def test_an_application_that_has_ended_or_is_not_of_the_fair_is_refused(status):
    _application, stand = application_and_stand()
    other = application_in(S.ADMITTED if " " in status or status == "unknown" else status, fair=None if " " in status else stand.hall.fair)
    with pytest.raises(Invalid) as refusal:
        hold(stand, application_id=10**9 if status == "unknown" else other.pk)
    code = "unknown_application" if " " in status or status == "unknown" else "ended"
    assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [("/application", code)]


def test_somebody_must_be_named():
    _application, stand = application_and_stand()
    with pytest.raises(Invalid) as refusal:
        hold(stand, note=" \u200b ")
    assert [error["pointer"] for error in refusal.value.facts["errors"]] == ["/note"]


def test_what_is_released_is_free_at_once_and_released_once():
    application, stand = application_and_stand()
    hold(stand)
    stand_holds.release_hold(stand_id=stand.pk, now=NOW)

    with pytest.raises(stand_holds.NoHold):
        stand_holds.release_hold(stand_id=stand.pk, now=NOW)
    assert offer(application, stand).stand == stand


def test_what_has_expired_is_not_there_to_be_released():
    _application, stand = application_and_stand()
    hold(stand)
    with pytest.raises(stand_holds.NoHold):
        stand_holds.release_hold(stand_id=stand.pk, now=UNTIL)


END = {
    "withdraw": lambda pk: endings.withdraw(application_id=pk, **QUIET),
    "cancel": lambda pk: endings.cancel(application_id=pk, reason="No goods.", **QUIET),
    "reject": lambda pk: applications.reject(application_id=pk, reason="No goods.", **QUIET),
}


@pytest.mark.parametrize("how", END)
def test_when_the_application_ends_so_do_its_holds_and_no_other(how):
    application, stand = application_and_stand(S.SUBMITTED)
    other = stand_at(site_of(application.fair))
    hold(stand, application_id=application.pk)
    hold(other)

    END[how](application.pk)

    assert (ends(stand), ends(other)) == ([HoldEnd.APPLICATION_ENDED], [""])


def test_a_rejection_that_is_held_ends_the_holds_when_it_is_told():
    application, stand = application_and_stand(S.SUBMITTED)
    hold(stand, application_id=application.pk)
    applications.reject(application_id=application.pk, reason="No goods.", hold=True, **QUIET)
    assert ends(stand) == [""]

    announcements.create(fair=application.fair, by=None, now=NOW)
    announcements.announce_due(now=NOW)

    assert ends(stand) == [HoldEnd.APPLICATION_ENDED]


def test_the_choice_of_stands_shows_the_own_first_and_those_of_others_last():
    application, own = application_and_stand()
    free, others = stand_at(site_of(application.fair)), stand_at(site_of(application.fair))
    hold(own, application_id=application.pk)
    hold(others, until=UNTIL + timedelta(days=1))

    def choices(now: datetime) -> list[tuple[Stand, bool, bool]]:
        return [
            (choice.stand, choice.is_kept, choice.is_held_for_others) for choice in free_stands(application, at_placed_sites=False, now=now)
        ]

    assert choices(NOW) == [(own, True, False), (free, False, False), (others, False, True)]
    assert choices(UNTIL + timedelta(days=1)) == [(one, False, False) for one in (own, free, others)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_choice_costs_the_same_for_any_number_of_holds(count, django_assert_num_queries):
    application, stand = application_and_stand()
    hold(stand)
    for _number in range(count - 1):
        hold(stand_at(site_of(application.fair)))
    with django_assert_num_queries(4):  # placed sites, wishes, stands, holds
        assert len(free_stands(application, at_placed_sites=False, now=NOW)) == count
