"""Who is in the public catalogue, with whose stands, and under which name it is sorted."""

from datetime import UTC, datetime

import pytest

from api.problems import Invalid
from exhibitors.domain import catalogue, co_exhibitors, endings, placements
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, ExhibitorRole
from exhibitors.models import CoExhibitor, Exhibitor
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import CoExhibitorFactory, CompanyFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
QUIET = {"by": None, "now": NOW, "tell": False}
HERE = {"by": None, "now": NOW}


def listed(fair) -> dict[int, tuple[int, str]]:
    return {row.company_id: (row.application_id, row.role) for row in Exhibitor.objects.filter(fair=fair)}


def test_an_exhibitor_comes_with_the_acceptance_and_goes_with_the_withdrawal():
    application = application_in(S.ADMITTED)
    placements.offer_stand(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, **QUIET)
    assert listed(application.fair) == {}

    placements.accept_offer(application_id=application.pk, **QUIET)
    assert listed(application.fair) == {application.company_id: (application.pk, ExhibitorRole.MAIN)}

    endings.withdraw(application_id=application.pk, **QUIET)
    assert listed(application.fair) == {}


def test_a_cancelled_participation_leaves_the_catalogue_with_its_co_exhibitors():
    application = application_in(S.ACCEPTED)
    CoExhibitorFactory(application=application, status=CoExhibitorStatus.ADMITTED)
    catalogue.refresh_application(application)
    other = application_in(S.ACCEPTED, fair=application.fair)
    assert len(listed(application.fair)) == 3

    endings.cancel(application_id=application.pk, reason="The goods are not allowed.", **QUIET)

    assert set(listed(application.fair)) == {other.company_id}


def test_the_row_keeps_its_id_while_the_exhibitor_moves():
    application = application_in(S.ACCEPTED)
    row = Exhibitor.objects.get()

    placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason="Light.", **QUIET)
    placements.accept_offer(application_id=application.pk, **QUIET)

    assert Exhibitor.objects.get().pk == row.pk


def test_a_co_exhibitor_is_listed_once_admitted_beside_an_accepted_main_exhibitor():
    application = application_in(S.STAND_OFFERED)
    company = CompanyFactory()
    co_exhibitor = co_exhibitors.declare(application_id=application.pk, company=company, **HERE)
    co_exhibitors.confirm(co_exhibitor_id=co_exhibitor.pk, **HERE)
    co_exhibitors.admit(co_exhibitor_id=co_exhibitor.pk, **HERE)
    assert listed(application.fair) == {}

    placements.accept_offer(application_id=application.pk, **QUIET)
    assert listed(application.fair) == {
        application.company_id: (application.pk, ExhibitorRole.MAIN),
        company.pk: (application.pk, ExhibitorRole.CO),
    }

    co_exhibitors.refuse(co_exhibitor_id=co_exhibitor.pk, reason="The goods do not fit.", **HERE)
    assert set(listed(application.fair)) == {application.company_id}


@pytest.mark.parametrize("status", [CoExhibitorStatus.DECLARED, CoExhibitorStatus.CONFIRMED, CoExhibitorStatus.REFUSED])
def test_a_co_exhibitor_that_is_not_admitted_is_not_listed(status):
    application = application_in(S.ACCEPTED)
    CoExhibitorFactory(application=application, status=status)

    catalogue.refresh_application(application)

    assert set(listed(application.fair)) == {application.company_id}


def test_an_own_stand_counts_more_than_a_place_on_anothers():
    application = application_in(S.ACCEPTED)
    own = application_in(S.STAND_OFFERED, fair=application.fair)
    CoExhibitorFactory(application=application, company=own.company, status=CoExhibitorStatus.ADMITTED)
    catalogue.refresh_application(application)
    assert listed(application.fair)[own.company_id] == (application.pk, ExhibitorRole.CO)

    placements.accept_offer(application_id=own.pk, **QUIET)
    assert listed(application.fair)[own.company_id] == (own.pk, ExhibitorRole.MAIN)

    endings.withdraw(application_id=own.pk, **QUIET)
    assert listed(application.fair)[own.company_id] == (application.pk, ExhibitorRole.CO)


def test_the_first_of_two_main_exhibitors_lends_its_stands():
    first = application_in(S.ACCEPTED)
    second = application_in(S.ACCEPTED, fair=first.fair)
    guest = CompanyFactory()
    for application in (first, second):
        CoExhibitorFactory(application=application, company=guest, status=CoExhibitorStatus.ADMITTED)
    catalogue.refresh_application(second)
    assert listed(first.fair)[guest.pk] == (first.pk, ExhibitorRole.CO)

    endings.withdraw(application_id=first.pk, **QUIET)
    assert listed(first.fair)[guest.pk] == (second.pk, ExhibitorRole.CO)


def test_the_sort_names_are_folded_and_follow_a_change_of_names_at_every_fair():
    company = CompanyFactory(name_ru="Ёлочка", name_zh_hans="公司", name_en="ELKA Trade")
    here = application_in(S.ACCEPTED, company=company)
    application_in(S.ACCEPTED, company=company, fair=FairFactory())
    first = Exhibitor.objects.get(fair=here.fair)
    assert (first.sort_ru, first.sort_zh_hans, first.sort_en) == ("елочка", "公司", "elka trade")

    company.name_en, company.name_zh_hans = "Yolka", ""
    company.save()
    catalogue.refresh_company(company.pk)

    names = Exhibitor.objects.filter(company=company).values_list("sort_ru", "sort_zh_hans", "sort_en")
    assert list(names) == [("елочка", "yolka", "yolka")] * 2


def test_a_company_without_names_is_sorted_by_its_legal_name():
    company = CompanyFactory(name_ru="", name_zh_hans="", name_en="", legal_name="ООО «Ёж»")
    application_in(S.ACCEPTED, company=company)

    row = Exhibitor.objects.get()
    assert row.sort_ru == row.sort_zh_hans == row.sort_en == "ооо «еж»"


def test_refreshing_twice_changes_nothing():
    application = application_in(S.ACCEPTED)
    before = list(Exhibitor.objects.values())

    catalogue.refresh_application(application)

    assert list(Exhibitor.objects.values()) == before


# --- the life of a co-exhibitor


def test_a_company_is_declared_once_and_never_beside_itself():
    application = application_in(S.ADMITTED)
    company = CompanyFactory()
    co_exhibitors.declare(application_id=application.pk, company=company, **HERE)

    for named, code in ((company, "unique"), (application.company, "same_company")):
        with pytest.raises(Invalid) as refusal:
            co_exhibitors.declare(application_id=application.pk, company=named, **HERE)
        assert [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]] == [("/company", code)]
    assert CoExhibitor.objects.get().declared_at == NOW


@pytest.mark.parametrize("status", S.ended)
def test_nobody_joins_an_application_that_has_ended(status):
    application = application_in(status)

    with pytest.raises(co_exhibitors.CoExhibitorStepNotAllowed):
        co_exhibitors.declare(application_id=application.pk, company=CompanyFactory(), **HERE)

    assert not CoExhibitor.objects.exists()


POSSIBLE = {
    "confirm": {CoExhibitorStatus.DECLARED: CoExhibitorStatus.CONFIRMED},
    "admit": {CoExhibitorStatus.CONFIRMED: CoExhibitorStatus.ADMITTED},
    "refuse": dict.fromkeys(
        (CoExhibitorStatus.DECLARED, CoExhibitorStatus.CONFIRMED, CoExhibitorStatus.ADMITTED), CoExhibitorStatus.REFUSED
    ),
    "withdraw": dict.fromkeys(set(CoExhibitorStatus) - {CoExhibitorStatus.WITHDRAWN, CoExhibitorStatus.ENDED}, CoExhibitorStatus.WITHDRAWN),
}


@pytest.mark.parametrize("status", CoExhibitorStatus)
@pytest.mark.parametrize("verb", POSSIBLE)
def test_a_co_exhibitors_steps_go_one_way(verb, status):
    co_exhibitor = CoExhibitorFactory(status=status)
    moment = datetime(2030, 1, 16, tzinfo=UTC)
    given = {"co_exhibitor_id": co_exhibitor.pk, "by": None, "now": moment, **({"reason": "No"} if verb == "refuse" else {})}

    if status in POSSIBLE[verb]:
        getattr(co_exhibitors, verb)(**given)
        co_exhibitor.refresh_from_db()
        when = co_exhibitor.confirmed_at if verb == "confirm" else co_exhibitor.decided_at
        assert (co_exhibitor.status, when) == (POSSIBLE[verb][status], moment)
    else:
        with pytest.raises(co_exhibitors.CoExhibitorStepNotAllowed) as refusal:
            getattr(co_exhibitors, verb)(**given)
        assert refusal.value.facts["status"] == status.value
        assert status.value not in refusal.value.facts["possible_from"]
        co_exhibitor.refresh_from_db()
        assert (co_exhibitor.status, co_exhibitor.confirmed_at, co_exhibitor.decided_at) == (status, None, None)
