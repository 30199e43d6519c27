"""Pages of 50, at most 250, and clear words for anything else."""

import pytest
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db
URL = "/api/v1/groups/"


@pytest.fixture(autouse=True)
def _rows():
    Group.objects.bulk_create(Group(name=f"{number}") for number in range(60))


def test_a_page_has_fifty_rows_and_whole_addresses(client):
    body = client.get(URL).json()
    assert (body["count"], len(body["results"]), body["previous"]) == (60, 50, None)
    assert body["next"] == "http://testserver/api/v1/groups/?page=2"
    second = client.get(body["next"]).json()
    assert (len(second["results"]), second["next"], second["previous"]) == (10, None, "http://testserver/api/v1/groups/")


def test_page_size(client):
    assert len(client.get(f"{URL}?page_size=1").json()["results"]) == 1
    assert len(client.get(f"{URL}?page_size=250").json()["results"]) == 60


@pytest.mark.parametrize("parameter", ["page_size", "page"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1.5", "9" * 100_000, "٣", "1e3", "10000000001"])
def test_a_wrong_number_is_400_and_named(client, parameter, value):
    response = client.get(URL, {parameter: value})
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == parameter


def test_more_than_250_is_400(client):
    assert client.get(f"{URL}?page_size=251").status_code == 400


@pytest.mark.parametrize("page", ["3", "1000000000"])
def test_a_page_beyond_the_end_is_404(client, page):
    answer = client.get(f"{URL}?page={page}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert answer.json()["detail"] == f"There is no page {page}: this list has 2 pages."
