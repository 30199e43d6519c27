"""Two owners leave at once, one code is used by twenty, a thousand try codes: on PostgreSQL, which has something to race for."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from rest_framework.exceptions import Throttled

from api.limits import Limit
from api.models import Try
from api.problems import Invalid
from exhibitors.domain import invitations, members
from exhibitors.models import CompanyMember
from tests.exhibitors.api.test_members import code_of
from tests.exhibitors.world import NOW
from tests.factories.accounts import make_account
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory
from tests.racing import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("_round", range(5))
def test_of_two_owners_who_leave_at_once_one_stays(_round):
    company = CompanyFactory()
    owners = CompanyMemberFactory.create_batch(2, company=company)
    CompanyMemberFactory(company=company, role="editor")

    answers = at_once(*[lambda one=one: members.remove(member_id=one.pk, by=None, now=NOW) for one in owners])

    assert Counter(answers) == {None: 1, members.LastOwner: 1}
    assert CompanyMember.objects.filter(company=company, role="owner").count() == 1


def test_owners_who_write_around_the_domain_at_once_are_held_by_the_database():
    company = CompanyFactory()
    owners = CompanyMemberFactory.create_batch(2, company=company)
    CompanyMemberFactory(company=company, role="editor")

    def demote(member):
        try:
            with transaction.atomic():
                CompanyMember.objects.filter(pk=member.pk).update(role="editor")
        except IntegrityError as error:
            return "company_keeps_owner" in str(error)
        return "done"

    answers = at_once(*[lambda one=one: demote(one) for one in owners])

    assert Counter(answers) == {"done": 1, True: 1}
    assert CompanyMember.objects.filter(company=company, role="owner").count() == 1


def test_of_twenty_who_use_one_code_one_gets_in():
    company = CompanyFactory()
    invitations.invite(company_id=company.pk, email="new@example.com", role="editor", by=None, now=NOW)
    code = code_of(str(mail.outbox[0].body))
    guest = make_account(email="new@example.com")

    answers = at_once(*[lambda: invitations.accept(code=code, by=guest, now=NOW)] * 20)

    assert Counter(type(answer) if isinstance(answer, CompanyMember) else answer for answer in answers) == {CompanyMember: 1, Invalid: 19}
    assert company.members.count() == 1


def test_of_a_thousand_parallel_tries_not_one_more_than_the_limit_passes():
    limit = Limit("test", most=20, period=timedelta(hours=1))

    def spend_fifty():
        passed = 0
        for _ in range(50):
            try:
                limit.spend(who=1, now=NOW)
                passed += 1
            except Throttled:
                continue
        return passed

    assert sum(at_once(*[spend_fifty] * 20)) == 20
    assert Try.objects.get().count == 20
