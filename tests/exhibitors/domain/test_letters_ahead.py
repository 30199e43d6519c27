"""What is said to come by itself is what comes, when nobody does anything until then."""

from datetime import datetime, timedelta

import pytest

from exhibitors.domain import document_expiry, drafts, lapses
from exhibitors.domain.letters_ahead import letters_ahead
from fairs.enums import FairStatus
from fairs.models import Fair
from notifications.models import Letter
from tests.exhibitors.domain.test_reminders import an_exhibitor
from tests.exhibitors.hours import HOUR, hours_to_look_at
from tests.factories.exhibitors import DocumentFactory, DocumentRequirementFactory, PlacementFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return datetime.fromisoformat("2030-04-01T10:00:00+00:00")


@pytest.fixture
def fair(now) -> Fair:
    """With a draft of each age, documents that run out and have run out, and an open offer."""
    last = (now + 30 * DAY).date()
    dates = {"starts_on": last - 9 * DAY, "ends_on": last, "applications_open_at": now - 60 * DAY, "applications_close_at": now + 20 * DAY}
    fair = FairFactory(**dates, takes_late_applications=False)
    for hours in (1, 50, 80, 300):
        draft = {"status": "draft", "told_status": "draft", "created_at": now - hours * HOUR}
        an_exhibitor(fair, f"draft-{hours}@example.com", accepted=False, **draft)
    requirement = DocumentRequirementFactory(fair=fair)
    for days in (-3, 5, 17):
        exhibitor = an_exhibitor(fair, f"document-{days}@example.com")
        DocumentFactory(application=exhibitor, requirement=requirement, valid_until=(now + days * DAY).date(), state="uploaded")
    PlacementFactory(application=an_exhibitor(fair, "offer@example.com"), status="offered", answer_by=now + 4 * DAY)
    return fair


def test_each_letter_is_foreseen_to_the_hour(fair, now):
    expected = letters_ahead(fair, now=now, until=now + 14 * DAY)
    seen, known = [], set()
    for moment in hours_to_look_at([each.at for each in expected], begin=now, end=now + 14 * DAY):
        for tick in (drafts.remind, document_expiry.remind, lapses.lapse_due):
            tick(now=moment)
        for letter in Letter.objects.exclude(pk__in=known).exclude(occasion__endswith="_for_staff"):
            known.add(letter.pk)
            seen.append((moment, letter.occasion, letter.about))
    assert len(seen) >= 11
    foreseen = [(each.at, each.occasion, f"application:{each.application.pk}") for each in expected]
    assert [each[1:] for each in sorted(seen)] == [each[1:] for each in sorted(foreseen)]
    assert all(timedelta(0) <= came[0] - said[0] <= HOUR for came, said in zip(sorted(seen), sorted(foreseen), strict=True))


def test_a_fair_that_is_not_published_nags_nobody(fair, now):
    fair.status = FairStatus.DRAFT
    assert {each.occasion for each in letters_ahead(fair, now=now, until=now + 14 * DAY)} == {"exhibitors.offer_lapsed"}


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number(now, count, django_assert_num_queries):
    fair = FairFactory()
    for number in range(count):
        PlacementFactory(application=an_exhibitor(fair, f"offer-{number}@example.com"), status="offered", answer_by=now + 4 * DAY)
    with django_assert_num_queries(4):
        assert len(letters_ahead(fair, now=now, until=now + 14 * DAY)) == count
