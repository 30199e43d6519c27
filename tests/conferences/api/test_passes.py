"""The code for the entrance: on the own page, as a picture, and found again when it is scanned."""

import io

import pytest
import zxingcpp
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from conferences.domain import own, passes
from conferences.models import Conference, Delegate
from fairs.enums import StaffRole
from tests.factories.conferences import ConferenceFactory, DelegateFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def delegate(conference: Conference) -> Delegate:
    return DelegateFactory(conference=conference, name="Anna Rechnaya", email="anna@example.com")


def page_of(delegate: Delegate) -> str:
    return own.page_url(delegate).removeprefix("http://testserver")


def test_a_scanned_pass_finds_its_delegate(delegate: Delegate) -> None:
    code = passes.code_of(delegate)
    assert passes.delegate_with_pass(f" {code.lower()} ") == delegate
    assert len(code.rpartition("-")[2]) * 5 >= 128  # bits of base32
    assert not any(part in code for part in ("ANNA", "EXAMPLE"))
    assert own.word_of(delegate).upper() not in code


@pytest.mark.parametrize(
    "forge",
    [
        lambda code: code[:-1] + ("A" if code[-1] != "A" else "B"),
        lambda code: code.replace("YP-", "YP-1"),
        lambda code: code.replace("YP-", "YP-٣"),
        lambda code: "YP-" + "9" * 40,
        lambda code: code.rpartition("-")[0],
        lambda code: "",
        lambda code: "ß" * 99,
        lambda code: "YP-1-é",
    ],
)
def test_a_pass_cannot_be_made_up(delegate: Delegate, forge: object) -> None:
    assert passes.delegate_with_pass(forge(passes.code_of(delegate))) is None


@pytest.mark.parametrize("change", [{"status": "cancelled"}, {"confirmed_at": None}, {"status": "waiting"}])
def test_who_has_no_confirmed_place_has_no_pass(delegate: Delegate, change: dict[str, object]) -> None:
    code = passes.code_of(delegate)
    Delegate.objects.filter(pk=delegate.pk).update(**change)
    assert passes.delegate_with_pass(code) is None
    client = Client()
    assert "pass.svg" not in client.get(page_of(delegate)).content.decode()
    assert client.get(f"{page_of(delegate)}pass.svg").status_code == 404


def test_the_page_and_the_api_show_it(delegate: Delegate) -> None:
    client = Client()
    page = client.get(page_of(delegate)).content.decode()
    assert ('src="pass.svg"' in page, passes.code_of(delegate) in page) == (True, True)
    picture = client.get(f"{page_of(delegate)}pass.png")
    assert (picture.headers["Content-Type"], "no-store" in picture.headers["Cache-Control"]) == ("image/png", True)
    image = Image.open(io.BytesIO(picture.content))
    (read,) = zxingcpp.read_barcodes(image)
    assert (read.text, read.format) == (passes.code_of(delegate), zxingcpp.BarcodeFormat.QRCode)
    assert image.width == image.height > 200
    assert image.convert("L").getpixel((31, 31)) == 255  # the quiet zone, four modules wide
    assert client.get(f"{page_of(delegate)[:-2]}x/pass.png").status_code == 404

    path = f"/api/v1/conferences/{delegate.conference.slug}/delegates/own/"
    word = {"Delegate-Word": own.word_of(delegate)}
    api = APIClient()
    assert api.get(path, headers=word).json()["pass_code"] == passes.code_of(delegate)
    assert api.get(f"{path}pass.png", headers=word).content == picture.content
    assert api.get(f"{path}pass.svg", headers=word).content.startswith(b"<?xml")
    Delegate.objects.update(confirmed_at=None)
    assert api.get(path, headers=word).json()["pass_code"] is None
    refused = api.get(f"{path}pass.png", headers=word)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-pass")


def test_the_desk_finds_a_scanned_pass(delegate: Delegate, admin_client: Client) -> None:
    DelegateFactory(conference=delegate.conference)
    found = admin_client.get("/admin/conferences/delegate/", {"q": passes.code_of(delegate)})
    assert [one.pk for one in found.context_data["cl"].result_list] == [delegate.pk]


def test_the_desk_of_another_fair_finds_nobody_by_a_pass(delegate: Delegate, client: Client) -> None:
    here, elsewhere = delegate.conference.fair, ConferenceFactory().fair
    for fair, expected in ((here, [delegate.pk]), (elsewhere, [])):
        client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.CHECK_IN).user)
        found = client.get("/admin/conferences/delegate/", {"q": passes.code_of(delegate)})
        assert [one.pk for one in found.context_data["cl"].result_list] == expected


def test_a_part_of_the_picture_may_be_covered(delegate: Delegate) -> None:
    image = Image.open(io.BytesIO(passes.picture_of(delegate, kind="png"))).convert("L")
    side = image.width // 6
    image.paste(128, (image.width // 2, image.height // 2, image.width // 2 + side, image.height // 2 + side))
    assert [read.text for read in zxingcpp.read_barcodes(image)] == [passes.code_of(delegate)]
