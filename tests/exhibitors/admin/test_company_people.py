"""At a company's page: who acts for it, claims, possible duplicates, and who changed what for whom."""

import pytest
from django.urls import reverse

from exhibitors.domain import companies
from exhibitors.models import CompanyClaim, CompanyInvitation, CompanyMember, DuplicateFlag
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.admin.test_company import form_of
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyContactFactory, CompanyMemberFactory, inn
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def clerk(fair):
    return StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER, user__name="Clerk").user


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


@pytest.fixture
def company(fair):
    return ApplicationFactory(fair=fair, company__legal_name="ООО «Восток»", company__inn=inn(77)).company


def page(name, *args):
    return reverse(f"admin:exhibitors_{name}", args=args)


def test_the_preview_says_who_gets_a_letter_and_who_cannot_and_sends_nothing(desk, fair, company):
    CompanyContactFactory(company=company, email="anna@example.com")
    without, taken, foreign = ApplicationFactory(fair=fair).company, ApplicationFactory(fair=fair).company, ApplicationFactory().company
    CompanyMemberFactory(company=taken)
    chosen = [company.pk, without.pk, taken.pk, foreign.pk]
    moved = desk.post(page("company_changelist"), {"action": "invite_contacts", "_selected_action": chosen})
    shown = desk.get(moved["Location"])
    assert [line.contact.email for line in shown.context["invited"]] == ["anna@example.com"]
    assert {line.company for line in shown.context["left_out"]} == {without, taken}
    assert not Letter.objects.exists()


def test_confirmed_the_contact_is_asked_to_become_the_owner(desk, clerk, company):
    CompanyContactFactory(company=company, name="林安娜", email="anna@example.com", language="zh-hans")
    assert desk.get(page("company_change", company.pk)).context["invite_url"] == f"{page('company_invite')}?ids={company.pk}"
    desk.post(page("company_invite"), {"ids": f"{company.pk},x,{10**30}"})
    invitation = CompanyInvitation.objects.get()
    assert (invitation.email, invitation.role, invitation.invited_by, invitation.by_staff) == ("anna@example.com", "owner", clerk, True)
    letter = Letter.objects.get()
    assert (letter.language, letter.recipient_name, letter.is_secret) == ("zh-hans", "林安娜", True)
    assert [(row.subject, row.source, row.by) for row in company.changes.all()] == [("invitation", "staff", clerk)]


def test_a_company_of_another_fair_is_not_invited_by_typing_its_id(desk, company):
    foreign = CompanyContactFactory(company=ApplicationFactory().company).company
    desk.post(page("company_invite"), {"ids": str(foreign.pk)})
    assert not CompanyInvitation.objects.exists()


@pytest.fixture
def claim(company):
    companies.create(by=UserFactory(name="Anna"), legal_name="Восток", country="RU", inn=inn(77))
    return CompanyClaim.objects.get()


def test_a_claim_is_shown_at_the_company_and_granted_by_a_button(desk, clerk, company, claim):
    assert desk.get(page("company_change", company.pk)).context["open_claims"] == [claim]
    shown = desk.get(page("companyclaim_change", claim.pk))
    assert [one.pk for one in shown.context["compared"]["companies"]] == [claim.entered_id, company.pk]
    assert [row["values"] for row in shown.context["compared"]["rows"]][-1] == [f"{claim.person} · owner", ""]
    desk.get(page("companyclaim_decide", claim.pk))  # a mere visit decides nothing
    desk.post(page("companyclaim_decide", claim.pk), {"decision": "grant", "role": "king", "note": "Called\0"})
    claim.refresh_from_db()
    assert (claim.status, claim.decided_by, claim.note) == ("granted", clerk, "Called")
    assert CompanyMember.objects.get(user=claim.person).company == company
    desk.post(page("companyclaim_decide", claim.pk), {"decision": "refuse"})
    claim.refresh_from_db()
    assert claim.status == "granted"


def test_a_claim_of_another_fair_is_not_there(client, claim):
    client.force_login(StaffMembershipFactory(role=StaffRole.OWNER).user)
    assert client.post(page("companyclaim_decide", claim.pk), {"decision": "grant"}).status_code == 404
    claim.refresh_from_db()
    assert claim.status == "open"


def test_a_possible_duplicate_is_shown_at_both_and_dismissed_with_a_note(desk, clerk, fair, company):
    twin = companies.create(by=None, legal_name="Vostok LLC", country="RU", inn=inn(77))
    flag = DuplicateFlag.objects.get()
    assert desk.get(page("company_change", company.pk)).context["open_flags"] == []  # the other is at no fair of the reader's
    ApplicationFactory(fair=fair, company=twin)
    assert [one.pk for one in desk.get(page("company_change", company.pk)).context["open_flags"]] == [flag.pk]
    desk.post(page("duplicateflag_decide", flag.pk), {"decision": "dismiss", "note": "Sisters"})
    flag.refresh_from_db()
    assert (flag.dismissed_by, flag.note) == (clerk, "Sisters")
    assert desk.get(page("company_change", twin.pk)).context["open_flags"] == []


def test_what_a_clerk_changes_stands_in_the_history_for_the_company(desk, clerk, company):
    contact = {
        "contacts-TOTAL_FORMS": 1,
        "contacts-0-role": "press",
        "contacts-0-name": "An\u200bna\u202e ",
        "contacts-0-email": "A@Example.com",
    }
    contact |= {"contacts-0-language": "ru", "contacts-0-time_zone": "Europe/Moscow"}
    assert desk.post(page("company_change", company.pk), form_of(**contact, inn=company.inn)).status_code == 302
    found = {(row.subject, row.source, row.by) for row in company.changes.all()}
    assert found == {("company", "staff", clerk), ("contacts", "staff", clerk)}
    assert "contacts:press" in company.changes.get(subject="contacts").fields
    assert (company.contacts.get().name, company.contacts.get().email) == ("Anna", "a@example.com")  # as the API would keep them
    text = desk.get(page("company_change", company.pk)).content.decode()
    assert "Clerk" in text


def test_a_superuser_cannot_take_the_last_owner_away(client, company):
    owner = CompanyMemberFactory(company=company)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    row = {"members-TOTAL_FORMS": 1, "members-INITIAL_FORMS": 1, "members-0-id": owner.pk, "members-0-company": company.pk}
    row |= {"members-0-user": owner.user_id, "members-0-role": "editor"}
    answer = client.post(page("company_change", company.pk), form_of(**row, inn=company.inn))
    assert answer.status_code == 200
    owner.refresh_from_db()
    assert owner.role == "owner"


@pytest.mark.parametrize(("members", "found"), [("none", {"C"}), ("invited", {"B"}), ("some", {"A"})])
def test_companies_are_narrowed_by_who_acts_for_them(desk, fair, members, found):
    taken, invited, _alone = [ApplicationFactory(fair=fair, company__legal_name=name).company for name in "ABC"]
    CompanyMemberFactory(company=taken)
    CompanyContactFactory(company=invited, email="anna@example.com")
    desk.post(page("company_invite"), {"ids": str(invited.pk)})
    shown = desk.get(page("company_changelist"), {"members": members}).context["cl"].result_list
    assert {company.legal_name for company in shown} == found
