"""The parts of the form that are filled in beside the application: co-exhibitors, people on the stand, documents."""

from datetime import UTC, date, datetime

import pytest
from jsonschema import Draft202012Validator

from exhibitors.enums import ApplicationStatus
from tests.exhibitors.world import application_in, site_of
from tests.factories.exhibitors import DocumentRequirementFactory, ProductCategoryFactory
from tests.factories.fairs import DeadlineFactory, FairFactory
from tests.roles.operations import described

pytestmark = pytest.mark.django_db

DUE = datetime(2030, 1, 17, 15, 59, 59, tzinfo=UTC)
BESIDE = ("co_exhibitors", "staff", "documents")


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def form(api, fair):
    return lambda **query: api.get(f"/api/v1/fairs/{fair.slug}/application-form/", {"lang": "en", **query}).json()


def parts(form):
    return {section["code"]: section for section in form["sections"]}


def test_each_part_says_where_and_in_which_states_it_is_filled_in(form):
    found = parts(form())
    assert [found[code]["path"] for code in BESIDE] == ["co-exhibitors/", "staff/", "documents/"]
    assert found["company"]["open_in"] == ["draft", "changes_requested"]
    for code in BESIDE:
        assert set(found[code]["open_in"]) == set(ApplicationStatus) - set(ApplicationStatus.ended)


def test_fields_have_their_limits_and_say_whether_they_are_needed(form):
    fields = {field["name"]: field for code in BESIDE for field in parts(form())[code]["fields"]}
    assert (fields["co_exhibitors"]["max_items"], fields["staff"]["max_items"], fields["documents"]["max_items"]) == (100, 500, 200)
    assert fields["staff[].name_in_latin"]["max_length"] == 100
    assert {choice["code"] for choice in fields["staff[].languages"]["choices"]} == {"ru", "zh-hans", "en"}
    assert (fields["documents[].file"]["max"], fields["documents[].file"]["unit"]) == (20, "MB")
    needed = {name for name, field in fields.items() if field["required"]}
    assert needed == {
        *(f"co_exhibitors[].{name}" for name in ("legal_name", "country", "tax_number", "contact_email")),
        "staff[].role",
        "staff[].days[].site",
        "documents[].file",
    }


def test_every_field_is_one_that_the_api_takes(form):
    """What a portal draws it can send."""
    taken = {"co_exhibitors": "CoExhibitor", "staff": "StandStaff", "documents": "NewDocument"}
    schemas = described()["components"]["schemas"]
    for code, schema in taken.items():
        drawn = {field["name"].split("].")[1].removesuffix("[") for field in parts(form())[code]["fields"] if "]." in field["name"]}
        assert drawn <= schemas[f"{schema}Request" if f"{schema}Request" in schemas else schema]["properties"].keys()


@pytest.mark.parametrize(
    ("deadline", "closes"),
    [
        (None, "2030-05-05T23:59:59+08:00"),  # the end of the fair's last day
        ({"is_public": True}, "2030-01-17T23:59:59+08:00"),
        ({"is_public": False}, None),
    ],
)
def test_people_are_named_until_the_deadline_for_badges(form, fair, deadline, closes):
    if deadline is not None:
        DeadlineFactory(fair=fair, code="badges_final", due_at=DUE, **deadline)
    assert parts(form())["staff"]["open_until"] == closes


def test_required_documents_are_listed_with_what_they_have_to_be(form, fair):
    deadline = DeadlineFactory(fair=fair, code="labels", due_at=DUE, is_public=True)
    wanted = DocumentRequirementFactory(
        fair=fair, deadline=deadline, kinds=["pdf"], needs_expiry=True, per_site=True, valid_to=date(2031, 1, 1), audience="food"
    )
    wanted.categories.add(ProductCategoryFactory(code="03"))
    DocumentRequirementFactory()  # another fair's

    (document,) = form()["documents"]

    assert document == {
        "code": wanted.code,
        "title": "Label proofs",
        "help": "",
        "required": True,
        "concerns": "food",
        "categories": ["03"],
        "per_site": True,
        "needs_expiry": True,
        "kinds": ["pdf"],
        "valid_from": None,
        "valid_to": "2031-01-01",
        "due_at": "2030-01-17T23:59:59+08:00",
    }


def test_a_moment_that_the_public_does_not_know_is_not_told(form, fair):
    DocumentRequirementFactory(fair=fair, deadline=DeadlineFactory(fair=fair, is_public=False))
    assert form()["documents"][0]["due_at"] is None


@pytest.mark.parametrize("language", ["ru", "all"])
def test_it_is_as_the_description_says(form, fair, language):
    DocumentRequirementFactory(fair=fair)
    schema = {**described(), "$ref": "#/components/schemas/ApplicationForm"}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(form(lang=language))] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["a requirement", "its category"])
def test_the_tag_moves_with_the_required_documents(api, change):
    fair = site_of(application_in(ApplicationStatus.DRAFT).fair).fair
    wanted, category = DocumentRequirementFactory(fair=fair), ProductCategoryFactory()
    address = f"/api/v1/fairs/{fair.slug}/application-form/"
    tag = api.get(address)["ETag"]
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 304
    if change == "a requirement":
        wanted.is_required = False
        wanted.save()
    else:
        wanted.categories.add(category)
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("silence_accepts", [False, True])
def test_it_says_what_silence_means_for_an_offer(api, silence_accepts):
    fair = FairFactory(silence_accepts=silence_accepts)
    assert api.get(f"/api/v1/fairs/{fair.slug}/application-form/").json()["silence_accepts"] is silence_accepts
