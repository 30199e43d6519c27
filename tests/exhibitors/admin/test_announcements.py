"""Holding and announcing at the desk: decide on the step's page, choose in the list, set the moment, cancel."""

from datetime import timedelta

import pytest
from django.urls import reverse

from exhibitors.admin import announcement_decisions, kept_choice
from exhibitors.domain import announcements, applications, holding, moves
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Announcement
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import CompanyMemberFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory
from tests.undrawn import undrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def desk(client, fair):
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    return client


def held(fair):
    application = application_in(S.SUBMITTED, fair=fair)
    CompanyMemberFactory(company=application.company)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    return application


def step_page(application, step: str) -> str:
    return reverse("admin:exhibitors_application_step", args=[application.pk, step])


def test_a_decision_is_held_on_its_page_and_the_next_one_says_that_it_joins(desk, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    asked = desk.get(step_page(application, "admit"))
    assert "hold" in asked.context["form"].fields

    done = desk.post(step_page(application, "admit"), {"hold": "hold"}, follow=True)

    application.refresh_from_db()
    assert (application.status, application.told_status) == (S.ADMITTED, S.IN_REVIEW)
    assert "has not been told" in done.content.decode()
    joining = desk.get(step_page(application, "waitlist"))
    assert "hold" not in joining.context["form"].fields
    assert "held with it" in joining.content.decode()


def test_at_once_is_what_is_chosen_first(desk, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    desk.post(step_page(application, "admit"), {"hold": "now"})
    application.refresh_from_db()
    assert application.told_status == S.ADMITTED


def test_the_list_leads_to_a_moment_and_the_announcement_can_be_moved_and_cancelled(desk, fair, monkeypatch):
    application, other = held(fair), application_in(S.SUBMITTED, fair=fair)
    chosen = desk.post(
        reverse("admin:exhibitors_application_changelist"), {"action": "announce", "_selected_action": [application.pk, other.pk]}
    )
    add = f"{reverse('admin:exhibitors_announcement_add')}?fair={fair.pk}&applications={application.pk}"
    assert (chosen.status_code, chosen["Location"]) == (302, add)
    assert str(application.company) in desk.get(add).content.decode()

    monkeypatch.setattr(kept_choice, "_IN_ADDRESS", 0)
    kept = desk.post(reverse("admin:exhibitors_application_changelist"), {"action": "announce", "_selected_action": [application.pk]})
    assert desk.get(kept["Location"]).context["adminform"].form.initial["applications"] == str(application.pk)
    gone = desk.get(f"{kept['Location']}x")  # never “everything that is held”
    assert gone["Location"] == reverse("admin:exhibitors_application_changelist")

    form = {"fair": fair.pk, "applications": str(application.pk), "at_0": "2030-01-16", "at_1": "18:00"}
    assert desk.post(add, form).status_code == 302
    announcement = Announcement.objects.get()
    assert announcement.at.astimezone(fair.zone).isoformat() == "2030-01-16T18:00:00+08:00"
    assert holding.pending(application).get().announcement == announcement

    page = reverse("admin:exhibitors_announcement_change", args=[announcement.pk])
    assert str(application.company) in desk.get(page).content.decode()
    assert desk.post(page, {"at_0": "2030-01-17", "at_1": "09:00"}).status_code == 302
    announcement.refresh_from_db()
    assert announcement.at.astimezone(fair.zone).isoformat() == "2030-01-17T09:00:00+08:00"

    desk.post(reverse("admin:exhibitors_announcement_changelist"), {"action": "cancel", "_selected_action": [announcement.pk]})
    announcement.refresh_from_db()
    assert announcement.cancelled_at == NOW
    assert desk.get(page).status_code == 200


def test_one_that_has_nothing_left_to_tell_is_not_called_planned(desk, fair):
    moved, taken_back, waiting, told = (held(fair) for _number in range(4))
    tomorrow = {"fair": fair, "by": None, "now": NOW, "at": NOW + timedelta(days=1)}
    emptied, void = (announcements.create(**tomorrow, application_ids=[row.pk]) for row in (moved, taken_back))
    holding.take_back(application_id=taken_back.pk, by=None, now=NOW)
    planned = announcements.create(**tomorrow, application_ids=[waiting.pk, moved.pk])
    done = announcements.create(**{**tomorrow, "at": NOW}, application_ids=[told.pk])
    announcements.announce_due(now=NOW)
    cancelled = announcements.create(**tomorrow, application_ids=[held(fair).pk])
    announcements.cancel(announcement_id=cancelled.pk, now=NOW)

    address = reverse("admin:exhibitors_announcement_changelist")
    expected = {"empty": {emptied, void}, "planned": {planned}, "done": {done}, "cancelled": {cancelled}}
    for state, rows in expected.items():
        assert set(desk.get(address, {"state": state}).context["cl"].queryset) == rows
    assert desk.get(address, {"state": "empty"}).content.decode().count("nothing left to tell") > 2


@pytest.mark.parametrize("count", [1, 4])
def test_its_page_shows_some_decisions_and_counts_the_others(desk, fair, count, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(announcement_decisions, "PAGE_SIZE", 3)
    chosen = [held(fair).pk for _number in range(count)]
    made = announcements.create(fair=fair, by=None, now=NOW, at=NOW, application_ids=chosen)
    announcements.announce_due(now=NOW)
    page = reverse("admin:exhibitors_announcement_change", args=[made.pk])
    desk.get(page)
    with django_assert_num_queries(10):
        shown = desk.get(page).content.decode()
    assert (f"Told: <strong>{count}</strong>" in shown, shown.count("admitted<") + shown.count("admitted\n")) == (True, min(count, 3))
    assert ("?page=2" in shown) == (count > 3)
    assert desk.get(page, {"page": 2}).status_code == 200


def test_its_page_names_its_state_in_words(desk, fair):
    applications.admit(application_id=application_in(S.IN_REVIEW, fair=fair).pk, by=None, now=NOW, hold=True)
    announcement = announcements.create(fair=fair, at=NOW + timedelta(days=1), by=None, now=NOW)
    shown = desk.get(reverse("admin:exhibitors_announcement_change", args=[announcement.pk])).content.decode()
    assert "planned" in shown
    assert "(&#x27;planned&#x27;" not in shown


def test_a_moment_that_is_past_is_said_beside_its_field(desk, fair):
    held(fair)
    add = reverse("admin:exhibitors_announcement_add")
    answer = desk.post(add, {"fair": fair.pk, "at_0": "2030-01-01", "at_1": "18:00"})
    assert answer.context["adminform"].form.errors["at"]
    assert not Announcement.objects.exists()


def test_a_new_one_says_how_many_decisions_of_each_kind_it_tells(desk, fair):
    add = f"{reverse('admin:exhibitors_announcement_add')}?fair={fair.pk}"
    assert "there is nothing to announce" in desk.get(add).content.decode()
    for step in (applications.admit, applications.admit, applications.waitlist):
        step(application_id=application_in(S.IN_REVIEW, fair=fair).pk, by=None, now=NOW, hold=True)
    assert "will be announced (admitted: 2, put on the waiting list: 1)." in desk.get(add).content.decode()


def test_without_a_moment_it_is_told_on_commit(desk, fair, django_capture_on_commit_callbacks):
    application = held(fair)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("admin:exhibitors_announcement_add"), {"fair": fair.pk, "at_0": "", "at_1": ""})
    application.refresh_from_db()
    assert application.told_status == S.ADMITTED


def test_the_list_finds_what_waits(desk, fair):
    undated, dated = held(fair), held(fair)
    announcements.create(fair=fair, by=None, now=NOW, at=NOW + timedelta(days=1), application_ids=[dated.pk])
    overdue = application_in(S.SUBMITTED, fair=fair)
    applications.request_changes(application_id=overdue.pk, by=None, now=NOW - timedelta(days=9), message="Name the brands.")
    moving = application_in(S.ACCEPTED, fair=fair)
    moves.request_move(application_id=moving.pk, by=None, now=NOW, reason="A pillar.", wish="Near the door.")

    with undrawn():
        found = {waits: set(desk.get(LIST, {"waits": waits}).context["cl"].queryset) for waits in ("held", "undated", "overdue", "moving")}

    assert found == {"held": {undated, dated}, "undated": {undated}, "overdue": {overdue}, "moving": {moving}}
    for application in (undated, dated, overdue, moving):
        assert desk.get(reverse("admin:exhibitors_application_change", args=[application.pk])).status_code == 200


def test_a_deadline_is_extended_by_the_fairs_clock(desk, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    deadline = DeadlineFactory(fair=fair)
    day = (deadline.due_at + timedelta(days=2)).astimezone(fair.zone)
    form = {"deadline": deadline.code, "due_at_0": day.date().isoformat(), "due_at_1": "18:00", "reason": ""}
    assert desk.post(step_page(application, "extend-deadline"), form).status_code == 302

    extension = application.deadline_extensions.get()
    assert extension.due_at.astimezone(fair.zone).isoformat() == f"{day.date().isoformat()}T18:00:00+08:00"
    assert desk.get(reverse("admin:exhibitors_application_change", args=[application.pk])).status_code == 200


def test_a_wish_to_move_is_recorded_and_closed(desk, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    placement = application.placements.get()
    desk.post(step_page(application, "request-move"), {"placement_id": placement.pk, "reason": "A pillar.", "wish": "Near the door."})
    application.refresh_from_db()
    assert (application.move_placement, application.move_wish) == (placement, "Near the door.")

    desk.post(step_page(application, "close-move"), {"reason": "All is taken."})
    application.refresh_from_db()
    assert application.move_requested_at is None


# --- many at once


LIST = reverse("admin:exhibitors_application_changelist")


def ask(desk, action: str, *chosen):
    return desk.post(LIST, {"action": action, "_selected_action": [row.pk for row in chosen]})


def confirmation_of(asked):
    return {name: asked.context[name] for name in ("action", "confirmed")} | {"_selected_action": asked.context["possible"][0].number}


def over(desk, action: str, *chosen) -> list[str]:
    with undrawn():
        asked = ask(desk, action, *chosen)
        page = desk.post(LIST, confirmation_of(asked), follow=True)
    return [str(message) for message in page.context["messages"]]


@pytest.mark.parametrize(("action", "status"), [("admit_held", S.ADMITTED), ("waitlist_held", S.WAITLISTED)])
def test_many_are_decided_and_held_and_what_was_not_done_says_why(desk, fair, action, status):
    ready = [application_in(S.IN_REVIEW, fair=fair) for _number in range(2)]
    drafts = [application_in(S.DRAFT, fair=fair) for _number in range(2)]
    CompanyMemberFactory(company=ready[0].company)

    with undrawn():
        form = confirmation_of(ask(desk, action, *ready, *drafts))
        page = desk.post(LIST, {**form, "confirmed": ",".join(f"{row.pk}:" for row in (*ready, *drafts))}, follow=True)
    done, refused = [str(message) for message in page.context["messages"]]

    assert done == "2 applications decided; the decisions are held and no letter goes until you announce them."
    assert refused.startswith(f"2 applications not changed ({drafts[0].company}, {drafts[1].company}): This step is not possible")
    for application in ready:
        application.refresh_from_db()
        assert (application.status, application.told_status) == (status, S.IN_REVIEW)
    assert not Letter.objects.exists()


def test_many_are_admitted_at_once_with_their_letters(desk, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    CompanyMemberFactory(company=application.company)
    assert over(desk, "admit", application) == ["1 application changed."]
    application.refresh_from_db()
    assert application.told_status == S.ADMITTED
    assert Letter.objects.count() == 1


def test_many_are_shown_with_their_letters_before_any_goes(desk, fair):
    ready, joining, draft = application_in(S.IN_REVIEW, fair=fair), held(fair), application_in(S.DRAFT, fair=fair)
    member = CompanyMemberFactory(company=ready.company).user
    asked = ask(desk, "waitlist", ready, joining, draft)

    assert {line.number: [reader.email for reader in line.readers] for line in asked.context["possible"]} == {
        ready.pk: [member.email],
        joining.pk: [],  # the decision is held with the one before
    }
    assert [(line.number, "draft" in line.reason) for line in asked.context["impossible"]] == [(draft.pk, True)]
    text = asked.content.decode()
    assert member.email in text
    assert all(str(application.company) in text for application in (ready, joining, draft))
    ready.refresh_from_db()
    assert (ready.status, Letter.objects.count()) == (S.IN_REVIEW, 0)


def test_what_a_colleague_decided_since_the_question_is_left_and_named(desk, fair):
    quick, slow = (application_in(S.IN_REVIEW, fair=fair) for _number in range(2))
    CompanyMemberFactory(company=slow.company)
    with undrawn():
        asked = ask(desk, "admit", quick, slow)
        applications.waitlist(application_id=slow.pk, by=None, now=NOW)

        page = desk.post(f"{LIST}?status__exact=in_review", confirmation_of(asked), follow=True)

    done, refused = [str(message) for message in page.context["messages"]]
    slow.refresh_from_db()
    assert (done, slow.status, Letter.objects.count()) == ("1 application changed.", S.WAITLISTED, 1)
    assert str(slow.company) in refused
    assert "put on the waiting list" in refused


def test_a_confirmation_reaches_no_application_of_another_fair(desk, fair):
    other = application_in(S.IN_REVIEW, fair=FairFactory())
    mine = application_in(S.IN_REVIEW, fair=fair)
    desk.post(LIST, {"action": "admit", "_selected_action": [mine.pk], "confirmed": f"{other.pk}:,x:y,{'9' * 30}:"})
    other.refresh_from_db()
    assert other.status == S.IN_REVIEW


def test_the_first_page_counts_what_is_held_without_a_moment_and_leads_there(desk, fair):
    application, planned = held(fair), held(fair)
    held(FairFactory())
    announcements.create(fair=fair, by=None, now=NOW, at=NOW + timedelta(days=1), application_ids=[planned.pk])
    (card,) = desk.get(reverse("admin:index")).context["cards"]
    assert card["undated"]["count"] == 1
    assert list(desk.get(card["undated"]["url"]).context["cl"].queryset) == [application]


def test_who_may_not_announce_is_not_asked_to(client, fair):
    held(fair)
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.READ_ONLY).user)
    (card,) = client.get(reverse("admin:index")).context["cards"]
    assert card["undated"]["count"] == 0
