"""Who hears of a stand that has fallen free: the head of the waiting list for its site, as everybody knows the list."""

import pytest

from exhibitors.domain import applications, endings
from exhibitors.enums import ApplicationStatus
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import CompanyMemberFactory, PlacementFactory, SiteWishFactory
from tests.factories.fairs import SiteFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus


def waiting(fair, email: str):
    application = application_in(S.SUBMITTED, fair=fair)
    CompanyMemberFactory(company=application.company, user__email=email)
    applications.waitlist(application_id=application.pk, by=None, now=NOW, tell=False)
    return application


def heard() -> list[str]:
    return sorted(Letter.objects.filter(occasion="exhibitors.stand_fallen_free").values_list("recipient_email", flat=True))


@pytest.mark.parametrize("ending", [endings.withdraw, endings.cancel])
def test_the_head_of_the_list_hears_and_nobody_else(ending):
    leaving = application_in(S.ACCEPTED)
    for email in ("first@example.com", "second@example.com"):
        waiting(leaving.fair, email)

    ending(application_id=leaving.pk, by=None, now=NOW, reason="The secret of another company.")

    assert heard() == ["first@example.com"]
    letter = Letter.objects.get(occasion="exhibitors.stand_fallen_free")
    assert "secret" not in letter.text
    assert str(leaving.company) not in letter.text


def test_a_held_decision_on_the_head_changes_nothing():
    leaving = application_in(S.ACCEPTED)
    first = waiting(leaving.fair, "first@example.com")
    waiting(leaving.fair, "second@example.com")
    applications.admit(application_id=first.pk, by=None, now=NOW, hold=True)

    endings.withdraw(application_id=leaving.pk, by=None, now=NOW)

    assert heard() == ["first@example.com"]


def test_a_stand_that_nobody_knew_of_falls_free_unheard():
    leaving = application_in(S.ADMITTED)
    waiting(leaving.fair, "first@example.com")
    PlacementFactory(application=leaving, stand__hall__site=leaving.site_wishes.get().site, status="planned")

    endings.withdraw(application_id=leaving.pk, by=None, now=NOW)

    assert heard() == []


def test_who_wishes_for_another_site_does_not_hear():
    leaving = application_in(S.ACCEPTED)
    first = waiting(leaving.fair, "first@example.com")
    first.site_wishes.all().delete()
    SiteWishFactory(application=first, site=SiteFactory(fair=leaving.fair))

    endings.withdraw(application_id=leaving.pk, by=None, now=NOW)

    assert heard() == []
