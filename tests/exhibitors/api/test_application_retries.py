"""Reading, changing and creating again: tags of what was read, and keys under which something is done once."""

import pytest

from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, ApplicationStep
from tests.exhibitors.api.applying import url
from tests.exhibitors.world import application_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus


def test_a_change_needs_the_tag_of_what_was_read(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    address = url(fair, application.pk)
    tag = owner.get(address)["ETag"]

    missing = owner.patch(address, {"categories": []})
    stale = owner.patch(address, {"categories": []}, headers={"If-Match": '"0123"'})
    assert (missing.status_code, stale.status_code) == (428, 412)
    assert application.categories.count() == 1

    assert owner.patch(address, {"categories": []}, headers={"If-Match": tag}).status_code == 200
    assert owner.patch(address, {"categories": ["03"]}, headers={"If-Match": tag}).status_code == 412
    assert application.categories.count() == 0


def test_a_read_with_the_known_tag_is_empty(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    tag = owner.get(url(fair, application.pk))["ETag"]

    assert owner.get(url(fair, application.pk), headers={"If-None-Match": tag}).status_code == 304


def test_the_same_key_creates_once(owner, fair, company):
    body = {"company": company.pk}
    key = {"Idempotency-Key": "k-1"}

    first = owner.post(url(fair), body, headers=key)
    again = owner.post(url(fair), body, headers=key)
    other = owner.post(url(fair), {"company": company.pk, "categories": []}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert Application.objects.count() == 1


def test_the_same_key_takes_a_step_once(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    key = {"Idempotency-Key": "k-2"}

    answers = [owner.post(url(fair, application.pk, "submit"), headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert ApplicationStep.objects.count() == 1


def test_a_refused_creation_is_refused_again_under_its_key(owner, fair, company):
    application_in(S.SUBMITTED, fair=fair, company=company)
    key = {"Idempotency-Key": "k-3"}

    answers = [owner.post(url(fair), {"company": company.pk}, headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert Application.objects.count() == 1
