"""What a digest says, to whom, in which language and zones, and the calendar file that goes with it."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from exhibitors.domain import reminder_letters, reminders
from exhibitors.domain.extensions import extend_deadline
from exhibitors.models import Application, DeadlineReminder, StaffTask
from fairs.enums import RungReader, StaffRole
from fairs.models import Deadline, Fair, Rung
from notifications.models import Letter, LetterAttachment
from tests.exhibitors.domain.test_reminders import DAY, DUE, HOUR, LOCAL, NINE, WEEK_BEFORE, an_exhibitor, staff, told
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyMemberFactory,
    DocumentRequirementFactory,
)
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
LATER = NINE.replace(hour=17)  # when it is between 8 and 20 o'clock for all readers here


@pytest.fixture
def fair() -> Fair:
    return FairFactory()


@pytest.fixture
def deadline(fair: Fair) -> Deadline:
    return DeadlineFactory(fair=fair, code="badges", title_ru="Бейджи", title_zh_hans="参展证", title_en="Badges", due_at=DUE)


def for_the_responsible(deadline: Deadline, offset: int = -7) -> None:
    Rung.objects.create(deadline=deadline, offset=offset, reader=RungReader.RESPONSIBLE)


def test_answers_go_to_the_fairs_reply_address(fair, deadline):
    Fair.objects.update(reply_to="desk@example.org")
    an_exhibitor(fair)
    reminders.remind(now=WEEK_BEFORE)
    letter = Letter.objects.get()
    assert letter.reply_to == "desk@example.org"
    assert "please write to the organisers: desk@example.org" in letter.text


def test_it_says_what_is_missing_and_why_it_came(fair, deadline):
    Deadline.objects.update(consequence_en="Passes are then printed on site.")
    application = an_exhibitor(fair)
    CompanyContactFactory(company=application.company, email="contact@example.com", language="en", **LOCAL)
    reminders.remind(now=NINE)
    owner, contact = (Letter.objects.get(recipient_email=f"{name}@example.com").text for name in ("owner", "contact"))
    for text in (owner, contact):
        assert "- Nobody is named yet who works on the stand." in text
        assert "If it is not done by then: Passes are then printed on site." in text
    assert "because you act for the company" in owner
    assert "because you are the company's operational contact" in contact


@pytest.mark.parametrize(
    ("language", "zone", "due", "why", "title", "company"),
    [
        (
            "ru",
            "Europe/Moscow",
            "10 апреля 2030 г., 23:59 (Пекин) / 18:59 (Москва) — осталось 7 дней",
            "Пока никто не указан",
            "Бейджи",
            "Рыба",
        ),
        ("zh-hans", "Europe/Moscow", "2030年4月10日 23:59（北京时间）/18:59（莫斯科时间），还剩 7 天", "尚未", "参展证", "鱼"),
        (
            "en",
            "Asia/Vladivostok",
            "10 April 2030, 23:59 (Beijing) / 11 April 2030, 01:59 (Vladivostok) – 7 days left",
            "Nobody is",
            "Badges",
            "Fish",
        ),
    ],
)
def test_it_is_in_the_readers_language_and_in_both_zones(fair, deadline, language, zone, due, why, title, company):
    for_the_responsible(deadline)
    company_row = CompanyFactory(name_ru="Рыба", name_zh_hans="鱼", name_en="Fish")
    reader = {"language": language, "time_zone": zone}
    an_exhibitor(fair, user=reader, company=company_row, responsible=UserFactory(**reader))
    reminders.remind(now=WEEK_BEFORE.replace(hour=15))
    assert Letter.objects.count() == 2
    for letter in Letter.objects.all():
        assert due in letter.text
        assert title in letter.subject
        assert company in letter.text
        assert why in letter.text
        assert "{" not in letter.text
        assert "None" not in letter.text


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_what_is_over_is_told_in_every_language(fair, deadline, language):
    Deadline.objects.update(consequence_ru="Печать на месте.", consequence_zh_hans="现场制证。", consequence_en="Printed on site.")
    reader = {"language": language, **LOCAL}
    an_exhibitor(fair, user=reader, responsible=UserFactory(**reader))
    StaffMembershipFactory(fair=fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI", user=UserFactory(**reader))
    for days in (2, 7, 9):
        reminders.remind(now=NINE + days * DAY)
    texts = list(Letter.objects.order_by("pk").values_list("text", flat=True))
    assert len(texts) == 3
    ago = {"ru": ("2 дня назад", "7 дней назад", "9 дней назад"), "zh-hans": ("已过 2 天", "已过 7 天", "已过 9 天")}
    for text, words in zip(texts, ago.get(language, ("2 days ago", "7 days ago", "9 days ago")), strict=True):
        assert words in text
        assert "{" not in text
    assert {"ru": "Печать на месте.", "zh-hans": "现场制证。", "en": "Printed on site."}[language] in texts[2]
    assert "/admin/exhibitors/stafftask/" in texts[0]


def test_deadlines_of_a_day_share_one_letter_in_their_order(fair, deadline):
    DeadlineFactory(fair=fair, title_en="Balance", due_at=DUE)
    DeadlineFactory(fair=fair, title_en="Invoice", due_at=DUE - 6 * DAY)
    an_exhibitor(fair)
    assert told(now=WEEK_BEFORE) == ["owner@example.com"]
    letter = Letter.objects.get()
    assert letter.subject.startswith("Your 3 deadlines")
    assert letter.text.index("Invoice") < letter.text.index("Badges") < letter.text.index("Balance")
    assert "tomorrow" in letter.text


def test_who_acts_for_two_companies_gets_one_letter_that_names_both(fair, deadline):
    owner = UserFactory(email="agent@example.com", **LOCAL)
    for name in ("First", "Second"):
        application = ApplicationFactory(fair=fair, accepted=True, company=CompanyFactory(name_en=name))
        CompanyMemberFactory(company=application.company, user=owner)
    assert told(now=WEEK_BEFORE) == ["agent@example.com"]
    text = Letter.objects.get().text
    assert "- First: Nobody is named" in text
    assert "- Second: Nobody is named" in text


def test_a_staff_member_gets_one_list_of_the_exhibitors_concerned(fair, deadline, monkeypatch):
    monkeypatch.setattr(reminder_letters, "COMPANIES_NAMED", 2)
    for_the_responsible(deadline)
    anna = staff("anna@example.com", fair)
    for number in range(3):
        an_exhibitor(fair, f"owner-{number}@example.com", company=CompanyFactory(name_en=f"Maker {number}"), responsible=anna)
    reminders.remind(now=WEEK_BEFORE)
    text = Letter.objects.get(recipient_email="anna@example.com").text
    assert "Exhibitors concerned: 3." in text
    assert "- Maker 1: Nobody is named" in text
    assert "Maker 2" not in text
    assert "- and 1 more" in text


def test_who_has_not_chosen_escalations_reads_only_of_what_is_ahead(fair, deadline):
    for_the_responsible(deadline)
    overdue = DeadlineFactory(fair=fair, code="contract", title_en="Contract", due_at=WEEK_BEFORE - 2 * DAY + 14 * HOUR)
    person = staff("desk@example.com", fair)
    application = an_exhibitor(fair, responsible=person)
    person.notices_at_once = []
    person.save()
    reminders.remind(now=WEEK_BEFORE)
    letter = Letter.objects.get(recipient_email="desk@example.com")
    assert "Badges" in letter.text
    assert "Contract" not in letter.text
    assert "task" not in letter.text
    assert StaffTask.objects.get().deadline == overdue
    assert DeadlineReminder.objects.filter(email="desk@example.com", application=application).count() == 2


def test_a_document_is_named(fair, deadline):
    Deadline.objects.update(code="labels")
    an_exhibitor(fair)
    DocumentRequirementFactory(fair=fair, deadline=deadline, title_en="Label proofs")
    reminders.remind(now=WEEK_BEFORE)
    assert "- Label proofs: nothing has been sent yet." in Letter.objects.get().text


def test_who_hears_of_an_exhibitor_in_two_roles_reads_of_it_once(fair, deadline):
    anna = staff("anna@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-PRI")
    Rung.objects.create(deadline=deadline, offset=2, unit="working_days", reader=RungReader.COORDINATOR)
    an_exhibitor(fair, company=CompanyFactory(name_en="Maker"), responsible=anna)
    reminders.remind(now=NINE + 2 * DAY)
    letter = Letter.objects.get()
    assert letter.subject == "Task: Badges (1)"
    assert letter.text.count("Maker") == 1
    assert DeadlineReminder.objects.filter(email="anna@example.com").count() == 2
    assert reminders.remind(now=NINE + 2 * DAY) == 0


def test_names_with_markup_make_no_link(fair):
    nasty = "<a href='http://evil.example'>x</a>\n- www.evil.example"
    deadline = DeadlineFactory(fair=fair, title_en=nasty, consequence_en=nasty, due_at=DUE)
    for_the_responsible(deadline)
    an_exhibitor(fair, company=CompanyFactory(name_en=nasty), responsible=UserFactory(**LOCAL))
    reminders.remind(now=WEEK_BEFORE)
    assert Letter.objects.count() == 2
    for letter in Letter.objects.all():
        assert "http://evil" not in letter.html + letter.text
        assert "www.evil" not in letter.html + letter.text
        assert "<a href='" not in letter.html


def test_a_calendar_file_goes_to_the_exhibitor_and_none_to_staff(fair, deadline):
    for_the_responsible(deadline)
    an_exhibitor(fair, user={"language": "ru"}, responsible=UserFactory(email="desk@example.com", **LOCAL))
    reminders.remind(now=WEEK_BEFORE)
    file = LetterAttachment.objects.get()
    assert (file.letter.recipient_email, file.name) == ("owner@example.com", "deadlines.ics")
    [event] = Calendar.from_ical(bytes(file.content)).walk("VEVENT")
    assert event.decoded("dtend") == DUE
    assert str(event["summary"]) == "Бейджи – Ярмарка"


def test_a_later_file_moves_the_entry_of_a_moved_deadline(fair, deadline):
    an_exhibitor(fair)
    reminders.remind(now=WEEK_BEFORE)
    Deadline.objects.update(due_at=DUE + 2 * DAY)
    reminders.remind(now=WEEK_BEFORE + 2 * DAY)
    first, second = (Calendar.from_ical(bytes(row.content)).walk("VEVENT")[0] for row in LetterAttachment.objects.order_by("pk"))
    assert first["uid"] == second["uid"]
    assert first["sequence"] < second["sequence"]
    assert second.decoded("dtend") == DUE + 2 * DAY


def test_the_letter_of_more_time_moves_the_entry_as_well(fair, deadline):
    application = an_exhibitor(fair, user={"language": "zh-hans"})
    reminders.remind(now=WEEK_BEFORE)
    later = DUE + 5 * DAY
    extend_deadline(application_id=application.pk, deadline=deadline.code, due_at=later, by=None, now=WEEK_BEFORE + DAY)
    first, second = (Calendar.from_ical(bytes(row.content)).walk("VEVENT")[0] for row in LetterAttachment.objects.order_by("pk"))
    assert first["uid"] == second["uid"]
    assert first["sequence"] < second["sequence"]
    assert second.decoded("dtend") == later
    letter = Letter.objects.get(occasion="exhibitors.deadline_extended")
    assert [row.name for row in letter.attachments.all()] == ["deadlines.ics"]
    assert "日历" in letter.text


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_what_nobody_can_see_is_ticked_off_and_the_letter_says_how(fair, language):
    DeadlineFactory(fair=fair, code="contract", due_at=DUE, title_ru="Договор", title_zh_hans="合同", title_en="Contract")
    DeadlineFactory(fair=fair, code="catalogue", due_at=DUE)
    an_exhibitor(fair, user={"language": language})
    reminders.remind(now=WEEK_BEFORE)
    letter = Letter.objects.get()
    for text in (letter.text, unescape(letter.html)):
        assert text.count({"ru": "отметьте это", "zh-hans": "勾选此项", "en": "tick it off"}[language]) == 1
        assert {"ru": "(пункт «Договор»)", "zh-hans": "（“合同”）", "en": "(as “Contract”)"}[language] in text


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_a_deadline_is_named_by_its_title_never_by_its_code(fair, language):
    DeadlineFactory(fair=fair, code="contract-x", due_at=DUE, title_ru="Договор", title_zh_hans="合同", title_en="Contract")
    for_the_responsible(Deadline.objects.get())
    reader = {**LOCAL, "language": language}
    an_exhibitor(fair, user=reader, responsible=UserFactory(**reader))
    reminders.remind(now=WEEK_BEFORE)
    letters = list(Letter.objects.all())
    assert {letter.occasion for letter in letters} == {"exhibitors.deadline_reminder", "exhibitors.staff_deadline_reminder"}
    for letter in letters:
        assert {"ru": "Договор", "zh-hans": "合同", "en": "Contract"}[language] in letter.text
        assert "contract-x" not in letter.text + letter.html + letter.subject


def test_a_deadline_without_any_title_is_named_by_its_code(fair):
    DeadlineFactory(fair=fair, code="contract-x", due_at=DUE, title_ru="", title_zh_hans="", title_en="")
    an_exhibitor(fair)
    reminders.remind(now=WEEK_BEFORE)
    letter = Letter.objects.get()
    assert all("contract-x" in text for text in (letter.subject, letter.text, letter.html))


def test_a_reminder_that_has_not_left_when_it_is_due_is_given_up(fair, deadline):
    an_exhibitor(fair)
    reminders.remind(now=WEEK_BEFORE)
    letter = Letter.objects.get()
    assert abs((letter.expires_at - letter.created_at) - (DUE - WEEK_BEFORE)) < timedelta(seconds=10)


def test_the_number_of_queries_does_not_grow_with_the_exhibitors():
    def queries(exhibitors: int) -> int:
        fair = FairFactory()
        for number in range(exhibitors):
            DeadlineFactory(fair=fair, code=f"code-{number}", due_at=DUE)
            an_exhibitor(fair, f"owner-{fair.pk}-{number}@example.com")
        with CaptureQueriesContext(connection) as captured:
            assert reminders.remind(now=WEEK_BEFORE) == exhibitors
        Application.objects.all().delete()
        Fair.objects.filter(pk=fair.pk).delete()
        return len(captured)

    assert queries(1) == queries(3) <= 28
