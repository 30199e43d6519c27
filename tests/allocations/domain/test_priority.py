"""Priority points by the three presets, from what the database knows of earlier fairs, with corrections by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from allocations.domain.priority import points_of
from allocations.domain.priority_texts import points_text
from allocations.enums import PointsPreset
from allocations.models import AllocationSettings, PriorityCorrection
from tests.allocations.world import NOW
from tests.factories.exhibitors import ApplicationFactory, CompanyFactory, PlacementFactory
from tests.factories.fairs import FairFactory, StandFactory

pytestmark = pytest.mark.django_db


def earlier(company, year, *areas, status="accepted"):
    """The company had stands of so many m² at a fair of that year."""
    fair = FairFactory(starts_on=date(year, 5, 1), ends_on=date(year, 5, 5))
    application = ApplicationFactory(fair=fair, company=company, accepted=True)
    for area in areas:
        PlacementFactory(application=application, stand=StandFactory(hall__site__fair=fair, area_m2=Decimal(area)), status=status)


def points(application, preset):
    AllocationSettings.objects.update_or_create(fair=application.fair, defaults={"points_preset": preset})
    return points_of(application.fair, [application])[application.pk]


@pytest.fixture
def application():
    """Submitted when a tenth of the window had gone."""
    fair = FairFactory()
    window = fair.applications_close_at - fair.applications_open_at
    application = ApplicationFactory(fair=fair, submitted=True)
    application.submitted_at = fair.applications_open_at + window / 10
    application.save()
    return application


class TestPresets:
    def test_years_stands_and_an_early_application(self, application):
        earlier(application.company, 2027, 9, 18)
        earlier(application.company, 2028, 9)
        found = points(application, PointsPreset.TMEA)
        assert [(term.code, term.points) for term in found.terms] == [("years", 2), ("stands", 15), ("early", 27)]
        assert found.total == 44

    def test_years_area_and_what_was_paid(self, application):
        earlier(application.company, 2027, Decimal("74.32"))  # 800 square feet
        PriorityCorrection.objects.create(application=application, paid_usd=3000, at=NOW)
        found = points(application, PointsPreset.LERN)
        assert [(term.code, term.points) for term in found.terms] == [("years", 3), ("area", 10), ("paid", 3)]

    def test_years_and_area(self, application):
        earlier(application.company, 2027, Decimal("92.90"))  # 1,000 square feet
        assert [(term.code, term.points) for term in points(application, PointsPreset.POOL_SPA).terms] == [("years", 1), ("area", 10)]


class TestWhatCounts:
    def test_stands_that_were_not_accepted_and_later_fairs_do_not(self, application):
        earlier(application.company, 2027, 9, status="declined")
        earlier(application.company, 2031, 9)
        earlier(CompanyFactory(), 2027, 9)
        assert [term.points for term in points(application, PointsPreset.TMEA).terms] == [0, 0, 27]

    @pytest.mark.parametrize(("days", "early"), [(-5, 30), (0, 30), (31, 0), (60, 0)])
    def test_the_earlier_the_more_within_the_window(self, days, early, application):
        application.submitted_at = application.fair.applications_open_at + timedelta(days=days)
        assert points(application, PointsPreset.TMEA).terms[-1].points == early

    def test_points_by_hand_come_on_top_and_never_go_below_nothing(self, application):
        PriorityCorrection.objects.create(application=application, points=-500, reason="Left a fair early", at=NOW)
        assert points(application, PointsPreset.TMEA).total == 0

    def test_points_by_hand_without_a_reason_are_refused(self, application):
        with pytest.raises(IntegrityError), transaction.atomic():
            PriorityCorrection.objects.create(application=application, points=5, at=NOW)

    def test_it_takes_three_queries_however_many(self, application, django_assert_num_queries):
        several = [application, *(ApplicationFactory(fair=application.fair, submitted=True) for _number in range(3))]
        with django_assert_num_queries(3):
            points_of(application.fair, several)


def test_how_they_came_about_is_said_in_words(application):
    earlier(application.company, 2027, 9)
    PriorityCorrection.objects.create(application=application, points=4, reason="Helped us", at=NOW)
    assert (
        points_text(points(application, PointsPreset.TMEA))
        == "1 earlier year: 1 · 1 earlier stand: 5 · applied early: 27 · given by hand: 4"
    )
