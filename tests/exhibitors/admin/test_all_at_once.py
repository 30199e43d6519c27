"""A step with very many applications: the page that asks stays a page, and the step is taken with all of them."""

import pytest
from django.urls import reverse

from exhibitors.domain import mass_decisions
from exhibitors.domain.seen_state import states_of
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, MassDecision
from fairs.enums import StaffRole
from notifications.admin import confirm_all
from tests.conftest import MOMENT
from tests.exhibitors.world import application_in, applied
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus
LIST = reverse("admin:exhibitors_application_changelist")


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def desk(client, fair, monkeypatch):
    monkeypatch.setattr(confirm_all, "LISTED", 2)
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    return client


def ask(desk, chosen):
    return desk.post(LIST, {"action": "admit", "_selected_action": [chosen[0].pk], "select_across": "1"})


def test_of_many_the_first_are_listed_the_others_counted_and_all_admitted(desk, fair):
    chosen, drafts = applied(fair, 5), [application_in(S.DRAFT, fair=fair) for _number in range(3)]

    asked = ask(desk, chosen)

    context, text = asked.context, asked.content.decode()
    assert (len(context["possible"]), context["possible_count"], context["possible_rest"]) == (2, 5, 3)
    assert (len(context["impossible"]), context["impossible_count"], context["impossible_rest"]) == (2, 3, 1)
    assert "and 3 more, with which the same will be done" in text
    assert "and 1 more with which nothing will be done" in text
    desk.post(LIST, {"action": "admit", "_selected_action": [chosen[0].pk], "confirmed": context["confirmed"]})
    assert Application.objects.filter(status=S.ADMITTED).count() == 5
    assert {draft.status for draft in Application.objects.filter(pk__in=[draft.pk for draft in drafts])} == {S.DRAFT}


def test_few_are_listed_without_a_word_of_others(desk, fair):
    asked = ask(desk, applied(fair, 2))
    assert (asked.context["possible_rest"], " more" in asked.content.decode()) == (0, False)


@pytest.mark.parametrize("count", [3, 5])
def test_the_page_costs_the_same_however_many_it_does_not_list(desk, fair, count, django_assert_num_queries):
    chosen = applied(fair, count)
    with django_assert_num_queries(26):
        assert ask(desk, chosen).status_code == 200


@pytest.mark.parametrize("at_once", [10, 1])  # decided in the request, or left to a worker
def test_where_somebody_only_reads_nothing_is_decided(desk, fair, at_once, monkeypatch):
    monkeypatch.setattr(mass_decisions, "AT_ONCE", at_once)
    [own], elsewhere = applied(fair, 1), FairFactory()
    [foreign] = applied(elsewhere, 1)
    StaffMembershipFactory(fair=elsewhere, role=StaffRole.READ_ONLY, user=fair.staff.get().user)

    asked = desk.post(LIST, {"action": "admit", "_selected_action": [own.pk, foreign.pk]})
    assert [line.reason for line in asked.context["impossible"]] == ["You may not decide at this fair."]
    seen = states_of(Application.objects.all())
    confirmed = ",".join(f"{pk}:{seen[pk]}" for pk in (own.pk, foreign.pk))
    desk.post(LIST, {"action": "admit", "_selected_action": [own.pk], "confirmed": confirmed})
    mass_decisions.take_turn(now=lambda: MOMENT)

    assert [one.status for one in Application.objects.order_by("pk")] == [S.ADMITTED, S.SUBMITTED]
    assert [one.fair for one in MassDecision.objects.all()] == ([fair] if at_once == 1 else [])
