"""Applications over the API: what exhibitors may do with their own, and what nobody may."""

from datetime import timedelta
from decimal import Decimal

import pytest

from exhibitors.api.serializers import ApplicationSerializer, PlacementSerializer, SiteWishSerializer
from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import Application, ApplicationStep
from fairs.enums import FairStatus, StaffRole
from tests.exhibitors.world import NOW, application_in, site_of, snapshot, stand_at
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory, PlacementFactory, ProductCategoryFactory
from tests.factories.fairs import FIRST_DAY, LAST_DAY, FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
TOMORROW = NOW + timedelta(days=1)
MAY_WRITE = [CompanyRole.OWNER, CompanyRole.EDITOR]
MAY_ONLY_READ = [CompanyRole.LOGISTICS, CompanyRole.ON_SITE]


def url(fair, pk=None, step="") -> str:
    return f"/api/v1/fairs/{fair.slug}/applications/" + (f"{pk}/" if pk else "") + (f"{step}/" if step else "")


def errors(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def owner(signed_in, company):
    return signed_in(CompanyMemberFactory(company=company).user)


@pytest.fixture
def stranger(signed_in):
    return signed_in(CompanyMemberFactory().user)


# --- a whole life


@pytest.mark.parametrize("role", MAY_WRITE)
def test_an_exhibitor_applies_changes_submits_and_withdraws(signed_in, fair, company, role):
    person = CompanyMemberFactory(company=company, role=role).user
    client = signed_in(person)
    site, fish = SiteFactory(fair=fair), ProductCategoryFactory()

    made = client.post(url(fair), {"company": company.pk, "sites": [{"site": site.slug, "requested_area_m2": {"wished": 12.5}}]})
    assert made.status_code == 201, made.content
    body = made.json()
    assert made["Location"] == f"http://testserver{url(fair, body['id'])}"
    assert body == {
        "id": body["id"],
        "fair": fair.slug,
        "company": company.pk,
        "company_name": company.legal_name,
        "role": "MAIN",
        "categories": [],
        "status": "draft",
        "late": False,
        "allowed_actions": ["submit", "withdraw"],
        "sites": [
            {
                "site": site.slug,
                "requested_area_m2": {"min": None, "wished": 12.5, "max": None},
                "open_sides": None,
                "scheme": "shell",
                "first_day": "2030-05-01",
                "last_day": "2030-05-05",
                "power_kw": None,
                "water": False,
                "cold_storage_m2": None,
                "stand_preferences": [],
            }
        ],
        "pavilion": None,
        "fascia_text": "",
        "near": [],
        "away": [],
        "answers": {},
        "placements": [],
        "message": "",
        "waitlist_rank": None,
        "submitted_at": None,
        "decided_at": None,
        "changes_due_at": None,
        "move_request": None,
    }
    assert set(body) | {"responsible", "held", "held_stands", "not_taken"} == set(ApplicationSerializer().fields)
    assert set(body["sites"][0]) == set(SiteWishSerializer().fields)
    assert Application.objects.get().created_by == person

    address = url(fair, body["id"])
    changed = client.patch(address, {"categories": [fish.code]}, headers={"If-Match": made["ETag"]})
    assert (changed.status_code, changed.json()["categories"]) == (200, ["03"])
    assert changed.json()["sites"] == body["sites"]
    assert client.get(address)["ETag"] == changed["ETag"] != made["ETag"]

    submitted = client.post(f"{address}submit/")
    assert (submitted.status_code, submitted.json()["status"], submitted.json()["allowed_actions"]) == (200, "submitted", ["withdraw"])
    assert submitted.json()["submitted_at"] == "2030-01-15T17:00:00+08:00"
    assert client.patch(address, {"categories": []}, headers={"If-Match": submitted["ETag"]}).status_code == 409

    gone = client.post(f"{address}withdraw/", {"reason": "No visa."})
    assert (gone.status_code, gone.json()["status"], gone.json()["allowed_actions"]) == (200, "withdrawn", [])
    assert list(ApplicationStep.objects.values_list("step", "by", "on_behalf", "reason")) == [
        ("submit", person.pk, False, ""),
        ("withdraw", person.pk, False, "No visa."),
    ]


def test_an_offer_is_seen_accepted_and_declined(owner, fair, company):
    application = application_in(S.STAND_OFFERED, fair=fair, company=company)
    offer = application.placements.get()

    seen = owner.get(url(fair, application.pk)).json()
    assert seen["allowed_actions"] == ["accept-offer", "decline-offer", "withdraw"]
    assert seen["placements"] == [
        {
            "id": offer.pk,
            "site": offer.site.slug,
            "hall": offer.stand.hall.slug,
            "stand": offer.stand.number,
            "first_day": "2030-05-01",
            "last_day": "2030-05-05",
            "status": "offered",
            "answer_by": None,
        }
    ]
    assert set(seen["placements"][0]) == set(PlacementSerializer().fields)

    accepted = owner.post(url(fair, application.pk, "accept-offer"), {"placement": offer.pk})
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert accepted.json()["allowed_actions"] == ["withdraw", "request-move"]
    assert owner.post(url(fair, application.pk, "decline-offer")).status_code == 409


def test_an_offer_whose_time_is_over_is_no_longer_on_the_list_of_actions(owner, clock, fair, company):
    application = application_in(S.STAND_OFFERED, fair=fair, company=company)
    application.placements.update(answer_by=TOMORROW)
    clock.move_to(TOMORROW)
    read = owner.get(url(fair, application.pk)).json()
    assert "accept-offer" in read["allowed_actions"]
    assert read["placements"][0]["answer_by"] == "2030-01-16T17:00:00+08:00"

    clock.move_to(TOMORROW + timedelta(seconds=1))
    assert "accept-offer" not in owner.get(url(fair, application.pk)).json()["allowed_actions"]
    refused = owner.post(url(fair, application.pk, "accept-offer"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/offer-lapsed")


def test_an_accepted_stand_has_nothing_left_to_answer(owner, fair, company):
    application = application_in(S.ACCEPTED, fair=fair, company=company)
    application.placements.update(answer_by=TOMORROW)
    (placement,) = owner.get(url(fair, application.pk)).json()["placements"]
    assert (placement["status"], placement["answer_by"]) == ("accepted", None)


# --- who may not


def test_a_stranger_without_sign_in_is_401_everywhere(api, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)

    for method, address in (
        ("get", url(fair)),
        ("post", url(fair)),
        ("get", url(fair, application.pk)),
        ("patch", url(fair, application.pk)),
        ("post", url(fair, application.pk, "submit")),
        ("post", url(fair, application.pk, "admit")),
        ("get", "/api/v1/fairs/no-such-fair/applications/"),
    ):
        response = getattr(api, method)(address)
        assert (response.status_code, response.json()["status"]) == (401, 401), address
    assert ApplicationStep.objects.count() == 0


def test_a_site_that_a_change_names_is_whole_with_the_defaults_of_a_new_one(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    site = site_of(fair)
    application.site_wishes.update(scheme="raw", open_sides=2)
    address = url(fair, application.pk)
    tag = owner.get(address)["ETag"]
    wished = {"site": site.slug, "requested_area_m2": {"wished": 12}}

    wrong_area = {"sites": [{"site": site.slug, "requested_area_m2": {"min": 20, "wished": 12, "max": 5}}]}
    assert {pointer.rpartition("/")[0] for pointer, _code in errors(owner.patch(address, wrong_area, headers={"If-Match": tag}))} == {
        "/sites/0/requested_area_m2"
    }
    assert errors(owner.patch(address, {"sites": [wished, wished]}, headers={"If-Match": tag})) == [("/sites", "unique")]
    bad_days = {"sites": [{**wished, "first_day": "2030-05-04", "last_day": "2030-05-02"}]}
    assert all(pointer.startswith("/sites/0") for pointer, _ in errors(owner.patch(address, bad_days, headers={"If-Match": tag})))
    assert errors(owner.patch(address, {"sites": [{}]}, headers={"If-Match": tag})) == [("/sites/0/site", "required")]

    changed = owner.patch(address, {"sites": [wished]}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.content
    (found,) = changed.json()["sites"]
    assert (found["scheme"], found["open_sides"], found["requested_area_m2"]["wished"]) == ("shell", None, 12)
    assert changed.json()["categories"] == ["03"]


@pytest.mark.parametrize("role", MAY_ONLY_READ)
def test_who_may_only_read_is_told_so(signed_in, fair, company, role):
    client = signed_in(CompanyMemberFactory(company=company, role=role).user)
    application = application_in(S.DRAFT, fair=fair, company=company)
    before = snapshot(application)

    read = client.get(url(fair, application.pk))
    assert (read.status_code, read.json()["allowed_actions"]) == (200, [])
    assert client.post(url(FairFactory()), {"company": company.pk}).status_code == 403
    assert client.patch(url(fair, application.pk), {}).status_code == 403
    assert client.patch(url(fair, application.pk), {"sites": []}, headers={"If-Match": read["ETag"]}).status_code == 403
    for step in ("submit", "withdraw", "accept-offer", "admit"):
        assert client.post(url(fair, application.pk, step)).status_code == 403
    assert snapshot(application) == before
    assert Application.objects.count() == 1


def test_somebody_elses_application_is_as_unknown_as_one_that_does_not_exist(stranger, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    before = snapshot(application)

    for method, step in (("get", ""), ("patch", ""), ("post", "submit"), ("post", "withdraw"), ("post", "admit")):
        theirs = getattr(stranger, method)(url(fair, application.pk, step), {"reason": "x"} if step else None)
        unknown = getattr(stranger, method)(url(fair, application.pk + 999, step), {"reason": "x"} if step else None)
        assert (theirs.status_code, theirs.json()) == (404, unknown.json())
    assert stranger.get(url(fair)).json()["results"] == []
    assert snapshot(application) == before


def test_an_application_is_found_at_its_own_fair_only(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)

    assert owner.get(url(FairFactory(), application.pk)).status_code == 404


def test_somebody_elses_company_is_as_unknown_as_one_that_does_not_exist(stranger, fair, company):
    theirs = stranger.post(url(fair), {"company": company.pk})
    unknown = stranger.post(url(fair), {"company": company.pk + 999})

    assert errors(theirs) == [("/company", "unknown_company")]
    assert theirs.json() == unknown.json()
    assert Application.objects.count() == 0


def test_a_draft_fair_is_unknown_to_all_but_its_staff(owner, signed_in, company):
    draft = FairFactory(status=FairStatus.DRAFT)

    assert owner.get(url(draft)).json() == owner.get("/api/v1/fairs/no-such-fair/applications/").json()
    assert owner.post(url(draft), {"company": company.pk}).status_code == 404
    assert signed_in(StaffMembershipFactory(fair=draft, role=StaffRole.CHECK_IN).user).get(url(draft)).status_code == 200


def test_staff_of_another_fair_see_nothing_here(signed_in, fair):
    application = application_in(S.SUBMITTED, fair=fair)
    client = signed_in(StaffMembershipFactory().user)

    assert client.get(url(fair)).json()["count"] == 0
    assert client.post(url(fair, application.pk, "admit")).status_code == 404


# --- what is refused


def test_a_second_application_is_refused_with_its_place(owner, fair, company):
    application_in(S.SUBMITTED, fair=fair, company=company)

    refused = owner.post(url(fair), {"company": company.pk, "pavilion": "nowhere"})
    assert errors(refused) == [("/pavilion", "unknown_pavilion"), ("/company", "second_application")]
    assert str(Application.objects.get().pk) in refused.json()["errors"][1]["detail"]
    assert Application.objects.count() == 1


def test_submit_names_all_that_is_missing(owner, fair, company):
    company.inn = ""
    company.save()
    made = owner.post(url(fair), {"company": company.pk}).json()

    assert errors(owner.post(url(fair, made["id"], "submit"))) == [
        ("/sites", "required"),
        ("/categories", "required"),
        ("/company/tax_ids/inn", "inn_required"),
    ]
    assert owner.get(url(fair, made["id"])).json()["status"] == "draft"


def test_after_the_window_late_ones_are_marked_or_refused(owner, clock, company):
    strict = FairFactory(takes_late_applications=False, applications_close_at=TOMORROW)
    stricter = FairFactory(takes_late_applications=False, applications_close_at=TOMORROW)
    lenient = FairFactory(applications_close_at=TOMORROW)
    early = application_in(S.DRAFT, fair=strict, company=company)
    taken = application_in(S.DRAFT, fair=lenient, company=company)
    clock.move_to(TOMORROW + timedelta(seconds=1))

    for refused in (owner.post(url(strict, early.pk, "submit")), owner.post(url(stricter), {"company": company.pk})):
        assert (refused.status_code, refused.json()["type"]) == (400, "/problems/applications-closed")
        assert refused.json()["closed_at"] == TOMORROW.astimezone(strict.zone).isoformat()
        assert errors(refused) == [("", "applications-closed")]
    assert owner.post(url(lenient, taken.pk, "submit")).json()["late"] is True


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/company", "required")]),
        ({"company": "x"}, [("/company", "invalid")]),
        ({"company": True}, None),
        ({"company": None}, [("/company", "null")]),
        ({"company": -1}, [("/company", "min_value")]),
        ({"company": 2**63}, [("/company", "max_value")]),
        ({"company": [1]}, [("/company", "invalid")]),
        ({"company": "OWN", "status": "accepted"}, [("/status", "unknown_field")]),
        ({"company": "OWN", "sites": "all"}, None),
        ({"company": "OWN", "sites": [1]}, None),
        ({"company": "OWN", "sites": [{}]}, [("/sites/0/site", "required")]),
        ({"company": "OWN", "sites": [{"site": "nowhere"}]}, [("/sites/0/site", "unknown_site")]),
        ({"company": "OWN", "sites": [{"site": "FOREIGN"}]}, [("/sites/0/site", "unknown_site")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "open_sides": 5}]}, [("/sites/0/open_sides", "max_value")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "scheme": "tent"}]}, [("/sites/0/scheme", "invalid_choice")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "first_day": "soon"}]}, [("/sites/0/first_day", "invalid")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "first_day": "2031-01-01"}]}, [("/sites/0/last_day", "days_in_order")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "last_day": "2031-01-01"}]}, [("/sites/0/last_day", "outside_site_days")]),
        ({"company": "OWN", "sites": [{"site": "HERE", "color": "red"}]}, [("/sites/0/color", "unknown_field")]),
        ({"company": "OWN", "sites": [{"site": "HERE"}, {"site": "HERE"}]}, [("/sites", "unique")]),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"min": 0}}]},
            [("/sites/0/requested_area_m2/min", "min_value")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"min": 9, "wished": 8}}]},
            [("/sites/0/requested_area_m2/wished", "areas_in_order")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"wished": "a lot"}}]},
            [("/sites/0/requested_area_m2/wished", "invalid")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"wished": 10**7}}]},
            [("/sites/0/requested_area_m2/wished", "max_whole_digits")],
        ),
        (
            {"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": {"width": 3}}]},
            [("/sites/0/requested_area_m2/width", "unknown_field")],
        ),
        ({"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": 9}]}, None),
        ({"company": "OWN", "sites": [{"site": "HERE", "requested_area_m2": None}]}, None),
        ({"company": "OWN", "sites": None}, [("/sites", "null")]),
        ({"company": "OWN", "categories": ["99"]}, [("/categories/0", "unknown_category")]),
        ({"company": "OWN", "categories": "03"}, None),
        ({"company": "OWN", "categories": [3.5, {}]}, None),
        ({"company": "OWN", "categories": ["x" * 100_000]}, [("/categories/0", "max_length")]),
        ({"company": "OWN", "sites": [{"site": "x" * 100_000}]}, [("/sites/0/site", "max_length")]),
        ({"company": "OWN", "categories": ["0\0"]}, [("/categories/0", "null_character")]),
        ([], None),
        ("text", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused_with_its_place(owner, fair, company, body, expected):
    site = SiteFactory(fair=fair, slug="here")
    SiteFactory(slug="foreign")
    ProductCategoryFactory()
    filled = _filled(body, {"OWN": company.pk, "HERE": site.slug, "FOREIGN": "foreign"})

    response = owner.post(url(fair), filled, format="json")

    found = errors(response)
    assert found == expected if expected else found
    assert Application.objects.count() == 0


def _filled(value, words):
    if isinstance(value, dict):
        return {name: _filled(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, words) for inner in value]
    return words.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize("reason", ["x" * 100_000, "null\0", 5, ["x"], {"a": 1}, None])
def test_a_reason_that_is_no_text_of_4000_characters_is_refused(owner, fair, company, reason):
    application = application_in(S.DRAFT, fair=fair, company=company)
    before = snapshot(application)

    response = owner.post(url(fair, application.pk, "withdraw"), {"reason": reason}, format="json")

    assert [pointer for pointer, _code in errors(response)] == ["/reason"]
    assert snapshot(application) == before


def test_a_step_that_needs_nothing_said_refuses_more(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)

    assert errors(owner.post(url(fair, application.pk, "submit"), {"late": False})) == [("/late", "unknown_field")]


@pytest.mark.parametrize("pk", ["0", "x", "-1", "9" * 18, "9" * 30, "1%00"])
def test_an_address_that_is_no_id_is_not_found(owner, fair, pk):
    assert owner.get(f"{url(fair)}{pk}/").status_code in (400, 404)


# --- conditions and repetition


def test_a_change_needs_the_tag_of_what_was_read(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    address = url(fair, application.pk)
    tag = owner.get(address)["ETag"]

    missing = owner.patch(address, {"categories": []})
    stale = owner.patch(address, {"categories": []}, headers={"If-Match": '"0123"'})
    assert (missing.status_code, stale.status_code) == (428, 412)
    assert application.categories.count() == 1

    assert owner.patch(address, {"categories": []}, headers={"If-Match": tag}).status_code == 200
    assert owner.patch(address, {"categories": ["03"]}, headers={"If-Match": tag}).status_code == 412
    assert application.categories.count() == 0


def test_a_read_with_the_known_tag_is_empty(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    tag = owner.get(url(fair, application.pk))["ETag"]

    assert owner.get(url(fair, application.pk), headers={"If-None-Match": tag}).status_code == 304


def test_the_same_key_creates_once(owner, fair, company):
    body = {"company": company.pk}
    key = {"Idempotency-Key": "k-1"}

    first = owner.post(url(fair), body, headers=key)
    again = owner.post(url(fair), body, headers=key)
    other = owner.post(url(fair), {"company": company.pk, "categories": []}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert Application.objects.count() == 1


def test_the_same_key_takes_a_step_once(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    key = {"Idempotency-Key": "k-2"}

    answers = [owner.post(url(fair, application.pk, "submit"), headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert ApplicationStep.objects.count() == 1


def test_a_refused_creation_is_refused_again_under_its_key(owner, fair, company):
    application_in(S.SUBMITTED, fair=fair, company=company)
    key = {"Idempotency-Key": "k-3"}

    answers = [owner.post(url(fair), {"company": company.pk}, headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert Application.objects.count() == 1


# --- what it says


def test_the_categories_come_sorted_and_none_as_an_empty_list(signed_in, fair):
    application = application_in(S.SUBMITTED, fair=fair)
    application.categories.set([ProductCategoryFactory(code=code) for code in ("21", "03", "16")])
    client = signed_in(StaffMembershipFactory(fair=fair).user)

    assert client.get(url(fair, application.pk)).json()["categories"] == ["03", "16", "21"]
    application.categories.clear()
    assert client.get(url(fair, application.pk)).json()["categories"] == []


def test_areas_are_json_numbers_in_square_metres(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    application.site_wishes.update(area_min_m2=Decimal("6.25"))

    asked = owner.get(url(fair, application.pk)).json()["sites"][0]["requested_area_m2"]

    assert asked == {"min": 6.25, "wished": 9.0, "max": 12.0}


def test_days_can_be_fewer_than_the_sites(owner, fair, company):
    site = SiteFactory(fair=fair)
    day = (FIRST_DAY + timedelta(days=1)).isoformat()

    made = owner.post(url(fair), {"company": company.pk, "sites": [{"site": site.slug, "first_day": day}]}).json()

    assert (made["sites"][0]["first_day"], made["sites"][0]["last_day"]) == (day, LAST_DAY.isoformat())


def test_a_planned_stand_is_nobodys_business(owner, signed_in, fair, company):
    application = application_in(S.ADMITTED, fair=fair, company=company)
    tag = owner.get(url(fair, application.pk))["ETag"]
    PlacementFactory(application=application, stand=stand_at(site_of(fair)), status="planned")

    seen = owner.get(url(fair, application.pk))
    assert (seen.json()["placements"], seen["ETag"]) == ([], tag)


@pytest.mark.parametrize(
    ("site", "pointer", "words"),
    [
        ({"first_day": "2024-02-30"}, "/sites/0/first_day", "Напишите существующий день"),
        ({"cold_storage_m2": 10**8}, "/sites/0/cold_storage_m2", "не больше 500."),
        ({"water": "perhaps"}, "/sites/0/water", "Напишите true или false."),
        ({"site": "nowhere"}, "/sites/0/site", "/api/v1/fairs/"),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_words(owner, fair, company, site, pointer, words):
    known = SiteFactory(fair=fair)
    body = {"company": company.pk, "sites": [{"site": known.slug, **site}]}
    [error] = owner.post(url(fair), body, headers={"Accept-Language": "ru"}).json()["errors"]
    assert error["pointer"] == pointer
    assert words in error["detail"]
    assert "date" not in error["detail"]


def test_of_an_id_a_whole_number_is_asked_for(owner, fair):
    [error] = owner.post(url(fair), {"company": {}}, headers={"Accept-Language": "ru"}).json()["errors"]
    assert error["detail"] == "Напишите целое число, без кавычек."


def test_a_body_of_another_type_is_told_which_is_taken(owner, fair):
    refused = owner.post(url(fair), "a=1", content_type="text/plain")
    assert (refused.status_code, "application/json" in refused.json()["detail"]) == (415, True)
