"""What the database refuses of what an application says, whoever writes: raw SQL, no domain function in between."""

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError

from exhibitors.models import Product, StandPreference
from tests.exhibitors.raw_sql import insert, refused_by, run
from tests.exhibitors.world import stand_at
from tests.factories.exhibitors import (
    ApplicationFactory,
    ExhibitorFactory,
    PavilionFactory,
    ProductCategoryFactory,
    ProductFactory,
    QuestionFactory,
    RepresentedCompanyFactory,
    SiteWishFactory,
)
from tests.factories.fairs import FairFactory, SiteFactory

pytestmark = pytest.mark.django_db


def prefer(wish, stand, rank=1) -> None:
    insert("exhibitors_standpreference", wish_id=wish.pk, stand_id=stand.pk, rank=rank)


def neighbour(application, **columns) -> None:
    given = {"application_id": application.pk, "kind": "near", "position": 0, "name": "Sosed", "inn": "", **columns}
    insert("exhibitors_neighbourwish", **given)


def test_a_stand_of_another_site_cannot_be_preferred():
    wish = SiteWishFactory()
    with refused_by("stand_preference_of_wished_site"):
        prefer(wish, stand_at(SiteFactory(fair=wish.application.fair)))


def test_a_preference_cannot_lose_its_site():
    wish = SiteWishFactory()
    prefer(wish, stand_at(wish.site))
    with refused_by("stand_preference_of_wished_site"):
        run("UPDATE exhibitors_standpreference SET stand_id = %s", stand_at(SiteFactory(fair=wish.application.fair)).pk)
    with refused_by("site_wish_with_preferences_keeps_site"):
        run("UPDATE exhibitors_sitewish SET site_id = %s", SiteFactory(fair=wish.application.fair).pk)


@pytest.mark.parametrize("rank", [0, 4])
def test_ranks_are_one_to_three(rank):
    wish = SiteWishFactory()
    with refused_by("stand_preference_rank_one_to_three"):
        prefer(wish, stand_at(wish.site), rank)


def test_a_rank_and_a_stand_are_named_once():
    wish = SiteWishFactory()
    first, second = stand_at(wish.site), stand_at(wish.site)
    prefer(wish, first)
    with refused_by("rank|wish_id"):
        prefer(wish, second)
    with refused_by("stand"):
        prefer(wish, first, 2)
    assert StandPreference.objects.count() == 1


def test_a_pavilion_is_of_the_same_fair_and_stays_there():
    application, pavilion = ApplicationFactory(), PavilionFactory()
    with refused_by("application_pavilion_of_same_fair"):
        run("UPDATE exhibitors_application SET pavilion_id = %s WHERE id = %s", pavilion.pk, application.pk)
    with refused_by("pavilion_keeps_fair"):
        run("UPDATE exhibitors_pavilion SET fair_id = %s", FairFactory().pk)


def test_a_neighbour_is_somebody_else_and_of_the_same_fair():
    application = ApplicationFactory()
    with refused_by("neighbour_is_another_company"):
        neighbour(application, company_id=application.company_id)
    with refused_by("neighbour_exhibitor_of_same_fair"):
        neighbour(application, exhibitor_id=ExhibitorFactory().pk)
    with refused_by("neighbour_kind_known"):
        neighbour(application, kind="far")
    with refused_by("neighbour_has_name"):
        neighbour(application, name="")


def test_a_fascia_has_twenty_characters_at_the_most():
    application = ApplicationFactory()
    with pytest.raises((IntegrityError, DataError), match=r"application_fascia_at_most_20_characters|too long"), transaction.atomic():
        run("UPDATE exhibitors_application SET fascia_text = %s WHERE id = %s", "俄" * 21, application.pk)
    run("UPDATE exhibitors_application SET fascia_text = %s", "俄" * 20)


@pytest.mark.parametrize(("column", "rule"), [("power_kw", "site_wish_power_0_to_500_kw"), ("cold_storage_m2", "site_wish_cold_storage_0")])
@pytest.mark.parametrize("value", [-1, 501])
def test_services_have_limits(column, rule, value):
    SiteWishFactory()
    with refused_by(rule):
        run(f"UPDATE exhibitors_sitewish SET {column} = %s", value)  # noqa: S608 - a name of ours


PRODUCT = {"fate": "taste", "brand": "", "description": "", "gacc_number": "", "name": "Cod", "unit": ""}


def product(application, code="0303670000", **columns) -> None:
    given = {"application_id": application.pk, "category_id": ProductCategoryFactory().pk, "code": code, **PRODUCT, **columns}
    insert("exhibitors_product", **given)


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"code": "0303670"}, "product_code_six_eight_or_ten_digits"),
        ({"code": "2204210000"}, "product_category_of_its_code"),
        ({"fate": "eat"}, "product_fate_known"),
        ({"unit": "ton", "quantity": 1}, "product_unit_known"),
        ({"quantity": 1}, "product_quantity_with_unit"),
        ({"unit": "kg"}, "product_quantity_with_unit"),
        ({"gacc_valid_until": "2031-01-01"}, "product_gacc_end_with_number"),
        ({"shelf_life_days": 0}, "product_shelf_life_in_range"),
        ({"temperature_min_c": 5, "temperature_max_c": -5}, "product_temperatures_in_order"),
    ],
)
def test_a_product_says_nothing_impossible(columns, rule):
    with refused_by(rule):
        product(ApplicationFactory(), **columns)


@pytest.mark.parametrize("code", ["030367", "03036700", "0303670000"])
def test_codes_have_six_eight_or_ten_digits(code):
    product(ApplicationFactory(), code)
    assert Product.objects.get().code == code


def test_a_product_stays_with_its_application_and_stands_at_its_sites():
    row = ProductFactory()
    with refused_by("product_keeps_application"):
        run("UPDATE exhibitors_product SET application_id = %s", ApplicationFactory().pk)
    with refused_by("product_site_of_same_application"):
        insert("exhibitors_productsite", product_id=row.pk, wish_id=SiteWishFactory().pk)
    wish = SiteWishFactory(application=row.application)
    insert("exhibitors_productsite", product_id=row.pk, wish_id=wish.pk)
    with refused_by("product_site_once|product_id|wish_id"):
        insert("exhibitors_productsite", product_id=row.pk, wish_id=wish.pk)


def test_a_represented_company_is_named_once_and_stays():
    row = RepresentedCompanyFactory(legal_name="X")
    with refused_by("represented_company_once|legal_name"):
        RepresentedCompanyFactory(application=row.application, legal_name="X")
    with refused_by("represented_company_has_legal_name"):
        run("UPDATE exhibitors_representedcompany SET legal_name = ''")
    with refused_by("represented_company_keeps_application"):
        run("UPDATE exhibitors_representedcompany SET application_id = %s", ApplicationFactory().pk)


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("type", "guess", "question_type_known"),
        ("audience", "staff", "question_audience_known"),
        ("section", "secrets", "question_section_known"),
        ("code", "another", "question_keeps_fair_and_code"),
        ("max_value", -1, "question_numbers_in_order"),
    ],
)
def test_a_question_is_of_a_known_kind_and_keeps_its_code(column, value, rule):
    QuestionFactory(min_value=0)
    with refused_by(rule):
        run(f"UPDATE exhibitors_question SET {column} = %s", value)  # noqa: S608 - a name of ours


def test_a_question_waits_for_another_one_of_its_fair():
    question = QuestionFactory()
    for other in (question, QuestionFactory()):
        with refused_by("question_waits_for_one_of_same_fair"):
            run("UPDATE exhibitors_question SET shown_if_id = %s WHERE id = %s", other.pk, question.pk)
    with refused_by("question_code_once_per_fair|code"):
        QuestionFactory(fair=question.fair, code=question.code)
    run("UPDATE exhibitors_question SET shown_if_id = %s WHERE id = %s", QuestionFactory(fair=question.fair).pk, question.pk)


def test_an_option_is_there_once():
    question = QuestionFactory(type="choice", options=["sea"])
    with refused_by("question_option_once|code"):
        insert("exhibitors_questionoption", question_id=question.pk, code="sea", position=1, text="Sea")


def answered(question, application, value='"x"') -> None:
    given = {"question_id": question.pk, "application_id": application.pk, "value": value}
    insert("exhibitors_answer", **given, answered_at=application.created_at)


def test_an_answer_belongs_to_a_question_of_the_same_fair_once_and_keeps_it():
    question, application = QuestionFactory(), ApplicationFactory()
    with refused_by("answer_to_a_question_of_same_fair"):
        answered(question, application)
    own, further = QuestionFactory(fair=application.fair), QuestionFactory(fair=application.fair)
    answered(own, application)
    with refused_by("answer_once|application_id"):
        answered(own, application)
    with refused_by("answer_keeps_its_question"):
        run("UPDATE exhibitors_answer SET question_id = %s", further.pk)
    with refused_by("question_keeps_type_once_answered"):
        run("UPDATE exhibitors_question SET type = 'number' WHERE id = %s", own.pk)
    run("UPDATE exhibitors_question SET type = 'number' WHERE id = %s", further.pk)


def test_a_question_that_was_answered_and_one_that_another_waits_for_are_not_deleted():
    application = ApplicationFactory()
    own = QuestionFactory(fair=application.fair)
    answered(own, application)
    waiting = QuestionFactory(fair=application.fair, shown_if=QuestionFactory(fair=application.fair))
    for question in (own, waiting.shown_if):
        with pytest.raises(ProtectedError):
            question.delete()


def test_a_neighbour_stays_with_its_application():
    application = ApplicationFactory()
    neighbour(application)
    with refused_by("neighbour_keeps_application"):
        run("UPDATE exhibitors_neighbourwish SET application_id = %s", ApplicationFactory().pk)
