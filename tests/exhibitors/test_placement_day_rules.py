"""What the database keeps of the days of a stand: one live placement on each, whoever writes, by raw SQL as well."""

from datetime import date, timedelta

import pytest
from django.db import connection

from exhibitors.enums import PlacementStatus
from exhibitors.models import Placement, PlacementDay
from tests.exhibitors.raw_sql import LIVE, OVER, ask_what_is_asked_at_commit, insert, placement_columns, refused_by, run
from tests.factories.exhibitors import (
    ApplicationFactory,
    PlacementFactory,
)
from tests.factories.fairs import FIRST_DAY, LAST_DAY, FairFactory, StandFactory

pytestmark = pytest.mark.django_db


def days_of(placement: Placement) -> list[date]:
    return list(PlacementDay.objects.filter(placement=placement).order_by("day").values_list("day", flat=True))


STAND_DAY = "stand_taken_once_a_day|exhibitors_placementday.stand_id"


@pytest.mark.parametrize("taken_as", LIVE)
@pytest.mark.parametrize("status", LIVE)
def test_a_second_live_placement_of_a_stand_on_a_day_is_refused(taken_as, status):
    taken = PlacementFactory(status=taken_as)
    other = ApplicationFactory(admitted=True, fair=taken.application.fair)

    with refused_by(STAND_DAY):
        insert("exhibitors_placement", **placement_columns(other, taken.stand, status=status.value, first_day=LAST_DAY))

    assert Placement.objects.count() == 1
    assert PlacementDay.objects.count() == 5


def test_one_stand_can_be_shared_by_days_that_do_not_meet():
    taken = PlacementFactory(last_day=FIRST_DAY + timedelta(days=1))
    other = ApplicationFactory(admitted=True, fair=taken.application.fair)

    insert("exhibitors_placement", **placement_columns(other, taken.stand, first_day=FIRST_DAY + timedelta(days=2)))

    assert PlacementDay.objects.filter(stand=taken.stand).count() == 5


@pytest.mark.parametrize(
    "change",
    ["stand_id = {other}", "first_day = '2030-05-02'", "status = 'offered'"],
    ids=["moves to the stand", "grows into the day", "comes to life again"],
)
def test_an_update_cannot_take_a_day_that_somebody_has(change):
    holder = PlacementFactory(first_day=FIRST_DAY, last_day=date(2030, 5, 2))
    hall_mate = StandFactory(hall=holder.stand.hall)
    is_elsewhere = change.startswith("stand_id")
    second = PlacementFactory(
        application=ApplicationFactory(admitted=True, fair=holder.application.fair),
        stand=hall_mate if is_elsewhere else holder.stand,
        first_day=FIRST_DAY if is_elsewhere or "status" in change else date(2030, 5, 3),
        last_day=LAST_DAY,
        status=PlacementStatus.DECLINED if "status" in change else PlacementStatus.OFFERED,
    )
    before = days_of(second)

    with refused_by(STAND_DAY):
        run(f"UPDATE exhibitors_placement SET {change.format(other=holder.stand_id)} WHERE id = %s", second.pk)  # noqa: S608

    assert days_of(second) == before


@pytest.mark.parametrize("status", LIVE)
def test_a_live_placement_has_a_row_for_each_day(status):
    placement = PlacementFactory(status=status, first_day=FIRST_DAY + timedelta(days=1), last_day=LAST_DAY - timedelta(days=1))

    assert days_of(placement) == [date(2030, 5, 2), date(2030, 5, 3), date(2030, 5, 4)]


@pytest.mark.parametrize("status", OVER)
def test_the_days_go_with_the_status_and_come_back_with_it(status):
    placement = PlacementFactory()

    run("UPDATE exhibitors_placement SET status = %s WHERE id = %s", status.value, placement.pk)
    gone = days_of(placement)
    run("UPDATE exhibitors_placement SET status = 'accepted' WHERE id = %s", placement.pk)

    assert gone == []
    assert len(days_of(placement)) == 5


@pytest.mark.parametrize("status", OVER)
def test_a_placement_that_is_over_occupies_nothing(status):
    placement = PlacementFactory(status=status)

    assert days_of(placement) == []


def test_the_days_follow_the_days_and_the_stand_of_the_placement():
    placement = PlacementFactory()
    other = StandFactory(hall=placement.stand.hall)

    run("UPDATE exhibitors_placement SET last_day = '2030-05-02', stand_id = %s WHERE id = %s", other.pk, placement.pk)

    assert days_of(placement) == [date(2030, 5, 1), date(2030, 5, 2)]
    assert set(PlacementDay.objects.values_list("stand", flat=True)) == {other.pk}


def test_a_deleted_placement_leaves_no_days():
    PlacementFactory(status=PlacementStatus.OFFERED).delete()

    assert PlacementDay.objects.count() == 0


def test_no_day_is_taken_away_from_a_live_placement():
    placement = PlacementFactory()

    with refused_by("placement_keeps_its_days"):
        run("DELETE FROM exhibitors_placementday WHERE placement_id = %s AND day = %s", placement.pk, FIRST_DAY)
        ask_what_is_asked_at_commit()

    assert len(days_of(placement)) == 5


def test_a_day_stays_where_it_is():
    placement = PlacementFactory(last_day=FIRST_DAY)
    other = StandFactory(hall=placement.stand.hall)

    for change in (f"stand_id = {other.pk}", "day = '2030-05-02'"):
        with refused_by("placement_day_"):
            run(f"UPDATE exhibitors_placementday SET {change} WHERE placement_id = %s", placement.pk)  # noqa: S608


@pytest.mark.parametrize(
    "wrong",
    [{"day": LAST_DAY + timedelta(days=1)}, {"day": LAST_DAY}, {"stand_id": "other"}],
    ids=["after its last day", "the placement is over", "of another stand"],
)
def test_no_stand_is_kept_for_a_placement_that_does_not_stand_there(wrong):
    over = wrong.get("day") == LAST_DAY
    placement = PlacementFactory(status=PlacementStatus.DECLINED if over else PlacementStatus.ACCEPTED)
    columns = {"placement_id": placement.pk, "stand_id": placement.stand_id, "day": FIRST_DAY, **wrong}
    if "stand_id" in wrong:
        columns["stand_id"] = StandFactory(hall=placement.stand.hall).pk

    with refused_by("placement_day_is_covered"):
        insert("exhibitors_placementday", **columns)


def test_a_day_that_was_taken_away_is_owed_no_more_when_the_placement_goes_in_the_same_transaction():
    if connection.vendor == "postgresql":
        pytest.skip("the first statement is refused there")
    gone, ended = (PlacementFactory(status=PlacementStatus.OFFERED) for _number in range(2))
    for placement in (gone, ended):
        run("DELETE FROM exhibitors_placementday WHERE placement_id = %s", placement.pk)
    gone.delete()
    run("UPDATE exhibitors_placement SET status = 'ended' WHERE id = %s", ended.pk)

    ask_what_is_asked_at_commit()


def test_a_placement_of_more_than_a_hundred_days_occupies_them_all():
    fair = FairFactory(starts_on=date(2030, 1, 1), ends_on=date(2030, 6, 30))
    placement = PlacementFactory(application=ApplicationFactory(accepted=True, fair=fair))

    assert len(days_of(placement)) == 181
