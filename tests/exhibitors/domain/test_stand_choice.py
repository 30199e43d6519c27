"""Which stands are offered to choose from, and in which order."""

import pytest

from exhibitors.domain.stand_choice import free_stands
from exhibitors.enums import ApplicationStatus, PlacementStatus
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import PlacementFactory
from tests.factories.fairs import SiteFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus


def test_the_choice_shows_free_stands_of_wished_sites_the_best_fitting_first():
    application = application_in(S.ADMITTED)
    site = site_of(application.fair)
    large = stand_at(site, area_m2=30, number="L")
    near = stand_at(site, area_m2=10, number="N")
    exact = stand_at(site, area_m2=9, number="E")
    small = stand_at(site, area_m2=4, number="S")
    stand_at(site, blocked=True)
    PlacementFactory(application=application_in(S.ADMITTED, fair=application.fair), stand=stand_at(site), status=PlacementStatus.PLANNED)
    stand_at(SiteFactory(fair=application.fair))

    choices = free_stands(application, at_placed_sites=False, now=NOW)

    assert [choice.stand for choice in choices] == [exact, near, small, large]
    assert [(choice.fits, choice.is_too_small, choice.is_too_large) for choice in choices[1:]] == [
        (True, False, False), (False, True, False), (False, False, True),
    ]  # fmt: skip
    assert free_stands(application, at_placed_sites=True, now=NOW) == []


def test_to_relocate_the_choice_is_at_the_sites_that_have_a_stand():
    application = application_in(S.ACCEPTED)
    free = stand_at(site_of(application.fair))

    assert [choice.stand for choice in free_stands(application, at_placed_sites=True, now=NOW)] == [free]
    assert free_stands(application, at_placed_sites=False, now=NOW) == []
