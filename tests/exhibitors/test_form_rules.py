"""What the database refuses of what an application says, whoever writes: raw SQL, no domain function in between."""

import pytest
from django.db import DataError, IntegrityError, transaction

from exhibitors.models import StandPreference
from tests.exhibitors.test_rules import insert, refused_by, run
from tests.exhibitors.world import stand_at
from tests.factories.exhibitors import ApplicationFactory, ExhibitorFactory, PavilionFactory, SiteWishFactory
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
