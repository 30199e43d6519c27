"""Who is reminded of which deadline, when, and that it happens once. The fair is in Shanghai (UTC+8, no change of the clocks)."""

from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Max

from exhibitors.domain import reminders
from exhibitors.domain.reminder_plan import LATE, plans
from exhibitors.enums import ApplicationStatus, CompanyRole, ContactRole, ReminderOutcome, Scheme
from exhibitors.models import Application, DeadlineExtension, DeadlineReminder, DeadlineTick, StaffTask
from exhibitors.tasks import remind_of_deadlines
from fairs.enums import Audience, FairStatus, StaffRole
from fairs.models import Deadline, Fair, QuietDays, Rung
from notifications.models import Letter
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyMemberFactory,
    DocumentFactory,
    DocumentRequirementFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)
from tests.factories.fairs import DeadlineFactory, FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

SHANGHAI, MOSCOW = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Moscow")
DUE = datetime(2030, 4, 10, 23, 59, 59, tzinfo=SHANGHAI)  # a Wednesday
NINE = datetime(2030, 4, 10, 9, tzinfo=SHANGHAI)
WEEK_BEFORE, DAY_BEFORE = NINE - timedelta(days=7), NINE - timedelta(days=1)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LOCAL = {"time_zone": "Asia/Shanghai"}


@pytest.fixture
def fair() -> Fair:
    return FairFactory()


@pytest.fixture
def deadline(fair: Fair) -> Deadline:
    return DeadlineFactory(fair=fair, code="contract", title_ru="Договор", title_zh_hans="合同", title_en="Contract", due_at=DUE)


def an_exhibitor(fair: Fair, email: str = "owner@example.com", *, user: dict[str, str] | None = None, **fields: object) -> Application:
    """An accepted application whose company has one owner, who lives where the fair is."""
    application = ApplicationFactory(**{"fair": fair, "accepted": True, **fields})
    CompanyMemberFactory(company=application.company, user=UserFactory(email=email, **{**LOCAL, **(user or {})}))
    return application


def staff(email: str, fair: Fair, role: str = StaffRole.REVIEWER, region: str = "") -> object:
    return StaffMembershipFactory(fair=fair, role=role, region_code=region, user=UserFactory(email=email, **LOCAL)).user


def told(*, now: datetime) -> list[str]:
    """To whom letters were written by this run."""
    last = Letter.objects.aggregate(pk=Max("pk"))["pk"] or 0
    count = reminders.remind(now=now)
    new = sorted(Letter.objects.filter(pk__gt=last).values_list("recipient_email", flat=True))
    assert count == len(new)
    return new


# In Shanghai: the end of quiet hours, nine there and nine in Moscow, the last hour of the offices; and the hour before each.
LOOKED_AT = (7, 8, 9, 13, 14, 16, 17)


def told_from(start: datetime, days: int) -> list[tuple[datetime, list[str]]]:
    """When anybody was told. What was due in an hour between is told at the next look, and so seen as well.

    When nobody is told by the last look of a day, by the rule of what is late, nobody was to be told before: so the hours of a day are
    gone through only until the last look has nothing left to tell.
    """
    hours = [start + hours * HOUR for hours in range(24 * days)]
    looks = groupby((now for now in hours if now.hour in LOOKED_AT), key=datetime.date)
    found = []
    for _day, those in looks:
        moments = list(those)
        while moments and not _is_silent_at(moments[-1]):
            people: list[str] = []
            while moments and not people:
                now = moments.pop(0)
                people = told(now=now)
            found += [(now, people)] if people else []
    return found


def _is_silent_at(now: datetime) -> bool:
    """Whether nobody is told by a look, which is taken only then."""
    found = plans(now=now)
    if any(plan.digests for plan in found):
        return False
    for plan in found:
        reminders.carry_out(plan, now=now)
    return True


# --- when ---------------------------------------------------------------------------------------------------------


def test_the_usual_ladder_goes_at_nine_on_the_readers_clock(fair, deadline):
    an_exhibitor(fair)
    CompanyContactFactory(company=Application.objects.get().company, email="contact@example.com", time_zone="Asia/Shanghai")
    found = told_from(NINE - 16 * DAY, 17)
    owner = [(NINE - days * DAY, ["owner@example.com"]) for days in (14, 7, 3, 1)]
    assert found == [*owner, (NINE, ["contact@example.com", "owner@example.com"])]


def test_a_reader_elsewhere_is_told_at_nine_there(fair, deadline):
    an_exhibitor(fair, user={"time_zone": "Europe/Moscow"})
    [(first, _people), *_more] = told_from(WEEK_BEFORE - HOUR, 2)
    assert first == datetime(2030, 4, 3, 9, tzinfo=MOSCOW)


def test_where_nobody_has_a_login_the_contact_hears_of_it_all(fair, deadline):
    company = ApplicationFactory(fair=fair, accepted=True).company
    CompanyContactFactory(company=company, email="contact@example.com", time_zone="Asia/Shanghai", language="zh-hans")
    assert told(now=WEEK_BEFORE) == ["contact@example.com"]
    assert Letter.objects.get().language == "zh-hans"


def test_two_ticks_of_one_minute_write_one_letter(fair, deadline):
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]
    assert told(now=WEEK_BEFORE) == []
    assert told(now=WEEK_BEFORE + timedelta(minutes=1)) == []


def test_two_schedulers_that_planned_at_the_same_moment_write_one_letter(fair, deadline):
    an_exhibitor(fair)
    [first], [second] = plans(now=WEEK_BEFORE), plans(now=WEEK_BEFORE)
    assert (reminders.carry_out(first, now=WEEK_BEFORE), reminders.carry_out(second, now=WEEK_BEFORE)) == (1, 0)
    assert Letter.objects.count() == 1


def test_the_database_refuses_to_have_told_somebody_twice(fair, deadline):
    row = {"deadline": deadline, "due_at": DUE, "offset": -7, "unit": "days", "act": "remind", "email": "a@example.com"}
    row |= {"application": an_exhibitor(fair), "reminded_at": DUE}
    DeadlineReminder.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineReminder.objects.create(**row)


def test_a_scheduler_that_was_down_for_two_hours_tells_once_what_is_late(fair, deadline):
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE + 2 * HOUR) == ["owner@example.com"]
    assert told(now=WEEK_BEFORE + 2 * HOUR) == []


def test_what_is_late_goes_until_the_last_second_and_then_expires(fair, deadline):
    an_exhibitor(fair)
    [plan] = plans(now=DUE - SECOND)
    assert len(plan.digests) == 1
    assert told(now=DUE) == []
    [row] = DeadlineReminder.objects.all()
    assert (row.offset, row.outcome) == (0, ReminderOutcome.EXPIRED)
    assert told(now=DUE + HOUR) == []
    assert DeadlineReminder.objects.count() == 1


def test_what_is_late_at_night_waits_for_the_readers_next_digest(fair, deadline):
    an_exhibitor(fair)
    night = (DAY_BEFORE - DAY).replace(hour=3)
    assert told(now=night) == []
    assert told(now=night.replace(hour=8, minute=59)) == []
    assert told(now=night.replace(hour=9)) == ["owner@example.com"]
    [row] = DeadlineReminder.objects.all()
    assert row.offset == -3


def test_what_is_late_at_night_but_due_before_nine_goes_at_once(fair):
    DeadlineFactory(fair=fair, code="dawn", due_at=NINE - HOUR)
    an_exhibitor(fair)
    assert told(now=NINE - 6 * HOUR) == ["owner@example.com"]


def test_what_is_late_goes_with_the_reminders_of_the_day_and_puts_none_of_them_off(fair, deadline):
    """At the end of the quiet hours it would be the day's digest, and the reminder of nine o'clock would go a day later."""
    an_exhibitor(fair)
    DeadlineFactory(fair=fair, code="late", due_at=DUE + 3 * DAY)  # its day for reminding, seven before, was yesterday
    night = (NINE - 3 * DAY).replace(hour=3)
    assert told_from(night, 1) == [(NINE - 3 * DAY, ["owner@example.com"])]
    assert {row.deadline.code for row in DeadlineReminder.objects.all()} == {deadline.code, "late"}


def test_what_is_late_leaves_the_day_to_the_step_that_comes_on_it(fair, deadline):
    an_exhibitor(fair)
    assert told_from(DAY_BEFORE.replace(hour=8), 1) == [(DAY_BEFORE, ["owner@example.com"])]


def test_of_several_that_are_late_only_the_latest_goes(fair, deadline):
    an_exhibitor(fair)
    reminders.remind(now=DAY_BEFORE + 3 * HOUR)
    assert list(DeadlineReminder.objects.values_list("offset", flat=True)) == [-1]


def test_a_deadline_that_is_moved_is_reminded_anew(fair, deadline):
    an_exhibitor(fair)
    assert told(now=DAY_BEFORE) == ["owner@example.com"]
    deadline.due_at = DUE + 2 * DAY
    deadline.save()
    assert told(now=DAY_BEFORE + HOUR) == []  # it has had today's letter
    assert told(now=DAY_BEFORE + DAY) == ["owner@example.com"]
    assert "12 April 2030, 23:59 (Beijing)" in Letter.objects.latest("pk").text


def test_one_digest_a_day_unless_waiting_were_too_late(fair, deadline):
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]
    DeadlineFactory(fair=fair, code="tomorrow", due_at=DUE - 5 * DAY)
    assert told(now=WEEK_BEFORE + HOUR) == []
    DeadlineFactory(fair=fair, code="tonight", due_at=WEEK_BEFORE + 5 * HOUR)
    assert told(now=WEEK_BEFORE + HOUR) == ["owner@example.com"]
    assert told(now=WEEK_BEFORE + DAY) == ["owner@example.com"]


def test_quiet_days_of_the_readers_country_move_a_reminder_to_the_first_digest_after_them(fair, deadline):
    QuietDays.objects.create(fair=fair, country="CN", first_day=date(2030, 4, 2), last_day=date(2030, 4, 4))
    an_exhibitor(fair)
    an_exhibitor(fair, "moscow@example.com", user={"time_zone": "Europe/Moscow"})
    found = told_from(WEEK_BEFORE, 3)
    assert found == [
        (datetime(2030, 4, 3, 9, tzinfo=MOSCOW), ["moscow@example.com"]),
        (datetime(2030, 4, 5, 9, tzinfo=SHANGHAI), ["owner@example.com"]),
    ]


def test_quiet_days_that_last_until_it_is_due_move_it_before_them(fair, deadline):
    QuietDays.objects.create(fair=fair, first_day=date(2030, 4, 8), last_day=date(2030, 4, 14))
    Rung.objects.filter(deadline=deadline).exclude(offset__in=(-1, 0)).delete()
    an_exhibitor(fair)
    assert told_from(NINE - 8 * DAY, 8) == [(datetime(2030, 4, 5, 17, tzinfo=SHANGHAI), ["owner@example.com"])]  # Friday


def test_the_demo_reminds_on_its_first_morning():
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="catalogue_entry", due_at=datetime(2023, 12, 13, 23, 59, 59, tzinfo=SHANGHAI))
    an_exhibitor(fair)
    assert told(now=datetime(2023, 12, 12, 9, 0, 1, tzinfo=SHANGHAI)) == ["owner@example.com"]


def test_the_task_asks_the_business_clock(fair, deadline, clock):
    an_exhibitor(fair)
    clock.move_to(WEEK_BEFORE)
    remind_of_deadlines()
    assert Letter.objects.count() == 1


# --- who ----------------------------------------------------------------------------------------------------------


def test_which_applications_a_deadline_concerns(fair):
    wanted = {
        Audience.ALL: ApplicationStatus.live,
        Audience.ADMITTED: ("admitted", "stand_offered", "accepted"),
        Audience.OFFERED: ("stand_offered",),
        Audience.ACCEPTED: ("accepted",),
        Audience.STAFF: (),
        Audience.CONFERENCE: (),
    }
    for audience in wanted:
        DeadlineFactory(fair=fair, audience=audience, due_at=DUE)
    for status in ApplicationStatus.values:
        an_exhibitor(fair, f"{status}@example.com", status=status)
    reminders.remind(now=WEEK_BEFORE)
    concerned = set(DeadlineReminder.objects.values_list("deadline__audience", "application__status"))
    assert concerned == {(audience, status) for audience, states in wanted.items() for status in states}


@pytest.mark.parametrize(
    ("audience", "concerned"),
    [
        (Audience.RAW_SPACE, ["raw@example.com"]),
        (Audience.SHELL_SCHEME, ["fish@example.com"]),
        (Audience.FOOD, ["fish@example.com", "raw@example.com"]),
    ],
)
def test_whom_an_audience_means(fair, audience, concerned):
    DeadlineFactory(fair=fair, audience=audience, due_at=DUE)
    waiting = an_exhibitor(fair, "waiting@example.com", status=ApplicationStatus.WAITLISTED)
    fish, raw, toys = (an_exhibitor(fair, f"{name}@example.com") for name in ("fish", "raw", "toys"))
    for application, codes in ((fish, ["02", "03"]), (raw, ["24", "33"]), (toys, ["25", "95"]), (waiting, ["03"])):
        application.categories.set([ProductCategoryFactory(code=code) for code in codes])
    SiteWishFactory(application=fish, scheme=Scheme.SHELL)
    SiteWishFactory(application=raw, scheme=Scheme.RAW)
    SiteWishFactory(application=waiting, scheme=Scheme.RAW)
    assert told(now=WEEK_BEFORE) == concerned


def test_sites_and_product_groups_narrow_an_audience(fair):
    north, south = SiteFactory(fair=fair), SiteFactory(fair=fair)
    DeadlineFactory(fair=fair, code="north", audience=Audience.RAW_SPACE, due_at=DUE).sites.add(north)
    DeadlineFactory(fair=fair, code="honey", due_at=DUE, category_codes=["04"])
    for name, site, scheme, category in (
        ("raw-north", north, Scheme.RAW, "22"),
        ("shell-north", north, Scheme.SHELL, "22"),
        ("raw-south", south, Scheme.RAW, "22"),
        ("honey", south, Scheme.SHELL, "04"),
    ):
        application = an_exhibitor(fair, f"{name}@example.com")
        SiteWishFactory(application=application, site=site, scheme=scheme)
        application.categories.add(ProductCategoryFactory(code=category))
    assert told(now=WEEK_BEFORE) == ["honey@example.com", "raw-north@example.com"]


@pytest.mark.parametrize("status", [FairStatus.DRAFT, FairStatus.ARCHIVED])
def test_a_fair_that_is_not_on_reminds_nobody(status):
    fair = FairFactory(status=status)
    DeadlineFactory(fair=fair, due_at=DUE)
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == []


def test_a_deadline_concerns_its_own_fair_only(deadline):
    an_exhibitor(FairFactory())
    assert told(now=WEEK_BEFORE) == []


def test_members_who_commit_are_reminded_and_contacts_on_the_day(fair, deadline):
    company = an_exhibitor(fair).company
    CompanyMemberFactory(company=company, user=UserFactory(email="editor@example.com", **LOCAL), role=CompanyRole.EDITOR)
    CompanyMemberFactory(company=company, user=UserFactory(email="loader@example.com", **LOCAL), role=CompanyRole.LOGISTICS)
    CompanyMemberFactory(company=company, user=UserFactory(email="gone@example.com", is_active=False, **LOCAL))
    CompanyContactFactory(company=company, email="contact@example.com", **LOCAL)
    CompanyContactFactory(company=company, email="press@example.com", role=ContactRole.PRESS, **LOCAL)
    assert told(now=WEEK_BEFORE) == ["editor@example.com", "owner@example.com"]
    assert told(now=NINE) == ["contact@example.com", "editor@example.com", "owner@example.com"]


def test_one_mailbox_in_two_spellings_gets_one_letter(fair, deadline):
    CompanyContactFactory(company=an_exhibitor(fair).company, email="Owner@Example.com", **LOCAL)
    assert told(now=NINE) == ["owner@example.com"]


def test_an_address_that_is_none_keeps_nobody_else_from_being_told(fair, deadline):
    CompanyContactFactory(company=an_exhibitor(fair).company, email="not an address", **LOCAL)
    assert told(now=NINE) == ["owner@example.com"]


def test_who_accepts_after_the_reminder_is_told_at_once_and_the_others_not_again(fair, deadline):
    an_exhibitor(fair)
    reminders.remind(now=WEEK_BEFORE)
    an_exhibitor(fair, "late@example.com")
    assert told(now=WEEK_BEFORE + DAY) == ["late@example.com"]


# --- done ---------------------------------------------------------------------------------------------------------

TEXTS = {f"{name}_{language}": "…" for name in ("name", "description") for language in ("ru", "zh_hans", "en")}


@pytest.mark.parametrize("missing", ["", *TEXTS])
def test_a_catalogue_entry_in_three_languages_is_done(fair, missing):
    DeadlineFactory(fair=fair, code="catalogue_entry", due_at=DUE)
    an_exhibitor(fair, company=CompanyFactory(**{**TEXTS, **({missing: ""} if missing else {})}))
    assert bool(told(now=WEEK_BEFORE)) is bool(missing)


@pytest.mark.parametrize(
    ("state", "is_told"), [("", True), ("uploaded", False), ("returned", True), ("approved", False), ("expired", True)]
)
def test_a_document_counts_once_it_is_handed_in_unless_it_came_back(fair, deadline, state, is_told):
    application = an_exhibitor(fair)
    asked = DocumentRequirementFactory(fair=fair, deadline=deadline)
    if state:
        decided = {"reviewed_at": WEEK_BEFORE} if state in ("returned", "approved") else {}
        reason = "Unreadable." if state == "returned" else ""
        valid_until = date(2030, 4, 1) if state == "expired" else None
        DocumentFactory(application=application, requirement=asked, state=state, reason=reason, valid_until=valid_until, **decided)
    assert bool(told(now=WEEK_BEFORE)) is is_told
    if state == "returned":
        assert "Unreadable." in Letter.objects.get().text


def test_what_is_ticked_off_by_hand_is_done(fair, deadline):
    DeadlineTick.objects.create(application=an_exhibitor(fair), deadline=deadline, at=WEEK_BEFORE)
    an_exhibitor(fair, "other@example.com")
    assert told(now=WEEK_BEFORE) == ["other@example.com"]


# --- extensions ---------------------------------------------------------------------------------------------------


def test_an_extended_exhibitor_is_reminded_of_the_new_moment_and_the_others_of_the_old_one(fair, deadline):
    an_exhibitor(fair, "usual@example.com")
    extended = an_exhibitor(fair, "extended@example.com")
    week = 7 * DAY
    DeadlineExtension.objects.create(application=extended, deadline=deadline, due_at=DUE + week, at=WEEK_BEFORE)
    assert told(now=WEEK_BEFORE) == ["extended@example.com", "usual@example.com"]  # two weeks and one week before
    assert told(now=DAY_BEFORE) == ["usual@example.com"]
    assert told(now=DAY_BEFORE + week) == ["extended@example.com"]
    assert "17 April 2030" in Letter.objects.order_by("pk").last().text


def test_an_extension_that_the_deadline_has_overtaken_does_not_count(fair, deadline):
    DeadlineExtension.objects.create(application=an_exhibitor(fair), deadline=deadline, due_at=DUE + HOUR, at=WEEK_BEFORE)
    Deadline.objects.filter(pk=deadline.pk).update(due_at=DUE + 2 * HOUR)
    assert told(now=WEEK_BEFORE + DAY) == ["owner@example.com"]
    assert DeadlineReminder.objects.get().due_at == DUE + 2 * HOUR


# --- afterwards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(fair: Fair) -> object:
    return staff("desk@example.com", fair)


def test_who_is_late_becomes_a_task_then_the_coordinators_and_then_hears_the_consequence(fair, deadline, desk):
    staff("coordinator@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-PRI")
    staff("elsewhere@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-KHA")
    Deadline.objects.update(consequence_en="The stand goes to the waiting list.")
    application = an_exhibitor(fair, responsible=desk)
    # after a Wednesday: Friday, the Wednesday after, the Friday after
    assert told_from(NINE + DAY, 14) == [
        (NINE + 2 * DAY, ["desk@example.com"]),
        (NINE + 7 * DAY, ["coordinator@example.com"]),
        (NINE + 9 * DAY, ["owner@example.com"]),
    ]
    task = StaffTask.objects.get()
    assert (task.application, task.assignee, task.deadline, task.done_at) == (application, desk, deadline, None)
    assert "The stand goes to the waiting list." in Letter.objects.get(recipient_email="owner@example.com").text


def test_without_a_consequence_nobody_hears_of_one(fair, deadline):
    an_exhibitor(fair)
    assert told_from(NINE + DAY, 14) == []


def test_where_nobody_is_responsible_the_task_is_the_owners(fair, deadline):
    owner = staff("boss@example.com", fair, StaffRole.OWNER)
    an_exhibitor(fair)
    assert told(now=NINE + 2 * DAY) == ["boss@example.com"]
    assert StaffTask.objects.get().assignee == owner


def test_a_task_is_done_when_the_exhibitor_has_done_it(fair, deadline, desk):
    application = an_exhibitor(fair, responsible=desk)
    reminders.remind(now=NINE + 2 * DAY)
    assert StaffTask.objects.open().count() == 1
    DeadlineTick.objects.create(application=application, deadline=deadline, at=NINE)
    reminders.remind(now=NINE + 3 * DAY)
    task = StaffTask.objects.get()
    assert (task.done_at, task.done_by) == (NINE + 3 * DAY, None)


def test_a_task_ends_with_its_application(fair, deadline, desk):
    application = an_exhibitor(fair, responsible=desk)
    reminders.remind(now=NINE + 2 * DAY)
    Application.objects.filter(pk=application.pk).update(status="cancelled", told_status="cancelled")
    assert told_from(NINE + 3 * DAY, 12) == []
    assert not StaffTask.objects.open().exists()


def test_escalation_that_is_too_late_expires(fair, deadline, desk):
    an_exhibitor(fair, responsible=desk)
    assert told(now=NINE + 2 * DAY + LATE) == []
    row = DeadlineReminder.objects.get(act="task")
    assert (row.outcome, StaffTask.objects.exists()) == (ReminderOutcome.EXPIRED, False)


def test_nothing_old_is_sent_of_a_deadline_long_past(fair, deadline, desk):
    an_exhibitor(fair, responsible=desk)
    assert told(now=NINE + 60 * DAY) == []
    assert not DeadlineReminder.objects.exists()


def test_who_has_left_is_given_no_task(fair, deadline):
    an_exhibitor(fair, responsible=UserFactory(email="gone@example.com", is_active=False))
    assert told(now=NINE + 2 * DAY) == []
