"""The same company in another spelling is flagged, to those who see both, and merged by nobody."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from exhibitors.domain import companies, duplicates
from exhibitors.domain.company_values import Reference, check
from exhibitors.models import Company, DuplicateFlag
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CoExhibitorFactory, RegionFactory, inn
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)


def company(legal_name, **values) -> Company:
    return companies.create(by=None, legal_name=legal_name, country="RU", **values)


def reasons():
    return [(flag.company_a.legal_name, flag.company_b.legal_name, flag.reason) for flag in DuplicateFlag.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"legal_name": "ООО «Восток»"}, {"legal_name": "LLC Vostok"}, "name"),
        ({"legal_name": "ООО «ВОСТОК»"}, {"legal_name": 'OOO "BOCTOK"'}, "look"),
        ({"legal_name": "А1", "inn": inn(1)}, {"legal_name": "Б2", "inn": inn(1)}, "number"),
        ({"legal_name": "А1", "website": "vostok.example"}, {"legal_name": "Б2", "website": "https://www.vostok.example/en"}, "website"),
        (
            {"legal_name": "А1", "contacts": [{"name": "A", "email": "a@example.com", "phone": "+7 423 255-01-23"}]},
            {"legal_name": "Б2", "contacts": [{"name": "B", "email": "b@example.com", "phone": "84232550123"}]},
            "phone",
        ),
    ],
)
def test_one_company_in_two_spellings_is_flagged_with_the_reason(first, second, reason):
    company(**first)
    company("Сосед")
    company(**second)
    assert reasons() == [(first["legal_name"], second["legal_name"], reason)]


def test_a_change_is_looked_at_as_well_and_a_pair_is_flagged_once():
    one, other = company("ООО «Восток»"), company("ООО «Запад»")
    assert not DuplicateFlag.objects.exists()
    companies.update(company_id=other.pk, by=None, legal_name="Vostok LLC")
    companies.update(company_id=other.pk, by=None, legal_name="Vostok Ltd")
    companies.update(company_id=one.pk, by=None, website="one.example")
    assert reasons() == [("ООО «Восток»", "Vostok Ltd", "name")]


def test_a_dismissed_pair_stays_dismissed_until_a_stronger_reason_is_found():
    one, other = company("ООО «Восток»", inn=inn(1)), company("Vostok LLC")
    duplicates.dismiss(flag_id=DuplicateFlag.objects.get().pk, by=UserFactory(), now=NOW, note="Another region")
    companies.update(company_id=other.pk, by=None, legal_name="Vostok Ltd")
    duplicates.look_for([one.pk])
    assert DuplicateFlag.objects.get().dismissed_at == NOW
    companies.update(company_id=other.pk, by=None, inn=inn(1))
    flag = DuplicateFlag.objects.get()
    assert (flag.reason, flag.dismissed_at, flag.note) == ("number", None, "Another region")


def test_a_hundred_of_one_name_make_no_thousands_of_pairs():
    reference = Reference.load()
    for _ in range(2):
        companies.create_many([check({"legal_name": "Восток", "country": "RU"}, reference=reference) for _ in range(50)])
    assert DuplicateFlag.objects.count() <= 100 * duplicates.MOST_OTHERS


@pytest.mark.parametrize("count", [1, 30])
def test_looking_costs_the_same_for_any_number_of_companies(count):
    made = [company(f"ООО «Восток {number}»", inn=inn(number), website=f"v{number}.example") for number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        duplicates.look_for([one.pk for one in made])
    assert len(queries) <= 8, [query["sql"] for query in queries]


def test_the_table_keeps_a_pair_in_order_and_once():
    one, other = company("А1"), company("Б2")
    for a, b in ((other, one), (one, one)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DuplicateFlag.objects.create(company_a=a, company_b=b, reason="name", found_at=NOW)


# --- who sees a flag


@pytest.fixture
def pair():
    RegionFactory(code="RU-KHA")
    return company("ООО «Восток»", region=RegionFactory().code), company("Vostok LLC", region="RU-KHA")


def staff(fair, role="reviewer", **fields):
    return StaffMembershipFactory(fair=fair, role=role, user__is_staff=True, **fields).user


def test_staff_of_a_fair_that_both_take_part_in_see_the_pair(pair):
    fair = FairFactory()
    ApplicationFactory(fair=fair, company=pair[0])
    CoExhibitorFactory(application__fair=fair, company=pair[1])
    assert duplicates.flags_for(staff(fair)).count() == 1
    assert duplicates.flags_of(pair[1], staff(fair, role="read_only")).count() == 1


def test_nobody_learns_of_a_company_at_another_fair(pair):
    """Not even staff of both fairs: at neither of them are there two."""
    here, there = FairFactory(), FairFactory()
    ApplicationFactory(fair=here, company=pair[0])
    ApplicationFactory(fair=there, company=pair[1])
    both = staff(here)
    StaffMembershipFactory(fair=there, role="owner", user=both)
    for reader in (both, staff(there), staff(FairFactory()), UserFactory()):
        assert not duplicates.flags_for(reader).exists()
    assert duplicates.flags_for(UserFactory(is_superuser=True)).count() == 1


def test_a_coordinator_sees_pairs_of_the_own_region_alone(pair):
    fair = FairFactory()
    for one in pair:
        ApplicationFactory(fair=fair, company=one)
    assert not duplicates.flags_for(staff(fair, role="regional_coordinator", region_code="RU-PRI")).exists()
    companies.update(company_id=pair[1].pk, by=None, region="RU-PRI")
    assert duplicates.flags_for(staff(fair, role="regional_coordinator", region_code="RU-PRI")).count() == 1


def test_a_check_in_clerk_sees_none(pair):
    fair = FairFactory()
    for one in pair:
        ApplicationFactory(fair=fair, company=one)
    assert not duplicates.flags_for(staff(fair, role="check_in")).exists()
