"""Kinds of delegates: quotas, approval, kinds that are not taken."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from conferences.domain import delegates
from conferences.domain.delegates import KindNotTaken, NothingToDecide, NotRegistered, Registration
from conferences.models import Conference, Delegate, DelegateQuota
from tests.conferences.conftest import NOW, code_in
from tests.factories.conferences import ConferenceFactory, DelegateFactory, registration

Letters = Callable[[Callable[[], Any]], list[Any]]


@pytest.fixture
def conference(db: None) -> Conference:
    """Three places, one of them for the press at most."""
    made = ConferenceFactory(capacity=3)
    DelegateQuota.objects.create(conference=made, kind="press", places=1)
    return made


def register(conference: Conference, name: str, kind: str = "press") -> str:
    values = Registration(**registration(email=f"{name}@example.com", kind=kind))
    return str(delegates.register(conference=conference, values=values, now=NOW))


def statuses(conference: Conference) -> dict[str, str]:
    rows = Delegate.objects.filter(conference=conference).order_by("pk").values_list("email", "status")
    return {email.partition("@")[0]: status for email, status in rows}


def test_quota_and_capacity_both_hold(conference: Conference) -> None:
    assert [register(conference, name) for name in "ab"] == ["reserved", "waiting"]
    assert [register(conference, name, "guest") for name in "cde"] == ["reserved", "reserved", "waiting"]


def test_the_first_who_waits_and_whose_kind_has_room_is_offered_the_place(conference: Conference) -> None:
    for name, kind in (("press1", "press"), ("press2", "press"), ("guest1", "guest"), ("guest2", "guest"), ("guest3", "guest")):
        register(conference, name, kind)
    delegates.cancel(delegate_id=Delegate.objects.get(email="guest1@example.com").pk, by=None, now=NOW)
    after = {"press1": "reserved", "press2": "waiting", "guest1": "cancelled", "guest2": "reserved", "guest3": "offered"}
    assert statuses(conference) == after  # press2 waited longer, but the press has no room
    delegates.cancel(delegate_id=Delegate.objects.get(email="press1@example.com").pk, by=None, now=NOW)
    assert statuses(conference)["press2"] == "offered"


def test_a_larger_quota_is_offered_at_once(conference: Conference) -> None:
    for name in "ab":
        register(conference, name)
    conference.delegate_quotas.update(places=2)
    assert delegates.fill_places(conference_id=conference.pk, now=NOW) == 1
    assert statuses(conference) == {"a": "reserved", "b": "offered"}


def test_a_kind_that_is_not_taken_is_refused_to_everybody_alike(conference: Conference) -> None:
    conference.delegate_quotas.update(is_taken=False)
    DelegateFactory(conference=conference, email="known@example.com")
    for name in ("known", "new"):
        with pytest.raises(KindNotTaken):
            register(conference, name)
    assert Delegate.objects.count() == 1


def test_who_needs_an_approval_has_no_place_until_it_is_given(conference: Conference, letters: Letters) -> None:
    conference.delegate_quotas.update(needs_approval=True)
    (letter,) = letters(lambda: register(conference, "anna"))
    assert statuses(conference) == {"anna": "applied"}
    assert register(conference, "anna") == register(conference, "boris") == "applied"
    (confirmation,) = letters(lambda: delegates.confirm_by_code(conference=conference, code=code_in(letter), now=NOW))
    assert confirmation.subject == "We have your application to attend"
    anna, boris = Delegate.objects.order_by("pk")

    (approval,) = letters(lambda: delegates.approve(delegate_id=anna.pk, by=None, now=NOW))
    assert (approval.subject, "there is nothing to confirm" in approval.body) == ("Your application to attend is approved", True)
    (approval,) = letters(lambda: delegates.approve(delegate_id=boris.pk, by=None, now=NOW))
    assert "you are on the waiting list" in approval.body
    assert statuses(conference) == {"anna": "reserved", "boris": "waiting"}  # the quota holds
    delegates.confirm_by_code(conference=conference, code=code_in(approval), now=NOW)
    with pytest.raises(NothingToDecide):
        delegates.approve(delegate_id=anna.pk, by=None, now=NOW)


def test_a_refusal_says_why(conference: Conference, letters: Letters) -> None:
    conference.delegate_quotas.update(needs_approval=True)
    register(conference, "anna")
    anna = Delegate.objects.get()
    (letter,) = letters(lambda: delegates.refuse(delegate_id=anna.pk, reason=" No more press.\n", by=None, now=NOW))
    assert "No more press." in letter.body
    assert statuses(conference) == {"anna": "refused"}
    with pytest.raises(NotRegistered):
        delegates.refuse(delegate_id=anna.pk, reason="Again", by=None, now=NOW)
    assert register(conference, "anna") == "applied"


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("delegate_stays_ended", {"status": "reserved"}),
        ("delegate_ended_without_code", {"code_hash": "x"}),
        ("delegate_keeps_conference", {"conference": None}),
    ],
)
def test_the_database_holds_what_has_ended(conference: Conference, rule: str, wrong: dict[str, Any]) -> None:
    ended = DelegateFactory(conference=conference, status="lapsed")
    if "conference" in wrong:
        wrong = {"conference": ConferenceFactory()}
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        Delegate.objects.filter(pk=ended.pk).update(**wrong)


@pytest.mark.parametrize(("rule", "status"), [("delegate_offer_can_be_answered", "offered"), ("delegate_refused_with_reason", "refused")])
def test_the_database_refuses_half_a_state(conference: Conference, rule: str, status: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        DelegateFactory(conference=conference, status=status)


def test_who_becomes_of_another_kind_needs_a_place_of_it(conference: Conference, admin_client: Client) -> None:
    for name, kind in (("a", "press"), ("b", "press"), ("c", "guest")):
        register(conference, name, kind)
    reporter, waiting, guest = Delegate.objects.order_by("pk")

    def change(delegate: Delegate, kind: str) -> Any:
        shown = {"kind": kind, "name": " \u202eAnna  R ", "organisation": "", "country": "RU", "language": "en", "time_zone": ""}
        return admin_client.post(f"/admin/conferences/delegate/{delegate.pk}/change/", shown)

    assert "There are no more places for this kind of delegates." in change(guest, "press").content.decode()
    assert change(waiting, "press").status_code == 302
    assert change(reporter, "guest").status_code == 302
    assert statuses(conference) == {"a": "reserved", "b": "offered", "c": "reserved"}  # the press has a place again
    assert Delegate.objects.get(pk=reporter.pk).name == "Anna R"
