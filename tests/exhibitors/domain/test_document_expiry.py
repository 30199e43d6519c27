"""Letters about documents that run out before the fair is over: two weeks ahead and afterwards, once a version each."""

from datetime import timedelta

import pytest

from exhibitors.domain import document_expiry, documents, endings
from exhibitors.enums import ApplicationStatus, DocumentState
from exhibitors.models import Document
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import CompanyContactFactory, CompanyMemberFactory, DocumentFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()  # 15 January; 9:00 UTC is past 9 at the fair


@pytest.fixture
def member():
    return CompanyMemberFactory(user__language="ru")


@pytest.fixture
def application(member):
    return application_in(ApplicationStatus.ACCEPTED, company=member.company)


def document_until(application, day, **fields) -> Document:
    return DocumentFactory(**{"application": application, "state": DocumentState.APPROVED, "reviewed_at": NOW, "valid_until": day} | fields)


def occasions() -> list[str]:
    return list(Letter.objects.order_by("pk").values_list("occasion", flat=True))


def test_a_document_is_over_by_the_day_of_its_own_fair(application):
    here = document_until(application, TODAY)
    elsewhere = document_until(application_in(ApplicationStatus.ACCEPTED, fair=FairFactory(time_zone="America/New_York")), TODAY)
    midnight_in_shanghai = NOW + timedelta(hours=7)
    assert [documents.expire(now=midnight_in_shanghai) for _twice in range(2)] == [1, 0]
    for document in (here, elsewhere):
        document.refresh_from_db()
    assert (here.state, elsewhere.state) == (DocumentState.EXPIRED, DocumentState.APPROVED)


@pytest.mark.parametrize(("days", "letters"), [(15, 0), (14, 1), (0, 1)])
def test_it_is_told_two_weeks_ahead_and_once(application, days, letters):
    document_until(application, TODAY + days * DAY)
    assert [document_expiry.remind(now=NOW), document_expiry.remind(now=NOW + timedelta(hours=1))] == [letters, 0]
    assert occasions() == ["exhibitors.document_expires"] * letters


def test_the_end_is_told_the_day_after_and_a_new_version_is_told_anew(application, member):
    document = document_until(application, TODAY)
    assert document_expiry.remind(now=NOW) == 1
    tomorrow = NOW + DAY
    documents.expire(now=tomorrow)
    assert [document_expiry.remind(now=tomorrow), document_expiry.remind(now=tomorrow)] == [1, 0]
    assert occasions() == ["exhibitors.document_expires", "exhibitors.document_expired"]
    letter = Letter.objects.latest("pk")
    assert letter.recipient_email == member.user.email
    assert "Макеты этикеток" in letter.subject
    assert "15 января 2030" in letter.text
    Document.objects.filter(pk=document.pk).update(state=DocumentState.SUPERSEDED)
    document_until(application, TODAY + 5 * DAY, requirement=document.requirement, version=2)
    assert document_expiry.remind(now=tomorrow) == 1


def test_a_last_day_that_is_corrected_is_told_of_anew(application):
    document = document_until(application, TODAY + DAY, state=DocumentState.UPLOADED, reviewed_at=None)
    assert document_expiry.remind(now=NOW) == 1
    documents.change(document_id=document.pk, valid_until=TODAY + DAY, by=None, now=NOW)
    assert document_expiry.remind(now=NOW) == 0
    documents.change(document_id=document.pk, valid_until=TODAY + 30 * DAY, by=None, now=NOW)
    assert [document_expiry.remind(now=NOW + days * DAY) for days in (0, 15, 16, 17)] == [0, 0, 1, 0]
    assert occasions() == ["exhibitors.document_expires"] * 2
    assert "14 февраля 2030" in Letter.objects.latest("pk").text


def test_an_address_that_is_none_keeps_nobody_else_from_being_told(application):
    unreachable = application_in(ApplicationStatus.ACCEPTED, fair=application.fair)
    CompanyContactFactory(company=unreachable.company, email="not an address")
    for concerned in (unreachable, application):
        document_until(concerned, TODAY)
    assert [document_expiry.remind(now=NOW) for _tick in range(2)] == [1, 0]
    assert Letter.objects.get().about == f"application:{application.pk}"


def test_what_was_over_before_anybody_could_warn_is_told_once(application):
    document_until(application, TODAY - DAY, state=DocumentState.EXPIRED)
    assert [document_expiry.remind(now=NOW), document_expiry.remind(now=NOW)] == [1, 0]
    assert occasions() == ["exhibitors.document_expired"]


def test_it_waits_for_nine_o_clock_at_the_fair(application):
    document_until(application, TODAY)
    assert document_expiry.remind(now=NOW.replace(hour=0, minute=59)) == 0  # 08:59 in Shanghai
    assert document_expiry.remind(now=NOW.replace(hour=1)) == 1


@pytest.mark.parametrize("case", ["until the end", "withdrawn", "returned", "nobody asked", "fair over"])
def test_nobody_is_told_of_what_does_not_matter(application, case):
    fair = application.fair
    fields = {"returned": {"state": DocumentState.RETURNED, "reason": "No."}, "nobody asked": {"requirement": None, "title": "Photo"}}
    day = fair.ends_on if case == "until the end" else TODAY
    document_until(application, day, **fields.get(case, {}))
    if case == "withdrawn":
        endings.withdraw(application_id=application.pk, by=None, now=NOW, tell=False)
    now = NOW.replace(year=fair.ends_on.year + 1) if case == "fair over" else NOW
    assert document_expiry.remind(now=now) == 0
    assert not Letter.objects.exists()
