"""A question's page: each kind with its options and condition is saved as it is meant, and what is wrong is said beside its field."""

import re

import pytest
from django.urls import reverse

from exhibitors.enums import QuestionType
from exhibitors.models import Question
from fairs.enums import StaffRole
from tests.factories.exhibitors import ApplicationFactory, QuestionFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
T = QuestionType
ADD = reverse("admin:exhibitors_question_add")


@pytest.fixture
def fair(client):
    membership = StaffMembershipFactory(role=StaffRole.OWNER)
    client.force_login(membership.user)
    return membership.fair


def form_of(fair, type_, *options, **more):
    """``options`` are (text, code), (text, code, id of the row)."""
    form = {"fair": fair.pk, "code": "transport", "text_ru": "Как?", "type": type_, "section": "other", "position": 10, "audience": "all"}
    form |= {"active": "on", "options-TOTAL_FORMS": len(options), "options-INITIAL_FORMS": sum(len(one) > 2 for one in options)}
    for number, (text, code, *pk) in enumerate(options):
        row = {"text_ru": text, "code": code, "position": number, "id": pk[0] if pk else ""}
        form |= {f"options-{number}-{name}": value for name, value in row.items()}
    return form | more


def errors_of(response):
    assert response.status_code == 200
    form, [options] = response.context["adminform"].form, response.context["inline_admin_formsets"]
    found = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    return found, [str(error) for error in options.formset.non_form_errors()]


@pytest.mark.parametrize("kind", [kind for kind in T if kind not in (T.CHOICE, T.SEVERAL)])
def test_a_question_without_options_is_saved(client, fair, kind):
    assert client.post(ADD, form_of(fair, kind)).status_code == 302
    assert Question.objects.get().type == kind


def test_options_get_codes_of_their_own(client, fair):
    assert client.post(ADD, form_of(fair, T.CHOICE, ("Морем", ""), ("Поездом", ""), ("Самолётом", "air"))).status_code == 302
    assert [(one.text_ru, one.code) for one in Question.objects.get().options.all()] == [
        ("Морем", "option-1"),
        ("Поездом", "option-2"),
        ("Самолётом", "air"),
    ]


def test_a_choice_needs_options_each_once(client, fair):
    assert errors_of(client.post(ADD, form_of(fair, T.CHOICE)))[1] == ["Write the options that may be chosen."]
    _found, twice = errors_of(client.post(ADD, form_of(fair, T.CHOICE, ("Sea", "sea"), ("Ship", "sea"))))
    assert "duplicate" in twice[0]
    assert not Question.objects.exists()


def test_an_option_that_was_chosen_stays(client, fair):
    question = QuestionFactory(fair=fair, type=T.SEVERAL, options=["sea", "rail"])
    application = ApplicationFactory(fair=fair)
    application.answers.create(question=question, value=["sea"], answered_at=fair.applications_open_at)
    sea, rail = question.options.order_by("position")
    page = reverse("admin:exhibitors_question_change", args=[question.pk])
    rows = form_of(fair, T.SEVERAL, ("Sea", "sea", sea.pk), ("Rail", "rail", rail.pk))
    assert "cannot go" in errors_of(client.post(page, {**rows, "options-0-DELETE": "on"}))[1][0]
    assert "cannot go" in errors_of(client.post(page, {**rows, "options-0-code": "ship"}))[1][0]
    assert client.post(page, {**rows, "options-1-DELETE": "on"}).status_code == 302
    assert [one.code for one in question.options.all()] == ["sea"]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [(T.CHOICE, "rail\nSEA", ["rail", "sea"]), (T.YES_NO, "да", [True]), (T.YES_NO, "no", [False])],
)
def test_a_condition_is_written_as_people_write_and_read_so_again(client, fair, kind, typed, kept):
    other = QuestionFactory(fair=fair, type=kind, options=["sea", "rail"] if kind == T.CHOICE else [])
    assert client.post(ADD, form_of(fair, T.TEXT, shown_if=other.pk, asked_after=typed)).status_code == 302
    question = Question.objects.get(code="transport")
    assert (question.shown_if, question.shown_if_values) == (other, kept)
    page = client.get(reverse("admin:exhibitors_question_change", args=[question.pk]))
    shown = page.context["adminform"].form.initial["asked_after"].splitlines()
    assert shown == (["Rail", "Sea"] if kind == T.CHOICE else ["yes" if kept[0] else "no"])


@pytest.mark.parametrize(("typed", "message"), [("", "Write at least one answer"), ("ship", "Its answers are: Sea, Rail")])
def test_a_condition_that_cannot_be_is_refused(client, fair, typed, message):
    other = QuestionFactory(fair=fair, type=T.CHOICE, options=["sea", "rail"])
    found, _options = errors_of(client.post(ADD, form_of(fair, T.TEXT, shown_if=other.pk, asked_after=typed)))
    assert message in found["asked_after"][0]


def test_questions_do_not_wait_for_each_other_nor_for_those_of_another_fair(client, fair):
    first = QuestionFactory(fair=fair, type=T.YES_NO, code="transport")
    second = QuestionFactory(fair=fair, type=T.YES_NO, shown_if=first, shown_if_values=[True])
    page = reverse("admin:exhibitors_question_change", args=[first.pk])
    found, _options = errors_of(client.post(page, form_of(fair, T.YES_NO, shown_if=second.pk, asked_after="yes")))
    assert "waits for this one" in found["shown_if"][0]
    elsewhere = QuestionFactory(type=T.YES_NO)
    found, _options = errors_of(client.post(ADD, form_of(fair, T.TEXT, code="other", shown_if=elsewhere.pk, asked_after="yes")))
    assert "shown_if" in found


def test_a_question_with_answers_keeps_its_kind_and_is_not_deleted(client, fair):
    question = QuestionFactory(fair=fair, code="transport")
    ApplicationFactory(fair=fair).answers.create(question=question, value="x", answered_at=fair.applications_open_at)
    found, _options = errors_of(client.post(reverse("admin:exhibitors_question_change", args=[question.pk]), form_of(fair, T.NUMBER)))
    assert "answers already" in found["type"][0]
    assert client.post(reverse("admin:exhibitors_question_delete", args=[question.pk]), {"post": "yes"}).status_code == 403


def test_the_preview_shows_every_kind(client, fair):
    for kind in T:
        QuestionFactory(fair=fair, type=kind, text_en=f"Try {kind.value}", options=["sea"])
    page = client.get(reverse("admin:exhibitors_question_preview", args=[Question.objects.first().pk]))
    assert all(f"Try {kind.value}" in page.content.decode() for kind in T)


def test_who_only_reads_gets_a_page_without_conditions_on_fields_that_are_not_there(client, fair):
    question = QuestionFactory(fair=fair, type=T.NUMBER)
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.READ_ONLY).user)

    page = client.get(reverse("admin:exhibitors_question_change", args=[question.pk])).content.decode()

    conditions = re.findall(r'x-show="([^"]*(?:type|shown_if)[^"]*)"', page)
    assert len(conditions) == 4
    assert not [one for one in conditions if not re.match(r"typeof \w+ ==", one)]
