"""What staff read at 18 o'clock in the fair's zone, each by the own roles and choice."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Notice, every_notice
from exhibitors.domain import (
    applications,
    co_exhibitor_letters,
    document_letters,
    letters,
    people_letters,
    readers,
    reminders,
    staff_digest,
)
from exhibitors.models import Application, ApplicationStep, CompanyClaim
from exhibitors.tasks import write_staff_digests
from fairs.enums import StaffRole
from fairs.models import Fair
from notifications.enums import LetterStatus
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import DAY, DUE, NINE, SHANGHAI, an_exhibitor, staff
from tests.exhibitors.world import application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyFactory,
    DocumentFactory,
    PlacementFactory,
    RegionFactory,
)
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
SIX = datetime(2030, 3, 20, 18, tzinfo=SHANGHAI)


@pytest.fixture
def fair() -> Fair:
    return FairFactory()


def a_new_application(fair: Fair, name: str = "Maker", *, hours: int = 2, region: str = "RU-PRI") -> Application:
    company = CompanyFactory(name_en=name, region=RegionFactory(code=region))
    return ApplicationFactory(fair=fair, company=company, submitted=True, submitted_at=SIX - timedelta(hours=hours))


def told(now: datetime = SIX) -> dict[str, str]:
    before = set(Letter.objects.values_list("pk", flat=True))
    assert staff_digest.write(now=now) == Letter.objects.exclude(pk__in=before).count()
    return dict(Letter.objects.exclude(pk__in=before).values_list("recipient_email", "text"))


def test_it_goes_once_a_day_at_six_where_the_fair_is(fair):
    staff("anna@example.com", fair)
    a_new_application(fair)
    assert told(SIX - timedelta(seconds=1)) == {}
    assert list(told(SIX)) == ["anna@example.com"]
    assert told(SIX + timedelta(hours=1)) == {}
    assert list(told(SIX + DAY)) == ["anna@example.com"]  # it still waits for review


def test_an_address_that_is_none_keeps_no_other_fair_from_its_digest(fair):
    other = FairFactory()
    for each, email in ((fair, "not an address"), (other, "anna@example.com")):
        staff(email, each)
        a_new_application(each)
    assert list(told()) == ["anna@example.com"]


def test_a_day_without_anything_writes_nothing(fair):
    staff("anna@example.com", fair)
    assert told() == {}


def test_new_is_what_came_since_yesterday_at_six(fair):
    staff("anna@example.com", fair)
    a_new_application(fair, "Today", hours=23)
    a_new_application(fair, "Yesterday", hours=25)
    text = told()["anna@example.com"]
    assert "New applications: 1" in text
    assert "Applications waiting for review: 2" in text
    assert "- Today" in text
    assert "Yesterday" not in text


def test_many_new_ones_are_named_and_counted(fair, monkeypatch):
    monkeypatch.setattr(staff_digest, "NAMED", 1)
    staff("anna@example.com", fair)
    for number in range(3):
        a_new_application(fair, f"Maker {number}", hours=3 - number)
    text = told()["anna@example.com"]
    assert "- Maker 0" in text
    assert "Maker 1" not in text
    assert "- and 2 more" in text


def test_each_reads_what_the_own_role_shows(fair):
    staff("reviewer@example.com", fair)
    staff("planner@example.com", fair, StaffRole.FLOOR_PLANNER)
    staff("check-in@example.com", fair, StaffRole.CHECK_IN)
    staff("coordinator@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-KHA")
    DocumentFactory(application=a_new_application(fair, "Primorye"))
    a_new_application(fair, "Khabarovsk", region="RU-KHA")
    letter = {"fair": fair, "occasion": "exhibitors.admitted", "recipient_email": "x@example.com", "language": "en", "subject": "S"}
    Letter.objects.create(**letter, key="failed", message_id="<1@x>", status=LetterStatus.FAILED, next_attempt_at=SIX)
    found = told()
    assert set(found) == {"reviewer@example.com", "planner@example.com", "coordinator@example.com"}
    assert "Documents waiting for review: 1" in found["reviewer@example.com"]
    assert "Letters that failed or came back today: 1" in found["reviewer@example.com"]
    assert "waiting for review" not in found["planner@example.com"]
    assert "failed" not in found["planner@example.com"]
    assert "- Khabarovsk" in found["coordinator@example.com"]
    assert "Primorye" not in found["coordinator@example.com"]


def test_a_person_of_two_roles_reads_one_digest_of_both(fair):
    anna = staff("anna@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-KHA")
    StaffMembershipFactory(fair=fair, user=anna, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI")
    a_new_application(fair, "Primorye")
    a_new_application(fair, "Khabarovsk", region="RU-KHA")
    a_new_application(fair, "Moscow", region="RU-MOW")
    assert "New applications: 2" in told()["anna@example.com"]
    assert Letter.objects.count() == 1


def test_what_is_overdue_is_told_by_the_level_it_has_reached(fair):
    desk = staff("desk@example.com", fair)
    staff("coordinator@example.com", fair, StaffRole.REGIONAL_COORDINATOR, "RU-PRI")
    DeadlineFactory(fair=fair, code="contract", due_at=DUE, consequence_en="No stand.")
    an_exhibitor(fair, responsible=desk)
    reminders.remind(now=NINE + 2 * DAY)
    text = told((NINE + 2 * DAY).replace(hour=18))["desk@example.com"]
    assert "Your open tasks: 1" in text
    assert "Overdue at exhibitors, with staff: 1" in text
    reminders.remind(now=NINE + 7 * DAY)
    assert "Overdue, with the region's coordinator: 1" in told((NINE + 7 * DAY).replace(hour=18))["desk@example.com"]
    reminders.remind(now=NINE + 9 * DAY)
    assert "Overdue, the consequence was told: 1" in told((NINE + 9 * DAY).replace(hour=18))["desk@example.com"]


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_it_is_in_the_readers_language(fair, language):
    StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER, user=UserFactory(language=language))
    a_new_application(fair)
    [text] = told().values()
    assert {"ru": "Новые заявки: 1", "zh-hans": "新申请：1", "en": "New applications: 1"}[language] in text
    assert "{" not in text


def test_who_wants_none_gets_none(fair):
    anna = staff("anna@example.com", fair)
    type(anna).objects.update(daily_digest=False)
    a_new_application(fair)
    assert told() == {}


def test_a_fair_that_is_over_or_not_published_writes_nothing(fair):
    staff("anna@example.com", fair)
    a_new_application(fair)
    Fair.objects.update(ends_on="2030-02-01", starts_on="2030-01-20")
    assert told() == {}
    Fair.objects.update(ends_on="2030-05-05", status="draft")
    assert told() == {}


def test_who_prefers_the_digest_gets_no_letter_for_a_new_application(fair):
    for email, at_once in (("digest@example.com", ["documents", "offers"]), ("at-once@example.com", ["applications"])):
        person = staff(email, fair)
        type(person).objects.filter(pk=person.pk).update(notices_at_once=at_once)
    draft = application_in("draft", fair=fair)
    applications.submit(application_id=draft.pk, by=None, now=datetime(2030, 1, 15, tzinfo=UTC))
    notices = Letter.objects.filter(occasion="exhibitors.new_application").values_list("recipient_email", flat=True)
    assert list(notices) == ["at-once@example.com"]
    deciding = readers.deciding_staff(draft)
    assert [reader.email for reader in readers.wanting(deciding, Notice.OFFERS)] == ["digest@example.com"]


def test_the_task_asks_the_business_clock_once_a_quarter(fair, clock):
    staff("anna@example.com", fair)
    a_new_application(fair)
    clock.move_to(SIX)
    write_staff_digests()
    assert Letter.objects.count() == 1
    Letter.objects.all().delete()
    write_staff_digests()
    assert Letter.objects.count() == 0
    clock.move_to(SIX + timedelta(minutes=15))
    write_staff_digests()
    assert Letter.objects.count() == 1


def test_a_person_chooses_on_a_page_of_the_desk(client, fair, clock):
    person = StaffMembershipFactory(fair=fair).user
    other = StaffMembershipFactory(fair=fair).user
    client.force_login(person)
    address = reverse("admin:accounts_user_my_notices")
    assert client.get(address).status_code == 200
    client.post(address, {"notices_at_once": ["letters", "offers"], "email": "stolen@example.com", "is_superuser": "on"})
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.daily_digest, person.notices_at_once, person.is_superuser) == (False, ["offers", "letters"], False)
    assert (other.daily_digest, other.notices_at_once) == (True, every_notice())
    assert client.post(address, {"notices_at_once": ["everything"]}).context["form"].errors
    person.refresh_from_db()
    assert person.notices_at_once == ["offers", "letters"]


# What each notice is, in the order in which the world below does it: its occasion, and the choice that keeps it from coming.
AT_ONCE = {
    "exhibitors.new_application": "applications",
    "exhibitors.documents_to_review": "documents",
    "exhibitors.move_requested": "requests",
    "exhibitors.decision_for_coordinator": "decisions",
    "exhibitors.offer_answered": "offers",
    "exhibitors.offer_lapsed_for_staff": "offers",
    "exhibitors.withdrawn": "withdrawals",
    "exhibitors.cancelled_for_staff": "withdrawals",
    "exhibitors.co_exhibitor_to_decide": "requests",
    "exhibitors.claim_opened": "requests",
}


def _tell_all(fair: Fair) -> None:
    """One of each notice, as the steps write them."""
    company = CompanyFactory(region=RegionFactory(code="RU-PRI"))
    application = ApplicationFactory(fair=fair, company=company, accepted=True)
    step = ApplicationStep.objects.create(application=application, step="submit", from_status="draft", to_status="submitted", at=SIX)
    placement = PlacementFactory(application=application, stand__hall__site__fair=fair)
    DocumentFactory(application=application, uploaded_at=SIX - DAY)
    letters.submitted(application, step)
    letters.admitted(application, step)
    letters.offer_answered(application, step, placement)
    letters.offer_lapsed(application, step, placement)
    letters.withdrawn(application, step)
    letters.cancelled(application, step)
    letters.move_requested(application, step, placement)
    co_exhibitor = CoExhibitorFactory(application=application, status="confirmed")
    co_exhibitor_letters.write_about(co_exhibitor, was="declared")
    document_letters.tell_reviewers(now=SIX)
    claim = CompanyClaim.objects.create(person=UserFactory(), entered=CompanyFactory(), existing=company, opened_at=SIX)
    people_letters.claim_opened(claim, readers.claim_staff(company.pk))


@pytest.mark.parametrize("choice", Notice.values)
def test_each_notice_comes_at_once_or_not_as_its_reader_has_chosen(fair, choice):
    for role, region in ((StaffRole.OWNER, ""), (StaffRole.REGIONAL_COORDINATOR, "RU-PRI")):
        person = staff(f"{role}@example.com", fair, role, region)
        type(person).objects.filter(pk=person.pk).update(notices_at_once=[choice])
    _tell_all(fair)
    told = Letter.objects.filter(recipient_email__in=["owner@example.com", "regional_coordinator@example.com"])
    assert set(told.values_list("occasion", flat=True)) == {occasion for occasion, notice in AT_ONCE.items() if notice == choice}


def test_what_did_not_come_at_once_stands_in_the_digest(fair):
    for role, region in ((StaffRole.OWNER, ""), (StaffRole.REGIONAL_COORDINATOR, "RU-PRI")):
        staff(f"{role}@example.com", fair, role, region)
    application = a_new_application(fair)
    ApplicationFactory(fair=fair, accepted=True, move_requested_at=SIX, move_reason="too near")
    CoExhibitorFactory(application=application, status="confirmed")
    CompanyClaim.objects.create(person=UserFactory(), entered=CompanyFactory(), existing=application.company, opened_at=SIX)
    at = SIX - timedelta(hours=1)
    for step in ("accept-offer", "decline-offer", "withdraw", "cancel", "admit", "reject"):
        ApplicationStep.objects.create(application=application, step=step, from_status="admitted", to_status="admitted", at=at)
    ApplicationStep.objects.create(application=application, step="admit", from_status="admitted", to_status="admitted", at=at, held=True)
    ApplicationStep.objects.create(application=application, step="lapse", from_status="admitted", to_status="admitted", at=at - DAY)
    found = told()
    for line in ("Co-exhibitors to decide on: 1", "Claims on companies to decide on: 1", "Exhibitors that wish for another stand: 1",
                 "Exhibitors whose offers were answered or lapsed today: 1", "Withdrawn or cancelled today: 1"):  # fmt: skip
        assert line in found["owner@example.com"]
    assert "Decided today" not in found["owner@example.com"]
    assert "Decided today in your region: 1" in found["regional_coordinator@example.com"]
    assert "another stand" not in found["regional_coordinator@example.com"]


def _a_day_with_everything(fair: Fair, desk) -> None:
    DeadlineFactory(fair=fair, code="contract", due_at=DUE, consequence_en="No stand.")
    an_exhibitor(fair, responsible=desk)
    reminders.remind(now=NINE + 2 * DAY)
    at = (NINE + 2 * DAY).replace(hour=17)
    application = a_new_application(fair)
    Application.objects.filter(pk=application.pk).update(submitted_at=at)
    ApplicationFactory(fair=fair, accepted=True, move_requested_at=at, move_reason="too near")
    CoExhibitorFactory(application=application, status="confirmed")
    CompanyClaim.objects.create(person=UserFactory(), entered=CompanyFactory(), existing=application.company, opened_at=at)
    DocumentFactory(application=application)
    for step in ("accept-offer", "decline-offer", "withdraw"):
        ApplicationStep.objects.create(application=application, step=step, from_status="admitted", to_status="admitted", at=at)
    brought = {"from_status": "draft", "to_status": "admitted", "at": at, "imported_at": at}
    for step in ("submit", "admit", "accept-offer"):
        ApplicationStep.objects.create(application=ApplicationFactory(fair=fair, submitted=True), step=step, **brought)
    letter = {"fair": fair, "occasion": "exhibitors.admitted", "recipient_email": "x@example.com", "language": "en", "subject": "S"}
    Letter.objects.create(**letter, key="failed", message_id="<1@x>", status=LetterStatus.FAILED, next_attempt_at=at)
    Letter.objects.create(**letter, key="before", message_id="<2@x>", status=LetterStatus.FAILED, next_attempt_at=at - 2 * DAY)


def test_every_figure_leads_to_a_page_that_lists_as_many(client, fair, clock):
    desk = staff("desk@example.com", fair, StaffRole.OWNER)
    _a_day_with_everything(fair, desk)
    six = (NINE + 2 * DAY).replace(hour=18)
    text = told(six)["desk@example.com"]
    clock.move_to(six)
    type(desk).objects.update(is_staff=True)
    client.force_login(desk)
    figures = re.findall(r"^- (.+): (\d+) \(http://testserver(\S+)\)$", text, re.MULTILINE)
    assert len(figures) == 12
    for what, count, url in figures:
        page = client.get(url)
        assert page.status_code == 200, what
        listed = page.context["shown"].paginator.count if "queue" in url else page.context["cl"].result_count
        assert listed == int(count), what
    for name in re.findall(r"^- [^:\n]+ \(http://testserver(\S+/change/)\)$", text, re.MULTILINE):
        assert client.get(name).status_code == 200


def test_what_a_table_brought_in_is_named_as_such_and_as_nobodys_work(fair):
    staff("reviewer@example.com", fair)
    application = a_new_application(fair)
    brought = {"from_status": "draft", "to_status": "submitted", "at": SIX - timedelta(hours=2), "imported_at": SIX - timedelta(hours=1)}
    for step in ("submit", "admit", "accept-offer"):
        ApplicationStep.objects.create(application=application, step=step, **brought)
    text = told()["reviewer@example.com"]
    assert "brought in or changed by an import today: 1" in text
    assert "New" not in text
    assert "answered" not in text
    assert "import" not in told(SIX + DAY)["reviewer@example.com"]


def test_who_reads_of_missed_deadlines_in_the_digest_gets_the_task_and_no_letter(fair):
    desk = staff("desk@example.com", fair)
    type(desk).objects.filter(pk=desk.pk).update(notices_at_once=["offers"])
    desk.refresh_from_db()
    DeadlineFactory(fair=fair, code="contract", due_at=DUE)
    an_exhibitor(fair, responsible=desk)
    reminders.remind(now=NINE + 2 * DAY)
    assert not Letter.objects.filter(occasion="exhibitors.staff_deadline_reminder").exists()
    text = told((NINE + 2 * DAY).replace(hour=18))["desk@example.com"]
    assert "Your open tasks: 1" in text
    assert "Overdue at exhibitors, with staff: 1" in text
