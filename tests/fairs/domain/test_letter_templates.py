"""A fair's own texts of letters: they are used at once, by every process, and a broken one stops nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

import clock
from api.problems import Invalid
from exhibitors.domain import letters
from exhibitors.domain.open_deadlines import read_open
from exhibitors.enums import CompanyRole
from exhibitors.models import ApplicationStep, DeadlineExtension
from fairs.domain import letter_templates
from fairs.domain.letter_templates import TextsChanged
from fairs.models import Fair
from notifications import own_texts
from notifications.models import Letter, LetterTemplate
from notifications.occasions import Scope, fixed_letters, occasion_named, shipped_occasions
from notifications.rendering import render_shipped, render_wording
from notifications.shipped import shipped_wording
from notifications.wording import Wording, problems
from tests.cases import case
from tests.conftest import MOMENT
from tests.factories.conferences import ConferenceFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyMemberFactory, DocumentFactory, PlacementFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory, StandFactory

pytestmark = pytest.mark.django_db
ADMITTED = "exhibitors.admitted"
OWN = Wording("Welcome, {{ company }}", "{{ greeting }}\n\nYou are in: No. {{ application_number }}.")


@pytest.fixture
def application():
    application = ApplicationFactory(submitted=True)
    CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER, user__language="en", user__name="Li Wei")
    return application


@pytest.fixture
def staff(application):
    return StaffMembershipFactory(fair=application.fair, user__language="en").user


def admit(application):
    """The letter of an admission, as a new request writes it."""
    step = ApplicationStep.objects.create(application=application, step="admit", from_status="in_review", to_status="admitted", at=MOMENT)
    application.fair = Fair.objects.get(pk=application.fair_id)
    letters.admitted(application, step)
    return Letter.objects.filter(occasion=ADMITTED).latest("pk")


def save(application, staff, texts, **given):
    letter_templates.save(fair=application.fair, occasion=ADMITTED, texts=texts, by=staff, now=MOMENT, **given)


def test_an_own_text_is_used_in_its_language_and_at_its_fair_only(application, staff):
    save(application, staff, {"en": OWN})
    letter = admit(application)
    assert letter.subject == f"Welcome, {application.company}"
    assert f"Dear Li Wei,\n\nYou are in: No. {application.pk}." in letter.text
    application.company.members.get().user.__class__.objects.filter(pk=letter.user_id).update(language="ru")
    assert "допущена" in admit(application).subject
    elsewhere = ApplicationFactory(submitted=True)
    CompanyMemberFactory(company=elsewhere.company, role=CompanyRole.OWNER, user__language="en")
    assert "admitted" in admit(elsewhere).subject


def test_a_change_and_a_reset_hold_for_the_next_letter(application, staff):
    save(application, staff, {"en": OWN})
    admit(application)
    save(application, staff, {"en": Wording("Hello", "x")})
    assert admit(application).subject == "Hello"
    assert letter_templates.reset(fair=application.fair, occasion=ADMITTED, language="en")
    assert "is admitted" in admit(application).subject
    assert not letter_templates.reset(fair=application.fair, occasion=ADMITTED, language="en")


def test_another_process_sees_it_too(application, staff):
    """What this process remembers was read under the fair's old number."""
    save(application, staff, {"en": OWN})
    admit(application)
    remembered = dict(own_texts._remembered)
    save(application, staff, {"en": Wording("Hello", "x")})
    own_texts._remembered.update(remembered)
    assert admit(application).subject == "Hello"


def test_no_query_where_a_fair_has_no_own_text_and_one_where_it_has(application, staff, django_assert_num_queries):
    fair = application.fair
    with django_assert_num_queries(0):
        assert own_texts.texts_of(fair.pk, version=fair.letters_version) == {}
    save(application, staff, {"en": OWN})
    fair.refresh_from_db()
    with django_assert_num_queries(1):
        for _letter in range(3):
            assert len(own_texts.texts_of(fair.pk, version=fair.letters_version)) == 1


def test_a_broken_text_stops_nothing_and_the_organisers_hear_of_it_once(application, staff):
    LetterTemplate.objects.create(fair=application.fair, occasion=ADMITTED, language="en", subject="{{ gone }}", text="x")
    Fair.objects.update(letters_version=1)
    first, second = admit(application), admit(application)
    for letter in (first, second):
        assert "is admitted" in letter.subject
        assert "gone" in letter.note
    template = LetterTemplate.objects.get()
    assert "gone" in template.broken_because
    told = Letter.objects.filter(occasion="fairs.template_broken")
    assert [letter.recipient_email for letter in told] == [staff.email]
    assert "{{ gone }}" in told[0].text
    save(application, staff, {"en": OWN})
    assert LetterTemplate.objects.get().broken_at is None


def test_bad_texts_are_refused_with_all_that_is_wrong(application, staff):
    with pytest.raises(Invalid) as refused:
        save(application, staff, {"en": Wording("{{ company.members }}", "{{ nothing }}"), "ru": Wording("", "x")})
    pointers = [error["pointer"] for error in refused.value.facts["errors"]]
    assert pointers == ["/subject_en", "/text_en", "/subject_ru"]
    assert not LetterTemplate.objects.exists()


def test_a_colleagues_text_is_not_saved_over(application, staff):
    seen = letter_templates.state_of(application.fair, ADMITTED)
    save(application, staff, {"en": OWN}, seen=seen)
    with pytest.raises(TextsChanged):
        save(application, staff, {"en": Wording("Mine", "x")}, seen=seen)
    assert LetterTemplate.objects.get().subject == OWN.subject


@pytest.mark.parametrize(("has_applications", "languages"), [(True, ["ru", "zh-hans", "en"]), (False, ["ru"])], ids=["real", "made up"])
def test_every_shipped_letter_can_be_made_ones_own(has_applications, languages):
    """The shipped text of a real application, or of a made-up one, with placeholders, is a text that can be saved, and says the same."""
    fair = FairFactory(reply_to="fair@example.org")
    DeadlineFactory(fair=fair)
    if has_applications:
        placement = PlacementFactory(application__fair=fair, application__accepted=True, stand__hall__site__fair=fair)
        DocumentFactory(application=placement.application, requirement=None)
    else:
        StandFactory(hall__site__fair=fair)
    ConferenceFactory(site__fair=fair)
    for occasion in shipped_occasions():
        sample = occasion.sample(fair, None)
        for language in languages:
            scope = Scope(sample.context, language, "Europe/Moscow", "Li Wei", "li@example.org", fair.reply_to)
            _check_that_it_can_be_made_ones_own(occasion, scope)
    assert occasion_named(ADMITTED)


def _check_that_it_can_be_made_ones_own(occasion, scope):
    wording = shipped_wording(occasion, scope)
    assert problems(wording.subject, occasion, is_subject=True) == []
    assert problems(wording.text, occasion) == [], (occasion.name, scope.language)
    assert wording.text.startswith("{{ greeting }}"), (occasion.name, scope.language)
    made = render_wording(wording, occasion, scope)
    assert "{{" not in made.text + made.subject
    if "deadline_reminder" not in occasion.name:  # which repeat a part for each deadline: an own text has them as one list
        shipped = render_shipped(occasion.name, scope)
        assert (made.subject, made.text, made.html) == (shipped.subject, shipped.text, shipped.html), (occasion.name, scope.language)
    assert scope.reply_to not in wording.text
    assert not [line for line in wording.text.splitlines() if "http" in line or "2030" in line], "a value of the example is left"


def test_a_reminder_in_own_words_lists_the_deadlines_with_their_moments(application, staff):
    DeadlineFactory.create_batch(2, fair=application.fair, audience="all")
    occasion = occasion_named("exhibitors.deadline_reminder")
    sample = occasion.sample(application.fair, application.pk)
    scope = Scope(sample.context, "en", "Europe/Moscow", "Li Wei", "li@example.org", "")
    wording = shipped_wording(occasion, scope)
    made = render_wording(wording, occasion, scope)
    assert made.text.count("\n- Deadline") == 2
    assert made.text.count("Nobody has ticked it off yet.") == 2
    assert "organisers" not in made.text, "the fair has no reply address, and so no line about it"
    every = [row.deadline for row in read_open([application], fair=application.fair, now=clock.now()).values()]
    assert {item["deadline"] for item in sample.context["ahead"]} == set(every)


def test_the_example_of_a_reminder_has_the_moment_that_holds_for_its_application(application, staff):
    deadline = DeadlineFactory(fair=application.fair, audience="all")
    later = deadline.due_at + timedelta(days=9)
    DeadlineExtension.objects.create(application=application, deadline=deadline, due_at=later, at=deadline.due_at - timedelta(days=9))
    sample = occasion_named("exhibitors.deadline_reminder").sample(application.fair, application.pk)
    assert [item["due_at"] for item in sample.context["ahead"]] == [later]
    assert sample.context["extension"].due_at == later


def test_every_letter_of_ours_can_be_said_in_own_words_or_says_why_not():
    files = [path for app in apps.get_app_configs() for path in (Path(app.path) / "templates" / "letters").glob("*/*.txt")]
    shipped = {f"{path.parent.name}.{path.name.partition('.')[0]}" for path in files if path.parent.name != "tests"}
    own, fixed = {occasion.name for occasion in shipped_occasions()}, {letter.name for letter in fixed_letters()}
    assert shipped == own | fixed
    assert not own & fixed
    assert all(str(letter.why) for letter in fixed_letters())


def test_the_daily_digest_in_own_words_has_the_figures_that_there_are(application):
    occasion = occasion_named("exhibitors.staff_digest")
    context = {**occasion.sample(application.fair, None).context, "waiting": 0, "documents": 12}
    scope = Scope(context, "en", "Europe/Moscow", "Li Wei", "li@example.org", "")
    text = render_wording(shipped_wording(occasion, scope), occasion, scope).text
    assert "- Documents waiting for review: 12" in text
    assert "Applications waiting for review" not in text
    assert f"- {application.company}" in text
    scope.context.update(new_count=0, new=[])
    assert "New today" not in render_wording(shipped_wording(occasion, scope), occasion, scope).text


OTHER_CASES = {
    "conferences.delegate_approved": {"is_reserved": False},
    "conferences.delegate_approved_code": {"is_reserved": False},
    "conferences.delegate_registered_already": {"is_reserved": False, "is_applied": True, "code_holds": False},
    "exhibitors.admitted": {"has_offer": True},
    "exhibitors.application_received": {"application.late": True, "step.on_behalf": True},
    "exhibitors.co_exhibitor_admitted": {"is_placed": False},
    "exhibitors.decision_for_coordinator": {"step.step": "reject"},
    "exhibitors.document_expired": {"document.version": 7},
    "exhibitors.documents_to_review": {"document.version": 7},
    "exhibitors.draft_waiting": {"days": 10},
    "exhibitors.move_requested": {"step.on_behalf": True},
    "exhibitors.new_application": {"application.late": True, "step.on_behalf": True, "step.from_status": "changes_requested"},
    "exhibitors.offer_answered": {"step.step": "accept-offer", "step.on_behalf": True},
    "exhibitors.offer_lapsed": {"placement.status": "accepted"},
    "exhibitors.offer_lapsed_for_staff": {"placement.status": "accepted"},
    "exhibitors.offer_withdrawn": {"application.status": "admitted"},
    "exhibitors.stand_offered": {"step.step": "relocate", "has_stand": True, "reason": "", "fair.silence_accepts": True},
    "exhibitors.waitlisted": {"rank": 7},
    "exhibitors.withdrawn": {"step.on_behalf": True},
}


def test_a_text_to_begin_with_holds_in_every_case():
    """What the shipped letter says otherwise from case to case is a placeholder: nobody saves what holds for the example alone."""
    fair = FairFactory()
    placement = PlacementFactory(application__fair=fair, application__accepted=True, stand__hall__site__fair=fair)
    DocumentFactory(application=placement.application)
    ConferenceFactory(site__fair=fair)
    for name, differing in OTHER_CASES.items():
        with case(name):
            _check_that_it_holds_with(differing, occasion_named(name), Fair.objects.get(pk=fair.pk))


def _check_that_it_holds_with(differing, occasion, fair):
    context = occasion.sample(fair, None).context
    scope = Scope(context, "en", "Europe/Moscow", "Li Wei", "li@example.org", "")
    wording = shipped_wording(occasion, scope)
    before = render_shipped(occasion.name, scope)
    for path, value in differing.items():
        first, _dot, field = path.partition(".")
        if field:
            setattr(context[first], field, value)
        else:
            context[first] = value
    assert render_shipped(occasion.name, scope).text != before.text, "the other case is one"
    assert shipped_wording(occasion, scope) == wording
    made = render_wording(wording, occasion, scope)
    assert made == render_shipped(occasion.name, scope), "an own text says what holds for the case"
