"""The pages on which organisers write their own texts of letters."""

import pytest
from django.urls import reverse

from notifications.models import Letter, LetterTemplate
from tests.browser import fields_of
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import FairFactory, StaffMembershipFactory

pytestmark = pytest.mark.django_db
ADMITTED = "exhibitors.admitted"


@pytest.fixture
def application():
    return ApplicationFactory(submitted=True, company__name_en="<b>Vostok</b>", fair__reply_to="fair@example.org")


@pytest.fixture
def desk(client, application):
    client.force_login(StaffMembershipFactory(fair=application.fair, user__email="owner@example.org", user__language="en").user)
    return client


def url(fair, occasion=ADMITTED):
    return f"{reverse('admin:notifications_lettertemplate_text', args=[occasion])}?fair={fair.pk}"


def test_the_page_begins_with_the_shipped_text_and_what_is_left_as_it_is_does_not_become_an_own_text(desk, application):
    page = desk.get(url(application.fair))
    fields = fields_of(page, "texts")
    assert "| Company | {{ company }}" in fields["text_en"][0]
    assert "№ {{ application_number }}" in fields["subject_ru"][0]
    desk.post(url(application.fair), fields)
    assert not LetterTemplate.objects.exists()
    desk.post(url(application.fair), {**fields, "subject_zh_hans": "欢迎 {{ company }}"})
    assert [(row.language, row.subject) for row in LetterTemplate.objects.all()] == [("zh-hans", "欢迎 {{ company }}")]
    shown = desk.get(reverse("admin:notifications_lettertemplate_texts"))
    row = next(row for row in shown.context["rows"] if row["occasion"].name == ADMITTED)
    assert [bool(own) for own in row["own"]] == [False, True, False]
    desk.post(url(application.fair), {**fields, "reset": "zh-hans"})
    assert not LetterTemplate.objects.exists()


def test_the_preview_shows_what_is_typed_for_a_real_application_and_keeps_nothing(desk, application):
    fields = fields_of(desk.get(url(application.fair)), "texts")
    typed = {**fields, "subject_en": "Hello {{ company }}", "text_ru": "{{ company.members }}"}
    answer = desk.post(url(application.fair), typed, headers={"X-Preview": "1"})
    english, russian = answer.context["previews"][2], answer.context["previews"][0]
    assert "Vostok" in english.subject
    assert "<b>Vostok" not in english.html
    assert any("{{ company }}" in error for error in russian.errors)
    assert b'srcdoc="&lt;!DOCTYPE html&gt;' in answer.content, "a letter is shown inside its frame, and nowhere else"
    assert not LetterTemplate.objects.exists()


def test_a_refused_text_stays_in_the_form_with_what_is_allowed(desk, application):
    fields = fields_of(desk.get(url(application.fair)), "texts")
    page = desk.post(url(application.fair), {**fields, "text_en": "{{ nothing }}"})
    assert "{{ greeting }}, {{ recipient_name }}" in str(page.context["form"].errors["text_en"])
    assert "{{ nothing }}" in page.content.decode()
    assert not LetterTemplate.objects.exists()


@pytest.mark.parametrize("marks", [("\r\n", "\n", "\u2028"), ("\x85", "\r\n", "\n")])
def test_a_subject_of_two_lines_is_refused_in_words(desk, application, marks):
    fields = fields_of(desk.get(url(application.fair)), "texts")
    subjects = dict(zip(("subject_ru", "subject_en", "subject_zh_hans"), marks, strict=True))
    page = desk.post(url(application.fair), {**fields, **{name: f"Welcome{mark}Bcc: spy@example.org" for name, mark in subjects.items()}})
    for name in subjects:
        assert page.context["form"].errors[name] == ["A subject is one line: take the line breaks out."]
    assert not LetterTemplate.objects.exists()


def test_a_test_letter_goes_to_oneself_in_the_words_of_the_form(desk, application):
    fields = fields_of(desk.get(url(application.fair)), "texts")
    desk.post(url(application.fair), {**fields, "subject_en": "Try {{ company }}", "test": "en"})
    letter = Letter.objects.get()
    assert (letter.recipient_email, letter.subject[:4], letter.about) == ("owner@example.org", "Try ", f"test:{application.fair.pk}")
    assert not LetterTemplate.objects.exists()
    desk.post(url(application.fair), {**fields, "subject_en": "{{ nothing }}", "test": "en"})
    assert Letter.objects.count() == 1


def test_another_fair_and_its_applications_are_not_there(desk, application):
    foreign = ApplicationFactory(submitted=True)
    assert desk.get(url(foreign.fair)).status_code == 404
    assert desk.post(url(foreign.fair), {"subject_en": "x", "text_en": "x"}).status_code == 404
    assert desk.get(url(application.fair, "accounts.reset_code")).status_code == 404
    page = desk.get(f"{url(application.fair)}&sample={foreign.pk}")
    assert page.context["sample"].number == application.pk
    assert str(foreign.company) not in page.content.decode()


def test_a_fair_without_applications_shows_the_shipped_text_and_an_exhibitor_that_is_made_up(client):
    foreign = ApplicationFactory(submitted=True, company__name_en="Foreign Fish")
    fair = FairFactory()
    client.force_login(StaffMembershipFactory(fair=fair, user__language="en").user)
    page = client.get(url(fair))
    assert page.context["form"]["text_en"].value().startswith("{{ greeting }}")
    assert [one.errors for one in page.context["previews"]] == [()] * 3
    assert "Example Company" in page.context["previews"][2].text
    assert str(foreign.company) not in page.content.decode()


def test_a_fair_without_a_conference_says_so(client):
    fair = FairFactory()
    client.force_login(StaffMembershipFactory(fair=fair).user)
    page = client.get(url(fair, "conferences.delegate_code"))
    assert all(one.errors for one in page.context["previews"])
