"""Mass decisions at the desk: few are decided in the request, many in the background, with a page of who was left out and why."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import translation

from exhibitors.domain import mass_decisions
from exhibitors.enums import ApplicationStatus, MassItemState
from exhibitors.models import Application, MassDecision
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.conftest import MOMENT
from tests.exhibitors.world import applied
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus
LIST = reverse("admin:exhibitors_application_changelist")


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def desk(client, fair, monkeypatch):
    monkeypatch.setattr(mass_decisions, "AT_ONCE", 2)
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    return client


def confirmed(desk, chosen, action="admit", **typed):
    asked = desk.post(LIST, {"action": action, "_selected_action": [application.pk for application in chosen]})
    values = {"action": action, "_selected_action": [chosen[0].pk], "confirmed": asked.context["confirmed"], **typed}
    return asked, desk.post(LIST, values)


def page(name, decision):
    return reverse(f"admin:exhibitors_massdecision_{name}", args=[decision.pk])


def turn():
    mass_decisions.take_turn(now=lambda: MOMENT)


def test_few_are_decided_in_the_request(desk, fair):
    asked, answer = confirmed(desk, applied(fair, 2))
    assert "in the background" not in asked.content.decode()
    assert answer["Location"] == LIST
    assert Application.objects.filter(status=S.ADMITTED).count() == 2
    assert not MassDecision.objects.exists()


def test_many_are_left_to_a_worker_and_the_page_shows_how_far_it_is(desk, fair):
    asked, answer = confirmed(desk, applied(fair, 3))
    assert "in the background" in asked.content.decode()
    decision = MassDecision.objects.get()
    assert answer["Location"] == page("change", decision)
    shown = desk.get(answer["Location"]).content.decode()
    assert "Admit · under way" in shown
    assert desk.get(page("progress", decision)).json() == {"is_open": True, "percent": 0, "text": "0 of 3 applications"}
    turn()
    assert desk.get(page("progress", decision)).json() == {"is_open": False, "percent": 100, "text": "3 of 3 applications"}
    shown = desk.get(answer["Location"]).content.decode()
    assert "Decided: <strong>3</strong>" in shown
    assert "Not decided" not in shown
    assert "3 / 3" in desk.get(reverse("admin:exhibitors_massdecision_changelist")).content.decode()


def test_who_was_left_out_is_named_with_the_reason_and_can_be_downloaded(desk, fair):
    chosen = applied(fair, 3)
    _asked, answer = confirmed(desk, chosen)
    Application.objects.filter(pk=chosen[0].pk).update(status=S.WITHDRAWN, told_status=S.WITHDRAWN)
    turn()
    decision = MassDecision.objects.get()
    shown = desk.get(answer["Location"]).content.decode()
    assert "Not decided · 1" in shown
    assert str(chosen[0].company) in shown
    assert "Look again before you decide" in shown
    table = desk.get(page("csv", decision))
    header, row = csv.reader(io.StringIO(table.content.decode("utf-8-sig")))
    assert header == ["Application", "Company", "Region", "State now", "Submitted", "Why"]
    assert row[:2] == [str(chosen[0].pk), str(chosen[0].company)]
    assert "Look again" in row[-1]
    assert desk.get(page("xlsx", decision)).content.startswith(b"PK")


def test_a_rejection_asks_for_one_reason_and_tells_it_to_all(desk, fair):
    chosen = applied(fair, 3)
    _asked, answer = confirmed(desk, chosen, "reject", reason=" ")
    assert "This field is required" in answer.content.decode(), "asked again, for the same ones"
    values = {"action": "reject", "_selected_action": [chosen[0].pk], "confirmed": answer.context["confirmed"], "reason": "No hall for it."}
    desk.post(LIST, values)
    turn()
    assert set(Application.objects.values_list("status", "message")) == {(S.REJECTED, "No hall for it.")}
    assert Letter.objects.filter(occasion="exhibitors.rejected").count() == 3


def test_few_are_rejected_at_once_and_held_where_that_is_chosen(desk, fair):
    confirmed(desk, applied(fair, 2), "reject_held", reason="No.")
    assert set(Application.objects.values_list("status", "told_status", "message")) == {(S.REJECTED, S.SUBMITTED, "No.")}
    assert not Letter.objects.exists()


def test_held_ones_lead_on_to_the_announcement(desk, fair):
    _asked, answer = confirmed(desk, applied(fair, 3), "admit_held")
    turn()
    assert f"{reverse('admin:exhibitors_announcement_add')}?fair={fair.pk}" in desk.get(answer["Location"]).content.decode()


def test_many_reviews_are_begun_without_asking(desk, fair):
    chosen = applied(fair, 3)
    answer = desk.post(LIST, {"action": "start_review", "_selected_action": [application.pk for application in chosen]})
    assert answer["Location"] == page("change", MassDecision.objects.get())
    turn()
    assert Application.objects.filter(status=S.IN_REVIEW).count() == 3


def test_applications_of_two_fairs_are_two_decisions(desk, fair, client):
    other = FairFactory()
    user = fair.staff.get().user
    StaffMembershipFactory(fair=other, user=user, role=StaffRole.OWNER)
    _asked, answer = confirmed(desk, [*applied(fair, 2), *applied(other, 1)])
    assert answer["Location"] == reverse("admin:exhibitors_massdecision_changelist")
    turn()
    assert [decision.items.count() for decision in MassDecision.objects.order_by("fair")] == [2, 1]
    assert Application.objects.filter(status=S.ADMITTED).count() == 3


def test_it_can_be_stopped(desk, fair):
    confirmed(desk, applied(fair, 3))
    decision = MassDecision.objects.get()
    assert desk.get(page("stop", decision))["Location"] == page("change", decision)
    assert MassDecision.objects.get().stopped_at is None
    shown = desk.post(page("stop", decision), follow=True).content.decode()
    assert "3 applications were left as they are" in shown
    assert "stopped before it" in shown
    turn()
    assert set(decision.items.values_list("state", flat=True)) == {MassItemState.STOPPED}
    assert "nothing of it is left to stop" in desk.post(page("stop", decision), follow=True).content.decode()


@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_the_page_speaks_the_readers_language(desk, fair, language):
    user = fair.staff.get().user
    user.language = language
    user.save()
    _asked, answer = confirmed(desk, applied(fair, 3))
    with translation.override(language):
        shown = desk.get(answer["Location"]).content.decode()
    assert "under way" not in shown


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many_left_out(desk, fair, count, django_assert_num_queries):
    confirmed(desk, applied(fair, 3))
    decision = MassDecision.objects.get()
    decision.items.filter(pk__in=decision.items.values("pk")[:count]).update(state=MassItemState.REFUSED, reason="x")
    desk.get(page("change", decision))
    with django_assert_num_queries(10):
        desk.get(page("change", decision))
