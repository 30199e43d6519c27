"""What the database refuses of placements and holds of stands, whoever writes: raw SQL, no domain function in between."""

from datetime import date, timedelta
from typing import Any

import pytest

from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Placement
from tests.exhibitors.raw_sql import LIVE, OVER, insert, placement_columns, refused_by, run
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.exhibitors import (
    SUBMITTED_AT,
    ApplicationFactory,
    PlacementFactory,
    SiteWishFactory,
    StandHoldFactory,
)
from tests.factories.fairs import FIRST_DAY, LAST_DAY, SiteFactory, StandFactory

pytestmark = pytest.mark.django_db


# --- where a placement may be


def test_a_placement_on_a_stand_of_another_fair_is_refused():
    application = application_in(ApplicationStatus.ADMITTED)

    with refused_by("placement_stand_of_same_site_and_fair"):
        insert("exhibitors_placement", **placement_columns(application, StandFactory()))


def test_a_placement_at_a_site_that_is_not_the_stands_is_refused():
    application = application_in(ApplicationStatus.ADMITTED)
    stand = stand_at(site_of(application.fair))
    elsewhere = SiteFactory(fair=application.fair)

    with refused_by("placement_stand_of_same_site_and_fair"):
        insert("exhibitors_placement", **placement_columns(application, stand, site_id=elsewhere.pk))


def test_a_placement_cannot_move_to_a_stand_of_another_site():
    placement = PlacementFactory()
    elsewhere = stand_at(SiteFactory(fair=placement.application.fair))

    with refused_by("placement_stand_of_same_site_and_fair"):
        run("UPDATE exhibitors_placement SET stand_id = %s WHERE id = %s", elsewhere.pk, placement.pk)


@pytest.mark.parametrize(("first_day", "last_day"), [(FIRST_DAY - timedelta(days=1), LAST_DAY), (FIRST_DAY, LAST_DAY + timedelta(days=1))])
def test_a_placement_outside_the_days_of_the_site_is_refused(first_day, last_day):
    application = application_in(ApplicationStatus.ADMITTED)
    stand = stand_at(site_of(application.fair))

    with refused_by("placement_within_site_days"):
        insert("exhibitors_placement", **placement_columns(application, stand, first_day=first_day, last_day=last_day))


def test_a_placement_cannot_grow_beyond_the_days_of_the_site():
    placement = PlacementFactory()

    with refused_by("placement_within_site_days"):
        run("UPDATE exhibitors_placement SET last_day = %s WHERE id = %s", LAST_DAY + timedelta(days=1), placement.pk)


def test_a_placement_that_ends_before_it_begins_is_refused():
    application = application_in(ApplicationStatus.ADMITTED)
    stand = stand_at(site_of(application.fair))

    with refused_by("placement_days_in_order"):
        insert("exhibitors_placement", **placement_columns(application, stand, first_day=LAST_DAY, last_day=FIRST_DAY))


@pytest.mark.parametrize("status", LIVE)
def test_nobody_is_placed_on_a_blocked_stand(status):
    application = application_in(ApplicationStatus.ADMITTED)
    stand = stand_at(site_of(application.fair), blocked=True)

    with refused_by("placement_not_on_blocked_stand"):
        insert("exhibitors_placement", **placement_columns(application, stand, status=status.value))


def test_a_placement_cannot_come_to_life_on_a_stand_blocked_meanwhile():
    placement = PlacementFactory(status=PlacementStatus.DECLINED)
    run("UPDATE fairs_stand SET blocked = %s WHERE id = %s", True, placement.stand_id)

    with refused_by("placement_not_on_blocked_stand"):
        run("UPDATE exhibitors_placement SET status = 'offered' WHERE id = %s", placement.pk)


@pytest.mark.parametrize("status", LIVE)
def test_a_stand_that_somebody_has_is_not_blocked(status):
    placement = PlacementFactory(status=status)
    with refused_by("stand_in_use_is_not_blocked"):
        run("UPDATE fairs_stand SET blocked = %s WHERE id = %s", True, placement.stand_id)
    run("UPDATE fairs_stand SET blocked = %s, number = 'A-99' WHERE id = %s", False, placement.stand_id)


@pytest.mark.parametrize("status", OVER)
def test_a_stand_that_somebody_had_is_blocked(status):
    placement = PlacementFactory(status=status)
    run("UPDATE fairs_stand SET blocked = %s WHERE id = %s", True, placement.stand_id)
    assert Placement.objects.filter(stand__blocked=True).count() == 1


def test_an_unknown_status_is_refused():
    placement = PlacementFactory()

    with refused_by("placement_status_known"):
        run("UPDATE exhibitors_placement SET status = 'perhaps' WHERE id = %s", placement.pk)


# --- a stand is held once


def hold_columns(stand: Any, **changed: Any) -> dict[str, Any]:
    moments = {"created_at": "2030-01-15 09:00:00+00:00", "until": "2030-01-16 09:00:00+00:00"}
    return {"stand_id": stand.pk, "note": "The honey makers", "how": "", **moments, **changed}


def test_a_stand_is_held_once_at_a_time():
    first = StandHoldFactory()
    with refused_by("stand_held_once|exhibitors_standhold.stand_id"):
        insert("exhibitors_standhold", **hold_columns(first.stand))
    run("UPDATE exhibitors_standhold SET ended_at = until, how = 'expired' WHERE id = %s", first.pk)
    insert("exhibitors_standhold", **hold_columns(first.stand))


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("stand_hold_for_somebody", {"note": ""}),
        ("stand_hold_lasts", {"until": "2030-01-15 09:00:00+00:00"}),
        ("stand_hold_ends_somehow", {"how": "released"}),
        ("stand_hold_ends_somehow", {"ended_at": "2030-01-15 10:00:00+00:00"}),
        ("stand_hold_ends_somehow", {"ended_at": "2030-01-15 10:00:00+00:00", "how": "forgotten"}),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(rule, changed):
    stand = StandFactory()
    with refused_by(rule):
        insert("exhibitors_standhold", **hold_columns(stand, **changed))


def test_a_stand_is_held_for_an_application_of_its_own_fair():
    hold = StandHoldFactory()
    other = application_in(ApplicationStatus.ADMITTED)
    with refused_by("stand_hold_of_same_fair"):
        insert("exhibitors_standhold", **hold_columns(StandFactory(), application_id=other.pk))
    with refused_by("stand_hold_keeps_its_party"):
        run(
            "UPDATE exhibitors_standhold SET application_id = %s WHERE id = %s",
            application_in("admitted", fair=hold.stand.hall.fair).pk,
            hold.pk,
        )
    with refused_by("stand_hold_keeps_its_party"):
        run("UPDATE exhibitors_standhold SET stand_id = %s WHERE id = %s", StandFactory(hall=hold.stand.hall).pk, hold.pk)


# --- a site is not cut short under those who count on its days

CUTS = [("starts_on", FIRST_DAY + timedelta(days=1)), ("ends_on", LAST_DAY - timedelta(days=1))]


def cut(site: Any, column: str, day: date) -> None:
    run(f"UPDATE fairs_site SET {column} = %s WHERE id = %s", day, site.pk)  # noqa: S608 - a name of ours


@pytest.mark.parametrize(("column", "day"), CUTS)
def test_a_site_is_not_cut_short_under_a_living_wish(column, day):
    wish = SiteWishFactory(application=ApplicationFactory(submitted=True))
    with refused_by("site_days_hold_what_is_wished"):
        cut(wish.site, column, day)
    run("UPDATE exhibitors_application SET status = 'withdrawn', told_status = 'withdrawn' WHERE id = %s", wish.application_id)
    cut(wish.site, column, day)
    with refused_by("application_revives_within_site_days"):
        run("UPDATE exhibitors_application SET status = 'submitted', told_status = 'submitted' WHERE id = %s", wish.application_id)


@pytest.mark.parametrize("status", LIVE)
@pytest.mark.parametrize(("column", "day"), CUTS)
def test_a_site_is_not_cut_short_under_a_live_placement(status, column, day):
    placement = PlacementFactory(status=status)
    with refused_by("site_days_hold_its_placements"):
        cut(placement.site, column, day)
    run("UPDATE exhibitors_placement SET status = 'ended' WHERE id = %s", placement.pk)
    run("UPDATE exhibitors_application SET status = 'admitted', told_status = 'admitted' WHERE id = %s", placement.application_id)
    cut(placement.site, column, day)
    with refused_by("placement_revives_within_site_days"):
        run("UPDATE exhibitors_placement SET status = 'accepted' WHERE id = %s", placement.pk)


# --- how many placements an application has at a site


def test_two_accepted_placements_at_a_site_are_refused():
    first = PlacementFactory()
    second = StandFactory(hall=first.stand.hall)

    with refused_by("placement_one_accepted_per_site|exhibitors_placement.application_id"):
        insert("exhibitors_placement", **placement_columns(first.application, second, status="accepted"))


@pytest.mark.parametrize("status", [PlacementStatus.PLANNED, PlacementStatus.OFFERED])
def test_two_open_placements_at_a_site_are_refused(status):
    first = PlacementFactory(status=status)
    second = StandFactory(hall=first.stand.hall)

    with refused_by(f"placement_one_{status}_per_site|exhibitors_placement.application_id"):
        insert("exhibitors_placement", **placement_columns(first.application, second, status=status.value))


def test_a_relocation_has_an_accepted_and_an_offered_placement_side_by_side():
    first = PlacementFactory()
    second = StandFactory(hall=first.stand.hall)

    insert("exhibitors_placement", **placement_columns(first.application, second, status="offered"))

    assert sorted(first.application.placements.live().values_list("status", flat=True)) == ["accepted", "offered"]


def test_a_held_relocation_is_planned_beside_the_offer_that_the_exhibitor_has():
    first = PlacementFactory(status=PlacementStatus.OFFERED)
    second = StandFactory(hall=first.stand.hall)

    insert("exhibitors_placement", **placement_columns(first.application, second, status="planned"))

    assert sorted(first.application.placements.live().values_list("status", flat=True)) == ["offered", "planned"]


@pytest.mark.parametrize("column", ["offered_at", "answer_by"])
def test_a_planned_placement_has_been_offered_to_nobody(column):
    placement = PlacementFactory(status=PlacementStatus.PLANNED)

    with refused_by("placement_planned_is_not_offered"):
        run(f"UPDATE exhibitors_placement SET {column} = %s WHERE id = %s", SUBMITTED_AT, placement.pk)  # noqa: S608 - a name of ours


def test_a_placement_keeps_its_application():
    placement = PlacementFactory()
    other = ApplicationFactory(admitted=True, fair=placement.application.fair)

    with refused_by("placement_keeps_application"):
        run("UPDATE exhibitors_placement SET application_id = %s WHERE id = %s", other.pk, placement.pk)


@pytest.mark.parametrize("status", LIVE)
def test_nobody_is_placed_on_days_for_which_a_stand_is_not_for_rent(status):
    application = ApplicationFactory(accepted=True)
    stand = stand_at(site_of(application.fair), first_day=FIRST_DAY, last_day=LAST_DAY - timedelta(days=1))

    with refused_by("placement_within_stand_days"):
        insert("exhibitors_placement", **placement_columns(application, stand, status=status.value))
    insert("exhibitors_placement", **placement_columns(application, stand, status=status.value, last_day=stand.last_day))


@pytest.mark.parametrize("status", LIVE)
def test_a_stand_is_not_taken_off_the_days_of_who_has_it(status):
    placement = PlacementFactory(status=status)
    days = "UPDATE fairs_stand SET first_day = %s, last_day = %s WHERE id = %s"
    with refused_by("stand_days_hold_its_placements"):
        run(days, FIRST_DAY + timedelta(days=1), LAST_DAY, placement.stand_id)
    run(days, FIRST_DAY, LAST_DAY, placement.stand_id)


@pytest.mark.parametrize("status", OVER)
def test_a_placement_cannot_come_to_life_on_days_that_the_stand_has_lost(status):
    placement = PlacementFactory(status=status)
    run("UPDATE fairs_stand SET first_day = %s, last_day = %s WHERE id = %s", FIRST_DAY, FIRST_DAY, placement.stand_id)

    with refused_by("placement_within_stand_days"):
        run("UPDATE exhibitors_placement SET status = 'offered' WHERE id = %s", placement.pk)
