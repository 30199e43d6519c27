"""Who changes a deadline, its ladder or a fair is asked before letters go that this makes due."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

import clock as business_clock
from exhibitors.domain import reminders
from exhibitors.models import Application, DeadlineReminder, DocumentRequirement
from fairs.enums import Audience, FairStatus
from fairs.models import Deadline, Fair, Rung
from tests.browser import fields_of
from tests.cases import case
from tests.exhibitors.domain.test_reminders import DUE, LOCAL, an_exhibitor
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyMemberFactory, DocumentFactory, DocumentRequirementFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory
from tests.undrawn import undrawn

pytestmark = pytest.mark.django_db
NOW = DUE.replace(hour=10) - timedelta(days=30)


@pytest.fixture
def deadline(client, clock):
    clock.move_to(NOW)
    deadline = DeadlineFactory(fair=FairFactory(), code="contract", title_en="Contract", due_at=DUE)
    client.force_login(StaffMembershipFactory(fair=deadline.fair).user)
    an_exhibitor(deadline.fair)
    return deadline


def shown(client, row, page):
    """Where the form of a row is sent, and what it holds."""
    address = reverse(f"admin:fairs_{page}_change", args=[row.pk])
    return address, fields_of(client.get(address), f"{page}_form")


def post(client, address, form):
    """For those after the first: the page that asks is drawn there."""
    with undrawn():
        return client.post(address, form)


def change(client, row, page, **typed):
    address, form = shown(client, row, page)
    return post(client, address, {**form, **typed}), address


def test_a_deadline_that_moves_near_asks_first_and_then_does_as_was_chosen(client, deadline):
    address, form = shown(client, deadline, "deadline")
    asked = client.post(address, {**form, "due_at_0": "2030-03-16", "due_at_1": "23:59:59"})
    assert asked.status_code == 200
    assert (asked.context["count"], asked.context["letters"][0].reader.email) == (1, "owner@example.com")
    assert [str(message) for message in asked.context["messages"]] == [], "nothing was saved, so nothing says so"
    assert Deadline.objects.get().due_at == DUE
    assert not DeadlineReminder.objects.exists()
    for choice, letters in (("send", 1), ("leave_out", 0)):
        with case(choice):
            answer = client.post(address, {**dict(asked.context["typed"]), "letters": choice})
            assert answer.status_code == 302
            assert Deadline.objects.get().due_at == DUE - timedelta(days=25)
            assert reminders.remind(now=business_clock.now()) == letters
            assert reminders.remind(now=business_clock.now() + timedelta(days=1, hours=1)) == 0  # the next step comes a day before


def test_of_one_form_a_change_that_sends_something_asks_and_others_are_answered_as_ever(client, deadline):
    address, form = shown(client, deadline, "deadline")
    with case("sends nothing"):
        assert post(client, address, {**form, "title_en": "The contract"}).status_code == 302
        assert Deadline.objects.get().title_en == "The contract"
    with case("wrong"):
        assert "adminform" in post(client, address, {**form, "due_at_0": "soon"}).context
    with case("a step that is added too late"):
        number = Rung.objects.count()
        typed = {"ladder-TOTAL_FORMS": number + 1, f"ladder-{number}-offset": -40, f"ladder-{number}-unit": "days"}
        typed |= {f"ladder-{number}-reader": "owner", f"ladder-{number}-act": "remind", f"ladder-{number}-deadline": deadline.pk}
        answer = post(client, address, {**form, **typed})
        assert (answer.status_code, answer.context["count"]) == (200, 1)
        assert Rung.objects.count() == number


def test_what_was_due_before_is_not_asked_about(client, deadline):
    Deadline.objects.update(due_at=business_clock.now() + timedelta(days=5))
    answer, _address = change(client, deadline, "deadline", title_en="The contract")
    assert answer.status_code == 302


def test_a_change_in_the_readers_quiet_hours_asks_about_what_goes_when_they_end(client, clock, deadline):
    address, form = shown(client, deadline, "deadline")
    for hours in (12, 20):  # late in the evening, early in the morning
        with case(hours):
            clock.move_to(NOW + timedelta(hours=hours))
            asked = post(client, address, {**form, "due_at_0": "2030-03-18", "due_at_1": "23:59:59"})
            assert (asked.status_code, asked.context["count"]) == (200, 1)
            client.post(address, {**dict(asked.context["typed"]), "letters": "leave_out"})
            assert reminders.remind(now=NOW + timedelta(days=1)) == 0


def test_a_change_after_todays_digest_asks_about_what_goes_tomorrow(client, deadline):
    other = DeadlineFactory(fair=deadline.fair, code="other", due_at=business_clock.now() + timedelta(days=2))
    assert reminders.remind(now=business_clock.now()) == 1
    asked, address = change(client, deadline, "deadline", due_at_0="2030-03-18", due_at_1="23:59:59")
    assert asked.context["count"] == 1
    client.post(address, {**dict(asked.context["typed"]), "letters": "leave_out"})
    Deadline.objects.filter(pk=other.pk).delete()
    assert reminders.remind(now=NOW + timedelta(days=1)) == 0


@pytest.fixture
def hotel(client, deadline):
    """Where a new deadline is sent, and what is typed for one whose first steps are past."""
    address = reverse("admin:fairs_deadline_add")
    titles = {"title_en": "Hotel", "title_ru": "Отель", "title_zh_hans": "酒店"}
    typed = {"fair": deadline.fair_id, "code": "hotel", "audience": "all", "due_at_0": "2030-03-16", "due_at_1": "23:59:59"}
    return address, {**fields_of(client.get(address), "deadline_form"), **titles, **typed}


def test_a_new_deadline_asks_about_the_steps_of_its_ladder_that_are_past(client, deadline, hotel):
    Deadline.objects.update(code="hotel_before", due_at=DUE + timedelta(days=60))
    address, form = hotel
    for choice, letters, popup in (("send", 1, {}), ("leave_out", 0, {"_popup": "1"})):
        with case(choice):
            asked = post(client, address, {**form, **popup})
            assert (asked.status_code, asked.context["count"]) == (200, 1)
            assert (Deadline.objects.count(), Rung.objects.filter(deadline__code="hotel").count()) == (1, 0), "nothing was saved"
            client.post(address, {**dict(asked.context["typed"]), "letters": choice})
            assert Deadline.objects.filter(code="hotel").count() == 1
            assert reminders.remind(now=business_clock.now()) == letters


def test_a_new_deadline_that_sends_nothing_or_is_of_no_fair_is_answered_as_ever(client, hotel):
    address, form = hotel
    for fair in ("", "soon", "²", "9" * 30):
        assert "adminform" in post(client, address, {**form, "fair": fair}).context, fair
    assert post(client, address, {**form, "due_at_0": "2030-06-16"}).status_code == 302
    assert Deadline.objects.count() == 2


def test_publishing_a_fair_asks(client, deadline):
    Fair.objects.update(status=FairStatus.DRAFT)
    Deadline.objects.update(due_at=business_clock.now() + timedelta(days=5))
    answer, _address = change(client, deadline.fair, "fair", status="published")
    assert answer.context["count"] == 1
    assert Fair.objects.get().status == FairStatus.DRAFT


def test_an_import_leaves_out_what_it_makes_due_unless_it_is_told_to(tmp_path, clock, capsys):
    clock.move_to(NOW)
    fair = FairFactory(slug="spring")
    DeadlineFactory(fair=fair, code="contract", audience=Audience.ALL, due_at=DUE)
    for email in ("a@example.com", "b@example.com"):
        company = ApplicationFactory(fair=fair, submitted=True).company
        CompanyMemberFactory(company=company, user=UserFactory(email=email, **LOCAL))
    file = tmp_path / "fair.toml"
    text = '[fair]\nslug = "spring"\ntime_zone = "Asia/Shanghai"\n\n[[deadlines]]\ncode = "contract"\ndue_at = 2030-03-15T23:59:59\n'
    file.write_text(text)
    call_command("import_fair", str(file))
    assert "due at once by this file: 2 letters are left out" in capsys.readouterr().out
    assert reminders.remind(now=NOW) == 0
    file.write_text(text.replace("03-15", "03-16"))
    call_command("import_fair", str(file), "--remind")
    assert "2 letters go at the next tick" in capsys.readouterr().out
    assert reminders.remind(now=NOW) == 2


def test_a_document_that_is_asked_for_when_all_was_done_asks_first(client, deadline):
    Deadline.objects.update(due_at=business_clock.now() + timedelta(days=5))
    old = DocumentRequirementFactory(fair=deadline.fair, deadline=deadline, audience=Audience.ALL)
    DocumentFactory(application=Application.objects.get(), requirement=old, state="approved", reviewed_at=NOW)
    address = reverse("admin:exhibitors_documentrequirement_add")
    typed = {
        **fields_of(client.get(address), "documentrequirement_form"),
        "fair": deadline.fair_id,
        "deadline": deadline.pk,
        "code": "passport",
        "audience": Audience.ALL,
        "kinds": ["pdf"],
        "title_ru": "x",
        "title_zh_hans": "x",
        "title_en": "x",
        "is_required": "on",
    }
    asked = client.post(address, typed)
    assert (asked.status_code, asked.context["count"]) == (200, 1)
    assert DocumentRequirement.objects.count() == 1
    assert client.post(address, {**typed, "letters": "leave_out"}).status_code == 302
    assert DocumentRequirement.objects.count() == 2
    assert reminders.remind(now=business_clock.now()) == 0
