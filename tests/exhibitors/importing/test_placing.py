"""Rows that name stands are placed together: what that costs, and that each is told what one row after the other would be told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, ApplicationStep, Company, Exhibitor, Placement
from fairs.models import Stand
from notifications.models import Letter
from tests.exhibitors.importing.conftest import line
from tests.factories.exhibitors import inn
from tests.factories.fairs import HallFactory, SiteFactory, StaffMembershipFactory, StandFactory


@pytest.fixture
def west(fair):
    """One more site, with the stand two/B-1."""
    site = SiteFactory(fair=fair, slug="west")
    return StandFactory(hall=HallFactory(site=site, slug="two"), number="B-1")


def placed(number, **cells):
    return line(number, east_stand=f"one/A-{number}", **cells)


def cells_of(report):
    return [(error.row, error.column) for error in report.errors]


def statements(load, *lines, tell):
    with CaptureQueriesContext(connection) as asked:
        assert load(*lines, dry_run=True, tell=tell).errors == []
    return len(asked)


@pytest.mark.parametrize("tell", [False, True])
def test_exhibitors_with_stands_cost_the_same_for_any_number_of_rows(load, fair, tell):
    for role in ("owner", "finance"):
        StaffMembershipFactory(fair=fair, role=role, user__notices_at_once=["applications", "offers"])
    statements(load, placed(1), tell=tell)  # what is read once in a process

    one, three = (statements(load, *map(placed, range(1, count + 1)), tell=tell) for count in (1, 3))

    assert three == one


@pytest.mark.parametrize("tell", [False, True])
def test_known_companies_that_get_stands_cost_a_few_statements_each(load, tell):
    load(line(1), line(2), line(3))
    statements(load, placed(1), tell=tell)

    one, three = (statements(load, *map(placed, range(1, count + 1)), tell=tell) for count in (1, 3))

    assert (three - one) / 2 <= 4  # a savepoint, and whether the region is another one


def test_offered_and_accepted_stands_at_one_site_and_at_two(load, west):
    report = load(placed(1), placed(2, status="stand_offered"), placed(3, west_stand="two/B-1", west_area="9"))

    assert (report.created, report.errors) == (3, [])
    states = dict(Application.objects.values_list("company__inn", "status"))
    assert states == {inn(1): "accepted", inn(2): "stand_offered", inn(3): "accepted"}
    stands = set(Placement.objects.values_list("application__company__inn", "stand__number", "status"))
    accepted, offered = PlacementStatus.ACCEPTED, PlacementStatus.OFFERED
    assert stands == {(inn(1), "A-1", accepted), (inn(2), "A-2", offered), (inn(3), "A-3", accepted), (inn(3), "B-1", accepted)}
    assert set(Exhibitor.objects.values_list("company__inn", flat=True)) == {inn(1), inn(3)}
    steps = ApplicationStep.objects.filter(application__company__inn=inn(3)).order_by("pk")
    assert list(steps.values_list("step", "from_status", "to_status")) == [
        ("submit", "draft", "submitted"),
        ("admit", "submitted", "admitted"),
        ("offer-stand", "admitted", "stand_offered"),
        ("accept-offer", "stand_offered", "accepted"),
        ("offer-stand", "accepted", "accepted"),
        ("accept-offer", "accepted", "accepted"),
    ]


def test_of_a_refused_row_no_stand_is_in_the_way_of_the_next(load, west):
    Stand.objects.filter(pk=west.pk).update(blocked=True)

    report = load(line(4), placed(1, west_stand="two/B-1", west_area="9"), line(2, east_stand="one/A-1"), placed(3))

    assert cells_of(report) == [(3, "west_stand")]
    assert not Company.objects.exists()


@pytest.mark.parametrize(("leaves_first", "refused"), [(True, []), (False, [(2, "east_stand")])])
def test_a_stand_that_another_row_leaves_is_free_for_the_rows_after_it(load, leaves_first, refused):
    load(placed(1))
    leaving, coming = line(1, east_stand="one/A-2"), line(2, east_stand="one/A-1")

    report = load(*((leaving, coming) if leaves_first else (coming, leaving)))

    assert cells_of(report) == refused


def test_who_leaves_the_waiting_list_for_a_stand_leaves_its_rank_to_the_rows_after_it(load):
    load(line(1, status="waitlisted"))

    assert load(placed(1), line(2, status="waitlisted")).errors == []

    assert dict(Application.objects.values_list("company__inn", "waitlist_rank")) == {inn(1): None, inn(2): 1}


@pytest.mark.parametrize("tell", [False, True])
def test_letters_go_to_the_exhibitor_for_each_step_of_each_row_and_none_to_staff(load, fair, tell):
    StaffMembershipFactory(fair=fair, role="finance", user__notices_at_once=["offers"])
    report = load(placed(1), placed(2), tell=tell)

    told = sorted(Letter.objects.values_list("occasion", "about"))
    occasions = ("admitted", "application_received", "stand_offered")
    everybody = sorted(Application.objects.filter(status=ApplicationStatus.ACCEPTED).values_list("pk", flat=True))
    assert told == (sorted((f"exhibitors.{name}", f"application:{pk}") for name in occasions for pk in everybody) if tell else [])
    assert report.letters == len(told)
