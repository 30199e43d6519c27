"""The address of a logo: for everybody, a picture and nothing else."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from exhibitors.domain import logos
from tests.exhibitors.pictures import picture
from tests.factories.exhibitors import ExhibitorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def exhibitor(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DEBUG = False
    exhibitor = ExhibitorFactory()
    exhibitor.company = logos.set_logo(company_id=exhibitor.company_id, file=BytesIO(picture("JPEG")), by=None)
    return exhibitor


def body(response):
    return b"".join(response.streaming_content)


def test_the_catalogue_names_the_address_that_answers(api, client, exhibitor):
    page = api.get(f"/api/v1/fairs/{exhibitor.fair.slug}/exhibitors/").json()
    address = urlsplit(page["results"][0]["logo"])
    assert f"{address.scheme}://{address.netloc}" == "http://testserver"

    response = client.get(address.path)

    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "attachment"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies
    assert Image.open(BytesIO(body(response))).size == (40, 20)


def test_a_logo_costs_no_query(client, exhibitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        body(client.get(exhibitor.company.logo.url))


def test_a_browser_that_has_it_gets_no_body(client, exhibitor):
    first = client.get(exhibitor.company.logo.url)
    body(first)
    again = client.get(exhibitor.company.logo.url, headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        f"/media/logos/{'0' * 32}.png",
        "/media/logos/",
        "/media/logos",
        "/media/",
        "/media/secret.png",
        "/media/other/secret.png",
        "/media/logos/../secret.png",
        "/media/logos/%2e%2e/secret.png",
        "/media/logos/..%2fsecret.png",
        f"/media/logos/{'a' * 32}.svg",
        f"/media/logos/{'a' * 32}.png/",
        f"/media/logos/{'a' * 32}.png%0a",
        "/media/logos/plain.png",
    ],
)
def test_nothing_else_is_there(client, exhibitor, path):
    for name in ("secret.png", "other/secret.png", f"logos/{'a' * 32}.svg", "logos/plain.png"):
        default_storage.save(name, ContentFile(b"secret"))
    assert client.get(path).status_code == 404


def test_a_logo_is_only_read(client, exhibitor):
    head = client.head(exhibitor.company.logo.url)
    head.close()
    assert head.status_code == 200
    assert client.post(exhibitor.company.logo.url).status_code == 405
    assert reverse("logo", args=["0" * 32 + ".png"]) == f"/media/logos/{'0' * 32}.png"
