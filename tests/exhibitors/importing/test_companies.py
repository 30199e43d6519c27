"""The whole import: what it writes, that it can be repeated, and that an error leaves nothing behind."""

import pytest
from django.utils import translation

from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, ApplicationStep, CoExhibitor, Company, CompanyContact, Exhibitor, Placement, Region
from fairs.models import Stand
from notifications.models import Letter
from tests.exhibitors.importing.conftest import line
from tests.factories.exhibitors import ApplicationFactory, CompanyFactory, CompanyMemberFactory, PlacementFactory, inn
from tests.factories.fairs import StaffMembershipFactory


def cells(report):
    """Where the errors are: row, column."""
    return [(error.row, error.column) for error in report.errors]


def test_a_row_becomes_a_company_with_contact_and_application(load, fair):
    brands = {"brands_ru": "Заря; Утро", "brands_zh": "朝霞", "website": "rassvet.example", "contact_phone": "8 (423) 255-01-07"}
    report = load(line(1, **brands, east_area_min="6", east_area_max="12", east_scheme="raw"))

    assert (report.created, report.updated, report.unchanged, report.errors) == (1, 0, 0, [])
    company = Company.objects.get()
    assert (company.name_ru, company.name_zh_hans, company.name_en) == ("Рассвет 1", "黎明1", "Dawn 1")
    assert (company.brands_ru, company.brands_zh_hans, company.website) == ("Заря\nУтро", "朝霞", "https://rassvet.example")
    assert company.region.code == "RU-PRI"
    assert "рассвет 1" in company.search_text
    assert company.members.count() == 0
    contact = CompanyContact.objects.get()
    assert (contact.phone, contact.language, contact.time_zone) == ("+74232550107", "ru", "Asia/Vladivostok")
    application = Application.objects.get()
    assert (application.status, application.late) == (ApplicationStatus.SUBMITTED, False)
    assert [category.code for category in application.categories.all()] == ["03"]
    wish = application.site_wishes.get()
    assert (wish.area_min_m2, wish.area_wished_m2, wish.area_max_m2, wish.scheme) == (6, 9, 12, "raw")
    assert (wish.first_day, wish.last_day) == (fair.starts_on, fair.ends_on)


def test_the_same_table_twice_changes_nothing(load):
    lines = [line(1), line(2, east_stand="one/A-1"), line(3, status="rejected"), line(4, status="waitlisted"), line(5, east_area="")]
    lines.append(line(6, role="CO", main_company=inn(2), east_area="", status="accepted"))
    first = load(*lines)
    before = [list(model.objects.order_by("pk").values()) for model in (Company, CompanyContact, Application, Placement, CoExhibitor)]

    second = load(*lines)

    assert (first.created, first.errors) == (6, [])
    assert (second.created, second.updated, second.unchanged, second.errors) == (0, 0, 6, [])
    assert [
        list(model.objects.order_by("pk").values()) for model in (Company, CompanyContact, Application, Placement, CoExhibitor)
    ] == before


def test_a_changed_row_updates_company_wish_and_catalogue(load):
    load(line(1, east_stand="one/A-1"), line(2))

    report = load(line(1, east_stand="one/A-1", name_en="Aurora", east_area_max="12"), line(2))

    assert (report.created, report.updated, report.unchanged, report.errors) == (0, 1, 1, [])
    assert Company.objects.get(inn=inn(1)).name_en == "Aurora"
    assert Exhibitor.objects.get().sort_en == "aurora"
    assert Application.objects.get(company__inn=inn(1)).site_wishes.get().area_max_m2 == 12


@pytest.mark.parametrize(
    ("wrong", "column"), [({"region": ""}, "region"), ({"legal_name": '=HYPERLINK("http://evil.example","x")'}, "legal_name")]
)
def test_a_row_without_region_or_with_a_formula_is_refused(load, wrong, column):
    report = load(line(1), line(2, **wrong))
    assert column in [name for row, name in cells(report) if row == 3]
    assert not Company.objects.exists()


def test_who_claims_a_tax_number_gets_nothing_that_a_table_says_of_it(load):
    claimed = CompanyFactory(inn=inn(1), legal_name="OOO Claimed")
    CompanyMemberFactory(company=claimed)

    report = load(line(1, east_stand="one/A-1"))

    assert (report.created, report.errors) == (1, [])
    claimed.refresh_from_db()
    assert (claimed.legal_name, claimed.applications.count()) == ("OOO Claimed", 0)
    assert Application.objects.get().company.members.count() == 0


def test_a_company_that_applied_here_itself_is_the_one_that_the_table_means(load, fair):
    applied = ApplicationFactory(fair=fair, company=CompanyFactory(inn=inn(1)), submitted=True).company
    CompanyMemberFactory(company=applied)

    report = load(line(1))

    assert (report.created, report.updated, report.errors) == (0, 1, [])
    applied.refresh_from_db()
    assert applied.name_en == "Dawn 1"


def test_two_companies_of_one_number_are_for_a_person_to_tell_apart(load, fair):
    CompanyFactory(inn=inn(1))
    ApplicationFactory(fair=fair, company=CompanyFactory(inn=inn(1)), submitted=True)

    report = load(line(1))

    assert cells(report) == [(2, "inn")]


def test_two_companies_of_one_name_are_told_apart_by_a_number_or_by_a_person(load, fair):
    known, other = CompanyFactory.create_batch(2, legal_name="ООО «Рассвет 1»", inn="")
    unnumbered = line(1, inn="")

    assert cells(load(unnumbered)) == [(2, "legal_name")]
    assert (load(line(1), dry_run=True).created, Company.objects.count()) == (1, 2)  # whose number nobody has is another one

    Company.objects.filter(pk=known.pk).update(inn=inn(7))
    assert (load(line(1, inn=inn(7)), dry_run=True).updated, load(line(1), dry_run=True).updated) == (1, 1)
    ApplicationFactory(fair=fair, company=other, submitted=True)
    assert load(unnumbered).errors == []
    other.refresh_from_db()
    assert other.name_en == "Dawn 1"


def test_the_errors_of_a_row_come_in_one_round(load):
    report = load(
        line(
            1, legal_name="=1+1", inn="7707083890", categories="99", status="odd", submitted_at="soon", east_area="nine", east_stand="one/Z"
        ),
        line(2, region="RU-XXX"),
    )

    row = [(2, name) for name in ("legal_name", "inn", "categories", "east_area", "status", "submitted_at", "east_stand")]
    assert sorted(cells(report)) == sorted([*row, (3, "region")])


@pytest.mark.parametrize(("wrong", "name"), [({"inn": "12345673"}, "inn"), ({"kpp": "1000101"}, "kpp")])
def test_zeros_that_a_spreadsheet_removed_are_spoken_of(load, wrong, name):
    (error,) = load(line(1, **wrong)).errors
    assert (error.column, "zeros" in error.message) == (name, True)


@pytest.mark.parametrize(
    ("areas", "is_refused"),
    [
        ({"east_area": "900"}, True),
        ({"east_area": "18"}, False),
        ({"east_area": "5"}, True),
        ({"east_area": "6", "east_area_max": "8"}, True),
        ({"east_area": "12", "east_area_min": "10"}, True),
        ({"east_area": "12", "east_area_min": "9"}, False),
        ({"east_area": ""}, False),
    ],
)
def test_a_stand_has_about_the_area_that_the_row_asks_for(load, areas, is_refused):
    assert cells(load(line(1, east_stand="one/A-1", **areas))) == ([(2, "east_stand")] if is_refused else [])


def test_an_empty_cell_leaves_alone_what_is_there(load):
    load(line(1, website="https://rassvet.example", description_en="Fish."))

    report = load(line(1, website="", description_en="", categories="", contact_name="", contact_email=""))

    assert report.unchanged == 1
    company = Company.objects.get()
    assert (company.website, company.description_en, company.categories.count(), company.contacts.count()) == (
        "https://rassvet.example",
        "Fish.",
        1,
        1,
    )


@pytest.mark.parametrize(
    ("status", "extra"),
    [
        ("draft", {}),
        ("submitted", {}),
        ("in_review", {}),
        ("changes_requested", {}),
        ("admitted", {}),
        ("waitlisted", {}),
        ("rejected", {}),
        ("stand_offered", {"east_stand": "one/A-1"}),
        ("accepted", {"east_stand": "one/A-1"}),
        ("withdrawn", {}),
        ("cancelled", {}),
    ],
)
def test_an_application_comes_to_every_state(load, status, extra):
    report = load(line(1, status=status, **extra))

    assert report.errors == []
    application = Application.objects.get()
    assert application.status == status
    assert application.placements.live().count() == len(extra)


def test_a_table_takes_an_application_forward_and_never_back(load):
    load(line(1, status="submitted"), line(2, status="in_review"), line(3, status="withdrawn"))

    report = load(line(1, status="admitted"), line(2, status="submitted"), line(3, status="accepted", east_stand="one/A-1"))

    assert (report.updated, report.unchanged, report.errors) == (1, 2, [])
    states = list(Application.objects.order_by("company__inn").values_list("status", flat=True))
    assert states == ["admitted", "in_review", "withdrawn"]


def test_another_stand_is_a_relocation(load):
    load(line(1, east_stand="one/A-1"))

    report = load(line(1, east_stand="one/A-2"))

    assert (report.updated, report.errors) == (1, [])
    assert [placement.stand.number for placement in Placement.objects.public()] == ["A-2"]


def test_submitted_at_decides_whether_it_is_late(load):
    load(line(1, submitted_at="2030-02-01T07:59:59+08:00"), line(2, submitted_at="2030-02-02"), line(3, submitted_at="05.01.2030"))

    late = dict(Application.objects.values_list("company__inn", "late"))
    assert late == {inn(1): False, inn(2): True, inn(3): False}


def test_the_responsible_one_is_of_the_fairs_staff(load, fair):
    membership = StaffMembershipFactory(fair=fair)

    good = load(line(1, responsible=membership.user.email.upper()))
    bad = load(line(2, responsible="nobody@example.com"))

    assert good.errors == []
    assert Application.objects.get().responsible == membership.user
    assert cells(bad) == [(2, "responsible")]


def test_a_co_exhibitor_stands_with_its_main_exhibitor(load):
    report = load(line(2, role="CO", main_company="ооо «рассвет 1»", east_area="", status="accepted"), line(1, east_stand="one/A-1"))

    assert report.errors == []
    assert sorted(Exhibitor.objects.values_list("company__inn", "role")) == [(inn(1), "MAIN"), (inn(2), "CO")]
    assert Application.objects.count() == 1


@pytest.mark.parametrize(("same", "said"), [("legal_name", "are several companies"), ("inn", "2 companies have this number")])
def test_of_two_main_exhibitors_of_one_name_or_number_none_is_taken(load, fair, same, said):
    company = CompanyFactory(legal_name="ООО «Берег»", inn=inn(8))
    others = {"legal_name": "ООО «Берег»", "inn": inn(9)} if same == "legal_name" else {"inn": inn(8)}
    for one in (company, CompanyFactory(**others)):
        ApplicationFactory(fair=fair, company=one, submitted=True)
    beside = line(2, role="CO", main_company=str(getattr(company, same)), east_area="")
    report = load(beside)
    assert (cells(report), said in report.errors[0].message) == ([(2, "main_company")], True)
    if same == "legal_name":
        assert load({**beside, "main_company": inn(9)}).errors == []


def test_a_company_that_is_known_is_found_by_number_or_by_name_and_region(load):
    by_number = CompanyFactory(inn=inn(1), legal_name="Старое имя")
    by_name = CompanyFactory(inn="", legal_name="ООО  «РАССВЕТ 2»")
    CompanyFactory(inn=inn(77), legal_name="ООО «Рассвет 3»")  # another number: another company

    report = load(line(1), line(2), line(3))

    assert (report.created, report.updated, report.errors) == (1, 2, [])
    by_number.refresh_from_db()
    by_name.refresh_from_db()
    assert (by_number.legal_name, by_name.inn) == ("ООО «Рассвет 1»", inn(2))


def test_every_error_is_named_with_row_and_column_and_nothing_is_written(load, fair):
    Stand.objects.filter(number="A-3").update(blocked=True)
    taken = PlacementFactory(application=ApplicationFactory(fair=fair, accepted=True), stand=Stand.objects.get(number="A-4"))
    report = load(
        line(1),
        line(2, region="RU-XXX"),
        line(3, categories="03;99"),
        line(4, inn="7707083890"),
        line(5, inn=inn(1)),
        line(6, legal_name="ООО «Рассвет 1»"),
        line(7, east_stand="one/Z-9"),
        line(8, east_stand="one/A-1"),
        line(9, east_stand="one/A-1"),
        line(10, east_stand="one/A-4"),
        line(11, east_stand="one/A-3"),
        line(12, east_area="nine", contact_email="no address"),
        line(13, east_first_day="2030-04-30"),
        line(14, status="strange"),
        line(15, country="", legal_name=""),
        line(16, role="CO", east_area="", main_company="ООО «Никто»"),
        line(17, status="accepted"),
        line(18, inn="", country="RU"),
        line(19, east_area_min="20"),
        line(20, country="CN"),
    )

    assert cells(report) == [
        (3, "region"),
        (4, "categories"),
        (5, "inn"),
        (6, "inn"),
        (7, "legal_name"),
        (8, "east_stand"),
        (10, "east_stand"),
        (11, "east_stand"),
        (12, "east_stand"),
        (13, "contact_email"),
        (13, "east_area"),
        (14, "east_first_day"),
        (15, "status"),
        (16, "legal_name"),
        (16, "country"),
        (17, "main_company"),
        (18, "status"),
        (19, "inn"),
        (20, "east_area"),
        (21, "region"),
        (21, "inn"),
    ]
    assert not report.is_written
    assert set(Company.objects.values_list("pk", flat=True)) == {taken.application.company_id}
    assert Application.objects.count() == 1


@pytest.mark.parametrize("area", ["1,234", "12.345"])
def test_an_area_that_would_be_rounded_is_refused(load, area):
    report = load(line(1, east_area=area))
    assert (cells(report), report.is_written) == ([(2, "east_area")], False)
    assert "no more than 2 decimal places" in report.errors[0].message


def test_who_leaves_out_a_tax_number_is_told_to_write_it_into_the_table(load):
    with translation.override("en"):
        report = load(line(1, inn=""))

    assert [(error.column, error.message) for error in report.errors] == [
        ("inn", "A Russian company cannot apply without its INN: write it here.")
    ]


def test_a_missing_and_an_unknown_column_are_errors(load):
    report = load(line(1), headers=["legal_name", "country", "nonsense"])

    assert sorted(cells(report)) == [(1, "nonsense"), (1, "region")]
    assert Company.objects.count() == 0


def test_an_unknown_column_hides_no_other_error(load):
    report = load(line(1, region="RU-XXX", nonsense="x"))

    assert cells(report) == [(1, "nonsense"), (2, "region")]
    assert Company.objects.count() == 0


def test_places_and_categories_may_be_written_by_name(load):
    named = {"country": "Россия", "region": "Хабаровский край", "categories": "рыба и морепродукты", "status": "черновик"}
    Region.objects.filter(code="RU-KHA").update(name_ru="Хабаровский край")

    assert load(line(1, **named)).errors == []
    assert load(line(1, region="RU-KHA", status="draft")).unchanged == 1

    company = Company.objects.select_related("region").get()
    assert (company.country, company.region.code) == ("RU", "RU-KHA")
    assert [category.code for category in Application.objects.get().categories.all()] == ["03"]
    report = load(line(2, country="Атлантида", region="Приморье", categories="Мясо"), line(3, country="Китай", region="Приморский край"))
    assert cells(report) == [(2, "country"), (2, "categories"), (3, "region"), (3, "inn")]


def test_headers_may_be_russian_or_chinese(load):
    row = {
        "ИНН": inn(1),
        "Юридическое название": "ООО «Рассвет»",
        "国家": "RU",
        "Регион": "RU-PRI",
        "Шэньян площадь": "9",
        "产品类别": "03",
    }

    assert load(row).errors == []
    assert Application.objects.get().site_wishes.get().area_wished_m2 == 9


def test_a_dry_run_counts_and_writes_nothing(load):
    report = load(line(1), line(2), dry_run=True)

    assert (report.created, report.errors, report.is_written) == (2, [], False)
    assert Company.objects.count() == 0


@pytest.mark.parametrize(("tell", "letters"), [(False, 0), (True, 1)])
def test_letters_are_written_when_asked_for(load, tell, letters):
    report = load(line(1), tell=tell)

    assert report.errors == []
    assert Letter.objects.count() == letters


@pytest.mark.parametrize("count", [1, 3])
def test_companies_cost_a_fixed_number_of_queries_before_their_applications(fair, count, django_assert_num_queries):
    from exhibitors.domain.companies import create_many
    from exhibitors.domain.company_values import Reference, check

    checked = [check({"legal_name": f"A {n}", "country": "RU", "categories": ["03"]}, reference=Reference.load()) for n in range(count)]
    # savepoint, companies, categories, release; for duplicates a savepoint, the keys, two names, phones, release
    with django_assert_num_queries(10):
        create_many(checked)


def test_every_step_of_a_table_says_that_it_was_brought_in(load):
    load(line(1, east_stand="one/A-1", status="accepted"), line(2, status="rejected"))
    load(line(1, east_stand="one/A-1", status="accepted"), line(2, status="rejected"), line(3))

    steps = ApplicationStep.objects.all()
    assert steps.count() >= 6
    assert not steps.filter(imported_at=None).exists()


def test_a_number_that_is_none_is_told_in_each_row_that_has_it(load):
    report = load(line(1, inn="123"), line(2, inn="123"))
    told = {error.row: str(error.message) for error in report.errors if error.column == "inn"}
    assert told[2] == told[3]
