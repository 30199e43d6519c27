"""What the database refuses of applications that have ended with stands, and of accepted stands without an accepted application."""

import pytest
from django.db import IntegrityError, transaction

from exhibitors.domain import endings
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Application, Placement
from tests.exhibitors.raw_sql import LIVE, OVER, ask_what_is_asked_at_commit, insert, placement_columns, refused_by, run
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import ApplicationFactory, PlacementFactory
from tests.factories.fairs import StandFactory

pytestmark = pytest.mark.django_db

NOBODY = [ApplicationStatus.DRAFT, *ApplicationStatus.ended]
TOGETHER = "application_accepted_with_a_placement"
NOT_ACCEPTED = [status for status in ApplicationStatus.live if status != "accepted"]


def become(application: Application, status: str) -> None:
    run("UPDATE exhibitors_application SET status = %s, told_status = %s WHERE id = %s", status, status, application.pk)


def let(placement: Placement, status: str) -> None:
    run("UPDATE exhibitors_placement SET status = %s WHERE id = %s", status, placement.pk)


# --- who has not applied, or is over, has no stand


@pytest.mark.parametrize("status", LIVE)
@pytest.mark.parametrize("ended", NOBODY)
def test_who_has_not_applied_or_is_over_is_given_no_stand(ended, status):
    application = application_in(ended)
    stand = stand_at(site_of(application.fair))

    with refused_by("live_placement_of_a_living_application"):
        insert("exhibitors_placement", **placement_columns(application, stand, status=status.value))


@pytest.mark.parametrize("status", LIVE)
@pytest.mark.parametrize("ended", NOBODY)
def test_a_stand_does_not_come_back_to_who_is_over(ended, status):
    application = application_in(ended)
    placement = PlacementFactory(application=application, status=PlacementStatus.WITHDRAWN, offered_at=None)

    with refused_by("live_placement_of_a_living_application"):
        let(placement, status.value)


@pytest.mark.parametrize("status", LIVE)
@pytest.mark.parametrize("ended", NOBODY)
def test_an_application_does_not_end_with_a_stand(ended, status):
    placement = PlacementFactory(status=status)

    with refused_by("ended_application_has_no_live_placement"):
        become(placement.application, ended)


def test_a_rejection_that_is_held_ends_the_application_for_the_database_too():
    application = application_in(ApplicationStatus.IN_REVIEW)
    PlacementFactory(application=application, status=PlacementStatus.PLANNED)

    with refused_by("ended_application_has_no_live_placement"):
        run("UPDATE exhibitors_application SET status = 'rejected' WHERE id = %s", application.pk)


@pytest.mark.parametrize("status", OVER)
@pytest.mark.parametrize("ended", ApplicationStatus.ended)
def test_an_application_ends_when_its_stands_have_fallen_free(ended, status):
    placement = PlacementFactory()

    let(placement, status.value)
    become(placement.application, ended)
    ask_what_is_asked_at_commit()


# --- an application is accepted while one of its stands is


@pytest.mark.parametrize("status", NOT_ACCEPTED)
def test_a_stand_is_not_accepted_under_an_application_that_is_not(status):
    application = application_in(status)
    stand = StandFactory(hall__site__fair=application.fair)
    offered = PlacementFactory(application=application, stand=StandFactory(hall__site__fair=application.fair), status="offered")

    with refused_by(TOGETHER):
        insert("exhibitors_placement", **placement_columns(application, stand, status="accepted"))
        ask_what_is_asked_at_commit()
    with refused_by(TOGETHER):
        let(offered, "accepted")
        ask_what_is_asked_at_commit()


@pytest.mark.parametrize("status", NOT_ACCEPTED)
def test_an_application_with_an_accepted_stand_stays_accepted(status):
    placement = PlacementFactory()

    with refused_by(TOGETHER):
        become(placement.application, status)
        ask_what_is_asked_at_commit()


@pytest.mark.django_db(transaction=True)
def test_nobody_commits_the_one_without_the_other():
    placement = PlacementFactory(application=application_in(ApplicationStatus.ADMITTED), status="offered")

    with pytest.raises(IntegrityError):
        let(placement, "accepted")

    with pytest.raises(IntegrityError):
        become(placement.application, "accepted")

    assert Placement.objects.get().status == "offered"
    assert Application.objects.get().status == "admitted"


@pytest.mark.parametrize("stand_first", [True, False])
def test_within_a_transaction_the_two_are_accepted_and_let_go_in_either_order(stand_first):
    placement = PlacementFactory(application=application_in(ApplicationStatus.ADMITTED), status="offered")
    for of_stand, of_application in (("accepted", "accepted"), ("ended", "admitted")):
        with transaction.atomic():
            if stand_first:
                let(placement, of_stand)
            become(placement.application, of_application)
            if not stand_first:
                let(placement, of_stand)
        ask_what_is_asked_at_commit()


def test_an_application_is_not_accepted_without_a_stand():
    application = application_in(ApplicationStatus.STAND_OFFERED)

    with refused_by(TOGETHER):
        become(application, "accepted")
        ask_what_is_asked_at_commit()


@pytest.mark.parametrize("going", ["UPDATE exhibitors_placement SET status = 'ended'", "DELETE FROM exhibitors_placement"])
def test_of_two_accepted_stands_one_may_go_and_the_last_may_not(going):
    first = PlacementFactory()
    last = PlacementFactory(application=first.application)

    run(f"{going} WHERE id = %s", first.pk)
    ask_what_is_asked_at_commit()
    with refused_by(TOGETHER):
        run(f"{going} WHERE id = %s", last.pk)
        ask_what_is_asked_at_commit()


def test_an_application_is_deleted_with_its_stand():
    application = application_in(ApplicationStatus.ACCEPTED)

    application.delete()
    ask_what_is_asked_at_commit()

    assert not Placement.objects.exists()


def test_what_was_wrong_within_the_transaction_and_was_deleted_is_owed_no_more():
    placement = PlacementFactory(application=ApplicationFactory(admitted=True))
    other = PlacementFactory(application=ApplicationFactory(admitted=True))

    placement.delete()
    other.application.delete()

    ask_what_is_asked_at_commit()


@pytest.mark.parametrize("end", [endings.withdraw, endings.cancel])
def test_an_ending_frees_the_stands_first(end):
    application = application_in(ApplicationStatus.ACCEPTED)

    end(application_id=application.pk, by=None, now=NOW, reason="Flood.")
    ask_what_is_asked_at_commit()

    assert not application.placements.live().exists()
