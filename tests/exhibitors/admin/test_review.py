"""The review desk: the queue by state and age, one application on one screen, scores, notes and decisions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from exhibitors.domain import applications, companies, extensions
from exhibitors.domain.review_queue import neighbours
from exhibitors.enums import ApplicationStatus, Step
from exhibitors.models import Answer, Application, ApplicationStep, DuplicateFlag, NeighbourWish, ReviewCriterion, ReviewNote, ReviewScore
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import (
    SUBMITTED_AT,
    ApplicationFactory,
    CoExhibitorFactory,
    CompanyContactFactory,
    CompanyMemberFactory,
    DocumentFactory,
    ProductCategoryFactory,
    ProductFactory,
    QuestionFactory,
    RepresentedCompanyFactory,
    StandStaffDaysFactory,
)
from tests.factories.fairs import DeadlineFactory, FairFactory, StaffMembershipFactory
from tests.undrawn import undrawn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus
QUEUE = reverse("admin:exhibitors_application_queue")


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def membership(fair):
    return StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER)


@pytest.fixture
def reviewer(client, membership):
    client.force_login(membership.user)
    return client


def at(application, days_ago, status=None):
    """The application came into its state some days ago."""
    ApplicationStep.objects.create(
        application=application,
        step=Step.SUBMIT,
        from_status=S.DRAFT,
        to_status=status or application.status,
        at=NOW - timedelta(days=days_ago),
    )
    return application


def review(application) -> str:
    return reverse("admin:exhibitors_application_review", args=[application.pk])


def queued(client, **query) -> list[Application]:
    with undrawn():
        return list(client.get(QUEUE, query).context["shown"].object_list)


# --- the queue


def test_what_waits_longest_comes_first(reviewer, fair):
    young, old, middle = (at(application_in(S.SUBMITTED, fair=fair), days) for days in (1, 9, 4))
    found = queued(reviewer)
    assert found == [old, middle, young]
    assert [row.age_days for row in found] == [9, 4, 1]


def test_only_a_step_that_changes_the_state_begins_its_age_anew(reviewer, fair):
    old, young = (at(application_in(S.SUBMITTED, fair=fair), days) for days in (9, 4))
    deadline = DeadlineFactory(fair=fair)
    extensions.extend_deadline(
        application_id=old.pk, deadline=deadline.code, due_at=deadline.due_at + timedelta(days=3), by=None, now=NOW - timedelta(days=1)
    )
    assert [(row.pk, row.age_days) for row in queued(reviewer)] == [(old.pk, 9), (young.pk, 4)]
    applications.start_review(application_id=old.pk, by=None, now=NOW)
    assert [(row.pk, row.age_days) for row in queued(reviewer)] == [(young.pk, 4), (old.pk, 0)]


def test_the_tabs_count_and_show_each_state(reviewer, fair):
    in_state = {status: application_in(status, fair=fair) for status in S}
    tabs = {str(tab["label"]): tab["count"] for tab in reviewer.get(QUEUE).context["tabs"]}
    assert tabs == {
        "To decide": 2, "Changes requested": 1, "Admitted": 1, "Waiting list": 1, "Stand offered": 1, "Accepted": 1, "Ended": 3,
    }  # fmt: skip
    assert set(queued(reviewer, group="ended")) == {in_state[status] for status in S.ended}
    assert set(queued(reviewer)) == {in_state[S.SUBMITTED], in_state[S.IN_REVIEW]}
    assert in_state[S.DRAFT] not in queued(reviewer, group="all")


def test_the_filters(reviewer, fair, membership):
    mine, late, held, calm = (application_in(S.IN_REVIEW, fair=fair) for _number in range(4))
    other = StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user
    Application.objects.exclude(pk=calm.pk).update(responsible=other)
    Application.objects.filter(pk=mine.pk).update(responsible=membership.user)
    Application.objects.filter(pk=late.pk).update(submitted_at=NOW - timedelta(days=15))
    Application.objects.filter(pk=held.pk).update(status=S.ADMITTED, told_status=S.IN_REVIEW)
    found = {flag: queued(reviewer, flag=flag, group="all") for flag in ("mine", "unassigned", "overdue", "held")}
    assert found == {"mine": [mine], "unassigned": [calm], "overdue": [late], "held": [held]}


def test_the_search_finds_by_name_and_number(reviewer, fair):
    wanted, _other = application_in(S.SUBMITTED, fair=fair), application_in(S.SUBMITTED, fair=fair)
    assert queued(reviewer, q=wanted.company.name_ru) == [wanted]
    assert queued(reviewer, q=wanted.company.inn) == [wanted]


@pytest.mark.parametrize("query", [{"group": "x"}, {"flag": "x"}, {"fair": "9" * 30}, {"p": "x"}, {"fair": "²"}])
def test_an_address_that_makes_no_sense_shows_the_queue(reviewer, query):
    assert reviewer.get(QUEUE, query).status_code == 200


def test_other_fairs_and_regions_stay_out(client, fair):
    own, _foreign = application_in(S.SUBMITTED, fair=fair), application_in(S.SUBMITTED)
    beyond = application_in(S.SUBMITTED, fair=fair)
    beyond.company.region = None
    beyond.company.save()
    client.force_login(StaffMembershipFactory(fair=fair, role=StaffRole.REGIONAL_COORDINATOR, region_code="RU-PRI").user)
    assert queued(client) == [own]
    assert client.get(QUEUE).context["tabs"][0]["count"] == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_any_number_of_rows(reviewer, fair, count, django_assert_num_queries):
    for _number in range(count):
        application = application_in(S.SUBMITTED, fair=fair)
        Application.objects.filter(pk=application.pk).update(responsible=StaffMembershipFactory(fair=fair, role=StaffRole.OWNER).user)
    with django_assert_num_queries(QUERIES_OF_QUEUE):
        assert len(reviewer.get(QUEUE).context["shown"].object_list) == count


QUERIES_OF_QUEUE = 11


# --- one application on one screen


def test_everything_is_on_one_screen(reviewer, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    CompanyContactFactory(company=application.company, email="contact@shore.example")
    co = CoExhibitorFactory(application=application)
    days = StandStaffDaysFactory(staff__application=application)
    earlier = ApplicationFactory(company=application.company, submitted=True)
    StaffMembershipFactory(fair=earlier.fair, user=fair.staff.get().user, role=StaffRole.READ_ONLY)
    hidden = ApplicationFactory(company=application.company, fair__name_en="Hidden fair", submitted=True)
    ProductFactory(application=application, name_en="Pollock fillet", code="0303670000")
    RepresentedCompanyFactory(application=application, legal_name="Behind LLC")
    question = QuestionFactory(fair=fair, text_en="How many forklifts?")
    Answer.objects.create(application=application, question=question, value="Two of them", answered_at=NOW)
    NeighbourWish.objects.create(application=application, kind="near", name="Good neighbour")
    Application.objects.filter(pk=application.pk).update(fascia_text="SHORE HONEY")
    twin = application_in(S.SUBMITTED, fair=fair).company
    DuplicateFlag.objects.create(company_a=application.company, company_b=twin, reason="name", found_at=NOW)
    text = reviewer.get(review(application)).content.decode()
    placement = application.placements.get()
    for wanted in (
        application.company.inn, "contact@shore.example", placement.stand.number, co.shown_name, days.staff.name_in_latin, review(earlier),
        "Pollock fillet", "0303670000", "Behind LLC", "How many forklifts?", "Two of them", "Good neighbour",
        "SHORE HONEY", twin.legal_name,
    ):  # fmt: skip
        assert wanted in text, wanted
    assert "Hidden fair" not in text
    assert review(hidden) not in text


def test_the_buttons_say_what_happens_and_whom_a_letter_tells(reviewer, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    member = CompanyMemberFactory(company=application.company, user__name="Anna Owner").user
    page = reviewer.get(review(application), {"group": "to-decide", "flag": "mine"})
    buttons = {button.url.split("/step/")[1].split("/")[0]: button for button in page.context["buttons"]}
    assert {"admit", "reject", "waitlist", "request-changes"} <= set(buttons)
    [shown] = buttons["admit"].letters
    assert (shown.letter.occasion, [reader.email for reader in shown.named]) == ("exhibitors.admitted", [member.email])
    assert "Letter “Admitted” to: Anna Owner" in page.content.decode()
    assert "nobody, the company has no address here" not in page.content.decode()
    member.company_memberships.all().delete()
    assert "nobody, the company has no address here" in reviewer.get(review(application)).content.decode()
    assert buttons["admit"].url.endswith("&review=1&group=to-decide&flag=mine")


def test_after_a_decision_one_is_back_at_the_review_with_the_place_in_the_queue(reviewer, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    step = reverse("admin:exhibitors_application_step", args=[application.pk, "admit"])
    answer = reviewer.post(f"{step}?review=1&group=to-decide", {"csrfmiddlewaretoken": "x"})
    assert answer["Location"] == f"{review(application)}?group=to-decide"


def test_previous_and_next_follow_the_queue(reviewer, fair):
    first, second, third = (at(application_in(S.SUBMITTED, fair=fair), days) for days in (9, 5, 1))
    page = reviewer.get(review(second), {"group": "to-decide"})
    assert page.context["previous_url"].startswith(review(first))
    assert page.context["next_url"].startswith(review(third))


@pytest.mark.parametrize(
    ("ids", "expected"), [([], (None, None)), ([7], (None, None)), ([5, 7], (5, None)), ([7, 9], (None, 9)), ([8, 9], (None, 8))]
)
def test_one_that_has_left_the_queue_leads_to_its_head(ids, expected):
    assert neighbours(ids, 7) == expected


def test_scores_and_notes_are_written_from_the_page(reviewer, fair, membership):
    application = application_in(S.IN_REVIEW, fair=fair)
    criterion = ReviewCriterion.objects.create(fair=fair, name_en="Goods fit")
    assert reviewer.post(review(application), {f"score-{criterion.pk}": "4"}).status_code == 302
    assert reviewer.post(review(application), {"note": "Ask for the label <b>"}).status_code == 302
    assert ReviewScore.objects.get().value == 4
    text = reviewer.get(review(application)).content.decode()
    assert "Goods fit" in text
    assert "Ask for the label &lt;b&gt;" in text
    assert "4.0" in reviewer.get(QUEUE).content.decode()


def test_what_is_no_score_is_refused(reviewer, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    criterion = ReviewCriterion.objects.create(fair=fair, name_en="Goods fit")
    for value in ("9", "x", "-1", "9" * 30, "²"):
        reviewer.post(review(application), {f"score-{criterion.pk}": value})
        assert not ReviewScore.objects.exists(), value


@pytest.mark.parametrize("role", [StaffRole.READ_ONLY, StaffRole.FLOOR_PLANNER])
def test_who_only_looks_scores_and_writes_nothing(client, fair, role):
    application = application_in(S.IN_REVIEW, fair=fair)
    client.force_login(StaffMembershipFactory(fair=fair, role=role).user)
    page = client.get(review(application))
    assert page.status_code == 200
    assert b'name="note"' not in page.content
    for form in ({"note": "x"}, {"score-1": "3"}, {"take": "1"}):
        assert client.post(review(application), form).status_code == 403, form
    assert not ReviewNote.objects.exists()


# --- what was changed after the submission


def edit(application, *, by=None, at=NOW, as_staff=False, **values):
    """The exhibitor, asked for changes, or staff for it."""
    applications.update(application_id=application.pk, by=by or UserFactory(), now=at, as_staff=as_staff, **values)


def section(page, slug):
    return next(one for one in page.context["sections"] if one.slug == slug)


def test_what_changed_since_the_reader_looked_is_marked_with_before_and_after(reviewer, fair, membership, clock):
    application = application_in(S.CHANGES_REQUESTED, fair=fair)
    member = CompanyMemberFactory(company=application.company, user__name="Anna Owner").user
    edit(application, by=member, at=NOW - timedelta(hours=1), fascia_text="OLD")
    first = section(reviewer.get(review(application)), "changes")
    assert ([str(cell) for cell in first.rows[0]][1:], first.facts) == (["fascia text: <strong>– → OLD</strong>", "Anna Owner"], [])

    clock.shift(timedelta(hours=2))
    edit(application, by=member, at=NOW + timedelta(hours=1), fascia_text="NEW")
    edit(application, by=membership.user, as_staff=True, at=NOW + timedelta(hours=1), fascia_text="MINE")
    assert queued(reviewer, flag="changed", group="all") == [application]
    assert "changed something since you looked" in reviewer.get(QUEUE, {"group": "changes"}).content.decode()
    second = section(reviewer.get(review(application)), "changes")

    marks = ["new to you" in str(row[0]) for row in second.rows]
    assert marks == [False, True, False]  # one's own is nothing new
    assert second.rows[0][2] == f"{membership.user.get_full_name()}, organiser, for {application.company.legal_name}"
    assert second.facts[0][1] == 1
    assert queued(reviewer, flag="changed", group="all") == []
    again = section(reviewer.get(review(application)), "changes")
    assert ["new to you" in str(row[0]) for row in again.rows] == marks  # within half an hour it is the same look


def test_a_draft_has_changed_nothing_after_its_submission(reviewer, fair):
    application = application_in(S.DRAFT, fair=fair)
    edit(application, fascia_text="SHORE")
    assert section(reviewer.get(review(application)), "changes").is_empty


def test_a_company_that_changed_its_details_is_shown_and_before_the_submission_is_not(reviewer, fair):
    application = application_in(S.ACCEPTED, fair=fair)
    for at, website in ((SUBMITTED_AT - timedelta(days=1), "https://before.example"), (NOW, "https://after.example")):
        companies.update(company_id=application.company_id, by=UserFactory(), now=at, website=website)
    (row,) = section(reviewer.get(review(application)), "changes").rows
    assert "https://before.example → https://after.example" in str(row[1])


def test_hostile_texts_stay_texts(reviewer, fair):
    application = application_in(S.CHANGES_REQUESTED, fair=fair)
    edit(application, fascia_text="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in reviewer.get(review(application)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_review_costs_the_same_for_any_number_of_rows(reviewer, fair, count, django_assert_num_queries):
    application = application_in(S.ACCEPTED, fair=fair)
    for number in range(count):
        CompanyContactFactory(company=application.company)
        CoExhibitorFactory(application=application)
        StandStaffDaysFactory(staff__application=application)
        DocumentFactory(application=application)
        ProductFactory(application=application)
        RepresentedCompanyFactory(application=application, legal_name=f"Behind {number}")
        question = QuestionFactory(fair=fair, code=f"q{number}")
        Answer.objects.create(application=application, question=question, value="x", answered_at=NOW)
        NeighbourWish.objects.create(application=application, kind="near", name=f"Good {number}")
        edit(application, as_staff=True, fascia_text=f"SHORE {number}", categories=[ProductCategoryFactory(code=f"1{number}")])
        at(application, number)
    reviewer.get(review(application))
    with django_assert_num_queries(QUERIES_OF_REVIEW):
        page = reviewer.get(review(application))
    assert len(section(page, "changes").rows) == len(section(page, "documents").rows) == count


QUERIES_OF_REVIEW = 66


def test_a_reviewer_takes_what_nobody_looks_after(reviewer, fair, membership):
    application = application_in(S.IN_REVIEW, fair=fair)
    reviewer.post(review(application), {"take": "1"})
    application.refresh_from_db()
    assert application.responsible == membership.user
    assert not reviewer.get(review(application)).context["may_take"]


def test_an_application_of_another_fair_is_not_there(reviewer):
    assert reviewer.get(review(application_in(S.IN_REVIEW))).status_code == 404


def test_no_exhibitor_reads_a_note_or_a_score(reviewer, fair, signed_in):
    application = application_in(S.IN_REVIEW, fair=fair)
    ReviewNote.objects.create(application=application, text="Secret thought", at=NOW)
    criterion = ReviewCriterion.objects.create(fair=fair, name_en="Secret criterion")
    ReviewScore.objects.create(application=application, criterion=criterion, reviewer=fair.staff.get().user, value=1, at=NOW)
    own = signed_in(CompanyMemberFactory(company=application.company).user)
    for path in ("", "staff/", "passes/", "co-exhibitors/"):
        text = own.get(f"/api/v1/fairs/{fair.slug}/applications/{application.pk}/{path}").content.decode()
        assert "Secret" not in text
        assert "score" not in text


def test_tax_numbers_and_addressees_have_their_names(reviewer, fair, membership):
    application = application_in(S.SUBMITTED, fair=fair)
    type(membership.user).objects.filter(pk=membership.user.pk).update(language="ru")
    page = reviewer.get(review(application), headers={"Accept-Language": "ru"}).content.decode()
    assert "ИНН" in page
    assert "INN" not in page
    assert pgettext_in("ru") == "кому"


def pgettext_in(language: str) -> str:
    with translation.override(language):
        return translation.pgettext("letter", "to")


def test_the_history_says_what_was_held_and_what_became_of_it(reviewer, fair):
    application = application_in(S.SUBMITTED, fair=fair)
    applications.admit(application_id=application.pk, by=None, now=NOW, hold=True)
    step = application.steps.filter(held=True)
    told = [reviewer.get(review(application)).content.decode()]
    for change in ({"voided_at": NOW}, {"voided_at": None, "announced_at": NOW}):
        step.update(**change)
        told.append(reviewer.get(review(application)).content.decode())
    for text, wanted in zip(told, ("held, no moment yet", "held, void since", "held, announced"), strict=True):
        assert wanted in text


def test_a_step_leads_to_the_text_of_its_letter_for_those_who_write_letters(client, fair):
    application = application_in(S.IN_REVIEW, fair=fair)
    step = reverse("admin:exhibitors_application_step", args=[application.pk, "admit"])
    text = f"{reverse('admin:notifications_lettertemplate_text', args=['exhibitors.admitted'])}?fair={fair.pk}"
    for role, leads in ((StaffRole.OWNER, True), (StaffRole.REVIEWER, False)):
        client.force_login(StaffMembershipFactory(fair=fair, role=role).user)
        assert (text in client.get(step).content.decode()) is leads
        assert client.get(text).status_code == (200 if leads else 403)
