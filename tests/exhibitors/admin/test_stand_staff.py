"""People on the stands at the desk: the list, its table to take along, changes by the organiser, further passes."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from exhibitors.domain import endings
from exhibitors.enums import ApplicationStatus
from exhibitors.models import ExtraPasses, PassQuota, StandStaff
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in, site_of
from tests.factories.exhibitors import SiteWishFactory, StandStaffDaysFactory, StandStaffFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIST = reverse("admin:exhibitors_standstaff_changelist")


@pytest.fixture
def application():
    return application_in(ApplicationStatus.ADMITTED)


@pytest.fixture
def reviewer(client, application):
    client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.REVIEWER).user)
    return client


def page(person) -> str:
    return reverse("admin:exhibitors_standstaff_change", args=[person.pk])


def form(**values):
    names = {"name_in_latin": "ANNA PETROVA", "name_in_cyrillic": "", "name_in_chinese": ""}
    return {**names, "role": "sales", "email": "", "phone": "", "days-TOTAL_FORMS": 0, "days-INITIAL_FORMS": 0, **values}


def download(client, kind):
    people = StandStaff.objects.values_list("pk", flat=True)
    return client.post(LIST, {"action": f"export_{kind}", "_selected_action": list(people)})


@pytest.fixture
def evil(application):
    """Whose names would run in a spreadsheet, had they come in some way around the domain."""
    wish = application.site_wishes.get()
    person = StandStaffFactory(
        application=application, name_in_latin="=1+1", name_in_cyrillic="Анна", name_in_chinese="王海", phone="+74232550123"
    )
    person.days.create(site=wish.site, first_day=wish.first_day, last_day=wish.last_day)
    return person


def test_the_csv_file_has_every_name_and_no_formula(reviewer, evil):
    answer = download(reviewer, "csv")
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert len(header) == len(row)
    assert row[1:10] == [
        evil.application.company.legal_name, str(evil.application_id), "'=1+1", "Анна", "王海", "sales", "Russian", "", "+74232550123",
    ]  # fmt: skip
    assert row[-2:] == ["2030-05-01", "2030-05-05"]
    assert "filename" in answer["Content-Disposition"]


def test_the_xlsx_file_has_every_name_and_no_formula(reviewer, evil):
    sheet = load_workbook(io.BytesIO(download(reviewer, "xlsx").content)).active
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert cells[3].data_type in ("s", "inlineStr")
    assert (cells[3].value, cells[9].value) == ("=1+1", "+74232550123")


def test_a_file_costs_the_same_for_any_number_of_people(reviewer, application):
    wish = application.site_wishes.get()
    costs = []
    for _more in range(3):
        StandStaffDaysFactory.create_batch(2, staff__application=application, site=wish.site)
        with CaptureQueriesContext(connection) as asked:
            assert download(reviewer, "csv").status_code == 200
        costs.append(len(asked))
    assert costs[1] == costs[2]


def test_the_reviewer_mends_a_spelling(reviewer, application):
    person = StandStaffFactory(application=application)
    assert reviewer.post(page(person), form(name_in_latin="ANNA PETROVSKAYA", languages=["ru", "en"])).status_code == 302
    person.refresh_from_db()
    assert (person.name_in_latin, person.languages) == ("ANNA PETROVSKAYA", ["ru", "en"])


def test_what_is_wrong_stands_beside_its_field(reviewer, application):
    person = StandStaffFactory(application=application)
    answer = reviewer.post(page(person), form(name_in_latin="АННА", phone="12"))
    assert set(answer.context["adminform"].form.errors) == {"name_in_latin", "phone"}


def test_what_belongs_to_an_ended_application_stays(reviewer, application):
    ended = application_in(ApplicationStatus.WITHDRAWN, fair=application.fair)
    person = StandStaffFactory(application=ended)
    assert reviewer.post(page(person), form(name_in_latin="OTHER NAME"), follow=True).status_code == 200
    assert reviewer.post(reverse("admin:exhibitors_standstaff_delete", args=[person.pk]), {"post": "yes"}).status_code == 302
    assert StandStaff.objects.get().name_in_latin == person.name_in_latin


def test_the_reviewer_grants_further_passes(reviewer, application):
    site = site_of(application.fair)
    url = reverse("admin:exhibitors_application_extra_passes", args=[application.pk])
    assert "0 of 2 passes used" in reviewer.get(url).content.decode()
    assert reviewer.post(url, {"site": site.pk, "passes": 2, "reason": ""}).status_code == 200
    assert not ExtraPasses.objects.exists()
    assert reviewer.post(url, {"site": site.pk, "passes": 2, "reason": "Two cooks"}).status_code == 302
    assert (ExtraPasses.objects.get().passes, ExtraPasses.objects.get().reason) == (2, "Two cooks")
    application_page = reviewer.get(reverse("admin:exhibitors_application_change", args=[application.pk])).content.decode()
    assert "0 of 4 passes used, 4 left (2 of them granted)" in application_page


def test_of_two_who_grant_at_once_the_second_hears_of_the_first(reviewer, application):
    url = reverse("admin:exhibitors_application_extra_passes", args=[application.pk])
    page = reviewer.get(url)
    values = {"site": site_of(application.fair).pk, "passes": 2, "reason": "Two cooks", "seen": page.context["seen"]}
    assert f'name="seen" value="{values["seen"]}"' in page.content.decode()
    assert reviewer.post(url, values).status_code == 302

    answer = reviewer.post(url, values)

    (said,) = answer.context["form"].non_field_errors()
    assert "+2 passes granted for" in said
    assert ExtraPasses.objects.count() == 1
    assert reviewer.post(url, {**values, "seen": answer.context["seen"]}).status_code == 302
    assert ExtraPasses.objects.count() == 2


def test_a_step_taken_meanwhile_is_told_before_passes_are_granted(reviewer, application):
    url = reverse("admin:exhibitors_application_extra_passes", args=[application.pk])
    values = {"site": site_of(application.fair).pk, "passes": 2, "reason": "Two cooks", "seen": reviewer.get(url).context["seen"]}
    endings.withdraw(application_id=application.pk, by=None, now=NOW)
    (said,) = reviewer.post(url, values).context["form"].non_field_errors()
    assert "Meanwhile" in said
    assert not ExtraPasses.objects.exists()


def test_a_site_of_another_application_cannot_be_granted(reviewer, application):
    foreign = SiteWishFactory(application__fair=application.fair).site
    url = reverse("admin:exhibitors_application_extra_passes", args=[application.pk])
    assert reviewer.post(url, {"site": foreign.pk, "passes": 2, "reason": "x"}).status_code == 200
    assert not ExtraPasses.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(StaffRole.READ_ONLY, 403), (StaffRole.OWNER, 404)])
def test_who_may_not_grant(client, application, role, status):
    fair = application.fair if status == 403 else application_in(ApplicationStatus.ADMITTED).fair
    client.force_login(StaffMembershipFactory(fair=fair, role=role).user)
    assert client.get(reverse("admin:exhibitors_application_extra_passes", args=[application.pk])).status_code == status


def test_a_rule_says_by_example_what_it_means(client, application):
    client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user)
    rule = PassQuota.objects.create(fair=application.fair, from_area_m2=0, passes=0, extra_passes=2, extra_per_m2=9)
    for url in (reverse("admin:exhibitors_passquota_changelist"), reverse("admin:exhibitors_passquota_change", args=[rule.pk])):
        assert "18 m² → 4 passes" in client.get(url).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_people(reviewer, application, count, django_assert_num_queries):
    for _person in range(count):
        StandStaffDaysFactory(staff__application=application)
    with django_assert_num_queries(10):
        assert reviewer.get(LIST).status_code == 200
