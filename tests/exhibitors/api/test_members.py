"""Who acts for a company, over the API: roles, leaving, and invitations by letter."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from exhibitors.models import CompanyInvitation, CompanyMember
from notifications.models import Letter
from notifications.sealing import unseal
from tests.conftest import MOMENT
from tests.factories.accounts import UserFactory, make_account
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyInvitationFactory,
    CompanyMemberFactory,
    RegionFactory,
)
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db
ACCEPT = "/api/v1/invitations/accept/"


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def owner(company):
    return CompanyMemberFactory(company=company, user__language="zh-hans").user


def people(company, part="members"):
    return f"/api/v1/companies/{company.pk}/{part}/"


def person(email, **fields) -> User:
    return make_account(email=email, **fields)


def code_in(letter: Letter) -> str:
    """A secret letter is read here alone."""
    return code_of(unseal(letter.sealed)[0])


def code_of(text: str) -> str:
    found = re.search(r"\w{5}(-\w{5}){5}", text)
    assert found, text
    return found.group()


def invite(client, company, email="new@example.com", role="editor", **values) -> str:
    """The code that the invited person gets."""
    answer = client.post(people(company, "invitations"), {"email": email, "role": role, **values})
    assert answer.status_code == 201, answer.content
    return code_in(Letter.objects.latest("pk"))


def send(client, method, url, body=None):
    """A write with the tag of what is there now."""
    return getattr(client, method)(url, body, headers={"If-Match": client.get(url)["ETag"]})


def roles_in(company):
    return sorted(CompanyMember.objects.filter(company=company).values_list("user__email", "role"))


# --- members


def test_an_owner_gives_a_member_another_role(signed_in, company, owner):
    member = CompanyMemberFactory(company=company, role="on_site")
    answer = send(signed_in(owner), "patch", f"{people(company)}{member.pk}/", {"role": "logistics"})
    assert (answer.status_code, answer.json()["role"]) == (200, "logistics")
    member.refresh_from_db()
    assert member.role == "logistics"


def test_a_write_without_or_with_an_old_tag_changes_nothing(signed_in, company, owner):
    member = CompanyMemberFactory(company=company, role="on_site")
    client, url = signed_in(owner), f"{people(company)}{member.pk}/"
    tag = client.get(url)["ETag"]
    assert client.patch(url, {"role": "editor"}).status_code == 428
    CompanyMember.objects.filter(pk=member.pk).update(role="logistics")
    assert client.patch(url, {"role": "editor"}, headers={"If-Match": tag}).status_code == 412
    assert client.delete(url, headers={"If-Match": tag}).status_code == 412
    member.refresh_from_db()
    assert member.role == "logistics"


def test_address_and_name_of_a_member_are_not_the_owners_to_change(signed_in, company, owner):
    member = CompanyMemberFactory(company=company, role="on_site")
    answer = send(signed_in(owner), "patch", f"{people(company)}{member.pk}/", {"email": "taken@example.com", "user": owner.pk})
    assert {(error["pointer"], error["code"]) for error in answer.json()["errors"]} == {("/email", "read_only"), ("/user", "unknown_field")}


@pytest.mark.parametrize("leave", [True, False])
def test_the_only_owner_neither_leaves_nor_becomes_less(signed_in, company, owner, leave):
    CompanyMemberFactory(company=company, role="editor")
    client, url = signed_in(owner), f"{people(company)}{company.members.get(user=owner).pk}/"
    answer = send(client, "delete", url) if leave else send(client, "patch", url, {"role": "editor"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/last-owner")
    assert company.members.get(user=owner).role == "owner"


def test_with_a_second_owner_the_first_may_leave(signed_in, company, owner):
    CompanyMemberFactory(company=company)
    client = signed_in(owner)
    assert send(client, "delete", f"{people(company)}{company.members.get(user=owner).pk}/").status_code == 204
    assert client.get(people(company)).status_code == 404  # the company is somebody else's now


@pytest.mark.parametrize("role", ["editor", "logistics", "on_site"])
def test_others_leave_and_send_nobody_away(signed_in, company, owner, role):
    member = CompanyMemberFactory(company=company, role=role)
    client = signed_in(member.user)
    owners = f"{people(company)}{company.members.get(user=owner).pk}/"
    assert send(client, "delete", owners).status_code == 403
    assert send(client, "patch", owners, {"role": "editor"}).status_code == 403
    assert send(client, "delete", f"{people(company)}{member.pk}/").status_code == 204
    assert roles_in(company) == [(owner.email, "owner")]


def test_a_member_of_another_company_is_not_found_here(signed_in, company, owner):
    theirs = CompanyMemberFactory()
    client = signed_in(owner)
    found = client.delete(f"{people(company)}{theirs.pk}/")
    unknown = client.delete(f"{people(company)}{10**9}/")
    assert (found.status_code, found.content) == (404, unknown.content)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("part", ["members", "invitations"])
def test_a_list_costs_the_same_for_any_number_of_rows(signed_in, company, owner, count, part):
    factory = CompanyMemberFactory if part == "members" else CompanyInvitationFactory
    factory.create_batch(count, company=company)
    client = signed_in(owner)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(people(company, part)).json()["count"] == count + (part == "members")
    assert len(queries) == 5, [query["sql"] for query in queries]  # session, user, own place, count, rows


# --- invitations


def test_who_is_invited_signs_up_and_accepts(signed_in, company, owner):
    code = invite(signed_in(owner), company, "New@Example.com ", "logistics")
    letter = Letter.objects.get()
    assert (letter.recipient_email, letter.language, letter.is_secret, letter.text) == ("new@example.com", "zh-hans", True, "")
    assert code.replace("-", "") not in str(list(CompanyInvitation.objects.values()))

    answer = signed_in(person("new@example.com")).post(ACCEPT, {"token": f" {code.lower()} "})

    assert (answer.status_code, answer.json()) == (201, {"id": company.pk, "legal_name": company.legal_name, "role": "logistics"})
    assert ("new@example.com", "logistics") in roles_in(company)
    assert signed_in(owner).get(people(company, "invitations")).json()["results"] == []


def test_who_has_no_zone_yet_reads_that_of_the_companys_region(signed_in):
    region = RegionFactory(code="RU-PRI", country="RU", time_zones=["Asia/Vladivostok"])
    company = CompanyFactory(region=region, name_ru="ООО «Солнечный берег»")
    owner = CompanyMemberFactory(company=company, user__language="ru").user
    invite(signed_in(owner), company)
    letter = Letter.objects.get()
    assert letter.subject == "Приглашение представлять компанию ООО «Солнечный берег»"
    assert "(Владивосток)" in unseal(letter.sealed)[0]


def test_a_portal_invites_where_it_reads_the_members(signed_in, company, owner):
    answer = signed_in(owner).post(people(company), {"email": "new@example.com", "role": "editor"})
    made = CompanyInvitation.objects.get()
    assert (answer.status_code, answer.json()["id"], made.role) == (201, made.pk, "editor")
    assert answer["Location"].endswith(f"/companies/{company.pk}/invitations/{made.pk}/")
    assert signed_in(owner).get(answer["Location"])["ETag"] == answer["ETag"]
    assert roles_in(company) == [(owner.email, "owner")]  # nobody before accepting


def test_staff_invite_the_contact_of_a_company_that_nobody_acts_for(signed_in):
    application = ApplicationFactory(submitted=True)
    contact = CompanyContactFactory(company=application.company, email="boss@example.com", language="zh-hans")
    reviewer = StaffMembershipFactory(fair=application.fair, role="reviewer").user
    answer = signed_in(reviewer).post(f"/api/v1/companies/{application.company_id}/invite-contact/")
    assert (answer.status_code, answer.json()["email"], answer.json()["role"]) == (201, contact.email, "owner")
    letter = Letter.objects.get()
    assert (letter.recipient_email, letter.language) == ("boss@example.com", "zh-hans")
    assert signed_in(person("boss@example.com")).post(ACCEPT, {"token": code_in(letter)}).json()["role"] == "owner"


@pytest.mark.parametrize(("has_member", "code"), [(True, "company-has-members"), (False, "company-without-contact")])
def test_staff_invite_nobody_past_the_owners_or_without_an_address(signed_in, has_member, code):
    application = ApplicationFactory(submitted=True)
    if has_member:
        CompanyMemberFactory(company=application.company)
    reviewer = StaffMembershipFactory(fair=application.fair, role="reviewer").user
    answer = signed_in(reviewer).post(f"/api/v1/companies/{application.company_id}/invite-contact/")
    assert (answer.status_code, answer.json()["type"]) == (409, f"/problems/{code}")
    assert not Letter.objects.exists()


def test_a_known_and_an_unknown_address_get_the_same_answer_at_the_same_cost(signed_in, company, owner):
    person("known@example.com", language="en", name="Anna")
    client = signed_in(owner)
    client.post(people(company, "invitations"), {"email": "first@example.com", "role": "editor"})  # what is cached is cached
    answers, costs = [], []
    for email in ("known@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(client.post(people(company, "invitations"), {"email": email, "role": "editor"}).json())
        costs.append(len(queries))
    assert [{**answer, "id": 0, "email": ""} for answer in answers[:1]] == [{**answer, "id": 0, "email": ""} for answer in answers[1:]]
    assert costs[0] == costs[1]
    assert list(Letter.objects.order_by("-pk").values_list("language", flat=True)[:2]) == ["zh-hans", "en"]  # the person's own, where known


def test_a_code_works_once_and_a_spent_one_answers_like_a_wrong_one(signed_in, clock, company, owner):
    client = signed_in(owner)
    used, withdrawn, replaced, expired = [invite(client, company, f"{name}@example.com") for name in "abcd"]
    first = person("a@example.com")
    assert signed_in(first).post(ACCEPT, {"token": used}).status_code == 201
    url = f"{people(company, 'invitations')}{CompanyInvitation.objects.get(email='b@example.com').pk}/"
    assert send(client, "delete", url).status_code == 204
    invite(client, company, "c@example.com")
    clock.move_to(MOMENT + timedelta(days=14, seconds=1))
    guests = [first, *(person(f"{name}@example.com") for name in "bcde")]
    answers = [signed_in(guest).post(ACCEPT, {"token": code}) for guest, code in
               zip(guests, (used, withdrawn, replaced, expired, "7K2QD-9XW4R-M3TNA-PZ5H8-V6CJE-1BYGS"), strict=True)]  # fmt: skip
    assert {(answer.status_code, answer.content) for answer in answers} == {(400, answers[0].content)}
    assert answers[0].json()["errors"][0]["pointer"] == "/token"
    assert len(roles_in(company)) == 2


@pytest.mark.parametrize("verified", [True, False])
def test_only_the_confirmed_owner_of_the_address_accepts(signed_in, company, owner, verified):
    code = invite(signed_in(owner), company, "new@example.com")
    other = person("other@example.com") if verified else person("new@example.com", verified=False)
    answer = signed_in(other).post(ACCEPT, {"token": code})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invitation-for-another-address")
    assert b"new@example.com" not in answer.content
    assert roles_in(company) == [(owner.email, "owner")]
    assert CompanyInvitation.objects.waiting().count() == 1


def test_a_member_is_not_invited_again(signed_in, company, owner):
    member = CompanyMemberFactory(company=company, role="editor")
    answer = signed_in(owner).post(people(company, "invitations"), {"email": member.user.email.upper(), "role": "owner"})
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/email", "already_member")]
    assert not Letter.objects.exists()


def test_a_member_who_accepts_with_another_address_keeps_the_role(signed_in, company, owner):
    code = invite(signed_in(owner), company, "second@example.com", "on_site")
    owner.emailaddress_set.create(email="second@example.com", verified=True, primary=False)
    assert signed_in(owner).post(ACCEPT, {"token": code}).json()["role"] == "owner"
    assert not CompanyInvitation.objects.waiting().exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"email": "no address", "role": "editor"}, "/email"),
        ({"email": "a\0b@example.com", "role": "editor"}, "/email"),
        ({"email": "a@example.com", "role": "king"}, "/role"),
        ({"email": "a@example.com"}, "/role"),
        ({"email": "a@example.com", "role": "editor", "company": 1}, "/company"),
        ({"email": "a@example.com", "role": "editor", "language": "fr"}, "/language"),
        ({"email": "a@example.com", "role": "editor", "accepted_by": 1}, "/accepted_by"),
    ],
)
def test_what_cannot_be_invited_is_refused_by_name(signed_in, company, owner, body, pointer):
    answer = signed_in(owner).post(people(company, "invitations"), body)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Letter.objects.exists()


def test_a_company_has_fifty_open_invitations_at_most(signed_in, company, owner):
    CompanyInvitationFactory.create_batch(50, company=company)
    answer = signed_in(owner).post(people(company, "invitations"), {"email": "a@example.com", "role": "editor"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/too-many-invitations")


def test_a_person_tries_twenty_codes_an_hour(signed_in, clock, company, owner):
    code = invite(signed_in(owner), company, "new@example.com")
    client = signed_in(person("new@example.com"))
    for number in range(20):
        assert client.post(ACCEPT, {"token": f"wrong {number}"}).status_code == 400
    refused = client.post(ACCEPT, {"token": code})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 3600
    assert signed_in(UserFactory()).post(ACCEPT, {"token": "wrong"}).status_code == 400  # the limit is a person's own
    clock.shift(3600)
    assert client.post(ACCEPT, {"token": code}).status_code == 201


def test_the_same_key_accepts_once_and_answers_again(signed_in, company, owner):
    code = invite(signed_in(owner), company, "new@example.com")
    client = signed_in(person("new@example.com"))
    answers = [client.post(ACCEPT, {"token": code}, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
