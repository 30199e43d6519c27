"""Writing to a choice of exhibitors at the desk, and what the page of a mailing tells."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import clock as business_clock
from exhibitors.domain import mailings
from exhibitors.enums import CompanyRole
from exhibitors.models import Application, Mailing, MailingRecipient
from notifications.models import Letter
from notifications.wording import Wording
from tests.browser import depth_of_forms, fields_of
from tests.factories.exhibitors import ApplicationFactory, CompanyMemberFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
LIST, WRITE = "/admin/exhibitors/application/", "/admin/exhibitors/mailing/write/"


def exhibitor(fair, **fields):
    application = ApplicationFactory(fair=fair, submitted=True, **fields)
    CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER, user__language="en")
    return application


@pytest.fixture
def fair(client):
    fair = FairFactory(time_zone="Asia/Shanghai")
    client.force_login(StaffMembershipFactory(fair=fair, user__language="en").user)
    return fair


def choose(client, *applications):
    return client.post(LIST, {"action": "write_to_these", "_selected_action": [application.pk for application in applications]})


def test_from_the_list_to_the_letters(client, fair):
    chosen = [exhibitor(fair), exhibitor(fair)]
    silent = ApplicationFactory(fair=fair, submitted=True)
    page = choose(client, *chosen, silent)
    assert (page.context["letters"], page.context["exhibitors"], page.context["unreachable"]) == (2, 2, [silent])
    fields = fields_of(page, "texts")
    typed = {**fields, "subject_en": "Hello {{ company }}", "text_en": "{{ greeting }}"}
    preview = client.post(WRITE, typed, headers={"X-Preview": "1"})
    assert f"Hello {chosen[0].company}" in preview.content.decode()
    assert not Mailing.objects.exists()
    for _twice in range(2):
        answer = client.post(WRITE, {**typed, "send": "1"})
        assert answer.status_code == 302
    mailing = Mailing.objects.get()
    assert (mailing.recipients.count(), mailing.unreached) == (2, 1)
    mailings.write_due(now=business_clock.now())
    shown = client.get(answer["Location"])
    assert [one["label"] for one in shown.context["recipients"]] == ["queued", "queued"]
    assert Letter.objects.count() == 2


def test_held_letters_are_found_from_the_mailing(client, fair):
    page = choose(client, exhibitor(fair), exhibitor(fair))
    typed = {**fields_of(page, "texts"), "subject_en": "x", "text_en": "x", "holds": "on", "send": "1"}
    answer = client.post(WRITE, typed)
    mailings.write_due(now=business_clock.now())
    shown = client.get(answer["Location"])
    assert shown.context["held"] == 2
    assert client.get(shown.context["held_url"]).context["cl"].result_count == 2


def test_the_moment_is_the_fairs(client, fair):
    page = choose(client, exhibitor(fair))
    day = (business_clock.now() + timedelta(days=2)).date()
    typed = {**fields_of(page, "texts"), "subject_en": "x", "text_en": "x", "at_0": day.isoformat(), "at_1": "09:00:00", "send": "1"}
    client.post(WRITE, typed)
    assert f"{Mailing.objects.get().at:%H:%M}" == "01:00"


def test_what_is_wrong_is_said_beside_the_field_and_kept(client, fair):
    page = choose(client, exhibitor(fair))
    answer = client.post(WRITE, {**fields_of(page, "texts"), "subject_en": "{{ nothing }}", "text_en": "Keep me", "send": "1"})
    assert "{{ company }}" in str(answer.context["form"].errors["subject_en"])
    assert "Keep me" in answer.content.decode()
    past = {"subject_en": "x", "text_en": "x", "at_0": "2020-01-01", "at_1": "09:00", "send": "1"}
    assert "at" in client.post(WRITE, {**fields_of(page, "texts"), **past}).context["form"].errors
    assert not Mailing.objects.exists()


def test_others_applications_are_not_written_to(client, fair):
    foreign = exhibitor(FairFactory())
    answer = client.post(WRITE, {"ids": str(foreign.pk), "token": "t", "subject_en": "x", "text_en": "x", "send": "1"})
    assert (answer.status_code, Mailing.objects.count()) == (302, 0)
    assert choose(client, foreign).status_code == 302


def test_a_planned_mailing_is_cancelled(client, fair):
    page = choose(client, exhibitor(fair))
    day = (business_clock.now() + timedelta(days=2)).date()
    typed = {**fields_of(page, "texts"), "subject_en": "x", "text_en": "x", "at_0": day.isoformat(), "at_1": "09:00", "send": "1"}
    client.post(WRITE, typed)
    mailing = Mailing.objects.get()
    assert any(
        "mailing" in one.what
        for _day, those in client.get(reverse("admin:exhibitors_application_upcoming")).context["days"]
        for one in those
    )
    cancel = reverse("admin:exhibitors_mailing_cancel", args=[mailing.pk])
    assert "<strong>1</strong> letter has not left" in client.get(cancel).content.decode()
    mailing.refresh_from_db()
    assert mailing.cancelled_at is None, "the page asks first"
    client.post(cancel)
    mailing.refresh_from_db()
    assert mailing.cancelled_at
    assert client.get(cancel).status_code == 302
    assert not client.get(reverse("admin:exhibitors_mailing_change", args=[mailing.pk])).context["may_cancel"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_recipients(client, fair, count, django_assert_num_queries):
    mailing = Mailing.objects.create(
        fair=fair, token="t", at=business_clock.now(), created_at=business_clock.now(), subject_en="x", text_en="x"
    )
    for number, application in enumerate(exhibitor(fair) for _number in range(count)):
        MailingRecipient.objects.create(
            mailing=mailing,
            application=application,
            address=f"{number}@x.example",
            email=f"{number}@x.example",
            language="en",
            time_zone="UTC",
        )
    url = reverse("admin:exhibitors_mailing_change", args=[mailing.pk])
    client.get(url)
    with django_assert_num_queries(9):
        assert len(client.get(url).context["recipients"]) == count


def test_a_mailing_that_is_written_says_how_much_has_left_and_is_stopped(client, fair):
    for _number in range(2):
        exhibitor(fair)
    texts = {"en": Wording("x", "y")}
    ids = list(Application.objects.values_list("pk", flat=True))
    mailing = mailings.create(fair=fair, application_ids=ids, texts=texts, by=None, now=business_clock.now(), token="1")
    mailings.write_due(now=business_clock.now())
    Letter.objects.filter(pk=Letter.objects.earliest("pk").pk).update(status="sent", sent_at=timezone.now())
    page = reverse("admin:exhibitors_mailing_change", args=[mailing.pk])
    assert client.get(page).context["may_cancel"]
    asked = client.get(reverse("admin:exhibitors_mailing_cancel", args=[mailing.pk])).content.decode()
    assert "<strong>1</strong> letter has not left" in asked
    assert "<strong>1</strong> letter has left already" in asked
    answer = client.post(reverse("admin:exhibitors_mailing_cancel", args=[mailing.pk]), follow=True)
    assert "1 letter was stopped. 1 letter had left." in answer.content.decode()
    assert sorted(Letter.objects.values_list("status", flat=True)) == ["cancelled", "sent"]
    Letter.objects.filter(status="cancelled").update(status="sent", sent_at=timezone.now())
    assert not client.get(page).context["may_cancel"]


def test_the_button_that_cancels_stands_outside_the_pages_own_form(client, fair):
    ids, now = [exhibitor(fair).pk], business_clock.now()
    mailing = mailings.create(fair=fair, application_ids=ids, texts={"en": Wording("x", "y")}, by=None, now=now, token="t")
    page = client.get(reverse("admin:exhibitors_mailing_change", args=[mailing.pk]))
    assert page.context["may_cancel"]
    assert depth_of_forms(page) == 1
