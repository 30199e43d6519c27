"""The people on a stand over the API: what one may send, what comes back, and who may."""

from datetime import timedelta

import pytest

from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import PassQuota, StandStaff
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in, site_of
from tests.factories.exhibitors import CompanyMemberFactory, SiteWishFactory, StandStaffDaysFactory, StandStaffFactory
from tests.factories.fairs import FIRST_DAY, LAST_DAY, DeadlineFactory, SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
ANNA = {"name_in_latin": "ANNA PETROVA", "name_in_cyrillic": "Анна Петрова", "role": "sales"}


@pytest.fixture
def application():
    return application_in(S.ACCEPTED)


@pytest.fixture
def site(application):
    return site_of(application.fair)


@pytest.fixture
def base(application):
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"


@pytest.fixture
def logistics(signed_in, application):
    return signed_in(CompanyMemberFactory(company=application.company, role=CompanyRole.LOGISTICS).user)


def errors(response, status=400) -> list[tuple[str, str]]:
    assert response.status_code == status, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_somebody_is_named_changed_and_taken_off(logistics, base, site):
    body = {**ANNA, "name_in_chinese": "安娜", "languages": ["ru", "en"], "phone": "+7 423 255-01-23", "days": [{"site": site.slug}]}
    created = logistics.post(f"{base}staff/", body)
    assert created.status_code == 201, created.content
    expected = {
        "id": created.json()["id"],
        **body,
        "phone": "+74232550123",
        "email": "",
        "needs_visa_invitation": False,
        "days": [{"site": site.slug, "first_day": FIRST_DAY.isoformat(), "last_day": LAST_DAY.isoformat()}],
    }
    assert created.json() == expected

    address = created["Location"]
    assert logistics.get(f"{base}staff/").json()["results"] == [expected]
    days = [{"site": site.slug, "first_day": FIRST_DAY.isoformat(), "last_day": FIRST_DAY.isoformat()}]
    changed = logistics.patch(address, {"days": days, "role": "technician"}, headers={"If-Match": created["ETag"]})
    assert changed.json() == {**expected, "days": days, "role": "technician"}
    assert logistics.patch(address, {"role": "sales"}, headers={"If-Match": created["ETag"]}).status_code == 412
    assert logistics.delete(address).status_code == 428
    assert logistics.delete(address, headers={"If-Match": changed["ETag"]}).status_code == 204
    assert logistics.get(address).status_code == 404


def test_the_passes_tell_how_many_and_until_when(logistics, base, application, site):
    PassQuota.objects.create(fair=application.fair, from_area_m2=0, passes=3)
    DeadlineFactory(fair=application.fair, code="badges_final", due_at=NOW + timedelta(days=2))
    logistics.post(f"{base}staff/", {**ANNA, "days": [{"site": site.slug}]})
    assert logistics.get(f"{base}passes/").json() == {
        "closes_at": "2030-01-17T17:00:00+08:00",
        "sites": [{"site": site.slug, "area_m2": 9.0, "quota": 3, "extra": 0, "used": 1}],
    }


def test_the_last_pass_is_given_once(logistics, base, site):
    PassQuota.objects.create(fair=site.fair, from_area_m2=0, passes=1)
    body = {**ANNA, "days": [{"site": site.slug}]}
    assert logistics.post(f"{base}staff/", body).status_code == 201
    refused = logistics.post(f"{base}staff/", {**body, "name_in_latin": "OLGA PETROVA", "name_in_cyrillic": ""})
    assert errors(refused, 409) == [("/days/0/site", "passes-used-up")]
    assert (refused.json()["quota"], refused.json()["used"]) == (1, 1)


def test_the_same_request_again_names_nobody_twice(logistics, base):
    answers = [logistics.post(f"{base}staff/", ANNA, headers={"Idempotency-Key": "one"}) for _time in range(2)]
    assert answers[0].json() == answers[1].json()
    assert StandStaff.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name_in_latin": "АННА"}, ("/name_in_latin", "script")),
        ({"name_in_latin": 5}, ("/name_in_latin", "invalid")),
        ({"role": "boss"}, ("/role", "invalid_choice")),
        ({"languages": ["fr"]}, ("/languages/0", "invalid_choice")),
        ({"languages": [["ru"]]}, ("/languages/0", "invalid_choice")),
        ({"phone": "12"}, ("/phone", "phone")),
        ({"passport": "4510"}, ("/passport", "unknown_field")),
        ({"days": [{"site": "nowhere"}]}, ("/days/0/site", "unknown_site")),
        ({"days": "all"}, ("/days", "not_a_list")),
    ],
)
def test_what_is_wrong_is_named(logistics, base, wrong, where):
    assert errors(logistics.post(f"{base}staff/", {**ANNA, **wrong})) == [where]
    assert not StandStaff.objects.exists()


def test_another_fair_s_site_is_unknown(logistics, base):
    assert errors(logistics.post(f"{base}staff/", {**ANNA, "days": [{"site": SiteFactory().slug}]})) == [("/days/0/site", "unknown_site")]


def test_after_the_deadline_the_exhibitor_is_refused_and_staff_are_not(logistics, signed_in, base, application):
    DeadlineFactory(fair=application.fair, code="badges_final", due_at=NOW - timedelta(days=1))
    reviewer = signed_in(StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user)
    refused = logistics.post(f"{base}staff/", ANNA)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/staff-closed")
    assert reviewer.post(f"{base}staff/", ANNA).status_code == 201


def test_who_may_only_look_is_refused_before_the_body_is_read(signed_in, base, application):
    looker = signed_in(CompanyMemberFactory(company=application.company, role=CompanyRole.ON_SITE).user)
    person = StandStaffFactory(application=application)
    assert looker.get(f"{base}staff/").json()["count"] == 1
    assert looker.post(f"{base}staff/", {"no": "sense"}).status_code == 403
    assert looker.patch(f"{base}staff/{person.pk}/", {}).status_code == 403
    assert looker.delete(f"{base}staff/{person.pk}/").status_code == 403


def test_another_application_s_person_is_not_there(logistics, base, application):
    other = StandStaffFactory(application__fair=application.fair)
    unknown = logistics.get(f"{base}staff/{10**9}/")
    found = logistics.get(f"{base}staff/{other.pk}/")
    assert (found.status_code, found.content) == (404, unknown.content)
    assert logistics.delete(f"{base}staff/{other.pk}/", headers={"If-Match": "*"}).status_code == 404
    assert StandStaff.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_people(logistics, base, application, site, count, django_assert_num_queries):
    PassQuota.objects.create(fair=application.fair, from_area_m2=0, passes=9)
    SiteWishFactory(application=application, site=SiteFactory(fair=application.fair))
    for _person in range(count):
        StandStaffDaysFactory(staff__application=application)
    with django_assert_num_queries(8):
        assert logistics.get(f"{base}staff/").json()["count"] == count


def test_unicode_that_nobody_typed_is_no_name(logistics, base):
    answer = logistics.post(f"{base}staff/", {**ANNA, "name_in_chinese": "\U0010ffff"})
    assert errors(answer) == [("/name_in_chinese", "script")]


def test_all_that_is_wrong_is_told_at_once(logistics, base, site):
    days = [{"site": "nowhere"}, {"site": site.slug, "first_day": LAST_DAY, "last_day": FIRST_DAY}]
    wrong = {**ANNA, "name_in_latin": "Анна", "email": "no address", "phone": "12", "days": days}

    domain = {("/name_in_latin", "script"), ("/email", "invalid"), ("/phone", "phone"), ("/days/0/site", "unknown_site")}
    assert set(errors(logistics.post(f"{base}staff/", wrong))) == domain | {("/days/1/last_day", "days_in_order")}
    both = logistics.post(f"{base}staff/", {**wrong, "role": "king"})
    assert set(errors(both)) == domain | {("/days/1/last_day", "days_in_order"), ("/role", "invalid_choice")}
    assert not StandStaff.objects.exists()


def test_the_same_person_on_a_day_twice_is_refused_with_the_way_out(logistics, base, site):
    later = {"first_day": LAST_DAY.isoformat(), "last_day": LAST_DAY.isoformat()}
    sooner = {"first_day": FIRST_DAY.isoformat(), "last_day": (LAST_DAY - timedelta(days=1)).isoformat()}
    assert logistics.post(f"{base}staff/", {**ANNA, "days": [{"site": site.slug, **sooner}]}).status_code == 201
    again = {"name_in_latin": "Anna  Petrova", "role": "interpreter", "days": [{"site": site.slug}]}

    answer = logistics.post(f"{base}staff/", again)

    assert errors(answer) == [("/name_in_latin", "unique")]
    assert "give each an email address or a phone" in answer.json()["errors"][0]["detail"]
    assert logistics.post(f"{base}staff/", {**again, "days": [{"site": site.slug, **later}]}).status_code == 201  # the other days


def test_of_two_people_with_one_name_each_has_an_address(logistics, base, site):
    days = [{"site": site.slug}]
    assert logistics.post(f"{base}staff/", {**ANNA, "email": "anna@one.example", "days": days}).status_code == 201
    assert errors(logistics.post(f"{base}staff/", {**ANNA, "days": days})) == [("/name_in_latin", "unique")]
    assert logistics.post(f"{base}staff/", {**ANNA, "email": "anna@two.example", "days": days}).status_code == 201


def test_a_person_does_not_become_another_and_two_that_are_alike_can_be_mended(logistics, application, base):
    twin, _other = StandStaffFactory.create_batch(2, application=application)
    boris = StandStaffFactory(application=application, name_in_latin="BORIS", name_in_cyrillic="")

    def change(person, body):
        url = f"{base}staff/{person.pk}/"
        return logistics.patch(url, body, headers={"If-Match": logistics.get(url)["ETag"]})

    assert errors(change(boris, {"name_in_latin": "ANNA PETROVA"})) == [("/name_in_latin", "unique")]
    assert change(twin, {"role": "interpreter"}).status_code == 200


def test_a_wrong_day_hides_nothing_of_the_next(logistics, base, site):
    days = [{"site": site.slug, "first_day": "soon"}, {"site": "nowhere"}, {"site": 5}]
    assert sorted(errors(logistics.post(f"{base}staff/", {**ANNA, "phone": "12", "days": days}))) == [
        ("/days/0/first_day", "invalid"),
        ("/days/1/site", "unknown_site"),
        ("/days/2/site", "invalid"),
        ("/phone", "phone"),
    ]
