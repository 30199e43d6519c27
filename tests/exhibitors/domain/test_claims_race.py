"""Two clerks decide on one claim at once: on PostgreSQL, which has something to race for."""

from collections import Counter

import pytest

from exhibitors.domain import claims, companies
from exhibitors.models import CompanyClaim, CompanyMember
from notifications.models import Letter
from tests.exhibitors.world import NOW
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, inn
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("_round", range(3))
def test_of_a_grant_and_a_refusal_at_once_one_holds(_round):
    existing, person, clerk = CompanyFactory(inn=inn(1)), UserFactory(), UserFactory()
    companies.create(by=person, now=NOW, legal_name="A", country="RU", inn=inn(1))
    claim = CompanyClaim.objects.get()

    given = {"claim_id": claim.pk, "by": clerk, "now": NOW}
    answers = at_once(*[lambda: claims.grant(**given)] * 3, *[lambda: claims.refuse(**given)] * 3)

    assert Counter(type(answer) if isinstance(answer, CompanyClaim) else answer for answer in answers) == {
        CompanyClaim: 1,
        claims.ClaimDecided: 5,
    }
    claim.refresh_from_db()
    is_granted = claim.status == "granted"
    assert CompanyMember.objects.filter(company=existing).exists() == is_granted
    assert Letter.objects.count() == int(is_granted), "a refusal tells nobody: it would give the match away"
