"""What staff read at 18 o'clock in the fair's zone, each by the own roles and choice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from exhibitors.domain import applications, readers, reminders, staff_digest
from exhibitors.models import Application
from exhibitors.tasks import write_staff_digests
from fairs.enums import StaffRole
from fairs.models import Fair
from notifications.enums import LetterStatus
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import DAY, DUE, NINE, SHANGHAI, an_exhibitor, staff
from tests.exhibitors.world import application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyFactory, DocumentFactory, RegionFactory
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
    assert "Letters that failed: 1" in found["reviewer@example.com"]
    assert "waiting for review" not in found["planner@example.com"]
    assert "failed" not in found["planner@example.com"]
    assert "- Khabarovsk" in found["coordinator@example.com"]
    assert "Primorye" not in found["coordinator@example.com"]


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
    for email, at_once in (("digest@example.com", False), ("at-once@example.com", True)):
        person = staff(email, fair)
        type(person).objects.filter(pk=person.pk).update(notices_at_once=at_once)
    draft = application_in("draft", fair=fair)
    applications.submit(application_id=draft.pk, by=None, now=datetime(2030, 1, 15, tzinfo=UTC))
    notices = Letter.objects.filter(occasion="exhibitors.new_application").values_list("recipient_email", flat=True)
    assert list(notices) == ["at-once@example.com"]
    assert len(readers.deciding_staff(draft)) == 2  # what cannot wait goes to both


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
    client.post(address, {"notices_at_once": "on", "email": "stolen@example.com", "is_superuser": "on"})
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.daily_digest, person.notices_at_once, person.is_superuser) == (False, True, False)
    assert (other.daily_digest, other.notices_at_once) == (True, True)
