"""The factories make what the database takes."""

import pytest

from tests.factories.exhibitors import (
    CoExhibitorFactory,
    CompanyContactFactory,
    CompanyMemberFactory,
    ExhibitorFactory,
    PlacementFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)

pytestmark = pytest.mark.django_db


def test_every_factory_makes_a_row_that_passes_its_own_checks():
    for made in (
        CoExhibitorFactory(),
        CompanyContactFactory(),
        CompanyMemberFactory(),
        ExhibitorFactory(),
        PlacementFactory(),
        ProductCategoryFactory(),
        SiteWishFactory(),
    ):
        made.full_clean()


def test_placements_of_a_batch_stand_apart():
    stands = [placement.stand.outline[0] for placement in PlacementFactory.create_batch(5)]

    assert len({tuple(corner) for corner in stands}) == 5
