"""Applications over the API: what exhibitors do with their own, from the draft to the withdrawal."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from exhibitors.api.serializers import ApplicationSerializer, SiteWishSerializer
from exhibitors.domain import deadlines
from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import Application, ApplicationStep, DeadlineExtension
from notifications.moments import moment_in_zones
from tests.exhibitors.api.applying import errors, url
from tests.exhibitors.world import NOW, application_in, site_of
from tests.factories.exhibitors import CompanyMemberFactory, ProductCategoryFactory
from tests.factories.fairs import FIRST_DAY, LAST_DAY, DeadlineFactory, FairFactory, SiteFactory, StaffMembershipFactory
from tests.undrawn import undrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
TOMORROW = NOW + timedelta(days=1)
MAY_WRITE = [CompanyRole.OWNER, CompanyRole.EDITOR]


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
    assert set(body) | {"responsible", "held", "held_stands", "not_taken", "warnings"} == set(ApplicationSerializer().fields)
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
    assert errors(owner.patch(address, {"sites": [wished, wished]}, headers={"If-Match": tag})) == [("/sites/1/site", "unique")]
    bad_days = {"sites": [{**wished, "first_day": "2030-05-04", "last_day": "2030-05-02"}]}
    assert all(pointer.startswith("/sites/0") for pointer, _ in errors(owner.patch(address, bad_days, headers={"If-Match": tag})))
    assert errors(owner.patch(address, {"sites": [{}]}, headers={"If-Match": tag})) == [("/sites/0/site", "required")]

    changed = owner.patch(address, {"sites": [wished]}, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.content
    (found,) = changed.json()["sites"]
    assert (found["scheme"], found["open_sides"], found["requested_area_m2"]["wished"]) == ("shell", None, 12)
    assert changed.json()["categories"] == ["03"]


def test_a_second_application_is_refused_with_its_place(owner, fair, company):
    application_in(S.SUBMITTED, fair=fair, company=company)

    refused = owner.post(url(fair), {"company": company.pk, "pavilion": "nowhere"})
    assert errors(refused) == [("/pavilion", "unknown_pavilion"), ("/company", "second_application")]
    assert str(Application.objects.get().pk) in refused.json()["errors"][1]["detail"]
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("of_fair", "extended_by", "is_offered"),
    [
        ({"takes_late_applications": False}, None, False),
        ({"takes_late_applications": False}, timedelta(days=9), True),
        ({"takes_late_applications": False}, timedelta(hours=1), False),
        ({"takes_late_applications": True}, None, True),
        ({"takes_late_applications": False, "applications_close_at": TOMORROW}, None, True),
        ({"status": "archived"}, None, False),
    ],
)
def test_to_submit_is_offered_to_those_who_may_now(signed_in, of_fair, extended_by, is_offered):
    closed = NOW - timedelta(days=1)
    fair = FairFactory(**{"applications_open_at": NOW - timedelta(days=30), "applications_close_at": closed, **of_fair})
    application = application_in(S.DRAFT, fair=fair)
    person = CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER).user
    reviewer = StaffMembershipFactory(fair=fair, role="reviewer").user
    again = application_in(S.CHANGES_REQUESTED, fair=fair, company=CompanyMemberFactory(user=person, role=CompanyRole.OWNER).company)
    if extended_by:
        deadline = DeadlineFactory(fair=fair, code=deadlines.APPLICATION, due_at=closed)
        DeadlineExtension.objects.create(application=application, deadline=deadline, due_at=closed + extended_by, at=NOW)

    for user in (person, reviewer):
        rows = {row["id"]: row["allowed_actions"] for row in signed_in(user).get(url(fair)).json()["results"]}
        assert ("submit" in rows[application.pk]) == is_offered
        assert "submit" in rows[again.pk]
    desk = Client()
    desk.force_login(reviewer)
    with undrawn():
        buttons = desk.get(f"/admin/exhibitors/application/{application.pk}/change/").context["open_steps"]
    assert any(f"/{application.pk}/step/submit/" in button["url"] for button in buttons) == is_offered


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
        assert (
            moment_in_zones(TOMORROW, fair_zone=strict.time_zone, reader_zone=strict.time_zone, language="en") in refused.json()["detail"]
        )
    assert owner.post(url(lenient, taken.pk, "submit")).json()["late"] is True


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
