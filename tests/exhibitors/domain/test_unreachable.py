"""Which exhibitors no letter reaches, and why."""

import pytest
from django.utils import timezone

from exhibitors.domain.unreachable import explained, unreachable
from exhibitors.enums import CompanyRole
from exhibitors.models import Application
from notifications.enums import SuppressionReason
from notifications.models import Letter, Suppression
from tests.factories.exhibitors import ApplicationFactory, CompanyContactFactory, CompanyMemberFactory
from tests.roles.world import _letter

pytestmark = pytest.mark.django_db


def closed(address):
    Suppression.objects.create(address=address, reason=SuppressionReason.UNKNOWN_MAILBOX)


def returned(address, *, key, came_back=True):
    now = timezone.now()
    made = _letter(None, "exhibitors.admitted", key)
    Letter.objects.filter(pk=made.pk).update(recipient_email=address, status="sent", sent_at=now, bounced_at=now if came_back else None)


def found():
    return set(unreachable(Application.objects.all()))


def test_nobody_to_write_to():
    alone, draft = ApplicationFactory(submitted=True), ApplicationFactory()
    CompanyMemberFactory(company=alone.company, role=CompanyRole.ON_SITE)
    CompanyMemberFactory(company=alone.company, user__is_active=False)
    assert found() == {alone}
    assert draft not in found()
    CompanyContactFactory(company=alone.company)
    assert found() == set()


def test_one_address_that_takes_letters_is_enough():
    application = ApplicationFactory(accepted=True)
    CompanyMemberFactory(company=application.company, user__email="One@example.org")
    CompanyContactFactory(company=application.company, email="Two@example.org")
    closed("one@example.org")
    assert found() == set()
    returned("two@example.org", key="a")
    assert found() == {application}
    (line,) = explained([application])
    assert (line.closed, line.returned) == (["one@example.org"], ["two@example.org"])
    returned("TWO@example.org", key="b", came_back=False)
    assert found() == set(), "a later letter has arrived"


def test_a_lifted_address_counts_again():
    application = ApplicationFactory(submitted=True)
    CompanyContactFactory(company=application.company, email="one@example.org")
    closed("one@example.org")
    assert found() == {application}
    Suppression.objects.update(lifted_at=timezone.now())
    assert found() == set()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number(admin_client, count, django_assert_num_queries):
    for application in ApplicationFactory.create_batch(count, submitted=True):
        contact = CompanyContactFactory(company=application.company)
        closed(contact.email.lower())
    with django_assert_num_queries(7):  # session, person, count, applications, readers, suppressions, clock
        page = admin_client.get("/admin/exhibitors/application/unreachable/")
    assert len(page.context["lines"]) == count
