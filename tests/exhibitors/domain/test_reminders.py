"""Who is reminded of which deadline, when, and that it happens once. The fair is in Shanghai (UTC+8, no change of the clocks)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from exhibitors.domain import reminders
from exhibitors.enums import ApplicationStatus, CompanyRole, ContactRole, Scheme
from exhibitors.models import Application, DeadlineExtension, DeadlineReminder
from exhibitors.tasks import remind_of_deadlines
from fairs.enums import Audience, FairStatus
from fairs.models import Deadline, Fair
from notifications.models import Letter
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyMemberFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)
from tests.factories.fairs import DeadlineFactory, FairFactory

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUE = datetime(2030, 4, 10, 23, 59, 59, tzinfo=SHANGHAI)
WEEK_BEFORE = datetime(2030, 4, 3, 9, tzinfo=SHANGHAI)
DAY_BEFORE = datetime(2030, 4, 9, 9, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


@pytest.fixture
def fair() -> Fair:
    return FairFactory()


@pytest.fixture
def deadline(fair: Fair) -> Deadline:
    return DeadlineFactory(fair=fair, code="visa_data", title_ru="Визы", title_zh_hans="签证", title_en="Visas", due_at=DUE)


def an_exhibitor(fair: Fair, email: str = "owner@example.com", *, user: dict[str, str] | None = None, **fields: object) -> Application:
    """An accepted application whose company has one owner."""
    application = ApplicationFactory(**{"fair": fair, "accepted": True, **fields})
    CompanyMemberFactory(company=application.company, user=UserFactory(email=email, **(user or {})))
    return application


def addresses() -> list[str]:
    return sorted(Letter.objects.values_list("recipient_email", flat=True))


def told(*, now: datetime) -> list[str]:
    """To whom letters were written by this run."""
    before = set(Letter.objects.values_list("pk", flat=True))
    count = reminders.remind(now=now)
    new = sorted(Letter.objects.exclude(pk__in=before).values_list("recipient_email", flat=True))
    assert count == len(new)
    return new


def test_answers_go_to_the_fairs_reply_address(fair, deadline):
    type(fair).objects.update(reply_to="desk@example.org")
    an_exhibitor(fair, responsible=UserFactory(email="desk@example.com"))
    assert told(now=WEEK_BEFORE) == ["desk@example.com", "owner@example.com"]
    assert set(Letter.objects.values_list("reply_to", flat=True)) == {"desk@example.org"}


# --- when ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [WEEK_BEFORE, DAY_BEFORE])
def test_a_reminder_goes_a_week_and_a_day_before_at_nine_on_the_fairs_clock(fair, moment):
    DeadlineFactory(fair=fair, due_at=DUE)
    an_exhibitor(fair)
    found = reminders.occasions(now=moment - SECOND)
    assert [occasion.days_before for occasion in found] == ([] if moment == WEEK_BEFORE else [7])
    assert [occasion.days_before for occasion in reminders.occasions(now=moment)] == [7 if moment == WEEK_BEFORE else 1]


def test_each_of_the_two_reminders_goes_once(fair, deadline):
    an_exhibitor(fair)
    runs = [WEEK_BEFORE + timedelta(hours=hours) for hours in range(0, 24 * 9, 3)]
    sent_at = [now for now in runs if told(now=now)]
    assert sent_at == [WEEK_BEFORE, DAY_BEFORE]


def test_two_ticks_of_one_minute_write_one_letter(fair, deadline):
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]
    assert told(now=WEEK_BEFORE) == []
    assert told(now=WEEK_BEFORE + timedelta(minutes=1)) == []


def test_two_schedulers_that_planned_at_the_same_moment_write_one_letter(fair, deadline):
    an_exhibitor(fair, responsible=UserFactory(email="desk@example.com"))
    first, second = reminders.plan(now=WEEK_BEFORE), reminders.plan(now=WEEK_BEFORE)
    assert len(first) == len(second) == 2
    assert reminders._send(first, now=WEEK_BEFORE) == 2
    assert reminders._send(second, now=WEEK_BEFORE) == 0
    assert addresses() == ["desk@example.com", "owner@example.com"]


def test_the_database_refuses_to_have_told_somebody_twice(fair, deadline):
    application = an_exhibitor(fair)
    for of in (application, None):
        row = {"deadline": deadline, "due_at": DUE, "days_before": 7, "application": of, "email": "a@example.com", "reminded_at": DUE}
        DeadlineReminder.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            DeadlineReminder.objects.create(**row)


def test_a_run_that_dies_has_told_nobody(fair, deadline, monkeypatch):
    an_exhibitor(fair)

    def die(_letters: object) -> int:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "write_letters", die)
        with pytest.raises(RuntimeError, match="killed"):
            reminders.remind(now=WEEK_BEFORE)
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]


def test_a_reminder_that_is_late_still_goes_while_there_is_time(fair, deadline):
    an_exhibitor(fair)
    assert told(now=DUE - SECOND) == ["owner@example.com"]


def test_of_two_that_are_late_only_the_latest_goes(fair, deadline):
    an_exhibitor(fair)
    reminders.remind(now=DAY_BEFORE + timedelta(hours=3))
    assert list(DeadlineReminder.objects.values_list("days_before", flat=True)) == [1]


def test_nothing_goes_when_the_moment_has_come(fair, deadline):
    an_exhibitor(fair)
    assert told(now=DUE) == []
    assert told(now=DUE + timedelta(days=1)) == []


def test_a_deadline_that_is_moved_is_reminded_anew(fair, deadline):
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]
    deadline.due_at = DUE + timedelta(days=2)
    deadline.save()
    assert told(now=WEEK_BEFORE) == []
    assert told(now=WEEK_BEFORE + timedelta(days=2)) == ["owner@example.com"]
    assert "12 April 2030, 23:59 (Beijing)" in Letter.objects.latest("pk").text


def test_a_reminder_keeps_to_the_wall_clock_where_clocks_change():
    """Berlin goes to summer time on 31 March 2030."""
    berlin = ZoneInfo("Europe/Berlin")
    deadline = DeadlineFactory(fair__time_zone="Europe/Berlin", due_at=datetime(2030, 4, 1, 12, tzinfo=berlin))
    assert reminders.moment_of(deadline, 7) == datetime(2030, 3, 25, 8, tzinfo=UTC)
    assert reminders.moment_of(deadline, 1) == datetime(2030, 3, 31, 7, tzinfo=UTC)


def test_the_demo_reminds_on_its_first_morning():
    fair = FairFactory()
    DeadlineFactory(fair=fair, code="catalogue_entry", due_at=datetime(2023, 12, 13, 23, 59, 59, tzinfo=SHANGHAI))
    an_exhibitor(fair)
    assert told(now=datetime(2023, 12, 12, 9, 0, 1, tzinfo=SHANGHAI)) == ["owner@example.com"]


def test_the_task_asks_the_business_clock(fair, deadline, clock):
    an_exhibitor(fair)
    clock.move_to(WEEK_BEFORE)
    remind_of_deadlines()
    assert addresses() == ["owner@example.com"]


# --- who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ApplicationStatus.values)
def test_which_applications_a_deadline_concerns(fair, status):
    everybody, accepted = DeadlineFactory(fair=fair, audience=Audience.ALL, due_at=DUE), DeadlineFactory(fair=fair, due_at=DUE)
    an_exhibitor(fair, status=status)
    reminders.remind(now=WEEK_BEFORE)
    concerned = set(DeadlineReminder.objects.values_list("deadline", flat=True))
    assert (everybody.pk in concerned) is (status in ApplicationStatus.live)
    assert (accepted.pk in concerned) is (status == ApplicationStatus.ACCEPTED)


@pytest.mark.parametrize(
    ("audience", "concerned"),
    [
        (Audience.ALL, ["fish@example.com", "raw@example.com", "toys@example.com", "waiting@example.com"]),
        (Audience.ACCEPTED, ["fish@example.com", "raw@example.com", "toys@example.com"]),
        (Audience.RAW_SPACE, ["raw@example.com"]),
        (Audience.SHELL_SCHEME, ["fish@example.com"]),
        (Audience.FOOD, ["fish@example.com", "raw@example.com"]),
        (Audience.CONFERENCE, []),
        (Audience.STAFF, []),
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


@pytest.mark.parametrize("status", [FairStatus.DRAFT, FairStatus.ARCHIVED])
def test_a_fair_that_is_not_on_reminds_nobody(status):
    fair = FairFactory(status=status)
    DeadlineFactory(fair=fair, due_at=DUE)
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == []


def test_a_deadline_concerns_its_own_fair_only(deadline):
    an_exhibitor(FairFactory())
    assert told(now=WEEK_BEFORE) == []


def test_members_who_commit_and_operational_contacts_are_reminded(fair, deadline):
    company = an_exhibitor(fair).company
    CompanyMemberFactory(company=company, user=UserFactory(email="editor@example.com"), role=CompanyRole.EDITOR)
    CompanyMemberFactory(company=company, user=UserFactory(email="loader@example.com"), role=CompanyRole.LOGISTICS)
    CompanyMemberFactory(company=company, user=UserFactory(email="gone@example.com", is_active=False))
    CompanyContactFactory(company=company, email="contact@example.com")
    CompanyContactFactory(company=company, email="press@example.com", role=ContactRole.PRESS)
    assert told(now=WEEK_BEFORE) == ["contact@example.com", "editor@example.com", "owner@example.com"]


def test_one_mailbox_in_two_spellings_gets_one_letter(fair, deadline):
    company = an_exhibitor(fair).company
    CompanyContactFactory(company=company, email="Owner@Example.com")
    assert len(told(now=WEEK_BEFORE)) == 1


def test_an_address_that_is_none_keeps_nobody_else_from_being_told(fair, deadline):
    company = an_exhibitor(fair).company
    CompanyContactFactory(company=company, email="not an address")
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]


def test_who_accepts_after_the_reminder_is_told_at_once_and_the_others_not_again(fair, deadline):
    an_exhibitor(fair)
    reminders.remind(now=WEEK_BEFORE)
    an_exhibitor(fair, "late@example.com")
    assert told(now=WEEK_BEFORE + timedelta(days=1)) == ["late@example.com"]


TEXTS = {f"{name}_{language}": "…" for name in ("name", "description") for language in ("ru", "zh_hans", "en")}


@pytest.mark.parametrize(("code", "missing", "is_told"), [("catalogue_entry", "", False), ("visa_data", "", True)])
def test_a_catalogue_entry_in_three_languages_is_done(fair, code, missing, is_told):
    DeadlineFactory(fair=fair, code=code, due_at=DUE)
    an_exhibitor(fair, company=CompanyFactory(**TEXTS), responsible=UserFactory())
    assert bool(told(now=WEEK_BEFORE)) is is_told


@pytest.mark.parametrize("missing", TEXTS)
def test_a_catalogue_entry_that_lacks_a_text_is_not_done(fair, missing):
    DeadlineFactory(fair=fair, code="catalogue_entry", due_at=DUE)
    an_exhibitor(fair, company=CompanyFactory(**{**TEXTS, missing: ""}))
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]


# --- staff --------------------------------------------------------------------------------------------------------


def test_the_responsible_staff_member_gets_one_list_of_the_exhibitors_concerned(fair, deadline):
    anna, boris = UserFactory(email="anna@example.com"), UserFactory(email="boris@example.com")
    for number, responsible in enumerate([anna, anna, boris, None]):
        company = CompanyFactory(name_en=f"Maker {number}")
        an_exhibitor(fair, f"owner-{number}@example.com", company=company, responsible=responsible)
    reminders.remind(now=WEEK_BEFORE)
    text = Letter.objects.get(recipient_email="anna@example.com").text
    assert "Exhibitors concerned: 2." in text
    assert "- Maker 0\n- Maker 1" in text
    assert "Maker 2" not in text
    assert "Maker 2" in Letter.objects.get(recipient_email="boris@example.com").text
    assert Letter.objects.count() == 6


def test_a_long_list_is_cut_and_counted(fair, deadline):
    anna = UserFactory(email="anna@example.com")
    for _number in range(reminders.COMPANIES_NAMED + 3):
        ApplicationFactory(fair=fair, accepted=True, responsible=anna)
    reminders.remind(now=WEEK_BEFORE)
    text = Letter.objects.get().text
    assert "Exhibitors concerned: 23." in text
    assert "- and 3 more" in text


def test_staff_are_told_of_a_deadline_once_however_many_exhibitors_join(fair, deadline):
    anna = UserFactory(email="anna@example.com")
    an_exhibitor(fair, responsible=anna)
    reminders.remind(now=WEEK_BEFORE)
    an_exhibitor(fair, "late@example.com", responsible=anna)
    assert told(now=WEEK_BEFORE + timedelta(hours=1)) == ["late@example.com"]
    assert told(now=DAY_BEFORE) == ["anna@example.com", "late@example.com", "owner@example.com"]


def test_who_has_left_is_not_reminded(fair, deadline):
    an_exhibitor(fair, responsible=UserFactory(is_active=False))
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]


# --- what it says -------------------------------------------------------------------------------------------------


def test_deadlines_that_are_near_share_one_letter(fair, deadline):
    DeadlineFactory(fair=fair, title_en="Badges", due_at=DUE)
    DeadlineFactory(fair=fair, title_en="Invoice", due_at=DUE - timedelta(days=6))
    an_exhibitor(fair, responsible=UserFactory(email="desk@example.com"))
    assert told(now=WEEK_BEFORE) == ["desk@example.com", "owner@example.com"]
    for letter in Letter.objects.all():
        assert "3 deadlines" in letter.subject
        assert letter.text.index("Invoice") < letter.text.index("Visas") < letter.text.index("Badges")
        assert "tomorrow" in letter.text
        assert "7 days left" in letter.text


def test_who_acts_for_two_companies_gets_one_letter_that_names_both(fair, deadline):
    owner = UserFactory(email="agent@example.com")
    for name in ("First", "Second"):
        application = ApplicationFactory(fair=fair, accepted=True, company=CompanyFactory(name_en=name))
        CompanyMemberFactory(company=application.company, user=owner)
    assert told(now=WEEK_BEFORE) == ["agent@example.com"]
    assert "For First; Second" in Letter.objects.get().text


@pytest.mark.parametrize(
    ("language", "zone", "due", "title", "company"),
    [
        ("ru", "Europe/Moscow", "10 апреля 2030 г., 23:59 (Пекин) / 18:59 (Москва), осталось 7 дней", "Визы", "Рыба"),
        ("zh-hans", "Europe/Moscow", "2030年4月10日 23:59（北京时间） / 18:59（莫斯科时间）", "签证", "鱼"),
        ("en", "Asia/Vladivostok", "10 April 2030, 23:59 (Beijing) / 11 April 2030, 01:59 (Vladivostok), 7 days left", "Visas", "Fish"),
    ],
)
def test_it_is_in_the_readers_language_and_in_both_zones(fair, deadline, language, zone, due, title, company):
    company_row = CompanyFactory(name_ru="Рыба", name_zh_hans="鱼", name_en="Fish")
    reader = {"language": language, "time_zone": zone}
    an_exhibitor(fair, user=reader, company=company_row, responsible=UserFactory(**reader))
    reminders.remind(now=WEEK_BEFORE)
    assert Letter.objects.count() == 2
    for letter in Letter.objects.all():
        assert due in letter.text
        assert title in letter.subject
        assert company in letter.text
        assert "{" not in letter.text
        assert "None" not in letter.text


def test_names_with_markup_make_no_link(fair):
    nasty = "<a href='http://evil.example'>x</a>\n- www.evil.example"
    DeadlineFactory(fair=fair, title_en=nasty, due_at=DUE)
    an_exhibitor(fair, company=CompanyFactory(name_en=nasty), responsible=UserFactory())
    reminders.remind(now=WEEK_BEFORE)
    for letter in Letter.objects.all():
        assert "http://evil" not in letter.html + letter.text
        assert "www.evil" not in letter.html + letter.text
        assert "<a href='" not in letter.html


# --- how much -----------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_the_exhibitors():
    def queries(exhibitors: int) -> int:
        fair = FairFactory()
        DeadlineFactory(fair=fair, due_at=DUE)
        desk = UserFactory()
        for number in range(exhibitors):
            an_exhibitor(fair, f"owner-{fair.pk}-{number}@example.com", responsible=desk)
        with CaptureQueriesContext(connection) as captured:
            assert reminders.remind(now=WEEK_BEFORE) == exhibitors + 1
        Deadline.objects.all().delete()
        return len(captured)

    assert queries(1) == queries(3) == 13


def test_batches_keep_together_who_is_told_of_one_application(fair, deadline, monkeypatch):
    monkeypatch.setattr(reminders, "DIGESTS_A_TRANSACTION", 2)
    agent = UserFactory(email="agent@example.com")
    for number in range(3):
        company = an_exhibitor(fair, f"owner-{number}@example.com").company
        if number != 1:
            CompanyMemberFactory(company=company, user=agent, role=CompanyRole.EDITOR)
    batches = [sorted(digest.reader.address for digest in batch) for batch in reminders._batches(reminders.plan(now=WEEK_BEFORE))]
    assert batches == [["agent@example.com", "owner-0@example.com", "owner-2@example.com"], ["owner-1@example.com"]]


# --- extensions


def test_an_extended_exhibitor_is_reminded_of_the_new_moment_and_the_others_of_the_old_one(fair, deadline):
    an_exhibitor(fair, "usual@example.com")
    extended = an_exhibitor(fair, "extended@example.com")
    week = timedelta(days=7)
    DeadlineExtension.objects.create(application=extended, deadline=deadline, due_at=DUE + week, at=WEEK_BEFORE)

    assert told(now=WEEK_BEFORE) == ["usual@example.com"]
    assert told(now=DAY_BEFORE) == ["usual@example.com"]
    assert told(now=WEEK_BEFORE + week) == ["extended@example.com"]
    assert told(now=DAY_BEFORE + week) == ["extended@example.com"]
    assert "17 April 2030" in Letter.objects.order_by("pk").last().text


def test_an_extension_that_the_deadline_has_overtaken_does_not_count(fair, deadline):
    application = an_exhibitor(fair)
    hour = timedelta(hours=1)
    DeadlineExtension.objects.create(application=application, deadline=deadline, due_at=DUE + hour, at=WEEK_BEFORE)
    Deadline.objects.filter(pk=deadline.pk).update(due_at=DUE + hour * 2)

    assert told(now=WEEK_BEFORE + timedelta(days=1)) == ["owner@example.com"]
    assert DeadlineReminder.objects.get().due_at == DUE + hour * 2
