"""Draft, change, submit: what each asks for and what it changes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from api.problems import Conflict, Invalid
from exhibitors.domain import applications, editing, readers, window
from exhibitors.domain.site_wishes import SiteWishInput
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, SiteWish
from fairs.enums import FairStatus, StaffRole
from tests.exhibitors.world import ALL_STATES, NOW, application_in, snapshot
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyFactory, ProductCategoryFactory, RegionFactory, SiteWishFactory
from tests.factories.fairs import CLOSE_AT, FIRST_DAY, LAST_DAY, OPEN_AT, FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
NOBODY = {"by": None, "now": NOW}


def errors_of(refusal) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]]


# --- drafts


def test_a_draft_holds_what_was_given():
    fair, company, person, fish = FairFactory(), CompanyFactory(), UserFactory(), ProductCategoryFactory()
    site = SiteFactory(fair=fair)
    wish = SiteWishInput(
        site=site,
        area_min_m2=Decimal(6),
        area_wished_m2=Decimal(9),
        area_max_m2=Decimal(12),
        open_sides=2,
        scheme="raw",
        first_day=FIRST_DAY + timedelta(days=1),
        last_day=LAST_DAY,
    )

    draft = applications.create_draft(company=company, fair=fair, by=person, now=NOW, categories=[fish], sites=[wish])

    assert (draft.status, draft.late, draft.created_by, draft.submitted_at) == (S.DRAFT, False, person, None)
    assert list(draft.categories.all()) == [fish]
    row = draft.site_wishes.get()
    assert (row.site, row.area_min_m2, row.area_wished_m2, row.area_max_m2, row.open_sides, row.scheme, row.first_day, row.last_day) == (
        site, 6, 9, 12, 2, "raw", FIRST_DAY + timedelta(days=1), LAST_DAY,
    )  # fmt: skip
    assert not draft.steps.exists()


def test_days_left_out_are_all_days_of_the_site():
    fair = FairFactory()
    site = SiteFactory(fair=fair, starts_on=FIRST_DAY + timedelta(days=1))

    draft = applications.create_draft(company=CompanyFactory(), fair=fair, sites=[SiteWishInput(site=site)], **NOBODY)

    wish = draft.site_wishes.get()
    assert (wish.first_day, wish.last_day, wish.area_wished_m2, wish.scheme) == (site.starts_on, LAST_DAY, None, "shell")


@pytest.mark.parametrize("status", [status for status in ALL_STATES if status not in S.ended])
def test_a_second_living_application_is_refused(status):
    first = application_in(status)

    with pytest.raises(Invalid) as refusal:
        applications.create_draft(company=first.company, fair=first.fair, **NOBODY)

    assert errors_of(refusal) == [("/company", "second_application")]
    assert Application.objects.get() == first


@pytest.mark.parametrize("status", S.ended)
def test_after_the_end_the_company_may_apply_anew(status):
    first = application_in(status)

    second = applications.create_draft(company=first.company, fair=first.fair, **NOBODY)

    assert second.status == S.DRAFT


def test_the_same_company_applies_to_another_fair():
    first = application_in(S.ACCEPTED)

    assert applications.create_draft(company=first.company, fair=FairFactory(), **NOBODY).pk != first.pk


@pytest.mark.parametrize(
    ("fair", "moment"),
    [
        ({}, OPEN_AT - timedelta(seconds=1)),
        ({"takes_late_applications": False}, CLOSE_AT + timedelta(seconds=1)),
        ({"status": FairStatus.DRAFT}, NOW),
        ({"status": FairStatus.ARCHIVED}, NOW),
    ],
    ids=["before the window", "after it", "draft fair", "past fair"],
)
def test_a_fair_that_takes_none_now_refuses_drafts_of_exhibitors_but_not_of_staff(fair, moment):
    made = FairFactory(**fair)

    with pytest.raises(window.ApplicationsClosed):
        applications.create_draft(company=CompanyFactory(), fair=made, by=None, now=moment)
    assert Application.objects.count() == 0

    assert applications.create_draft(company=CompanyFactory(), fair=made, by=None, now=moment, as_staff=True).status == S.DRAFT


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"site": None}, ("/sites/0/site", "unknown_site")),
        ({"first_day": LAST_DAY, "last_day": FIRST_DAY}, ("/sites/0/last_day", "days_in_order")),
        ({"first_day": FIRST_DAY - timedelta(days=1)}, ("/sites/0/first_day", "outside_site_days")),
        ({"last_day": LAST_DAY + timedelta(days=1)}, ("/sites/0/last_day", "outside_site_days")),
        ({"area_min_m2": Decimal("0.5")}, ("/sites/0/requested_area_m2/min", "min_value")),
        ({"area_max_m2": Decimal(0)}, ("/sites/0/requested_area_m2/max", "min_value")),
        ({"area_wished_m2": Decimal("12.345")}, ("/sites/0/requested_area_m2/wished", "max_decimal_places")),
        ({"power_kw": Decimal("0.001")}, ("/sites/0/power_kw", "max_decimal_places")),
        ({"area_min_m2": Decimal(9), "area_max_m2": Decimal(8)}, ("/sites/0/requested_area_m2/max", "areas_in_order")),
        ({"area_min_m2": Decimal(9), "area_wished_m2": Decimal(8)}, ("/sites/0/requested_area_m2/wished", "areas_in_order")),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_its_place(change, error):
    fair = FairFactory()
    foreign = SiteFactory()
    wish = replace(SiteWishInput(site=SiteFactory(fair=fair)), **({"site": foreign} if "site" in change else change))

    with pytest.raises(Invalid) as refusal:
        applications.create_draft(company=CompanyFactory(), fair=fair, sites=[wish], **NOBODY)

    assert errors_of(refusal) == [error]
    assert (Application.objects.count(), SiteWish.objects.count()) == (0, 0)


def test_a_site_named_twice_is_refused():
    fair = FairFactory()
    wish = SiteWishInput(site=SiteFactory(fair=fair))

    with pytest.raises(Invalid) as refusal:
        applications.create_draft(company=CompanyFactory(), fair=fair, sites=[wish, wish], **NOBODY)

    assert errors_of(refusal) == [("/sites/1/site", "unique")]


# --- changes


@pytest.mark.parametrize("status", ALL_STATES)
def test_the_exhibitor_changes_drafts_and_what_was_given_back_and_staff_all_that_lives(status):
    application = application_in(status)
    meat = ProductCategoryFactory(code="02")
    before = snapshot(application)

    if status in (S.DRAFT, S.CHANGES_REQUESTED):
        applications.update(application_id=application.pk, categories=[meat], **NOBODY)
        assert list(application.categories.all()) == [meat]
    else:
        with pytest.raises(editing.NotEditable):
            applications.update(application_id=application.pk, categories=[meat], sites=[], **NOBODY)
        assert snapshot(application) == before

    if status in S.ended:
        with pytest.raises(editing.NotEditable):
            applications.update(application_id=application.pk, categories=[], as_staff=True, **NOBODY)
    else:
        applications.update(application_id=application.pk, categories=[], as_staff=True, **NOBODY)
        assert not application.categories.exists()


def test_sites_replace_the_whole_list_and_none_leaves_it_alone():
    application = application_in(S.DRAFT)
    old = application.site_wishes.get()
    new = SiteFactory(fair=application.fair)

    applications.update(application_id=application.pk, categories=[], **NOBODY)
    assert application.site_wishes.get() == old

    applications.update(application_id=application.pk, sites=[SiteWishInput(site=new)], **NOBODY)
    assert [wish.site for wish in application.site_wishes.all()] == [new]

    applications.update(application_id=application.pk, sites=[], **NOBODY)
    assert not application.site_wishes.exists()


def test_a_site_with_a_live_stand_cannot_be_left_out():
    application = application_in(S.STAND_OFFERED)
    before = snapshot(application)

    with pytest.raises(Conflict):
        applications.update(application_id=application.pk, sites=[], as_staff=True, **NOBODY)

    assert snapshot(application) == before


# --- submitting


def test_what_is_missing_is_named_all_at_once():
    application = ApplicationFactory(company__inn="")

    with pytest.raises(Invalid) as refusal:
        applications.submit(application_id=application.pk, tell=False, **NOBODY)

    assert errors_of(refusal) == [("/sites", "required"), ("/categories", "required"), ("/company/tax_ids/inn", "inn_required")]
    application.refresh_from_db()
    assert (application.status, application.submitted_at) == (S.DRAFT, None)


def test_the_area_wished_is_named_at_its_site_in_the_order_that_readers_see():
    application = ApplicationFactory()
    application.categories.add(ProductCategoryFactory())
    late = SiteFactory(fair=application.fair, starts_on=LAST_DAY)
    early = SiteFactory(fair=application.fair)
    SiteWishFactory(application=application, site=late, area_wished_m2=None)
    SiteWishFactory(application=application, site=early)

    with pytest.raises(Invalid) as refusal:
        applications.submit(application_id=application.pk, tell=False, **NOBODY)

    # Readers get sites by their first day: the early one comes first.
    assert errors_of(refusal) == [("/sites/1/requested_area_m2/wished", "required")]


@pytest.mark.parametrize(
    ("country", "numbers", "missing"),
    [
        ("RU", {"inn": ""}, "inn_required"),
        ("CN", {"inn": "", "uscc": ""}, "uscc_required"),
        ("CN", {"inn": "", "uscc": "91350211M000100Y43"}, None),
        ("KZ", {"inn": ""}, None),
    ],
)
def test_the_tax_number_of_the_country_is_required(country, numbers, missing):
    application = application_in(S.DRAFT, company=CompanyFactory(country=country, region=None, **numbers))

    if missing is None:
        assert applications.submit(application_id=application.pk, tell=False, **NOBODY).status == S.SUBMITTED
    else:
        with pytest.raises(Invalid) as refusal:
            applications.submit(application_id=application.pk, tell=False, **NOBODY)
        assert errors_of(refusal) == [(f"/company/tax_ids/{missing.removesuffix('_required')}", missing)]


@pytest.mark.parametrize(
    ("moment", "late"),
    [
        (CLOSE_AT - timedelta(seconds=1), False),
        (CLOSE_AT, False),
        (CLOSE_AT + timedelta(milliseconds=999), False),
        (CLOSE_AT + timedelta(seconds=1), True),
    ],
)
def test_the_closing_second_is_in_time_and_the_next_is_late(moment, late):
    application = application_in(S.DRAFT)

    applications.submit(application_id=application.pk, by=None, now=moment, tell=False)

    application.refresh_from_db()
    assert (application.late, application.submitted_at) == (late, moment)


@pytest.mark.parametrize(
    ("fair", "moment"),
    [
        ({"takes_late_applications": False}, CLOSE_AT + timedelta(seconds=1)),
        ({}, OPEN_AT - timedelta(seconds=1)),
        ({"status": FairStatus.ARCHIVED}, NOW),
    ],
)
def test_outside_the_window_nothing_is_submitted(fair, moment):
    application = application_in(S.DRAFT, fair=FairFactory(**fair))
    before = snapshot(application)

    with pytest.raises(window.ApplicationsClosed) as refusal:
        applications.submit(application_id=application.pk, by=None, now=moment, tell=False)

    assert refusal.value.code == "applications-closed"
    assert snapshot(application) == before


def test_handing_in_again_keeps_moment_and_lateness_also_after_the_window():
    fair = FairFactory(takes_late_applications=False)
    application = application_in(S.CHANGES_REQUESTED, fair=fair)
    first = application.submitted_at

    applications.submit(application_id=application.pk, by=None, now=CLOSE_AT + timedelta(days=3), tell=False)

    application.refresh_from_db()
    assert (application.status, application.submitted_at, application.late) == (S.SUBMITTED, first, False)


def test_the_responsible_is_the_coordinator_of_the_region_then_a_reviewer_then_the_owner():
    fair = FairFactory()
    company = CompanyFactory(region=RegionFactory(code="RU-PRI"))

    def responsible():
        application = ApplicationFactory.build(fair=fair, company=company)
        return applications.default_responsible(application, readers.staff_of(application))

    assert responsible() is None
    owner = StaffMembershipFactory(fair=fair).user
    assert responsible() == owner
    reviewer = StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER).user
    StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER)
    assert responsible() == reviewer
    StaffMembershipFactory(fair=fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-CHE")
    assert responsible() == reviewer
    coordinator = StaffMembershipFactory(fair=fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI").user
    assert responsible() == coordinator
    coordinator.is_active = False
    coordinator.save()
    assert responsible() == reviewer


def test_a_responsible_who_was_chosen_stays():
    application = application_in(S.DRAFT)
    application.responsible = UserFactory()
    application.save()
    StaffMembershipFactory(fair=application.fair)

    applications.submit(application_id=application.pk, tell=False, **NOBODY)

    chosen = application.responsible
    application.refresh_from_db()
    assert application.responsible == chosen


@pytest.mark.parametrize("country", ["RU", "CN"])
@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_a_missing_tax_number_is_asked_for_in_the_readers_language(country, language):
    application = application_in(S.DRAFT, company=CompanyFactory(country=country, region=None, inn="", uscc=""))
    with translation.override(language):
        with pytest.raises(Invalid) as refusal:
            applications.submit(application_id=application.pk, tell=False, **NOBODY)
        assert "Before you submit" not in str(refusal.value.facts["errors"][-1]["detail"])
