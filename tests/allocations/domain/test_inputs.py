"""What the engine is given: who takes part, what is fixed, who is near to whom, and which stands are in play."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from allocations.domain import inputs, locks
from allocations.engine.weights import BALANCED
from allocations.models import ApartPair
from exhibitors.domain import placements, planning, stand_holds
from exhibitors.models import NeighbourWish, SiteWish, StandPreference
from fairs.models import Zone
from tests.allocations.world import NOW, applicant, hall_of, stand
from tests.factories.exhibitors import (
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyFactory,
    PavilionFactory,
    PlacementFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)
from tests.factories.fairs import StandFactory, square

pytestmark = pytest.mark.django_db


def read(*halls, **options):
    given = {"statuses": inputs.USUAL_STATUSES, "weights": BALANCED, "now": NOW, **options}
    return inputs.read(fair=halls[0].fair, halls=halls, **given)


def wish_of(application, hall):
    return SiteWish.objects.get(application=application, site=hall.site).pk


def one_of(given, pk):
    return next(one for one in given.instance.applicants if one.id == pk)


def stand_of(given, pk):
    return next(one for one in given.instance.stands if one.id == pk)


def test_a_wish_with_all_that_it_says():
    hall = hall_of()
    first = applicant(hall, minutes=5)
    pavilion = PavilionFactory(fair=hall.fair)
    one = applicant(hall, pavilion=pavilion, open_sides=2, power_kw=Decimal("1.5"), water=True)
    one.categories.add(ProductCategoryFactory())
    StandPreference.objects.create(wish_id=wish_of(one, hall), stand=stand(hall, 2), rank=1)
    StandPreference.objects.create(wish_id=wish_of(one, hall), stand=stand(hall, 1), rank=2)
    found = one_of(read(hall), wish_of(one, hall))

    assert (found.area_min_m2, found.area_wished_m2, found.area_max_m2) == (6, 9, 12)
    assert (found.open_sides, found.power_kw, found.water, found.drain) == (2, 1.5, True, True)
    assert found.preferences == (stand(hall, 2).pk, stand(hall, 1).pk)
    assert (found.pavilion, found.region, found.categories) == (pavilion.pk, "RU-PRI", frozenset({"03"}))
    assert len(found.days) == 5
    assert found.submitted < one_of(read(hall), wish_of(first, hall)).submitted


def test_each_application_at_its_sites_and_days():
    fair_hall = hall_of()
    other = hall_of(fair_hall.fair)
    one = applicant(fair_hall)
    days = other.site.starts_on
    SiteWishFactory(application=one, site=other.site, first_day=days, last_day=days)
    given = read(fair_hall, other)
    assert {applicant_.site for applicant_ in given.instance.applicants} == {fair_hall.site.slug, other.site.slug}
    assert one_of(given, wish_of(one, other)).days == {days}
    assert len(read(other).instance.applicants) == 1


def test_where_everybody_stands_now():
    hall = hall_of(stands=6)
    accepted = applicant(hall, status="accepted")
    offered, planned, held = (applicant(hall) for _number in range(3))
    PlacementFactory(application=accepted, stand=stand(hall, 1))
    placements.offer_stand(application_id=offered.pk, stand_id=stand(hall, 2).pk, by=None, now=NOW)
    planning.plan_stand(application_id=planned.pk, stand_id=stand(hall, 3).pk, by=None, now=NOW)
    placements.offer_stand(application_id=held.pk, stand_id=stand(hall, 4).pk, by=None, now=NOW, hold=True)
    instance = read(hall).instance
    assert instance.accepted == {wish_of(accepted, hall): stand(hall, 1).pk}
    assert instance.offered == {wish_of(offered, hall): stand(hall, 2).pk}
    assert instance.planned == {wish_of(planned, hall): stand(hall, 3).pk}
    assert instance.locks == {wish_of(held, hall): stand(hall, 4).pk}, "a held offer stays until it is announced or taken back"


def test_stands_of_others_are_not_to_be_had_on_their_days():
    hall = hall_of(stands=2)
    day = hall.site.starts_on
    waiting = applicant(hall, status="waitlisted", waitlist_rank=1, last_day=day)
    planning.plan_stand(application_id=waiting.pk, stand_id=stand(hall, 1).pk, by=None, now=NOW)
    days = stand_of(read(hall), stand(hall, 1).pk).days
    assert day not in days
    assert len(days) == 4


def test_who_stands_in_a_hall_that_the_run_leaves_out_is_content():
    hall = hall_of()
    beside = hall_of(site=hall.site)
    one = applicant(hall)
    planning.plan_stand(application_id=one.pk, stand_id=stand(beside, 1).pk, by=None, now=NOW)
    assert read(hall).instance.applicants == ()
    assert len(read(hall, beside).instance.applicants) == 1


def test_held_stands_go_to_whom_they_are_held_for():
    hall = hall_of()
    one = applicant(hall)
    until = NOW + timedelta(days=3)
    stand_holds.hold_stand(stand_id=stand(hall, 1).pk, by=None, now=NOW, until=until, application_id=one.pk)
    stand_holds.hold_stand(stand_id=stand(hall, 2).pk, by=None, now=NOW, until=until, note="the governor")
    instance = read(hall).instance
    assert (instance.locks, instance.kept_out) == ({wish_of(one, hall): stand(hall, 1).pk}, {stand(hall, 2).pk})
    later = read(hall, now=until).instance
    assert (later.locks, later.kept_out) == ({}, frozenset())


def test_fixed_stands_and_stands_kept_out():
    hall = hall_of()
    one, away = applicant(hall), applicant(hall, status="waitlisted", waitlist_rank=1)
    locks.fix(stand=stand(hall, 1), application=one, by=None, now=NOW)
    locks.fix(stand=stand(hall, 2), application=None, by=None, now=NOW)
    locks.fix(stand=stand(hall, 3), application=away, by=None, now=NOW)
    instance = read(hall).instance
    assert instance.locks == {wish_of(one, hall): stand(hall, 1).pk}
    assert instance.kept_out == {stand(hall, 2).pk, stand(hall, 3).pk}, "what is fixed for somebody who takes no part is kept for that one"


def test_neighbours_that_are_known_and_pairs_of_the_organisers():
    hall = hall_of()
    one, two, three, four = (applicant(hall, minutes=minutes) for minutes in range(4))
    NeighbourWish.objects.create(application=one, kind="near", name="two", company=two.company)
    NeighbourWish.objects.create(application=one, kind="away", name="three", company=three.company)
    NeighbourWish.objects.create(application=one, kind="away", name="who knows")
    ApartPair.objects.create(fair=hall.fair, company_a=four.company, company_b=two.company)
    fish, sweets = ProductCategoryFactory(), ProductCategoryFactory(code="18")
    ApartPair.objects.create(fair=hall.fair, category_a=sweets, category_b=fish)
    given = read(hall)
    found = one_of(given, wish_of(one, hall))
    assert (found.near, found.away) == ({wish_of(two, hall)}, {wish_of(three, hall)})
    pair = {wish_of(two, hall), wish_of(four, hall)}
    assert any({other.id, *other.away} == pair for other in given.instance.applicants)
    assert given.instance.products_apart == {frozenset({"03", "18"})}


def test_who_is_to_stand_apart_from_a_co_exhibitor_stands_apart_from_its_main_exhibitor():
    hall = hall_of()
    main, rival, other = applicant(hall), applicant(hall), applicant(hall)
    with_it, undecided = (CoExhibitorFactory(application=main, status=status) for status in ("confirmed", "declared"))
    ApartPair.objects.create(fair=hall.fair, company_a=with_it.company, company_b=rival.company)
    ApartPair.objects.create(fair=hall.fair, company_a=with_it.company, company_b=main.company)
    ApartPair.objects.create(fair=hall.fair, company_a=undecided.company, company_b=other.company)
    given = read(hall)
    pair = {wish_of(main, hall), wish_of(rival, hall)}
    assert [{one.id, *one.away} for one in given.instance.applicants if one.away] == [pair]


def test_zones_and_neighbours_on_the_floor():
    hall = hall_of(stands=3)
    zone = Zone.objects.create(hall=hall, slug="fish", category_codes=["03"], name_en="Fish")
    hall.stands.filter(number="A-1").update(zone=zone)
    given = read(hall)
    assert given.instance.zones == {f"{hall.slug}/fish": frozenset({"03"})}
    assert stand_of(given, stand(hall, 1).pk).zone == f"{hall.slug}/fish"
    assert stand_of(given, stand(hall, 1).pk).neighbours == {stand(hall, 2).pk}
    facing = StandFactory(hall=hall, number="B-1", outline=square(0, 6))
    assert stand_of(read(hall), facing.pk).across == {stand(hall, 1).pk}


def test_the_hash_is_of_what_is_asked():
    hall = hall_of()
    applicant(hall)
    before = read(hall).hash()
    assert read(hall).hash() == before
    applicant(hall, minutes=1)
    assert read(hall).hash() != before


def test_it_is_read_in_a_fixed_number_of_queries():
    def queries_for(count):
        hall, neighbour = hall_of(stands=count), CompanyFactory()
        for minutes in range(count):
            one = applicant(hall, minutes=minutes)
            one.categories.add(ProductCategoryFactory())
            NeighbourWish.objects.create(application=one, kind="near", name="x", company=neighbour)
        ApplicationFactory(fair=hall.fair)
        with CaptureQueriesContext(connection) as queries:
            read(hall)
        return len(queries)

    assert queries_for(1) == queries_for(3)
