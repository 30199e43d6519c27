"""What the database refuses of people on the stands, whoever writes: raw SQL, no domain function in between."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from exhibitors.models import PassQuota, StandStaff, StandStaffDays
from tests.factories.exhibitors import ApplicationFactory, SiteWishFactory, StandStaffDaysFactory, StandStaffFactory
from tests.factories.fairs import FIRST_DAY, LAST_DAY, FairFactory, SiteFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(rule: str, sql: str, *values: Any) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        run(sql, *values)


INSERT_DAYS = "INSERT INTO exhibitors_standstaffdays (staff_id, site_id, first_day, last_day) VALUES (%s, %s, %s, %s)"


@pytest.mark.parametrize(("first", "last"), [(FIRST_DAY, LAST_DAY), (FIRST_DAY + DAY, LAST_DAY + DAY)])
def test_days_outside_the_wish_are_refused(first, last):
    person = StandStaffFactory()
    wish = SiteWishFactory(application=person.application, first_day=FIRST_DAY + DAY)
    refused("stand_staff_days_within_wish", INSERT_DAYS, person.pk, wish.site_id, first, last)
    run(INSERT_DAYS, person.pk, wish.site_id, FIRST_DAY + DAY, LAST_DAY)


def test_days_at_a_site_that_only_another_application_wishes_are_refused():
    person = StandStaffFactory()
    wish = SiteWishFactory(application__fair=person.application.fair)
    refused("stand_staff_days_within_wish", INSERT_DAYS, person.pk, wish.site_id, FIRST_DAY, LAST_DAY)


def test_days_cannot_be_moved_outside_the_wish_nor_to_another_person():
    days = StandStaffDaysFactory()
    other = StandStaffFactory(application=days.staff.application)
    refused("stand_staff_days_within_wish", "UPDATE exhibitors_standstaffdays SET last_day = %s WHERE id = %s", LAST_DAY + DAY, days.pk)
    refused("stand_staff_days_keep_person", "UPDATE exhibitors_standstaffdays SET staff_id = %s WHERE id = %s", other.pk, days.pk)


def test_a_person_stays_with_the_application():
    person = StandStaffFactory()
    other = ApplicationFactory(fair=person.application.fair)
    refused("stand_staff_keeps_application", "UPDATE exhibitors_standstaff SET application_id = %s WHERE id = %s", other.pk, person.pk)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ("name_in_latin = '', name_in_cyrillic = ''", "stand_staff_has_name"),
        ("name_in_latin = '', needs_visa_invitation = true", "stand_staff_visa_needs_latin"),
        ("role = 'boss'", "stand_staff_role_known"),
    ],
)
def test_a_person_has_what_a_badge_needs(changed, rule):
    refused(rule, f"UPDATE exhibitors_standstaff SET {changed} WHERE id = %s", StandStaffFactory().pk)  # noqa: S608 - of this file


def test_when_the_wish_shrinks_the_days_follow():
    days = StandStaffDaysFactory()
    run("UPDATE exhibitors_sitewish SET first_day = %s, last_day = %s WHERE site_id = %s", FIRST_DAY + DAY, LAST_DAY - DAY, days.site_id)
    days.refresh_from_db()
    assert (days.first_day, days.last_day) == (FIRST_DAY + DAY, LAST_DAY - DAY)


def test_when_the_wish_leaves_the_days_they_go():
    days = StandStaffDaysFactory(last_day=FIRST_DAY)
    run("UPDATE exhibitors_sitewish SET first_day = %s WHERE site_id = %s", FIRST_DAY + DAY, days.site_id)
    assert not StandStaffDays.objects.exists()
    assert StandStaff.objects.exists()


def test_when_the_wish_goes_the_days_go_and_those_of_others_stay():
    days = StandStaffDaysFactory()
    others = StandStaffDaysFactory(staff__application=SiteWishFactory(site=days.site, application__fair=days.site.fair).application)
    elsewhere = StandStaffDaysFactory(staff=days.staff)
    run("DELETE FROM exhibitors_sitewish WHERE site_id = %s AND application_id = %s", days.site_id, days.staff.application_id)
    assert set(StandStaffDays.objects.all()) == {others, elsewhere}


def test_an_application_goes_with_its_people():
    days = StandStaffDaysFactory()
    days.staff.application.delete()
    assert not StandStaff.objects.exists()


def test_a_rule_for_passes_and_extra_passes_name_a_site_of_the_fair():
    site = SiteFactory()
    columns = "(fair_id, site_id, from_area_m2, passes, extra_passes, per_co_exhibitor)"
    insert = f"INSERT INTO exhibitors_passquota {columns} VALUES (%s, %s, 0, 1, 0, 0)"  # noqa: S608 - of this file
    refused("pass_quota_site_of_same_fair", insert, FairFactory().pk, site.pk)
    refused(
        "extra_passes_site_of_same_fair",
        "INSERT INTO exhibitors_extrapasses (application_id, site_id, passes, reason, at) VALUES (%s, %s, 1, 'x', '2030-01-01')",
        ApplicationFactory().pk,
        site.pk,
    )


@pytest.mark.parametrize("at_site", [True, False])
def test_an_area_has_one_rule(at_site):
    site = SiteFactory()
    fields = {"fair": site.fair, "site": site if at_site else None, "from_area_m2": 9, "passes": 2}
    PassQuota.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PassQuota.objects.create(**fields)
