"""The reference lists that filters and forms are made of."""

import pytest

from exhibitors.models import Region
from tests.factories.exhibitors import ProductCategoryFactory, RegionFactory
from tests.factories.fairs import FairFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/api/v1/regions/", "/api/v1/product-categories/"])
def test_a_list_is_kept_until_something_in_it_changes(api, address):
    FairFactory()
    region = RegionFactory()
    ProductCategoryFactory()
    read = api.get(address)
    assert (read.status_code, read.json()["count"]) == (200, 1)
    assert api.get(address, headers={"If-None-Match": read["ETag"]}).status_code == 304
    Region.objects.filter(pk=region.pk).update(name_en="Renamed")
    assert api.get(address, headers={"If-None-Match": read["ETag"]}).status_code == 200
