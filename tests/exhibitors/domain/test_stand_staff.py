"""The people on a stand: what a name may be, how many passes there are, until when the exhibitor may name them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from api.problems import Conflict, Invalid
from exhibitors.domain import pass_quotas, stand_staff
from exhibitors.domain.editing import NotEditable
from exhibitors.domain.open_deadlines import read_open
from exhibitors.domain.pass_quotas import passes_of
from exhibitors.domain.stand_staff_values import DaysInput
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus
from exhibitors.models import DeadlineExtension, PassQuota, StandStaff, StandStaffDays
from fairs.enums import Audience
from tests.exhibitors.world import NOW, application_in, site_of
from tests.factories.exhibitors import CoExhibitorFactory, SiteWishFactory, StandStaffFactory
from tests.factories.fairs import FIRST_DAY, LAST_DAY, DeadlineFactory, FairFactory, SiteFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
ANNA = {"name_in_latin": "ANNA IVANOVA", "role": "sales"}


@pytest.fixture
def application():
    return application_in(S.ADMITTED)


@pytest.fixture
def site(application):
    return site_of(application.fair)


NUMBERS = count()


def add(application, *sites, **values):
    """Somebody with an address of their own, so that nobody is named twice."""
    days = [DaysInput(site) for site in sites]
    somebody = {**ANNA, "email": f"anna-{next(NUMBERS)}@example.org"}
    return stand_staff.add(application_id=application.pk, by=None, now=NOW, days=days, **{**somebody, **values})


def pointers(refusal) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in refusal.value.facts["errors"]]


# --- names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name_in_latin": "  O’Brien-Li   ANNA "}, {"name_in_latin": "O'Brien-Li ANNA"}),
        ({"name_in_latin": "", "name_in_cyrillic": "Салтыков-Щедрин Ёж"}, {"name_in_cyrillic": "Салтыков-Щедрин Ёж"}),
        ({"name_in_chinese": "欧阳娜娜"}, {"name_in_chinese": "欧阳娜娜"}),
        ({"phone": "8 (423) 255-01-23"}, {"phone": "+74232550123"}),
        ({"email": "ANNA@Example.com"}, {"email": "anna@example.com"}),
        ({"languages": ["zh-hans", "ru", "ru"]}, {"languages": ["ru", "zh-hans"]}),
    ],
)
def test_values_are_kept_in_one_form(application, given, kept):
    person = add(application, **given)
    person.refresh_from_db()
    assert {name: getattr(person, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"name_in_latin": "АННА"}, ("/name_in_latin", "script")),  # Cyrillic letters that look Latin
        ({"name_in_latin": "Anna2"}, ("/name_in_latin", "script")),
        ({"name_in_latin": "=SUM(A1)"}, ("/name_in_latin", "script")),
        ({"name_in_cyrillic": "Anna"}, ("/name_in_cyrillic", "script")),
        ({"name_in_chinese": "Anna"}, ("/name_in_chinese", "script")),
        ({"name_in_latin": "A" * 101}, ("/name_in_latin", "max_length")),
        ({"name_in_latin": "", "name_in_chinese": "王海"}, ("/name_in_latin", "required")),
        ({"name_in_latin": "", "name_in_cyrillic": "Анна", "needs_visa_invitation": True}, ("/name_in_latin", "required_for_visa")),
        ({"role": "boss"}, ("/role", "invalid_choice")),
        ({"languages": ["ru", "fr"]}, ("/languages/1", "invalid_choice")),
        ({"email": "anna@"}, ("/email", "invalid")),
        ({"phone": "12"}, ("/phone", "phone")),
    ],
)
def test_what_is_wrong_is_named(application, given, where):
    with pytest.raises(Invalid) as refusal:
        add(application, **given)
    assert pointers(refusal) == [where]
    assert not StandStaff.objects.exists()


def test_a_change_may_not_take_the_last_name(application):
    person = add(application)
    with pytest.raises(Invalid) as refusal:
        stand_staff.update(staff_id=person.pk, by=None, now=NOW, name_in_latin="")
    assert pointers(refusal) == [("/name_in_latin", "required")]


# --- days


def test_days_left_out_are_those_asked_for(application, site):
    days = add(application, site).days.get()
    assert (days.first_day, days.last_day) == (FIRST_DAY, LAST_DAY)


@pytest.mark.parametrize(
    ("first", "last", "where"),
    [
        (FIRST_DAY - timedelta(days=1), LAST_DAY, ("/days/0/first_day", "outside_wish")),
        (FIRST_DAY, LAST_DAY + timedelta(days=1), ("/days/0/last_day", "outside_wish")),
        (LAST_DAY + timedelta(days=1), None, ("/days/0/first_day", "outside_wish")),
        (LAST_DAY, FIRST_DAY, ("/days/0/last_day", "days_in_order")),
    ],
)
def test_days_lie_within_those_asked_for(application, site, first, last, where):
    with pytest.raises(Invalid) as refusal:
        stand_staff.add(application_id=application.pk, by=None, now=NOW, days=[DaysInput(site, first, last)], **ANNA)
    assert pointers(refusal) == [where]


def test_a_site_that_is_not_asked_for_is_refused(application):
    with pytest.raises(Invalid) as refusal:
        add(application, SiteFactory(fair=application.fair))
    assert pointers(refusal) == [("/days/0/site", "site_not_wished")]


def test_a_site_named_twice_is_refused(application, site):
    with pytest.raises(Invalid) as refusal:
        add(application, site, site)
    assert pointers(refusal) == [("/days/1/site", "unique")]


# --- how many passes


def rule(**fields) -> PassQuota:
    return PassQuota(**{"from_area_m2": Decimal(0), "passes": 2, **fields})


@pytest.mark.parametrize(
    ("area", "rules", "earned"),
    [
        (0, [], 0),
        (6, [], 2),
        (9, [], 2),
        ("9.01", [], 4),
        (18, [], 4),
        (12, [rule()], 2),
        (12, [rule(), rule(from_area_m2=Decimal(12), passes=5)], 5),
        (11, [rule(), rule(from_area_m2=Decimal(12), passes=5)], 2),
        (8, [rule(from_area_m2=Decimal(9))], 0),
        (21, [rule(from_area_m2=Decimal(9), extra_passes=1, extra_per_m2=Decimal(6))], 4),
        ("21.5", [rule(from_area_m2=Decimal(9), extra_passes=1, extra_per_m2=Decimal(6))], 5),
    ],
)
def test_the_area_earns_passes(area, rules, earned):
    assert pass_quotas.earned_by(Decimal(area), co_exhibitors=0, rules=rules) == earned


def test_each_co_exhibitor_earns_more():
    assert pass_quotas.earned_by(Decimal(9), co_exhibitors=3, rules=[rule(per_co_exhibitor=2)]) == 8


def test_a_site_s_own_rules_go_before_those_for_all(application, site):
    PassQuota.objects.create(fair=application.fair, from_area_m2=0, passes=7)
    assert [passes.quota for passes in passes_of(application)] == [7]
    PassQuota.objects.create(fair=application.fair, site=site, from_area_m2=0, passes=1)
    assert [passes.quota for passes in passes_of(application)] == [1]


def test_the_accepted_stand_counts_and_before_it_the_wish():
    wished, accepted = application_in(S.STAND_OFFERED), application_in(S.ACCEPTED)
    wished.site_wishes.update(area_wished_m2=27, area_max_m2=30)
    accepted.site_wishes.update(area_wished_m2=27, area_max_m2=30)
    assert [passes.area_m2 for passes in passes_of(wished)] == [27]
    assert [passes.area_m2 for passes in passes_of(accepted)] == [accepted.placements.get().stand.area_m2]


@pytest.mark.parametrize(
    ("status", "quota"),
    [(CoExhibitorStatus.DECLARED, 2), (CoExhibitorStatus.CONFIRMED, 4), (CoExhibitorStatus.ADMITTED, 4), (CoExhibitorStatus.REFUSED, 2)],
)
def test_co_exhibitors_count_once_they_have_confirmed(application, status, quota):
    CoExhibitorFactory(application=application, status=status)
    assert [passes.quota for passes in passes_of(application)] == [quota]


def test_no_more_than_the_quota_are_named(application, site):
    add(application, site)
    add(application, site)
    with pytest.raises(stand_staff.PassesUsedUp) as refusal:
        add(application, site)
    assert pointers(refusal) == [("/days/0/site", "passes-used-up")]
    assert (refusal.value.facts["quota"], refusal.value.facts["used"]) == (2, 2)
    assert StandStaff.objects.count() == StandStaffDays.objects.count() == 2


def test_a_change_of_days_at_the_same_site_takes_no_second_pass(application, site):
    person = add(application, site)
    add(application, site)
    stand_staff.update(staff_id=person.pk, by=None, now=NOW, days=[DaysInput(site, FIRST_DAY, FIRST_DAY)])
    assert person.days.get().last_day == FIRST_DAY


def test_a_change_to_a_full_site_is_refused(application, site):
    elsewhere = SiteWishFactory(application=application).site
    moving = add(application, elsewhere)
    add(application, site)
    add(application, site)
    with pytest.raises(stand_staff.PassesUsedUp):
        stand_staff.update(staff_id=moving.pk, by=None, now=NOW, days=[DaysInput(site)])
    assert moving.days.get().site == elsewhere


def test_who_is_taken_off_frees_the_passes(application, site):
    person = add(application, site)
    stand_staff.remove(staff_id=person.pk, by=None, now=NOW)
    assert [passes.used for passes in passes_of(application)] == [0]


def test_the_organiser_grants_more_with_a_reason(application, site):
    pass_quotas.grant_extra(application_id=application.pk, site=site, passes=1, reason="Tasting with cooks", by=None, now=NOW)
    for _person in range(3):
        add(application, site)
    [passes] = passes_of(application)
    assert (passes.quota, passes.extra, passes.used, passes.left) == (3, 1, 3, 0)


@pytest.mark.parametrize(("changed", "where"), [({"reason": " "}, "/reason"), ({"passes": 0}, "/passes"), ({"passes": 10**5}, "/passes")])
def test_a_grant_needs_a_reason_and_a_number(application, site, changed, where):
    values = {"site": site, "passes": 1, "reason": "Cooks", **changed}
    with pytest.raises(Invalid) as refusal:
        pass_quotas.grant_extra(application_id=application.pk, by=None, now=NOW, **values)
    assert [pointer for pointer, _code in pointers(refusal)] == [where]


# --- until when

DUE = datetime(2030, 1, 17, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("codes", "closes"),
    [
        ([], datetime(2030, 5, 5, 15, 59, 59, tzinfo=UTC)),  # the end of the fair's last day in Shanghai
        (["badges_first"], DUE),
        (["badges_first", "badges_final"], DUE + timedelta(days=9)),
    ],
)
def test_the_last_deadline_for_badges_closes_the_list(codes, closes):
    application = application_in(S.ACCEPTED, fair=FairFactory())
    for number, code in enumerate(codes):
        DeadlineFactory(fair=application.fair, code=code, due_at=DUE + timedelta(days=9 * number))
    assert stand_staff.closes_at(application) == closes


def test_an_extension_keeps_the_list_open_for_one_exhibitor():
    application = application_in(S.ACCEPTED)
    deadline = DeadlineFactory(fair=application.fair, code="badges_final", due_at=DUE)
    DeadlineExtension.objects.create(application=application, deadline=deadline, due_at=DUE + timedelta(days=2), at=NOW)
    assert stand_staff.closes_at(application) == DUE + timedelta(days=2)
    assert stand_staff.closes_at(application_in(S.ACCEPTED, fair=application.fair)) == DUE


def test_who_has_named_somebody_is_not_reminded_of_badges():
    fair = FairFactory()
    deadline = DeadlineFactory(fair=fair, code="badges_final", audience=Audience.ALL)
    named, unnamed = application_in(S.ADMITTED, fair=fair), application_in(S.ADMITTED, fair=fair)
    StandStaffFactory.create_batch(2, application=named)
    assert list(read_open([named, unnamed], fair=fair, now=NOW)) == [(unnamed.pk, deadline.pk)]


def test_after_the_deadline_only_staff_name_people(application):
    DeadlineFactory(fair=application.fair, code="badges_final", due_at=NOW)
    add(application)
    late = {"application_id": application.pk, "by": None, "now": NOW + timedelta(seconds=1), **ANNA}
    with pytest.raises(stand_staff.StaffClosed):
        stand_staff.add(**late)
    stand_staff.add(**{**late, "name_in_latin": "OLGA IVANOVA"}, as_staff=True)
    assert StandStaff.objects.count() == 2


@pytest.mark.parametrize("status", S.ended)
@pytest.mark.parametrize("as_staff", [True, False])
def test_what_has_ended_has_no_people_any_more(status, as_staff):
    application = application_in(status)
    person = StandStaffFactory(application=application)
    for attempt in (
        lambda: stand_staff.add(application_id=application.pk, by=None, now=NOW, as_staff=as_staff, **ANNA),
        lambda: stand_staff.update(staff_id=person.pk, by=None, now=NOW, as_staff=as_staff, role="manager"),
        lambda: stand_staff.remove(staff_id=person.pk, by=None, now=NOW, as_staff=as_staff),
    ):
        with pytest.raises(NotEditable):
            attempt()
    assert StandStaff.objects.get().role == person.role


def test_refusals_are_conflicts():
    assert issubclass(stand_staff.PassesUsedUp, Conflict)
    assert issubclass(stand_staff.StaffClosed, Conflict)
