"""What staff, imports and commands may do with co-exhibitors, whatever an address or a form has looked at before."""

import pytest

from api.problems import Invalid
from exhibitors.domain import co_exhibitors
from exhibitors.domain.co_exhibitors import CoExhibitorStepNotAllowed
from exhibitors.domain.editing import NotEditable
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus
from exhibitors.models import CoExhibitor
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import CoExhibitorFactory, CompanyFactory

pytestmark = pytest.mark.django_db

S, CO = ApplicationStatus, CoExhibitorStatus


def test_staff_name_a_company_that_is_here_but_not_the_main_exhibitor_itself():
    application, company = application_in(S.ACCEPTED), CompanyFactory()
    co_exhibitors.declare(application_id=application.pk, company=company, by=None, now=NOW)
    with pytest.raises(Invalid) as refused:
        co_exhibitors.declare(application_id=application.pk, company=application.company, by=None, now=NOW)
    assert [(error["pointer"], error["code"]) for error in refused.value.facts["errors"]] == [("/company", "same_company")]
    assert [named.company for named in CoExhibitor.objects.all()] == [company]


@pytest.mark.parametrize("status", [S.REJECTED, S.WITHDRAWN, S.CANCELLED])
def test_staff_name_nobody_where_the_application_has_ended(status):
    with pytest.raises(CoExhibitorStepNotAllowed):
        co_exhibitors.declare(application_id=application_in(status).pk, company=CompanyFactory(), by=None, now=NOW)
    assert not CoExhibitor.objects.exists()


def test_a_refusal_without_a_word_is_none():
    named = CoExhibitorFactory()
    with pytest.raises(Invalid):
        co_exhibitors.refuse(co_exhibitor_id=named.pk, reason=" ", by=None, now=NOW)
    named.refresh_from_db()
    assert named.status == CO.DECLARED


def test_what_is_named_at_an_application_that_has_ended_is_refused_and_nothing_else():
    named = CoExhibitorFactory(application=application_in(S.WITHDRAWN), status=CO.CONFIRMED)
    for step in (co_exhibitors.admit, co_exhibitors.withdraw):
        with pytest.raises(NotEditable):
            step(co_exhibitor_id=named.pk, by=None, now=NOW)
    co_exhibitors.refuse(co_exhibitor_id=named.pk, reason="Ended", by=None, now=NOW)
    named.refresh_from_db()
    assert named.status == CO.REFUSED
