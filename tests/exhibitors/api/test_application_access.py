"""Who reaches an application over the API: strangers find nothing, and who may only read is told so."""

import pytest

from exhibitors.enums import ApplicationStatus, CompanyRole
from exhibitors.models import Application, ApplicationStep
from fairs.enums import FairStatus, StaffRole
from tests.exhibitors.api.applying import errors, url
from tests.exhibitors.world import application_in, snapshot
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
MAY_ONLY_READ = [CompanyRole.LOGISTICS, CompanyRole.ON_SITE]


def test_a_stranger_without_sign_in_is_401_everywhere(api, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)

    for method, address in (
        ("get", url(fair)),
        ("post", url(fair)),
        ("get", url(fair, application.pk)),
        ("patch", url(fair, application.pk)),
        ("post", url(fair, application.pk, "submit")),
        ("post", url(fair, application.pk, "admit")),
        ("get", "/api/v1/fairs/no-such-fair/applications/"),
    ):
        response = getattr(api, method)(address)
        assert (response.status_code, response.json()["status"]) == (401, 401), address
    assert ApplicationStep.objects.count() == 0


@pytest.mark.parametrize("role", MAY_ONLY_READ)
def test_who_may_only_read_is_told_so(signed_in, fair, company, role):
    client = signed_in(CompanyMemberFactory(company=company, role=role).user)
    application = application_in(S.DRAFT, fair=fair, company=company)
    before = snapshot(application)

    read = client.get(url(fair, application.pk))
    assert (read.status_code, read.json()["allowed_actions"]) == (200, [])
    assert client.post(url(FairFactory()), {"company": company.pk}).status_code == 403
    assert client.patch(url(fair, application.pk), {}).status_code == 403
    assert client.patch(url(fair, application.pk), {"sites": []}, headers={"If-Match": read["ETag"]}).status_code == 403
    for step in ("submit", "withdraw", "accept-offer", "admit"):
        assert client.post(url(fair, application.pk, step)).status_code == 403
    assert snapshot(application) == before
    assert Application.objects.count() == 1


def test_somebody_elses_application_is_as_unknown_as_one_that_does_not_exist(stranger, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)
    before = snapshot(application)

    for method, step in (("get", ""), ("patch", ""), ("post", "submit"), ("post", "withdraw"), ("post", "admit")):
        theirs = getattr(stranger, method)(url(fair, application.pk, step), {"reason": "x"} if step else None)
        unknown = getattr(stranger, method)(url(fair, application.pk + 999, step), {"reason": "x"} if step else None)
        assert (theirs.status_code, theirs.json()) == (404, unknown.json())
    assert stranger.get(url(fair)).json()["results"] == []
    assert snapshot(application) == before


def test_an_application_is_found_at_its_own_fair_only(owner, fair, company):
    application = application_in(S.DRAFT, fair=fair, company=company)

    assert owner.get(url(FairFactory(), application.pk)).status_code == 404


def test_somebody_elses_company_is_as_unknown_as_one_that_does_not_exist(stranger, fair, company):
    theirs = stranger.post(url(fair), {"company": company.pk})
    unknown = stranger.post(url(fair), {"company": company.pk + 999})

    assert errors(theirs) == [("/company", "unknown_company")]
    assert theirs.json() == unknown.json()
    assert Application.objects.count() == 0


def test_a_draft_fair_is_unknown_to_all_but_its_staff(owner, signed_in, company):
    draft = FairFactory(status=FairStatus.DRAFT)

    assert owner.get(url(draft)).json() == owner.get("/api/v1/fairs/no-such-fair/applications/").json()
    assert owner.post(url(draft), {"company": company.pk}).status_code == 404
    assert signed_in(StaffMembershipFactory(fair=draft, role=StaffRole.CHECK_IN).user).get(url(draft)).status_code == 200


def test_staff_of_another_fair_see_nothing_here(signed_in, fair):
    application = application_in(S.SUBMITTED, fair=fair)
    client = signed_in(StaffMembershipFactory().user)

    assert client.get(url(fair)).json()["count"] == 0
    assert client.post(url(fair, application.pk, "admit")).status_code == 404


@pytest.mark.parametrize("pk", ["0", "x", "-1", "9" * 18, "9" * 30, "1%00"])
def test_an_address_that_is_no_id_is_not_found(owner, fair, pk):
    assert owner.get(f"{url(fair)}{pk}/").status_code in (400, 404)
