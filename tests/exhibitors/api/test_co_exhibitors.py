"""Co-exhibitors over the API: named by number, confirmed by themselves, decided by the organiser, and nobody learns too much."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from exhibitors.domain import announcements, applications, claims, co_exhibitors, companies
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, CompanyRole
from exhibitors.models import CoExhibitor, Company, CompanyInvitation, Exhibitor
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CoExhibitorFactory, CompanyContactFactory, CompanyFactory, CompanyMemberFactory, inn
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S, CO = ApplicationStatus, CoExhibitorStatus
NUMBER = inn(7_654_321)
NAMED = {"legal_name": "ООО «Берег»", "country": "RU", "tax_number": NUMBER, "contact_email": "info@shore.example"}


@pytest.fixture
def application():
    return application_in(S.ACCEPTED)


@pytest.fixture
def base(application):
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/co-exhibitors/"


@pytest.fixture
def main(signed_in, application):
    return signed_in(CompanyMemberFactory(company=application.company).user)


@pytest.fixture
def reviewer(signed_in, application):
    return signed_in(StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user)


@pytest.fixture
def guest():
    """A company that is registered here under the number, with somebody who acts for it."""
    return CompanyMemberFactory(company=CompanyFactory(inn=NUMBER, legal_name="ООО «Настоящий берег»"))


def errors(response, status=400) -> list[tuple[str, str]]:
    assert response.status_code == status, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def letters(occasion) -> set[str]:
    return set(Letter.objects.filter(occasion=f"exhibitors.{occasion}").values_list("recipient_email", flat=True))


def test_a_company_that_is_here_and_one_that_is_not_get_the_same_answer(main, base, guest):
    known = main.post(base, NAMED)
    unknown = main.post(base, {**NAMED, "tax_number": inn(1_234_567)})
    assert known.status_code == unknown.status_code == 201
    same = {name: value for name, value in known.json().items() if name not in ("id", "tax_number")}
    assert same == {name: value for name, value in unknown.json().items() if name not in ("id", "tax_number")}
    assert same == {
        "legal_name": "ООО «Берег»", "country": "RU", "contact_email": "info@shore.example", "status": "declared", "reason": "",
        "declared_at": "2030-01-15T17:00:00+08:00", "confirmed_at": None, "decided_at": None,
    }  # fmt: skip
    assert set(known.headers) == set(unknown.headers)
    assert "Настоящий" not in main.get(base).content.decode()


def test_a_known_number_is_linked_and_its_own_people_are_asked(main, base, guest):
    main.post(base, NAMED)
    row = CoExhibitor.objects.get()
    assert row.company == guest.company
    assert not guest.company.contacts.exists()
    assert letters("co_exhibitor_declared") == {guest.user.email}


def test_how_far_it_is_nobody_writes(main, base):
    moment = "2030-01-01T00:00:00Z"
    shown = main.post(base, {**NAMED, "status": "admitted", "reason": "Mine", "confirmed_at": moment, "decided_at": moment}).json()
    assert [shown[name] for name in ("status", "reason", "confirmed_at", "decided_at")] == ["declared", "", None, None]
    assert CoExhibitor.objects.get().status == CO.DECLARED


@pytest.mark.parametrize("last", ["name", "withdraw", "refuse"])
def test_the_address_that_was_typed_gets_the_same_letters_whoever_is_registered(main, base, guest, reviewer, last):
    got = []
    for number, mailbox in ((NUMBER, "x@evil.example"), (inn(1_234_567), "y@evil.example")):
        created = main.post(base, {**NAMED, "tax_number": number, "contact_email": mailbox})
        if last == "withdraw":
            main.delete(created["Location"], headers={"If-Match": created["ETag"]})
        if last == "refuse":
            reviewer.post(f"{created['Location']}refuse/", {"reason": "Not of the theme"})
        sent = Letter.objects.filter(recipient_email=mailbox).order_by("pk")
        got.append([(row.occasion, row.language, row.subject, row.text.replace(mailbox, "…")) for row in sent])
    known, unknown = got
    assert known == unknown
    assert known[0][0] == "exhibitors.co_exhibitor_named"
    assert len(known) == (1 if last == "name" else 2)


def test_the_address_that_was_typed_has_no_power_over_the_company(main, base, guest, signed_in):
    address = main.post(base, {**NAMED, "contact_email": "x@evil.example"})["Location"]
    stranger = signed_in(UserFactory(email="x@evil.example"))
    assert stranger.post(f"{address}confirm/").status_code == 404
    assert stranger.get(f"/api/v1/companies/{guest.company_id}/").status_code == 404


def test_an_unknown_number_makes_a_company_whose_contact_is_told(main, base):
    main.post(base, NAMED)
    company = Company.objects.get(inn=NUMBER)
    assert (company.legal_name, company.members.count()) == ("ООО «Берег»", 0)
    assert letters("co_exhibitor_named") == {"info@shore.example"}
    assert not letters("co_exhibitor_declared")


def test_naming_a_company_sets_off_no_invitation_to_act_for_it(main, base, application):
    contact = CompanyContactFactory(company=CompanyFactory(inn=NUMBER))
    main.post(base, NAMED)
    assert not CompanyInvitation.objects.exists()
    assert not letters("company_invitation")
    assert letters("co_exhibitor_named") == {contact.email, "info@shore.example"}
    for letter in Letter.objects.filter(occasion="exhibitors.co_exhibitor_named"):
        with override(letter.language):
            assert str(application.company) in letter.text
            assert str(application.fair) in letter.text


def test_who_was_named_signs_up_enters_the_company_and_staff_let_them_in(main, base, application, signed_in):
    main.post(base, NAMED)
    named = Company.objects.get(inn=NUMBER)
    person = UserFactory(email="info@shore.example")
    companies.create(by=person, now=NOW, legal_name="ООО «Берег»", country="RU", inn=NUMBER)
    clerk = StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user
    elsewhere = StaffMembershipFactory(role=StaffRole.REVIEWER).user
    assert not claims.claims_for_staff(elsewhere).exists()
    claims.grant(claim_id=claims.claims_for_staff(clerk).get().pk, by=clerk, now=NOW)
    [seen] = signed_in(person).get(f"/api/v1/companies/{named.pk}/co-exhibits/").json()["results"]
    assert seen["allowed_actions"] == ["confirm"]


def test_after_it_confirmed_the_main_exhibitor_reads_no_more_than_it_wrote(main, base, guest, signed_in):
    created = main.post(base, NAMED)
    signed_in(guest.user).post(f"{created['Location']}confirm/")
    assert main.get(created["Location"]).json() == {
        **created.json(), "status": "confirmed", "confirmed_at": "2030-01-15T17:00:00+08:00",
    }  # fmt: skip
    assert not Letter.objects.filter(text__contains="Настоящий").exists()


def test_the_whole_way_to_the_catalogue(main, base, guest, signed_in, reviewer, application):
    address = main.post(base, NAMED)["Location"]
    own = signed_in(guest.user)
    [seen] = own.get(f"/api/v1/companies/{guest.company_id}/co-exhibits/").json()["results"]
    assert (seen["main_exhibitor"], seen["allowed_actions"]) == (application.company.legal_name, ["confirm"])
    assert set(seen) == {
        "id", "fair", "application", "main_exhibitor", "status", "reason", "declared_at", "confirmed_at", "decided_at", "allowed_actions",
    }  # fmt: skip
    path = f"/api/v1/fairs/{seen['fair']}/applications/{seen['application']}/co-exhibitors/{seen['id']}/confirm/"

    assert own.post(path).json() == {
        **seen, "status": "confirmed", "confirmed_at": "2030-01-15T17:00:00+08:00", "allowed_actions": [],
    }  # fmt: skip
    assert reviewer.post(f"{address}admit/").json()["status"] == "admitted"

    assert Exhibitor.objects.filter(fair=application.fair, company=guest.company, role="CO").exists()
    main_people = {member.user.email for member in application.company.members.all()}
    assert letters("co_exhibitor_confirmed") == main_people
    assert len(letters("co_exhibitor_to_decide")) == 1
    assert letters("co_exhibitor_admitted") == {*main_people, guest.user.email, NAMED["contact_email"]}
    texts = Letter.objects.filter(occasion="exhibitors.co_exhibitor_admitted").values_list("text", flat=True)
    assert not any("as soon as" in text or "как только" in text or "确认展位后" in text for text in texts)  # it has its stand


def test_the_company_sees_nothing_else_of_the_application(main, base, guest, signed_in):
    address = main.post(base, NAMED)["Location"]
    own = signed_in(guest.user)
    application_url = base.removesuffix("co-exhibitors/")
    for url in (address, base, application_url, f"{application_url}staff/"):
        assert own.get(url).status_code == 404, url


@pytest.mark.parametrize("role", [CompanyRole.LOGISTICS, CompanyRole.ON_SITE])
def test_who_may_not_bind_the_company_may_not_confirm(main, base, guest, signed_in, role):
    address = main.post(base, NAMED)["Location"]
    helper = signed_in(CompanyMemberFactory(company=guest.company, role=role).user)
    assert helper.post(f"{address}confirm/").status_code == 403
    [seen] = helper.get(f"/api/v1/companies/{guest.company_id}/co-exhibits/").json()["results"]
    assert seen["allowed_actions"] == []


def test_the_main_exhibitor_cannot_confirm_for_it_and_a_stranger_finds_nothing(main, base, guest, signed_in):
    address = main.post(base, NAMED)["Location"]
    stranger = signed_in(CompanyMemberFactory().user)
    assert main.post(f"{address}confirm/").status_code == 403
    found, unknown = stranger.post(f"{address}confirm/"), stranger.post(f"{base}{10**9}/confirm/")
    assert (found.status_code, found.content) == (404, unknown.content)
    assert CoExhibitor.objects.get().status == CO.DECLARED


def test_staff_record_a_confirmation_by_phone(main, base, reviewer):
    address = main.post(base, NAMED)["Location"]
    assert reviewer.post(f"{address}confirm/").json()["status"] == "confirmed"


def test_a_refusal_needs_a_reason_and_both_companies_read_it(main, base, guest, reviewer):
    address = main.post(base, NAMED)["Location"]
    assert errors(reviewer.post(f"{address}refuse/", {})) == [("/reason", "required")]
    assert reviewer.post(f"{address}refuse/", {"reason": "Not of the theme"}).json()["reason"] == "Not of the theme"
    assert guest.user.email in letters("co_exhibitor_refused")
    assert Letter.objects.filter(occasion="exhibitors.co_exhibitor_refused", text__contains="Not of the theme").count() == 3


def test_what_has_not_confirmed_cannot_be_admitted(main, base, reviewer):
    address = main.post(base, NAMED)["Location"]
    assert reviewer.post(f"{address}admit/").status_code == 409


def test_the_main_exhibitor_takes_it_back_and_may_name_it_anew(main, base, guest, reviewer, application):
    created = main.post(base, NAMED)
    reviewer.post(f"{created['Location']}confirm/")
    reviewer.post(f"{created['Location']}admit/")
    tag = main.get(created["Location"])["ETag"]
    assert main.delete(created["Location"]).status_code == 428
    assert main.delete(created["Location"], headers={"If-Match": created["ETag"]}).status_code == 412
    assert main.delete(created["Location"], headers={"If-Match": tag}).status_code == 204
    assert main.get(created["Location"]).status_code == 404
    assert not Exhibitor.objects.filter(company=guest.company).exists()
    assert letters("co_exhibitor_withdrawn") == {guest.user.email, NAMED["contact_email"]}
    assert main.post(base, NAMED).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"tax_number": "0012345678"}, ("/tax_number", "inn")),
        ({"tax_number": ""}, ("/tax_number", "blank")),
        ({"country": "Russia"}, ("/country", "max_length")),
        ({"country": "r1"}, ("/country", "iso_3166_1")),
        ({"country": "XX"}, ("/country", "iso_3166_1")),
        ({"country": "CN", "tax_number": NUMBER}, ("/tax_number", "uscc")),
        ({"contact_email": "info@"}, ("/contact_email", "invalid")),
        ({"legal_name": "\u200b"}, ("/legal_name", "blank")),
        ({"company": 1}, ("/company", "unknown_field")),
        ({"status": "admitted"}, ("/status", "unknown_field")),
    ],
)
def test_what_is_wrong_is_named(main, base, wrong, where):
    answer = main.post(base, {**NAMED, **wrong})
    if "status" in wrong:  # read only: said nothing of, and taken from nobody
        assert CoExhibitor.objects.filter(status=CO.ADMITTED).count() == 0
        return
    assert errors(answer) == [where]


def test_neither_itself_nor_the_same_company_twice(main, base, application):
    assert errors(main.post(base, {**NAMED, "tax_number": application.company.inn})) == [("/tax_number", "same_company")]
    main.post(base, NAMED)
    assert errors(main.post(base, NAMED)) == [("/tax_number", "unique")]


def test_an_application_names_so_many_and_others_as_many(main, base, application, monkeypatch):
    monkeypatch.setattr(co_exhibitors, "MOST_DECLARED", 2)
    CoExhibitorFactory()
    answers = [main.post(base, {**NAMED, "tax_number": inn(1_000_000 + number)}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[2].json()["detail"] == "At most 2 co-exhibitors can be named."
    assert application.co_exhibitors.count() == 2


def test_a_company_of_another_country_is_matched_with_nothing(main, base):
    CompanyFactory(inn="", country="BY", legal_name="ОАО «Мост»", region=None)
    body = {**NAMED, "country": "BY", "tax_number": "190000001", "legal_name": "ОАО «Мост»"}
    assert main.post(base, body).status_code == 201
    assert Company.objects.filter(country="BY").count() == 2


def test_the_organiser_sees_the_company_itself_once_it_has_confirmed(main, base, guest, reviewer, signed_in):
    address = main.post(base, NAMED)["Location"]
    company = f"/api/v1/companies/{guest.company_id}/"
    assert reviewer.get(company).status_code == 404
    signed_in(guest.user).post(f"{address}confirm/")
    assert reviewer.get(company).status_code == 200


def test_a_held_rejection_of_the_main_exhibitor_shows_nowhere(main, base, guest, signed_in, application):
    created = main.post(base, NAMED)
    application.placements.all().delete()
    type(application).objects.filter(pk=application.pk).update(status=S.REJECTED, told_status=S.IN_REVIEW)
    own = signed_in(guest.user)
    [seen] = own.get(f"/api/v1/companies/{guest.company_id}/co-exhibits/").json()["results"]
    assert (seen["status"], seen["allowed_actions"]) == ("declared", ["confirm"])
    assert main.get(created["Location"])["ETag"] == created["ETag"]
    assert own.post(f"{created['Location']}confirm/").status_code == 200
    assert main.post(base, {**NAMED, "tax_number": inn(1_234_567)}).status_code == 201


@pytest.mark.parametrize("step", ["withdraw", "cancel"])
def test_it_ends_with_its_main_exhibitor_and_is_told(main, base, guest, reviewer, signed_in, application, step):
    address = main.post(base, NAMED)["Location"]
    reviewer.post(f"{address}confirm/")
    reviewer.post(f"{address}admit/")
    (main if step == "withdraw" else reviewer).post(f"{base.removesuffix('co-exhibitors/')}{step}/", {"reason": "No longer"})
    assert main.get(address).json()["status"] == "ended"
    [seen] = signed_in(guest.user).get(f"/api/v1/companies/{guest.company_id}/co-exhibits/").json()["results"]
    assert (seen["status"], seen["allowed_actions"]) == ("ended", [])
    assert letters("co_exhibitor_ended") == {guest.user.email, NAMED["contact_email"]}
    assert reviewer.post(f"{address}refuse/", {"reason": "Not of the theme"}).status_code == 409
    assert reviewer.post(f"{address}admit/").status_code == 409


@pytest.mark.parametrize("hold", [False, True])
def test_it_ends_when_the_rejection_of_its_main_exhibitor_is_told(guest, hold):
    application = application_in(S.IN_REVIEW)
    row = CoExhibitorFactory(application=application, company=guest.company, status=CO.CONFIRMED)
    refused = CoExhibitorFactory(application=application, status=CO.REFUSED)
    applications.reject(application_id=application.pk, by=None, now=NOW, reason="Full", hold=hold)
    if hold:
        row.refresh_from_db()
        assert (row.status, letters("co_exhibitor_ended")) == (CO.CONFIRMED, set())
        announcements.create(fair=application.fair, by=None, now=NOW)
        announcements.announce_due(now=NOW)
    row.refresh_from_db()
    refused.refresh_from_db()
    assert (row.status, row.decided_at, refused.status) == (CO.ENDED, NOW, CO.REFUSED)
    assert letters("co_exhibitor_ended") == {guest.user.email}


@pytest.mark.parametrize("status", S.ended)
def test_what_has_ended_takes_no_co_exhibitor(signed_in, status):
    application = application_in(status)
    main = signed_in(CompanyMemberFactory(company=application.company).user)
    base = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/co-exhibitors/"
    assert main.post(base, NAMED).status_code == 409
    assert not Company.objects.filter(inn=NUMBER).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_for_any_number_of_rows(main, base, application, guest, signed_in, count, django_assert_num_queries):
    CoExhibitorFactory.create_batch(count, application=application, declared_at=NOW - timedelta(days=1))
    for _row in range(count):
        CoExhibitorFactory(company=guest.company)
    own = signed_in(guest.user)
    with django_assert_num_queries(6):
        assert main.get(base).json()["count"] == count
    with django_assert_num_queries(6):
        assert own.get(f"/api/v1/companies/{guest.company_id}/co-exhibits/").json()["count"] == count


def test_all_that_is_wrong_is_told_at_once(main, base):
    wrong = {"legal_name": "x" * 301, "country": "RU", "tax_number": "1", "contact_email": "no address"}
    assert errors(main.post(base, wrong)) == [("/legal_name", "max_length"), ("/tax_number", "inn"), ("/contact_email", "invalid")]
