"""Apply for the next fair from the last one: what is copied, what is named as left behind, and whose application is known."""

from datetime import date
from decimal import Decimal

import pytest

from exhibitors.enums import ApplicationStatus, QuestionType
from exhibitors.models import Answer, Application
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.exhibitors import (
    SUBMITTED_AT,
    ApplicationFactory,
    CompanyMemberFactory,
    PavilionFactory,
    ProductFactory,
    QuestionFactory,
    RepresentedCompanyFactory,
)
from tests.factories.fairs import FairFactory, SiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
HARBIN = {"city_ru": "Харбин", "city_zh_hans": "哈尔滨", "city_en": "Harbin"}


@pytest.fixture
def last():
    application = application_in(S.ACCEPTED)
    wish = application.site_wishes.get()
    wish.power_kw, wish.scheme = Decimal(5), "shell"
    wish.save()
    wish.preferences.create(stand=stand_at(wish.site), rank=1)
    application.fascia_text, application.pavilion = "LINDEN", PavilionFactory(fair=application.fair)
    application.save()
    return application


@pytest.fixture
def fair():
    made = FairFactory()
    SiteFactory(fair=made, **HARBIN, kind="street")
    return made


@pytest.fixture
def editor(signed_in, last):
    return signed_in(CompanyMemberFactory(company=last.company).user)


def again(client, fair, last, **more):
    return client.post(f"/api/v1/fairs/{fair.slug}/applications/", {"company": last.company_id, "from_application": last.pk, **more})


def errors(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_the_pavilion_is_the_one_of_the_same_short_name(editor, fair, last):
    PavilionFactory(fair=fair, slug=last.pavilion.slug)
    body = again(editor, fair, last).json()
    assert body["pavilion"] == last.pavilion.slug
    assert "/pavilion" not in [one["pointer"] for one in body["not_taken"]]
    assert Application.objects.get(pk=body["id"]).pavilion.fair == fair


def test_what_makes_sense_is_copied_into_a_draft(editor, fair, last):
    site = SiteFactory(fair=fair)  # of the same city
    ProductFactory(application=last, gacc_number="CRUS0303", gacc_valid_until=date(2029, 1, 1))
    ProductFactory(application=last, gacc_number="CRUS0304", gacc_valid_until=date(2031, 1, 1), name_ru="Треска")
    ProductFactory(application=last, name_ru="треска ")
    RepresentedCompanyFactory(application=last)
    last.neighbour_wishes.create(kind="near", name="Sosed")

    made = again(editor, fair, last)
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["status"], body["fair"], body["categories"], body["fascia_text"], body["pavilion"]) == (
        "draft", fair.slug, ["03"], "LINDEN", None,
    )  # fmt: skip
    [wish] = body["sites"]
    assert (wish["site"], wish["power_kw"], wish["requested_area_m2"]["wished"], wish["stand_preferences"]) == (site.slug, 5.0, 9.0, [])
    assert [one["name"] for one in body["near"]] == ["Sosed"]
    assert [(one["pointer"], one["code"]) for one in body["not_taken"]] == [
        ("/sites/0/stand_preferences", "other_fair"),
        ("/pavilion", "other_fair"),
        ("/products/0/gacc_number", "expired"),
        ("/products/2", "twice"),
    ]
    draft = Application.objects.get(pk=body["id"])
    assert list(draft.products.values_list("gacc_number", flat=True)) == ["", "CRUS0304"]
    assert (draft.represented_companies.count(), last.products.count(), last.represented_companies.count()) == (1, 3, 1)
    # the tag is that of the draft itself
    assert editor.get(made["Location"])["ETag"] == made["ETag"]


def test_answers_to_the_same_questions_are_taken_over(editor, fair, last):
    for code, value in (("same", "Yes"), ("gone", "x"), ("other-type", "x")):
        Answer.objects.create(application=last, question=QuestionFactory(fair=last.fair, code=code), value=value, answered_at=SUBMITTED_AT)
    QuestionFactory(fair=fair, code="same")
    QuestionFactory(fair=fair, code="other-type", type=QuestionType.YES_NO)
    body = again(editor, fair, last).json()
    assert body["answers"] == {"same": "Yes"}
    assert {one["pointer"] for one in body["not_taken"]} >= {"/answers/gone", "/answers/other-type"}


def test_a_site_without_a_counterpart_is_named(editor, fair, last):
    body = again(editor, fair, last).json()
    assert body["sites"] == []
    assert ("/sites/0", "no_such_site") in [(one["pointer"], one["code"]) for one in body["not_taken"]]


def test_somebody_elses_application_answers_as_an_unknown_one(editor, fair, last):
    strangers, here = ApplicationFactory(), ApplicationFactory(fair=fair, company=last.company, status=S.WITHDRAWN)
    answers = {again(editor, fair, last, from_application=pk).content for pk in (strangers.pk, here.pk, 10**12)}
    assert len(answers) == 1
    assert errors(again(editor, fair, last, from_application=strangers.pk)) == [("/from_application", "unknown_application")]


def test_nothing_else_may_be_said_beside_it(editor, fair, last):
    assert errors(again(editor, fair, last, categories=["03"])) == [("/categories", "not_with_from_application")]
    assert site_of(last.fair).fair != fair
