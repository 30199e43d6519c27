"""Rows of the public catalogue, and its list as a visitor reads it."""

from exhibitors.models import Exhibitor
from tests.exhibitors.world import site_of, stand_at
from tests.factories.exhibitors import CompanyFactory, ExhibitorFactory, PlacementFactory


def url(fair, pk=None) -> str:
    return f"/api/v1/fairs/{fair.slug}/exhibitors/" + (f"{pk}/" if pk else "")


def exhibitor(fair, **company) -> Exhibitor:
    """An accepted exhibitor with one stand at the fair."""
    made = ExhibitorFactory(fair=fair, company=CompanyFactory(**company))
    PlacementFactory(application=made.application, stand=stand_at(site_of(fair)))
    return made


def names(api, fair, **query) -> list[str]:
    response = api.get(url(fair), query)
    assert response.status_code == 200, response.json()
    return [row["name"] for row in response.json()["results"]]
