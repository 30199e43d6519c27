"""A number that another company has opens a claim: the person hears nothing, staff decide, nothing is lost."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from exhibitors.domain import changes, claims, companies
from exhibitors.models import Application, Company, CompanyClaim, CompanyMember, DuplicateFlag
from notifications.models import Letter
from tests.exhibitors.world import application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyFactory,
    CompanyInvitationFactory,
    CompanyMemberFactory,
    RegionFactory,
    inn,
)
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def existing():
    return CompanyFactory(legal_name="ООО «Восток»", inn=inn(1))


@pytest.fixture
def person():
    return UserFactory(language="ru")


@pytest.fixture
def clerk():
    return UserFactory()


@pytest.fixture
def claim(existing, person):
    companies.create(by=person, now=NOW, legal_name="Восток", country="RU", inn=inn(1))
    return CompanyClaim.objects.get()


def roles_of(person):
    return sorted(CompanyMember.objects.filter(user=person).values_list("company__legal_name", "role"))


def letters():
    return list(Letter.objects.order_by("pk").values_list("occasion", "recipient_email"))


# --- opened without a word


def test_a_known_number_gives_the_person_an_own_company_and_staff_a_claim(claim, existing, person):
    assert (claim.person, claim.existing, claim.status) == (person, existing, "open")
    assert roles_of(person) == [("Восток", "owner")]
    assert letters() == []  # in the request that entered it


def test_a_known_and_an_unknown_number_get_the_same_answer_at_almost_the_same_cost(signed_in, existing):
    RegionFactory()
    answers, costs = [], []
    for number in (1, 2):
        client = signed_in(UserFactory())
        body = {"legal_name": "Закат", "country": "RU", "region": "RU-PRI", "tax_ids": {"inn": inn(number)}}
        client.get("/api/v1/companies/")
        with CaptureQueriesContext(connection) as queries:
            answers.append(client.post("/api/v1/companies/", body))
        costs.append(len(queries))
    known, unknown = (answer.json() for answer in answers)
    assert {**known, "id": 0, "tax_ids": 0} == {**unknown, "id": 0, "tax_ids": 0}
    assert set(answers[0].headers) == set(answers[1].headers)
    assert abs(costs[0] - costs[1]) <= 6  # the rows of the claim and of the flag
    assert CompanyClaim.objects.count() == 1


def test_a_number_given_later_opens_a_claim_as_well(existing, person):
    mine = companies.create(by=person, legal_name="Восток", country="RU")
    assert not CompanyClaim.objects.exists()
    companies.update(company_id=mine.pk, by=person, inn=inn(1))
    companies.update(company_id=mine.pk, by=person, website="one.example")
    assert CompanyClaim.objects.get().existing == existing


def test_staff_and_members_of_the_existing_company_open_no_claim(existing, person):
    companies.create(by=person, as_staff=True, legal_name="Восток", country="RU", inn=inn(1))
    assert not CompanyClaim.objects.exists()


def test_a_company_that_has_ended_in_another_is_claimed_by_nobody(existing, person):
    Company.objects.filter(pk=existing.pk).update(retired_into=CompanyFactory(), inn=inn(1))
    companies.create(by=person, legal_name="Восток", country="RU", inn=inn(1))
    assert not CompanyClaim.objects.exists()


def test_the_table_takes_no_claim_on_itself_and_none_without_a_moment(claim, existing):
    for change in ({"entered": existing}, {"status": "granted"}, {"status": "lost"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CompanyClaim.objects.filter(pk=claim.pk).update(**change)


# --- who decides


def test_staff_of_a_fair_that_the_existing_company_takes_part_in_decide(claim, existing):
    fair = FairFactory()
    ApplicationFactory(fair=fair, company=existing)
    reviewer = StaffMembershipFactory(fair=fair, role="reviewer").user
    planner = StaffMembershipFactory(fair=fair, role="floor_planner").user
    stranger = StaffMembershipFactory(role="owner").user
    assert [list(claims.claims_for_staff(user)) for user in (reviewer, planner, stranger)] == [[claim], [], []]


def test_whom_a_main_exhibitor_named_staff_of_that_fair_let_in_while_nobody_acts_for_it(claim, existing):
    named = CoExhibitorFactory(company=existing, declared_legal_name="Восток", declared_tax_number=inn(1))
    reviewer = StaffMembershipFactory(fair=named.application.fair, role="reviewer").user
    stranger = StaffMembershipFactory(role="reviewer").user
    assert [list(claims.claims_for_staff(user)) for user in (reviewer, stranger)] == [[claim], []]
    CompanyMemberFactory(company=existing)
    assert list(claims.claims_for_staff(reviewer)) == []


def test_each_decider_gets_one_letter_about_a_claim(claim, existing):
    fair = FairFactory()
    ApplicationFactory(fair=fair, company=existing)
    reviewer = StaffMembershipFactory(fair=fair, role="reviewer", user__email="reviewer@example.com").user
    StaffMembershipFactory(fair=fair, role="owner", user=reviewer)
    StaffMembershipFactory(fair=fair, role="read_only")
    assert [claims.tell_staff(now=NOW) for _ in range(2)] == [1, 0]
    assert letters() == [("exhibitors.claim_opened", "reviewer@example.com")]
    assert Letter.objects.get().fair == fair


def test_a_decider_without_an_address_keeps_no_other_claim_from_being_told(claim, existing, person):
    ApplicationFactory(company=existing)
    StaffMembershipFactory(fair=existing.applications.get().fair, role="reviewer", user__email="not an address")
    UserFactory(is_superuser=True, email="root@example.com")
    CompanyFactory(inn=inn(2))
    companies.create(by=person, now=NOW, legal_name="Запад", country="RU", inn=inn(2))
    assert [claims.tell_staff(now=NOW) for _ in range(2)] == [1, 0]
    assert letters() == [("exhibitors.claim_opened", "root@example.com")]


def test_a_company_at_no_fair_is_the_superusers(claim):
    UserFactory(is_superuser=True, email="root@example.com")
    claims.tell_staff(now=NOW)
    assert letters() == [("exhibitors.claim_opened", "root@example.com")]


# --- granted


def test_granted_for_a_company_without_an_owner_the_person_owns_it_and_the_new_entry_is_retired(claim, existing, person, clerk):
    draft = ApplicationFactory(company=claim.entered)
    CompanyInvitationFactory(company=claim.entered)

    claims.grant(claim_id=claim.pk, by=clerk, now=NOW, note="Called them")

    assert roles_of(person) == [("ООО «Восток»", "owner")]
    draft.refresh_from_db()
    claim.refresh_from_db()
    entered = Company.objects.get(legal_name="Восток")
    assert (draft.company, entered.retired_into, claim.status, claim.decided_by) == (existing, existing, "granted", clerk)
    assert not entered.invitations.waiting().exists()
    assert letters() == [("exhibitors.claim_granted", person.email)]
    change = existing.changes.get(subject="members")
    assert (change.by, change.source) == (clerk, "staff")


def test_granted_of_others_nothing_changes(claim, existing, person, clerk):
    """Of a company at the same fair, which has what each of the steps changes for the two."""
    draft = ApplicationFactory(company=claim.entered)
    other = CompanyFactory(legal_name="ООО «Запад»", inn=inn(2))
    CompanyInvitationFactory(company=other)
    CompanyMemberFactory(company=other, user=person)
    for application in (ApplicationFactory(company=other, fair=draft.fair), draft):
        changes.record(company_id=application.company_id, application_id=application.pk, subject="application", by=person, source="member")
    CompanyClaim.objects.create(person=UserFactory(), entered=CompanyFactory(), existing=other, opened_at=NOW)
    flagged = DuplicateFlag.objects.create(company_a=other, company_b=CompanyFactory(), reason="name", found_at=NOW)
    before = all_of(other)
    assert [len(rows) for rows in before] == [1, 1, 1, 1, 1]

    claims.grant(claim_id=claim.pk, by=clerk, now=NOW)
    claims.tell_staff(now=NOW)

    assert all_of(other) == before
    assert DuplicateFlag.objects.get(pk=flagged.pk)
    assert list(existing.changes.filter(application=draft).values_list("subject", flat=True)) == ["application"]
    assert roles_of(person) == [("ООО «Восток»", "owner"), ("ООО «Запад»", "owner")]


def all_of(company):
    tables = (company.applications, company.changes, company.invitations, company.members)
    rows = [table.order_by("pk").values() for table in tables]
    return [list(one) for one in (CompanyClaim.objects.filter(existing=company).values("status", "decided_at"), *rows)]


@pytest.mark.parametrize("there", ["elsewhere", "over", "guest elsewhere"])
def test_what_the_company_has_at_other_fairs_or_had_keeps_no_draft_from_it(claim, existing, person, clerk, there):
    draft = ApplicationFactory(company=claim.entered)
    if there == "elsewhere":
        ApplicationFactory(company=existing)
    elif there == "over":
        application_in("withdrawn", company=existing, fair=draft.fair)
    else:
        CoExhibitorFactory(company=existing)
    CoExhibitorFactory(application=draft)
    claims.grant(claim_id=claim.pk, by=clerk, now=NOW)
    assert roles_of(person) == [("ООО «Восток»", "owner")]
    draft.refresh_from_db()
    assert draft.company == existing


def test_a_company_with_people_but_no_owner_gets_one(claim, existing, person, clerk):
    CompanyMemberFactory(company=existing, role="editor")
    claims.grant(claim_id=claim.pk, by=clerk, now=NOW)
    assert roles_of(person) == [("ООО «Восток»", "owner")]


def test_beside_an_owner_the_person_gets_the_role_that_staff_choose(claim, existing, person, clerk):
    CompanyMemberFactory(company=existing)
    claims.grant(claim_id=claim.pk, by=clerk, now=NOW, role="logistics")
    assert roles_of(person) == [("ООО «Восток»", "logistics")]


@pytest.mark.parametrize("weight", ["sent", "co-exhibitor", "colleague", "draft of both", "guest of the draft"])
def test_what_has_weight_stays_where_it_is(claim, existing, person, clerk, weight):
    entered = claim.entered
    if weight == "sent":
        application_in("submitted", company=entered)
    elif weight == "co-exhibitor":
        CoExhibitorFactory(company=entered)
    elif weight == "colleague":
        CompanyMemberFactory(company=entered, role="editor")
    else:
        draft = ApplicationFactory(company=entered)
        if weight == "draft of both":
            ApplicationFactory(company=existing, fair=draft.fair)
        else:
            CoExhibitorFactory(application=draft, company=existing)
    before = list(Application.objects.order_by("pk").values())

    claims.grant(claim_id=claim.pk, by=clerk, now=NOW)

    entered.refresh_from_db()
    assert entered.retired_into is None
    assert roles_of(person) == [("Восток", "owner"), ("ООО «Восток»", "owner")]
    assert list(Application.objects.order_by("pk").values()) == before


def test_refused_both_stay_and_no_letter_tells_a_stranger_that_the_number_is_known(claim, existing, person, clerk):
    claims.refuse(claim_id=claim.pk, by=clerk, now=NOW, note="A stranger")
    assert roles_of(person) == [("Восток", "owner")]
    assert not Letter.objects.exists()


@pytest.mark.parametrize("decide", [claims.grant, claims.refuse])
def test_a_claim_is_decided_once(claim, clerk, decide):
    claims.refuse(claim_id=claim.pk, by=clerk, now=NOW)
    with pytest.raises(claims.ClaimDecided):
        decide(claim_id=claim.pk, by=clerk, now=NOW)
    assert letters() == []


def test_an_import_does_not_mean_a_retired_company(claim, existing, clerk):
    from exhibitors.importing.matching import KnownCompanies

    claims.grant(claim_id=claim.pk, by=clerk, now=NOW)
    fair = FairFactory()
    ApplicationFactory(fair=fair, company=existing)
    assert KnownCompanies(fair, by=None).find({"inn": inn(1), "legal_name": "x"}) == existing.pk
