"""Products from a file at the desk, into the applications of the own fair."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exhibitors.models import CompanyChange, Product
from tests.factories.exhibitors import ApplicationFactory, ProductCategoryFactory, inn
from tests.factories.fairs import StaffMembershipFactory

PAGE = "/admin/exhibitors/product/import/"
pytestmark = pytest.mark.django_db


def test_products_are_tried_shown_and_then_brought_in(client):
    ProductCategoryFactory()
    application = ApplicationFactory(company__inn=inn(7))
    strangers = ApplicationFactory(company__inn=inn(8))
    reviewer = StaffMembershipFactory(fair=application.fair, role="reviewer").user
    client.force_login(reviewer)
    table = f"ИНН;название;ТН ВЭД;судьба\n{inn(7)};Минтай;0303670000;дегустация\n"

    def send(text):
        return client.post(PAGE, {"of": application.fair_id, "file": SimpleUploadedFile("products.csv", text.encode())})

    refused = send(table + f"{inn(8)};Сайра;0303670000;дегустация\n")
    assert [(error.row, error.column) for error in refused.context["outcome"].errors] == [(3, "ИНН")]
    page = send(table)
    assert "Products: 1 new, 0 changed, 0 unchanged" in page.content.decode()
    assert not Product.objects.exists()

    answer = client.post(PAGE, {"token": page.context["token"], "of": application.fair_id})
    assert (answer.status_code, answer.url) == (302, "/admin/exhibitors/product/")
    assert Product.objects.get().application == application
    assert CompanyChange.objects.filter(subject="products").values_list("source", "by").get() == ("import", reviewer.pk)
    assert client.post(PAGE, {"token": "x", "of": strangers.fair_id}).status_code == 200
