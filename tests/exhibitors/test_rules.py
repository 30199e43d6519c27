"""What the database refuses, whoever writes: raw SQL, no domain function in between. Placements: test_placement_rules.py."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from exhibitors.enums import ApplicationStatus, ExhibitorRole
from exhibitors.models import Application, CompanyMember
from tests.exhibitors.raw_sql import ask_what_is_asked_at_commit, insert, refused_by, run
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import (
    SUBMITTED_AT,
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyFactory,
    CompanyMemberFactory,
    ExhibitorFactory,
    RegionFactory,
    SiteWishFactory,
)
from tests.factories.fairs import FIRST_DAY, LAST_DAY, FairFactory, SiteFactory

pytestmark = pytest.mark.django_db


# --- wishes


def wish_columns(application: Application, site: Any, **changed: Any) -> dict[str, Any]:
    columns = {"application_id": application.pk, "site_id": site.pk, "first_day": FIRST_DAY, "last_day": LAST_DAY, "scheme": "shell"}
    columns["water"] = False
    return {**columns, **changed}


def test_a_wish_for_a_site_of_another_fair_is_refused():
    with refused_by("site_wish_site_of_same_fair"):
        insert("exhibitors_sitewish", **wish_columns(ApplicationFactory(), SiteFactory()))


def test_a_wish_cannot_move_to_a_site_of_another_fair():
    wish = SiteWishFactory()

    with refused_by("site_wish_site_of_same_fair"):
        run("UPDATE exhibitors_sitewish SET site_id = %s WHERE id = %s", SiteFactory().pk, wish.pk)


@pytest.mark.parametrize("columns", [{"first_day": FIRST_DAY - timedelta(days=1)}, {"last_day": LAST_DAY + timedelta(days=1)}])
def test_a_wish_outside_the_days_of_the_site_is_refused(columns):
    application = ApplicationFactory()

    with refused_by("site_wish_within_site_days"):
        insert("exhibitors_sitewish", **wish_columns(application, SiteFactory(fair=application.fair), **columns))


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"first_day": LAST_DAY, "last_day": FIRST_DAY}, "site_wish_days_in_order"),
        ({"area_min_m2": 0}, "site_wish_area_min_positive"),
        ({"area_wished_m2": -1}, "site_wish_area_wished_positive"),
        ({"area_min_m2": 9, "area_max_m2": 8}, "site_wish_areas_in_order"),
        ({"area_min_m2": 9, "area_wished_m2": 8}, "site_wish_areas_in_order"),
        ({"area_wished_m2": 9, "area_max_m2": 8}, "site_wish_areas_in_order"),
        ({"open_sides": 0}, "site_wish_open_sides_one_to_four|exhibitors_sitewish_open_sides_check"),
        ({"open_sides": 5}, "site_wish_open_sides_one_to_four"),
        ({"scheme": "tent"}, "site_wish_scheme_known"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(columns, rule):
    application = ApplicationFactory()

    with refused_by(rule):
        insert("exhibitors_sitewish", **wish_columns(application, SiteFactory(fair=application.fair), **columns))


def test_a_site_is_wished_once():
    wish = SiteWishFactory()

    with refused_by("site_wish_once|exhibitors_sitewish.application_id"):
        insert("exhibitors_sitewish", **wish_columns(wish.application, wish.site))


# --- applications


def application_columns(**changed: Any) -> dict[str, Any]:
    columns = {"status": "draft", "told_status": "draft", "late": False, "created_at": SUBMITTED_AT, "draft_nagged_days": 0}
    columns |= dict.fromkeys(("message", "told_message", "move_reason", "move_wish", "fascia_text"), "")
    return {**columns, **changed}


@pytest.mark.parametrize("status", [status for status in ApplicationStatus if status not in ApplicationStatus.ended])
def test_a_second_living_application_of_a_company_is_refused(status):
    first = application_in(status)

    with refused_by("application_one_live_per_company|exhibitors_application.fair_id"):
        insert("exhibitors_application", **application_columns(fair_id=first.fair_id, company_id=first.company_id))


@pytest.mark.parametrize("status", ApplicationStatus.ended)
def test_an_ended_application_makes_way_for_another_and_stays_ended(status):
    first = application_in(status)

    insert("exhibitors_application", **application_columns(fair_id=first.fair_id, company_id=first.company_id))

    with refused_by("application_one_live_per_company|exhibitors_application.fair_id"):
        run("UPDATE exhibitors_application SET status = 'admitted', told_status = 'admitted' WHERE id = %s", first.pk)


def test_an_application_keeps_its_fair_and_once_sent_its_company():
    application = ApplicationFactory()
    run("UPDATE exhibitors_application SET company_id = %s WHERE id = %s", CompanyFactory().pk, application.pk)  # a draft may go along
    application = application_in(ApplicationStatus.SUBMITTED)

    with refused_by("application_keeps_fair_and_company"):
        run("UPDATE exhibitors_application SET fair_id = %s WHERE id = %s", FairFactory().pk, application.pk)
    with refused_by("application_keeps_fair_and_company"):
        run("UPDATE exhibitors_application SET company_id = %s WHERE id = %s", CompanyFactory().pk, application.pk)


def test_an_application_that_was_sent_has_the_moment():
    application = ApplicationFactory()

    with refused_by("application_submitted_has_moment"):
        run("UPDATE exhibitors_application SET status = 'submitted', told_status = 'submitted' WHERE id = %s", application.pk)


def test_an_unknown_state_is_refused():
    application = ApplicationFactory()

    with refused_by("application_status_known"):
        run("UPDATE exhibitors_application SET status = 'lost' WHERE id = %s", application.pk)


# --- co-exhibitors and the catalogue


def test_a_company_is_not_its_own_co_exhibitor():
    application = ApplicationFactory(accepted=True)
    columns = {"application_id": application.pk, "company_id": application.company_id, "status": "declared", "declared_at": SUBMITTED_AT}

    with refused_by("co_exhibitor_is_another_company"):
        insert("exhibitors_coexhibitor", **columns)


def test_a_co_exhibitor_cannot_become_the_main_exhibitor_by_update():
    co_exhibitor = CoExhibitorFactory()

    with refused_by("co_exhibitor_is_another_company"):
        run("UPDATE exhibitors_coexhibitor SET company_id = %s WHERE id = %s", co_exhibitor.application.company_id, co_exhibitor.pk)


def exhibitor_columns(application: Application, fair_id: int) -> dict[str, Any]:
    names = {f"sort_{code}": "x" for code in ("ru", "zh_hans", "en")}
    return {
        "application_id": application.pk,
        "company_id": application.company_id,
        "fair_id": fair_id,
        "role": ExhibitorRole.MAIN.value,
        **names,
    }


def test_a_catalogue_row_with_an_application_of_another_fair_is_refused():
    application = ApplicationFactory(accepted=True)

    with refused_by("exhibitor_of_same_fair"):
        insert("exhibitors_exhibitor", **exhibitor_columns(application, FairFactory().pk))


def test_a_catalogue_row_cannot_move_to_another_fair():
    exhibitor = ExhibitorFactory()

    with refused_by("exhibitor_of_same_fair"):
        run("UPDATE exhibitors_exhibitor SET fair_id = %s WHERE id = %s", FairFactory().pk, exhibitor.pk)


def test_a_company_is_in_a_catalogue_once():
    exhibitor = ExhibitorFactory()

    with refused_by("exhibitor_once_per_fair|exhibitors_exhibitor.fair_id"):
        insert("exhibitors_exhibitor", **exhibitor_columns(exhibitor.application, exhibitor.fair_id))


# --- a company's region is in its country


def test_a_company_of_a_region_of_another_country_is_refused():
    company, there = CompanyFactory(), RegionFactory(code="CN-LN")

    with refused_by("company_region_of_its_country"):
        run("UPDATE exhibitors_company SET region_id = %s WHERE id = %s", there.pk, company.pk)
    with refused_by("company_region_of_its_country"):
        run("UPDATE exhibitors_company SET country = 'CN' WHERE id = %s", company.pk)
    run("UPDATE exhibitors_company SET country = 'CN', region_id = %s WHERE id = %s", there.pk, company.pk)
    run("UPDATE exhibitors_company SET country = 'KZ', region_id = NULL WHERE id = %s", company.pk)


def test_a_region_keeps_its_country():
    region = RegionFactory()

    with refused_by("region_keeps_country"):
        run("UPDATE exhibitors_region SET country = 'CN' WHERE id = %s", region.pk)


# --- a company that has members has an owner


def test_the_last_owner_cannot_be_made_less_while_others_stay():
    owner = CompanyMemberFactory()
    CompanyMemberFactory(company=owner.company, role="editor")
    with refused_by("company_keeps_owner"):
        run("UPDATE exhibitors_companymember SET role = 'editor' WHERE id = %s", owner.pk)
        ask_what_is_asked_at_commit()
    run("UPDATE exhibitors_companymember SET role = 'owner' WHERE company_id = %s", owner.company_id)
    run("UPDATE exhibitors_companymember SET role = 'editor' WHERE id = %s", owner.pk)  # another is left


def test_the_last_owner_cannot_be_taken_away_while_others_stay():
    owner = CompanyMemberFactory()
    CompanyMemberFactory(company=owner.company, role="editor")
    with refused_by("company_keeps_owner"):
        run("DELETE FROM exhibitors_companymember WHERE id = %s", owner.pk)
        ask_what_is_asked_at_commit()


@pytest.mark.django_db(transaction=True)
def test_nobody_commits_the_loss_of_the_last_owner():
    owner = CompanyMemberFactory()
    CompanyMemberFactory(company=owner.company, role="editor")
    with pytest.raises(IntegrityError):
        run("DELETE FROM exhibitors_companymember WHERE id = %s", owner.pk)
    assert owner.company.members.count() == 2


def test_an_owner_may_go_when_another_comes_in_the_same_transaction():
    owner = CompanyMemberFactory()
    CompanyMemberFactory(company=owner.company, role="editor")
    with transaction.atomic():
        run("DELETE FROM exhibitors_companymember WHERE id = %s", owner.pk)
        run("UPDATE exhibitors_companymember SET role = 'owner' WHERE company_id = %s", owner.company_id)
        ask_what_is_asked_at_commit()
    assert list(owner.company.members.values_list("role", flat=True)) == ["owner"]


def test_the_last_member_may_go():
    owner = CompanyMemberFactory()
    with transaction.atomic():
        owner.delete()
        ask_what_is_asked_at_commit()
    assert not CompanyMember.objects.exists()


def test_a_company_is_deleted_with_all_its_members():
    owner = CompanyMemberFactory()
    CompanyMemberFactory(company=owner.company, role="editor")
    with transaction.atomic():
        owner.company.delete()
        ask_what_is_asked_at_commit()
    assert not CompanyMember.objects.exists()
