"""Held stands on the desk: on the stand's page and list, on the application's page, in the choice of stands."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exhibitors.domain import planning
from exhibitors.enums import ApplicationStatus, HoldEnd
from exhibitors.models import Placement, StandHold
from fairs.enums import StaffRole
from fairs.models import Stand
from tests.browser import fields_of
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import StandHoldFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LIST = reverse("admin:fairs_stand_changelist")
FORM = {"application": "", "note": "The honey makers of Altai", "until_0": "2030-01-18", "until_1": "18:00"}


def desk(stand: Stand, role: StaffRole = StaffRole.FLOOR_PLANNER) -> Client:
    client = Client()
    client.force_login(StaffMembershipFactory(fair=stand.hall.fair, role=role, user__time_zone="Europe/Moscow").user)
    return client


def a_stand() -> Stand:
    return stand_at(site_of(application_in(ApplicationStatus.ADMITTED).fair), number="A-77")


def page(name: str, stand: Stand) -> str:
    return reverse(f"admin:fairs_stand_{name}", args=[stand.pk])


def test_a_stand_is_held_in_the_fairs_time_held_longer_and_released():
    stand = a_stand()
    client = desk(stand)
    assert "Nobody holds this stand." in client.get(page("change", stand)).content.decode()

    assert client.post(page("hold", stand), FORM).status_code == 302
    shown = client.get(page("change", stand)).content.decode()
    assert "held until 18 Jan 2030, 18:00 (UTC+8) for The honey makers of Altai" in shown

    assert 'value="18:00:00"' in client.get(page("hold", stand)).content.decode()
    assert client.post(page("hold", stand), {**FORM, "until_0": "2030-01-20"}).status_code == 302
    assert StandHold.objects.live(now=NOW).get().until.isoformat() == "2030-01-20T10:00:00+00:00"

    assert "offered to everybody again" in client.get(page("release", stand)).content.decode()
    assert StandHold.objects.live(now=NOW).exists()
    assert client.post(page("release", stand)).status_code == 302
    assert not StandHold.objects.live(now=NOW).exists()
    assert "held anew" in client.get(page("change", stand)).content.decode()


def test_what_the_domain_refuses_is_said_beside_the_field_and_nothing_is_lost():
    stand = a_stand()
    client = desk(stand)
    form = client.post(page("hold", stand), {**FORM, "until_0": "2030-01-14"}).context["form"]
    assert form.errors == {"until": ["This moment is past: name a later one."]}
    assert form["note"].value() == FORM["note"]
    StandHoldFactory(stand=stand, note="Somebody else")
    form = client.post(page("hold", stand), FORM).context["form"]
    assert "held for somebody else until" in str(form.non_field_errors())


@pytest.mark.parametrize(("role", "sees"), [(StaffRole.FINANCE, True), (StaffRole.CHECK_IN, False)])
def test_who_may_not_see_applications_sees_no_hold(role: StaffRole, sees: bool):
    stand = a_stand()
    StandHoldFactory(stand=stand)
    client = desk(stand, role)

    for url in (LIST, page("change", stand)):
        assert ("The honey makers" in client.get(url).content.decode()) is sees
    assert client.get(LIST, {"state": "held"}).context["cl"].result_count == sees
    assert client.get(LIST, {"state": "available"}).context["cl"].result_count == (not sees)
    for name in ("hold", "release"):
        assert client.post(page(name, stand), FORM).status_code == 403
    assert StandHold.objects.get().ended_at is None


def test_a_held_stand_is_not_blocked_at_the_desk():
    stand = StandHoldFactory().stand
    client, url = desk(stand), page("change", stand)
    refused = client.post(url, {**fields_of(client.get(url), "stand_form"), "blocked": "on"})
    assert refused.context["adminform"].form.errors["blocked"] == ["This stand is held for somebody: release it first."]
    assert not Stand.objects.get(pk=stand.pk).blocked
    StandHold.objects.end(HoldEnd.RELEASED, now=NOW)
    assert client.post(url, {**fields_of(client.get(url), "stand_form"), "blocked": "on"}).status_code == 302
    assert Stand.objects.get(pk=stand.pk).blocked


def test_the_list_is_narrowed_to_held_and_to_available_ones():
    stand = a_stand()
    free = stand_at(stand.hall.site)
    StandHoldFactory(stand=stand)
    StandHoldFactory(stand=free, until=NOW)  # has expired
    client = desk(stand)

    def listed(state: str) -> list[Stand]:
        return list(client.get(LIST, {"state": state}).context["cl"].queryset)

    assert (listed("held"), listed("available")) == ([stand], [free])


def test_a_planned_stand_is_not_available_to_who_places_and_nobody_else_hears_of_it():
    one = application_in(ApplicationStatus.ADMITTED)
    stand = stand_at(site_of(one.fair), number="A-77")
    planning.plan_stand(application_id=one.pk, stand_id=stand.pk, by=None, now=NOW)
    for role, sees in ((StaffRole.FLOOR_PLANNER, True), (StaffRole.CHECK_IN, False)):
        client = desk(stand, role)
        assert (f"planned · {one.company}" in client.get(LIST).content.decode()) is sees
        assert client.get(LIST, {"state": "available"}).context["cl"].result_count == (not sees)


@pytest.mark.parametrize(
    ("role", "expected"), [(StaffRole.OWNER, (1, 3, 1, 1)), (StaffRole.FINANCE, (1, 1, 3, 1)), (StaffRole.CHECK_IN, (1, 0, 4, 1))]
)
def test_the_first_page_counts_each_stand_once_and_as_the_list_does(role: StaffRole, expected: tuple[int, ...]):
    accepted = application_in(ApplicationStatus.ACCEPTED)
    application_in(ApplicationStatus.STAND_OFFERED, fair=accepted.fair)
    planned, held, free, blocked = (stand_at(site_of(accepted.fair)) for _number in range(4))
    planning.plan_stand(
        application_id=application_in(ApplicationStatus.ADMITTED, fair=accepted.fair).pk, stand_id=planned.pk, by=None, now=NOW
    )
    StandHoldFactory(stand=held)
    Stand.objects.filter(pk=blocked.pk).update(blocked=True)
    application_in(ApplicationStatus.STAND_OFFERED)  # at another fair
    client = desk(free, role)

    (card,) = client.get(reverse("admin:index")).context["cards"]

    assert tuple(card["stands"].values()) == expected
    assert sum(expected) == Stand.objects.filter(hall__fair=accepted.fair).count()
    for state, name in (("taken", "taken"), ("spoken_for", "spoken_for"), ("available", "free"), ("blocked", "blocked")):
        if state != "spoken_for" or card["stands"][name]:
            listed = client.get(f"{card['stands_url']}&state={state}")
            assert listed.context["cl"].result_count == card["stands"][name]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_holds(count: int, django_assert_num_queries: Any):
    first = a_stand()
    for _number in range(count):
        StandHoldFactory(stand=stand_at(first.hall.site), application=first.hall.fair.applications.get())
    client = desk(first)
    client.get(LIST)
    with django_assert_num_queries(11):  # session, user, roles, the filters' fairs, sites, halls and zones, count, stands, holds, plans
        client.get(LIST)


def test_the_applications_page_shows_the_stands_that_are_kept_for_it():
    stand = a_stand()
    application = stand.hall.fair.applications.get()
    url = reverse("admin:exhibitors_application_change", args=[application.pk])
    client = desk(stand)
    assert "A-77" not in client.get(url).content.decode()
    StandHoldFactory(stand=stand, application=application)
    shown = client.get(url).content.decode()
    assert "A-77" in shown
    assert "1 Feb 2030, 16:00 (UTC+8)" in shown


def test_the_choice_of_stands_shows_those_held_for_others_and_does_not_let_choose_them():
    stand = a_stand()
    application = stand.hall.fair.applications.get()
    StandHoldFactory(stand=stand)
    client = desk(stand)
    url = reverse("admin:exhibitors_application_step", args=[application.pk, "offer-stand"])

    shown = client.get(url).content.decode()
    assert f'<option value="{stand.pk}" disabled>' in shown
    assert "held for others until 1 Feb 2030, 16:00 (UTC+8)" in shown
    refused = client.post(url, {"stand_id": stand.pk, "hold": "now"})
    assert "held for somebody else" in str(refused.context["form"].errors)
    assert not Placement.objects.exists()
