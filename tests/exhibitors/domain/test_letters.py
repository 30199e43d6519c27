"""Every occasion, in every language, written of real rows as the steps write them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation

from accounts.models import User
from exhibitors.domain import letters
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, ApplicationStep, DeadlineExtension, Placement
from fairs.enums import StaffRole
from fairs.models import Stand
from notifications.models import Letter
from tests.cases import case
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CompanyContactFactory,
    CompanyFactory,
    CompanyMemberFactory,
    PlacementFactory,
    ProductCategoryFactory,
    SiteWishFactory,
)
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db

LANGUAGES = ["ru", "zh-hans", "en"]
NOW = datetime(2030, 1, 15, 9, tzinfo=UTC)
NAMES = {"ru": "Рыба Приморья", "zh-hans": "滨海渔业", "en": "Primorye Fish"}
FAIRS = {"ru": "Ярмарка", "zh-hans": "博览会", "en": "Fair"}
SITES = {"ru": "Площадка", "zh-hans": "展区", "en": "Site"}
NASTY = "<b>Bold</b>\n\n- [click](http://evil.example) www.evil.example"

TO_EXHIBITOR = [
    "application_received",
    "changes_requested",
    "admitted",
    "waitlisted",
    "rejected",
    "stand_offered",
    "relocated",
    "offer_withdrawn",
    "cancelled",
    "offer_lapsed",
    "offer_accepted_by_silence",
    "deadline_extended",
    "move_closed",
    "stand_fallen_free",
    "draft_waiting",
]
TO_STAFF = [
    "new_application",
    "offer_accepted",
    "offer_declined",
    "withdrawn",
    "cancelled_for_staff",
    "offer_lapsed_for_staff",
    "offer_accepted_by_silence_for_staff",
    "move_requested",
]
TO_COORDINATOR = ["admitted_for_coordinator", "rejected_for_coordinator"]
ALL = TO_EXHIBITOR + TO_STAFF + TO_COORDINATOR

WRITERS: dict[str, tuple[str, Callable[..., None]]] = {
    "application_received": ("submit", letters.submitted),
    "new_application": ("submit", letters.submitted),
    "changes_requested": ("request-changes", letters.changes_requested),
    "admitted": ("admit", letters.admitted),
    "admitted_for_coordinator": ("admit", letters.admitted),
    "waitlisted": ("waitlist", letters.waitlisted),
    "rejected": ("reject", letters.rejected),
    "rejected_for_coordinator": ("reject", letters.rejected),
    "stand_offered": ("offer-stand", letters.stand_offered),
    "relocated": ("relocate", letters.stand_offered),
    "offer_withdrawn": ("withdraw-offer", letters.offer_withdrawn),
    "offer_accepted": ("accept-offer", letters.offer_answered),
    "offer_declined": ("decline-offer", letters.offer_answered),
    "withdrawn": ("withdraw", letters.withdrawn),
    "cancelled": ("cancel", letters.cancelled),
    "cancelled_for_staff": ("cancel", letters.cancelled),
    "offer_lapsed": ("lapse", letters.offer_lapsed),
    "offer_lapsed_for_staff": ("lapse", letters.offer_lapsed),
    "offer_accepted_by_silence": ("lapse", letters.offer_lapsed),
    "offer_accepted_by_silence_for_staff": ("lapse", letters.offer_lapsed),
    "deadline_extended": ("extend-deadline", lambda application, step: letters.deadline_extended(application, step, extended(application))),
    "move_requested": ("request-move", letters.move_requested),
    "move_closed": ("close-move", letters.move_closed),
    "stand_fallen_free": ("withdraw", letters.stand_fallen_free),
    "draft_waiting": ("submit", lambda application, _step: letters.draft_waiting(application, days=3, closes_at=NOW)),
}
LAPSED = {name for name in WRITERS if name.startswith(("offer_lapsed", "offer_accepted_by"))}
WITH_PLACEMENT = {"stand_offered", "relocated", "offer_withdrawn", "offer_accepted", "offer_declined", "move_requested"} | LAPSED


def an_application(language: str = "en", *, zone: str = "Europe/Moscow", **fields: object) -> Application:
    """Of a company with an owner, at a fair with a reviewer, a finance person and a coordinator, who all read ``language``."""
    company = CompanyFactory(name_ru=NAMES["ru"], name_zh_hans=NAMES["zh-hans"], name_en=NAMES["en"])
    application = ApplicationFactory(**{"company": company, "submitted": True, **fields})
    application.categories.set([ProductCategoryFactory()])
    SiteWishFactory(application=application)
    CompanyMemberFactory(company=company, user=UserFactory(email="owner@example.com", language=language, time_zone=zone))
    for role, region in (
        (StaffRole.REVIEWER, ""),
        (StaffRole.FLOOR_PLANNER, ""),
        (StaffRole.FINANCE, ""),
        (StaffRole.REGIONAL_COORDINATOR, "RU-PRI"),
    ):
        user = UserFactory(email=f"{role}@example.com", language=language, time_zone="Asia/Shanghai")
        StaffMembershipFactory(fair=application.fair, user=user, role=role, region_code=region)
    return application


def an_offer(application: Application, **stand: object) -> Placement:
    wish = application.site_wishes.get()
    placement = PlacementFactory(
        application=application,
        stand__hall__site=wish.site,
        status=PlacementStatus.OFFERED,
        answer_by=datetime(2030, 1, 29, 15, 59, tzinfo=UTC),
    )
    Stand.objects.filter(pk=placement.stand_id).update(**{"number": "A-101", "area_m2": "36.50", "open_sides": 2, **stand})
    return Placement.objects.select_related("stand__hall", "site").get(pk=placement.pk)


def extended(application: Application) -> DeadlineExtension:
    deadline = DeadlineFactory(fair=application.fair, title_ru="Визы", title_zh_hans="签证", title_en="Visas")
    return DeadlineExtension.objects.create(
        application=application, deadline=deadline, due_at=deadline.due_at + timedelta(days=3), at=NOW, reason=""
    )


def write(name: str, application: Application, *, reason: str = "The list of goods is missing.", **fields: object) -> list[Letter]:
    """Take the step by hand and write its letters; the steps themselves are tested in their own files."""
    step_name, writer = WRITERS[name]
    placement = an_offer(application) if name in WITH_PLACEMENT else None
    if placement and name in LAPSED:
        placement.status = PlacementStatus.ACCEPTED if "silence" in name else PlacementStatus.LAPSED
    step = ApplicationStep.objects.create(
        **{
            "application": application,
            "step": step_name,
            "from_status": application.status,
            "to_status": application.status,
            "at": NOW,
            "reason": reason,
            "placement": placement,
            **fields,
        }
    )
    writer(application, step, *([placement] if placement else []))
    return list(Letter.objects.order_by("pk"))


def letter_to(address: str) -> Letter:
    return Letter.objects.get(recipient_email=address)


def reader_of(name: str) -> str:
    if name in TO_EXHIBITOR:
        return "owner@example.com"
    if name == "move_requested":
        return "floor_planner@example.com"
    return "regional_coordinator@example.com" if name in TO_COORDINATOR else "reviewer@example.com"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_written_in_the_language_of_its_reader_who_answers_the_fair(language):
    pk = an_application(language, fair=FairFactory(reply_to="desk@example.org")).pk
    for name in ALL:
        with case(name):
            _is_written_in(language, name, Application.objects.get(pk=pk))
            assert set(Letter.objects.values_list("reply_to", flat=True)) == {"desk@example.org"}
            letter = letter_to(reader_of(name))
            if name in TO_EXHIBITOR:
                assert "/admin/" not in letter.text + letter.html
            else:
                assert f"http://testserver/admin/exhibitors/application/{pk}/change/" in letter.text


def _is_written_in(language: str, name: str, application: Application) -> None:
    other = "en" if language == "ru" else "ru"
    with translation.override(other):  # whoever took the step
        write(name, application)
        assert translation.get_language() == other
    letter = letter_to(reader_of(name))
    assert letter.language == language
    assert letter.subject
    assert NAMES[language] in letter.text
    assert FAIRS[language] in letter.text
    assert NAMES[other] not in letter.text + letter.html
    for leftover in ("{{", "}}", "{%", "%}", "None", "\x02", "()", "（）"):
        assert leftover not in letter.text
    assert "\n\n\n" not in letter.text


def test_there_is_a_template_for_every_occasion_and_none_is_left_over():
    folder = Path(letters.__file__).parents[1] / "templates" / "letters" / "exhibitors"
    occasions = {path.name.split(".")[0] for path in folder.glob("*.txt")}
    code = "".join(path.read_text() for path in Path(letters.__file__).parent.glob("*.py"))
    assert {occasion for occasion in occasions if not re.search(f'[".]{occasion}"', code)} == set()
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{o}.{language}.txt" for o in occasions for language in LANGUAGES)


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", "подтверждает только получение"), ("zh-hans", "不代表参展确认"), ("en", "This is a receipt, not a confirmation.")],
)
def test_the_receipt_says_that_it_is_no_confirmation(language, words):
    write("application_received", an_application(language))
    assert words in letter_to("owner@example.com").text


def test_a_late_application_is_told_so():
    write("application_received", an_application(late=True))
    assert "after applications had closed" in letter_to("owner@example.com").text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", ["Стенд: A-101", "Зал: Зал", "Площадь: 36,50 м²", "угловой, открыты 2 стороны", "Первый день: 1 мая 2030 г."]),
        ("zh-hans", ["展位号：A-101", "展厅：展厅", "净面积：36.50 平方米", "转角展位", "起始日期：2030年5月1日"]),
        ("en", ["Stand: A-101", "Hall: Hall", "Net area: 36.50 m²", "corner stand, 2 open sides", "First day: 1 May 2030"]),
    ],
)
def test_the_offer_states_the_stand(language, said):
    write("stand_offered", an_application(language))
    letter = letter_to("owner@example.com")
    for words in said:
        assert words in letter.text
    assert SITES[language] in letter.text


@pytest.mark.parametrize("name", ["stand_offered", "relocated"])
def test_the_offer_says_until_when_in_the_fairs_zone_and_the_readers(name):
    write(name, an_application("en", zone="Europe/Moscow"))
    assert "Answer by: 29 January 2030, 23:59 (Beijing) / 18:59 (Moscow)" in letter_to("owner@example.com").text


def test_a_relocation_says_why_and_that_the_old_stand_stays():
    application = an_application(submitted=False, accepted=True)
    PlacementFactory(application=application, stand__hall__site=application.site_wishes.get().site)
    write("relocated", application, reason="A fire lane is widened.")
    text = letter_to("owner@example.com").text
    assert "A fire lane is widened." in text
    assert "your present stand remains yours until you accept the new one" in text


def test_an_offer_says_how_to_answer_and_whom_to_ask():
    write("stand_offered", an_application(fair=FairFactory(reply_to="desk@example.org")))
    text = letter_to("owner@example.com").text
    assert "http://testserver" in text
    assert "desk@example.org" in text


@pytest.mark.parametrize("name", ["offer_accepted", "offer_declined"])
def test_an_answer_goes_to_those_who_decide_and_to_finance(name):
    write(name, an_application())
    assert {letter.recipient_email for letter in Letter.objects.all()} == {"reviewer@example.com", "finance@example.com"}
    assert ("accepted" if name == "offer_accepted" else "declined") in letter_to("finance@example.com").subject


def test_a_person_of_two_roles_gets_one_letter_about_an_answer():
    application = an_application()
    StaffMembershipFactory(fair=application.fair, user=User.objects.get(email="reviewer@example.com"), role=StaffRole.FINANCE)
    write("offer_accepted", application)
    assert sorted(Letter.objects.values_list("recipient_email", flat=True)) == ["finance@example.com", "reviewer@example.com"]


def test_a_second_submission_says_so():
    write("new_application", an_application(), from_status=ApplicationStatus.CHANGES_REQUESTED)
    assert letter_to("reviewer@example.com").subject.startswith("Revised application")


def test_the_region_coordinator_hears_of_the_own_region_only():
    application = an_application()
    elsewhere = UserFactory(email="elsewhere@example.com")
    StaffMembershipFactory(fair=application.fair, user=elsewhere, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-KHA")
    write("admitted", application)
    assert {letter.recipient_email for letter in Letter.objects.all()} == {"owner@example.com", "regional_coordinator@example.com"}


def test_an_address_that_is_member_and_contact_in_another_case_gets_one_letter():
    application = an_application()
    CompanyContactFactory(company=application.company, email="OWNER@example.com")
    assert [letter.occasion for letter in write("application_received", application)].count("exhibitors.application_received") == 1


def test_a_contact_who_is_no_user_reads_in_the_own_language():
    application = an_application("en")
    CompanyContactFactory(company=application.company, email="zhang@example.com", language="zh-hans", time_zone="Asia/Shanghai")
    write("admitted", application)
    assert NAMES["zh-hans"] in letter_to("zhang@example.com").text


def test_the_same_step_is_told_once_and_the_next_one_again():
    application = an_application()
    write("changes_requested", application)
    step = ApplicationStep.objects.get()
    letters.changes_requested(application, step)
    assert Letter.objects.count() == 1
    write("changes_requested", application, at=NOW + timedelta(days=1))
    assert Letter.objects.count() == 2


def test_what_people_typed_is_neither_markup_nor_a_link():
    application = an_application()
    application.company.name_en = NASTY[:200]
    application.company.save()
    for name in ALL:
        with case(name):
            write(name, Application.objects.get(pk=application.pk), reason=NASTY)
            letter = letter_to(reader_of(name))
            assert "<b>" not in letter.html
            assert 'href="http://evil' not in letter.html
            assert "http://evil" not in letter.html + letter.text
            assert "www.evil" not in letter.html + letter.text
            assert "\n" not in letter.subject


def test_a_letter_to_a_very_long_address_is_written():
    application = an_application()
    address = "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".example"
    CompanyContactFactory(company=application.company, email=address)
    write("admitted", application)
    assert len(letter_to(address).key) <= 200


@pytest.mark.parametrize(
    ("language", "words"), [("en", "stays on its stand Z-1"), ("ru", "остаётся на своём стенде Z-1"), ("zh-hans", "继续保留现有展位 Z-1")]
)
def test_a_declined_relocation_says_that_the_company_stays(language, words):
    application = an_application(language, submitted=False, accepted=True)
    kept = PlacementFactory(application=application, stand__hall__site=application.site_wishes.get().site)
    Stand.objects.filter(pk=kept.stand_id).update(number="Z-1")
    write("offer_declined", application)
    letter = letter_to("reviewer@example.com")
    assert words in letter.text
    assert "Z-1" in letter.subject
