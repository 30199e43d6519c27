"""Those who look after a fair's letters hear of each that did not arrive, once, and not more often than once an hour."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exhibitors.domain import letters
from exhibitors.enums import CompanyRole
from exhibitors.models import ApplicationStep
from fairs.domain import letter_failures
from fairs.enums import StaffRole
from fairs.tasks import tell_of_failed_letters
from notifications import rendering, suppressions
from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import Letter
from tests.conftest import MOMENT
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def fair():
    fair = FairFactory()
    for email, role in (("owner@example.com", StaffRole.OWNER), ("reviewer@example.com", StaffRole.REVIEWER)):
        StaffMembershipFactory(fair=fair, role=role, user__email=email, user__language="en")
    return fair


def failed(fair, number=1, **given):
    values = {
        "key": f"failed:{number}",
        "message_id": f"<{number}@x>",
        "fair": fair,
        "occasion": "exhibitors.stand_offered",
        "recipient_email": f"exhibitor-{number}@example.com",
        "language": "ru",
        "subject": "S",
        "text": "T",
        "status": LetterStatus.FAILED,
        "last_error": "550 no such user",
    }
    return Letter.objects.create(**{**values, **given})


def told():
    return list(Letter.objects.filter(occasion=letter_failures.OCCASION).order_by("pk"))


def test_they_are_told_once(fair):
    failed(fair)
    now = timezone.now()
    assert [letter_failures.tell(now=now), letter_failures.tell(now=now + 2 * HOUR)] == [1, 0]
    [notice] = told()
    assert notice.recipient_email == "owner@example.com"
    assert "exhibitor-1@example.com, “Stand offered”: 550 no such user" in notice.text


def test_not_more_often_than_once_an_hour(fair):
    now = timezone.now()
    failed(fair, 1)
    letter_failures.tell(now=now)
    for number in range(2, 14):
        failed(fair, number)
    assert letter_failures.tell(now=now + HOUR - timedelta(seconds=1)) == 0
    assert letter_failures.tell(now=now + HOUR) == 12
    assert "- and 2 more" in told()[1].text
    assert len(told()) == 2


def test_another_fair_has_its_own_hour_and_its_own_readers(fair):
    elsewhere = FairFactory()
    StaffMembershipFactory(fair=elsewhere, role=StaffRole.COMMUNICATION, user__email="other@example.com")
    failed(fair, 1)
    failed(elsewhere, 2)
    assert letter_failures.tell(now=timezone.now()) == 2
    assert [(notice.fair_id, notice.recipient_email) for notice in told()] == [
        (fair.pk, "owner@example.com"),
        (elsewhere.pk, "other@example.com"),
    ]


def test_one_that_came_back_is_told_of_too(fair):
    failed(fair, status=LetterStatus.SENT, sent_at=timezone.now(), bounced_at=timezone.now(), last_error="", report="5.1.1 gone")
    assert letter_failures.tell(now=timezone.now()) == 1
    assert "5.1.1 gone" in told()[0].text


def test_a_closed_mailbox_and_old_news_are_told_of_no_more(fair):
    first = failed(fair, 1)
    suppressions.suppress(letter=first, reason=SuppressionReason.UNKNOWN_MAILBOX, answer="550", now=timezone.now())
    failed(fair, 2, last_error=suppressions.FAILED_BECAUSE)
    failed(fair, 3, due_at=timezone.now() - letter_failures.NOT_OLDER_THAN)
    assert letter_failures.tell(now=timezone.now()) == 1


def test_a_notice_that_fails_leads_to_no_other(fair):
    failed(fair)
    now = timezone.now()
    letter_failures.tell(now=now)
    Letter.objects.filter(occasion=letter_failures.OCCASION).update(status=LetterStatus.FAILED)
    assert letter_failures.tell(now=now + 2 * HOUR) == 0


def test_who_has_not_chosen_it_gets_none(fair):
    StaffMembershipFactory(fair=fair, role=StaffRole.COMMUNICATION, user__notices_at_once=["offers"])
    failed(fair)
    letter_failures.tell(now=timezone.now())
    assert [notice.recipient_email for notice in told()] == ["owner@example.com"]


def test_a_broken_shipped_text_refuses_no_step_and_is_told_of(fair, monkeypatch):
    application = ApplicationFactory(fair=fair, submitted=True)
    CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER, user__email="li@example.com", user__language="zh-hans")
    step = ApplicationStep.objects.create(application=application, step="admit", from_status="in_review", to_status="admitted", at=MOMENT)
    shipped = rendering.render_shipped

    def broken(occasion, scope):
        if occasion == "exhibitors.admitted":
            raise ValueError("no such tag")
        return shipped(occasion, scope)

    monkeypatch.setattr(rendering, "render_shipped", broken)
    letters.admitted(application, step)
    assert Letter.objects.get().status == LetterStatus.FAILED
    tell_of_failed_letters()
    tell_of_failed_letters()
    [notice] = told()
    assert "li@example.com, “Admitted”: The text could not be written: ValueError: no such tag" in notice.text


@pytest.mark.parametrize("count", [1, 3])
def test_it_asks_as_often_for_many_as_for_one(fair, count, django_assert_num_queries):
    for number in range(count):
        failed(fair, number)
    with django_assert_num_queries(15):
        letter_failures.tell(now=timezone.now())


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_letters_of_no_fair_are_told_to_superusers_once(fair, language):
    admin = UserFactory(email="admin@example.com", is_superuser=True, language=language)
    failed(None, occasion="accounts.email_code", is_secret=True, text="")
    now = timezone.now()
    assert letter_failures.tell(now=now) == 1
    [letter] = told()
    assert (letter.recipient_email, letter.fair) == (admin.email, None)
    assert "exhibitor-1@example.com" in letter.text
    assert "fair__isnull=True" in letter.text
    failed(None, 2)
    assert letter_failures.tell(now=now + HOUR / 2) == 0
    assert letter_failures.tell(now=now + HOUR) == 1
