"""The stands of an application as its exhibitor sees them over the API: offered, answered, lapsed, planned."""

from datetime import timedelta

import pytest

from exhibitors.api.serializers import PlacementSerializer
from exhibitors.enums import ApplicationStatus
from tests.exhibitors.api.applying import url
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import PlacementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus
TOMORROW = NOW + timedelta(days=1)


def test_an_offer_is_seen_accepted_and_declined(owner, fair, company):
    application = application_in(S.STAND_OFFERED, fair=fair, company=company)
    offer = application.placements.get()

    seen = owner.get(url(fair, application.pk)).json()
    assert seen["allowed_actions"] == ["accept-offer", "decline-offer", "withdraw"]
    assert seen["placements"] == [
        {
            "id": offer.pk,
            "site": offer.site.slug,
            "hall": offer.stand.hall.slug,
            "stand": offer.stand.number,
            "first_day": "2030-05-01",
            "last_day": "2030-05-05",
            "status": "offered",
            "answer_by": None,
        }
    ]
    assert set(seen["placements"][0]) == set(PlacementSerializer().fields)

    accepted = owner.post(url(fair, application.pk, "accept-offer"), {"placement": offer.pk})
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")
    assert accepted.json()["allowed_actions"] == ["withdraw", "request-move"]
    assert owner.post(url(fair, application.pk, "decline-offer")).status_code == 409


def test_an_offer_whose_time_is_over_is_no_longer_on_the_list_of_actions(owner, clock, fair, company):
    application = application_in(S.STAND_OFFERED, fair=fair, company=company)
    application.placements.update(answer_by=TOMORROW)
    clock.move_to(TOMORROW)
    read = owner.get(url(fair, application.pk)).json()
    assert "accept-offer" in read["allowed_actions"]
    assert read["placements"][0]["answer_by"] == "2030-01-16T17:00:00+08:00"

    clock.move_to(TOMORROW + timedelta(seconds=1))
    assert "accept-offer" not in owner.get(url(fair, application.pk)).json()["allowed_actions"]
    refused = owner.post(url(fair, application.pk, "accept-offer"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/offer-lapsed")


def test_an_accepted_stand_has_nothing_left_to_answer(owner, fair, company):
    application = application_in(S.ACCEPTED, fair=fair, company=company)
    application.placements.update(answer_by=TOMORROW)
    (placement,) = owner.get(url(fair, application.pk)).json()["placements"]
    assert (placement["status"], placement["answer_by"]) == ("accepted", None)


def test_a_planned_stand_is_nobodys_business(owner, signed_in, fair, company):
    application = application_in(S.ADMITTED, fair=fair, company=company)
    tag = owner.get(url(fair, application.pk))["ETag"]
    PlacementFactory(application=application, stand=stand_at(site_of(fair)), status="planned")

    seen = owner.get(url(fair, application.pk))
    assert (seen.json()["placements"], seen["ETag"]) == ([], tag)
