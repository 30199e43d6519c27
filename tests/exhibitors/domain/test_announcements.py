"""Held decisions are told together: each once, in order, only what still stands, whatever dies in between."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from api.problems import Invalid
from exhibitors.domain import announcements, applications, endings, holding, offers, placements
from exhibitors.enums import ApplicationStatus, PlacementStatus
from exhibitors.models import Announcement, ApplicationStep, StaffTask
from fairs.domain import stands
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import AnnouncementFactory, CompanyMemberFactory, SiteWishFactory
from tests.factories.fairs import FairFactory, SiteFactory

pytestmark = pytest.mark.django_db

S = ApplicationStatus
BY: dict[str, Any] = {"by": None, "now": NOW}
LATER = NOW + timedelta(days=2)


def applicant(status: str = S.SUBMITTED, **given: Any):
    application = application_in(status, **given)
    CompanyMemberFactory(company=application.company, user__email=f"owner-{application.pk}@example.com")
    return application


def told(application) -> list[str]:
    """The occasions of the letters to the exhibitor, in the order they were written."""
    rows = Letter.objects.filter(recipient_email=f"owner-{application.pk}@example.com").order_by("pk")
    return [row.occasion.removeprefix("exhibitors.") for row in rows]


def offer(application, **given: Any):
    return placements.offer_stand(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, **BY, **given)


def announce(*, now=LATER) -> int:
    return announcements.announce_due(now=now)


def test_what_was_decided_is_told_in_order_and_the_offer_opens_then():
    application = applicant()
    applications.admit(application_id=application.pk, hold=True, **BY)
    placement = offer(application)
    announcement = announcements.create(fair=application.fair, at=LATER, **BY)

    assert announce(now=LATER - timedelta(seconds=1)) == 0
    assert told(application) == []
    assert announce(now=LATER) == 1

    application.refresh_from_db()
    placement.refresh_from_db()
    announcement.refresh_from_db()
    assert told(application) == ["admitted", "stand_offered"]
    assert (application.status, application.told_status) == (S.STAND_OFFERED, S.STAND_OFFERED)
    assert (application.decided_at, application.told_decided_at) == (NOW, LATER)  # nobody sees that it was decided long before
    assert (placement.status, placement.offered_at) == (PlacementStatus.OFFERED, LATER)
    assert placement.answer_by == LATER + offers.OFFER_IS_OPEN_FOR
    assert announcement.done_at == LATER
    assert set(ApplicationStep.objects.filter(held=True).values_list("announced_at", "voided_at")) == {(LATER, None)}
    assert announce(now=LATER + timedelta(minutes=1)) == 0
    assert len(told(application)) == 2
    admitted, offered = (Letter.objects.filter(occasion=f"exhibitors.{name}").first() for name in ("admitted", "stand_offered"))
    for nothing_to_do in ("nothing you need to do", "ничего не требуется", "无需进行"):
        assert nothing_to_do not in admitted.text  # the offer wants an answer
    hall = placement.stand.hall
    plan = f"/api/v1/fairs/{application.fair.slug}/halls/{hall.slug}/floor-plan.svg?stand={placement.stand.number}"
    assert f"{settings.SITE_URL}{plan}" in offered.text
    assert f'href="{settings.SITE_URL}{plan}"' in offered.html  # our own address can be clicked
    placements.decline_offer(application_id=application.pk, by=None, now=LATER + timedelta(days=1))
    application.refresh_from_db()
    assert application.told_decided_at == LATER  # nor after the next step


@pytest.mark.parametrize(
    ("decide", "status", "occasion", "facts"),
    [
        (lambda pk: applications.reject(application_id=pk, reason="No space.", hold=True, **BY), S.REJECTED, "rejected", "No space."),
        (lambda pk: applications.waitlist(application_id=pk, rank=1, hold=True, **BY), S.WAITLISTED, "waitlisted", ""),
        (
            lambda pk: applications.request_changes(application_id=pk, message="Name the brands.", hold=True, **BY),
            S.CHANGES_REQUESTED,
            "changes_requested",
            "Name the brands.",
        ),
    ],
)
def test_each_decision_is_told_with_what_belongs_to_it(decide, status, occasion, facts):
    application = applicant()
    decide(application.pk)
    announcements.create(fair=application.fair, at=LATER, **BY)
    announce()

    application.refresh_from_db()
    assert told(application) == [occasion]
    assert (application.told_status, application.told_message) == (status, facts)
    assert application.told_waitlist_rank == application.waitlist_rank
    due = application.changes_due_at
    assert (due is not None) == (status == S.CHANGES_REQUESTED)
    if due is not None:
        local = due.astimezone(application.fair.zone)
        assert (local.date(), local.hour, local.minute) == (LATER.astimezone(application.fair.zone).date() + timedelta(days=7), 23, 59)


def test_only_the_latest_decision_is_told():
    application = applicant()
    applications.waitlist(application_id=application.pk, hold=True, **BY)
    applications.admit(application_id=application.pk, **BY)
    announcements.create(fair=application.fair, at=LATER, **BY)
    announce()

    assert told(application) == ["admitted"]


def test_a_relocation_leaves_the_open_offer_until_it_is_announced_and_replaces_it_then():
    application = applicant(S.STAND_OFFERED)
    open_offer = application.placements.get()
    new = placements.relocate(
        application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason="A pillar.", hold=True, **BY
    )
    announcements.create(fair=application.fair, at=LATER, **BY)
    open_offer.refresh_from_db()
    assert (open_offer.status, new.status) == (PlacementStatus.OFFERED, PlacementStatus.PLANNED)

    announce()

    open_offer.refresh_from_db()
    new.refresh_from_db()
    assert (open_offer.status, new.status) == (PlacementStatus.ENDED, PlacementStatus.OFFERED)


def test_an_offer_accepted_meanwhile_stays_and_the_held_relocation_stands_beside_it():
    application = applicant(S.STAND_OFFERED)
    placements.relocate(application_id=application.pk, stand_id=stand_at(site_of(application.fair)).pk, reason="A pillar.", hold=True, **BY)
    placements.accept_offer(application_id=application.pk, **BY)
    announcements.create(fair=application.fair, at=LATER, **BY)
    announce()

    application.refresh_from_db()
    assert sorted(application.placements.live().values_list("status", flat=True)) == ["accepted", "offered"]
    assert application.told_status == S.ACCEPTED


def test_a_planned_stand_is_blocked_only_after_the_plan_is_taken_back():
    application = applicant(S.ADMITTED)
    stand = offer(application, hold=True).stand
    stand.blocked = True
    with pytest.raises(stands.FloorRefused):
        stands.save_stand(stand=stand, now=NOW)
    announcements.create(fair=application.fair, at=LATER, **BY)
    holding.take_back(application_id=application.pk, **BY)
    stands.save_stand(stand=stand, now=NOW)

    assert announce() == 0
    application.refresh_from_db()
    assert (application.status, told(application)) == (S.ADMITTED, [])


def test_a_withdrawal_before_the_moment_leaves_nothing_to_tell():
    application = applicant()
    applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=application.fair, at=LATER, **BY)
    endings.withdraw(application_id=application.pk, **BY)

    assert announce() == 0
    announcement.refresh_from_db()
    assert (announcement.done_at, told(application)) == (LATER, [])


def test_a_worker_that_dies_between_two_applications_leaves_the_rest_to_the_next(monkeypatch):
    fair = FairFactory()
    three = [applicant(fair=fair) for _ in range(3)]
    for application in three:
        applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=fair, at=LATER, **BY)
    tell, count = announcements._tell, 0

    def dies(*args: Any, **kwargs: Any) -> bool:
        nonlocal count
        count += 1
        if count == 2:
            raise SystemExit
        return tell(*args, **kwargs)

    monkeypatch.setattr(announcements, "_tell", dies)
    with pytest.raises(SystemExit):
        announce()
    monkeypatch.setattr(announcements, "_tell", tell)
    announcement.refresh_from_db()
    assert ([told(application) for application in three], announcement.done_at) == ([["admitted"], [], []], None)

    assert announce(now=LATER + timedelta(minutes=1)) == 2
    assert [told(application) for application in three] == [["admitted"]] * 3


@pytest.mark.parametrize(("error", "others"), [(ValueError("x"), ["admitted"]), (OperationalError("away"), [])])
def test_an_error_of_ours_with_one_holds_up_no_other_and_a_database_that_is_away_all(error, others, monkeypatch):
    fair = FairFactory()
    first, second = applicant(fair=fair), applicant(fair=fair)
    for application in (first, second):
        applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=fair, at=LATER, **BY)
    admitted = announcements._LETTERS["admit"]

    def failing(application: Any, *args: Any, **facts: Any) -> None:
        if application.pk == first.pk:
            raise error
        admitted(application, *args, **facts)

    with monkeypatch.context() as patched:
        patched.setitem(announcements._LETTERS, "admit", failing)
        with suppress(OperationalError):
            announce()
    announcement.refresh_from_db()
    assert (told(first), told(second), announcement.done_at) == ([], others, None)
    announce()
    announcement.refresh_from_db()
    assert (told(first), told(second), announcement.done_at) == (["admitted"], ["admitted"], LATER)


def test_one_that_kills_its_worker_every_time_stays_held_with_a_task_and_the_others_are_told(monkeypatch):
    fair = FairFactory()
    first, deadly, last = applicant(fair=fair), applicant(fair=fair), applicant(fair=fair)
    for application in (first, deadly, last):
        applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=fair, at=LATER, **BY)
    tell, deaths = announcements._tell, 0

    def dies(announcement_id: int, application_id: int, **given: Any) -> bool:
        if application_id == deadly.pk:
            raise SystemExit
        return tell(announcement_id, application_id, **given)

    monkeypatch.setattr(announcements, "_tell", dies)
    for tick in range(10):
        try:
            announce()
        except SystemExit:
            deaths += 1
        assert told(last) == (["admitted"] if tick else []), "what a worker died with waits until the others are told"
    assert (deaths, told(first), told(deadly)) == (5, ["admitted"], [])
    announcement.refresh_from_db()
    task = StaffTask.objects.get()
    assert (announcement.done_at, task.application, task.title) == (LATER, deadly, "Announce the held decision")

    monkeypatch.setattr(announcements, "_tell", tell)
    announcements.create(fair=fair, at=LATER, **BY)
    announce()
    assert told(deadly) == ["admitted"]


def test_the_letter_and_what_the_exhibitor_sees_are_written_together(monkeypatch):
    application = applicant()
    applications.admit(application_id=application.pk, hold=True, **BY)
    announcements.create(fair=application.fair, at=LATER, **BY)

    def dies(*_args: Any, **facts: Any) -> None:
        raise SystemExit

    monkeypatch.setitem(announcements._LETTERS, "admit", dies)
    with pytest.raises(SystemExit):
        announce()

    application.refresh_from_db()
    assert (application.told_status, holding.pending(application).count()) == (S.SUBMITTED, 1)


def test_a_selection_is_told_and_the_rest_stays_held():
    fair = FairFactory()
    chosen, other = applicant(fair=fair), applicant(fair=fair)
    for application in (chosen, other):
        applications.admit(application_id=application.pk, hold=True, **BY)
    announcements.create(fair=fair, application_ids=[chosen.pk], **BY)
    announce(now=NOW)

    assert (told(chosen), told(other)) == (["admitted"], [])


def test_all_that_is_held_means_what_has_no_moment_yet_and_a_selection_moves():
    fair = FairFactory()
    dated, undated = applicant(fair=fair), applicant(fair=fair)
    applications.admit(application_id=dated.pk, hold=True, **BY)
    first = announcements.create(fair=fair, at=LATER, **BY)
    applications.admit(application_id=undated.pk, hold=True, **BY)
    second = announcements.create(fair=fair, at=LATER, **BY)
    assert [step.announcement for step in holding.pending(dated)] == [first]
    assert [step.announcement for step in holding.pending(undated)] == [second]

    third = announcements.create(fair=fair, at=LATER, application_ids=[dated.pk], **BY)
    assert [step.announcement for step in holding.pending(dated)] == [third]


def test_a_later_step_joins_the_announcement_that_waits():
    application = applicant()
    applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=application.fair, at=LATER, **BY)
    offer(application)

    assert {step.announcement for step in holding.pending(application)} == {announcement}


def test_a_cancelled_announcement_tells_nothing_and_its_decisions_stay_held():
    application = applicant()
    applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=application.fair, at=LATER, **BY)
    announcements.cancel(announcement_id=announcement.pk, now=NOW)

    assert announce() == 0
    assert [step.announcement for step in holding.pending(application)] == [None]
    with pytest.raises(announcements.AnnouncementOver):
        announcements.move(announcement_id=announcement.pk, at=LATER, now=NOW)


def test_of_two_announcements_one_is_told_or_cancelled_and_the_other_waits():
    fair = FairFactory()
    early, late = (_of_one(fair, at=LATER + timedelta(days=days)) for days in (0, 1))
    assert announce(now=LATER) == 1
    assert [told(application) for application, _announcement in (early, late)] == [["admitted"], []]
    assert list(Announcement.objects.exclude(done_at=None)) == [early[1]]

    again = _of_one(fair, at=LATER + timedelta(days=2))
    announcements.cancel(announcement_id=again[1].pk, now=LATER)
    assert announce(now=LATER + timedelta(days=2)) == 1
    assert [told(application) for application, _announcement in (late, again)] == [["admitted"], []]
    assert list(Announcement.objects.filter(cancelled_at=LATER, done_at=None)) == [again[1]]


def _of_one(fair, *, at):
    application = applicant(fair=fair)
    applications.admit(application_id=application.pk, hold=True, **BY)
    return application, announcements.create(fair=fair, at=at, application_ids=[application.pk], **BY)


def test_an_offer_that_is_announced_leaves_the_open_one_at_another_site():
    application = applicant(S.STAND_OFFERED)
    second = SiteWishFactory(application=application, site=SiteFactory(fair=application.fair)).site
    placements.offer_stand(application_id=application.pk, stand_id=stand_at(second).pk, hold=True, **BY)
    announcements.create(fair=application.fair, at=LATER, **BY)
    assert announce() == 1
    assert set(application.placements.values_list("status", flat=True)) == {PlacementStatus.OFFERED}


def test_an_announcement_is_moved():
    application = applicant()
    applications.admit(application_id=application.pk, hold=True, **BY)
    announcement = announcements.create(fair=application.fair, at=LATER, **BY)
    announcements.move(announcement_id=announcement.pk, at=LATER + timedelta(days=1), now=NOW)

    assert (announce(now=LATER), announce(now=LATER + timedelta(days=1))) == (0, 1)


def test_what_cannot_be_announced_is_refused():
    application, elsewhere = applicant(), applicant()
    applications.admit(application_id=elsewhere.pk, hold=True, **BY)
    fair = application.fair

    with pytest.raises(holding.NothingHeld):
        announcements.create(fair=fair, **BY)
    with pytest.raises(holding.NothingHeld):
        announcements.create(fair=fair, application_ids=[application.pk], **BY)
    for unknown in (elsewhere.pk, 10**9):
        with pytest.raises(Invalid) as refusal:
            announcements.create(fair=fair, application_ids=[application.pk, unknown], **BY)
        assert [error["pointer"] for error in refusal.value.facts["errors"]] == ["/applications/1"]
    for at in (NOW - timedelta(seconds=1), NOW + timedelta(days=365 * 3)):
        with pytest.raises(Invalid) as refusal:
            announcements.create(fair=fair, at=at, **BY)
        assert refusal.value.facts["errors"][0]["pointer"] == "/at"
    assert not Announcement.objects.exists()


def test_an_announcement_of_nothing_is_done_when_its_moment_comes():
    announcement = AnnouncementFactory(at=LATER)
    assert announce() == 0
    announcement.refresh_from_db()
    assert announcement.done_at == LATER
