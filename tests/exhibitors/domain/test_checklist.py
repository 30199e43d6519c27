"""What is due, when, done or not, and why; and never a word of what the exhibitor has not been told."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exhibitors.domain.checklist import Item, ItemState, checklist, checklists
from exhibitors.domain.open_deadlines import read_open
from exhibitors.enums import ApplicationStatus, DocumentState, PlacementStatus, Scheme
from exhibitors.models import Application, DeadlineExtension, DeadlineTick
from fairs.enums import Audience
from tests.exhibitors.world import NOW, application_in, site_of, stand_at
from tests.factories.exhibitors import (
    DocumentFactory,
    DocumentRequirementFactory,
    PlacementFactory,
    ProductCategoryFactory,
    ProductFactory,
    SiteWishFactory,
    StandStaffFactory,
)
from tests.factories.fairs import DeadlineFactory, SiteFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def application():
    return application_in(ApplicationStatus.ACCEPTED)


def items(application, *, now=NOW) -> dict[str, Item]:
    return {item.code: item for item in checklist(Application.objects.select_related("fair", "company").get(pk=application.pk), now=now)}


def told(application, status) -> None:
    Application.objects.filter(pk=application.pk).update(status=status, told_status=status)


# --- documents ----------------------------------------------------------------------------------------------------


def test_a_document_goes_through_its_states(application):
    deadline = DeadlineFactory(fair=application.fair, code="labels", due_at=NOW + DAY)
    asked = DocumentRequirementFactory(fair=application.fair, code="labels", deadline=deadline)
    found = items(application)
    assert list(found) == ["labels"]  # the deadline itself says nothing more
    missing = found["labels"]
    assert (missing.state, missing.due_at, missing.extended, missing.title["ru"]) == ("missing", NOW + DAY, False, "Макеты этикеток")
    assert "exhibitors with an accepted stand" in missing.why
    assert items(application, now=NOW + 2 * DAY)["labels"].state == ItemState.OVERDUE
    document = DocumentFactory(application=application, requirement=asked)
    assert items(application)["labels"].state == ItemState.WAITING
    for state, shown, word in (
        (DocumentState.RETURNED, "returned", "Unreadable."),
        (DocumentState.APPROVED, "done", "approved"),
        (DocumentState.EXPIRED, "missing", "no longer valid"),
    ):
        document.state, document.reviewed_at, document.valid_until = state, NOW, date(2031, 1, 1)
        document.reason = "Unreadable." if state == DocumentState.RETURNED else ""
        document.save()
        item = items(application)["labels"]
        assert (item.state, item.document) == (shown, document.pk)
        assert word in item.why


def test_one_that_ends_before_the_fair_is_flagged(application):
    asked = DocumentRequirementFactory(fair=application.fair, code="gacc")
    DocumentFactory(
        application=application,
        requirement=asked,
        state=DocumentState.APPROVED,
        reviewed_at=NOW,
        valid_until=application.fair.ends_on - DAY,
    )
    assert "before the fair ends" in items(application)["gacc"].why


def test_whom_a_requirement_concerns(application):
    fair = application.fair
    for code, given in {
        "all": {"audience": Audience.ALL},
        "raw": {"audience": Audience.RAW_SPACE},
        "shell": {"audience": Audience.SHELL_SCHEME},
        "food": {"audience": Audience.FOOD},
        "old": {"valid_to": date(2029, 12, 31)},
        "new": {"valid_from": date(2030, 1, 15)},
        "optional": {"is_required": False},
    }.items():
        DocumentRequirementFactory(fair=fair, code=code, **given)
    DocumentRequirementFactory(fair=fair, code="wine").categories.add(ProductCategoryFactory(code="22"))
    DocumentRequirementFactory(fair=fair, code="fish").categories.add(ProductCategoryFactory(code="03"))
    DocumentRequirementFactory(code="of-another-fair")
    found = items(application)
    assert set(found) == {"all", "shell", "food", "new", "optional", "fish"}
    assert (found["optional"].state, found["optional"].required) == ("open", False)


def test_each_site_needs_its_own(application):
    design = DocumentRequirementFactory(fair=application.fair, code="design", audience=Audience.RAW_SPACE, per_site=True)
    raw = SiteWishFactory(application=application, site=SiteFactory(fair=application.fair), scheme=Scheme.RAW)
    assert items(application) == {}  # its accepted stand is at the other site
    PlacementFactory(application=application, stand=stand_at(raw.site))
    assert items(application)["design"].site == raw.site.slug
    DocumentFactory(application=application, requirement=design, site=raw.site)
    assert items(application)["design"].state == ItemState.WAITING


def test_before_a_stand_is_accepted_it_is_not_needed_yet():
    application = application_in(ApplicationStatus.SUBMITTED)
    DocumentRequirementFactory(fair=application.fair, code="labels")
    DeadlineFactory(fair=application.fair, code="balance", audience=Audience.ACCEPTED)
    assert {item.state for item in items(application, now=NOW + 900 * DAY).values()} == {"not_needed_yet"}


def test_an_ended_application_has_nothing_due():
    application = application_in(ApplicationStatus.WITHDRAWN)
    DocumentRequirementFactory(fair=application.fair)
    assert items(application) == {}


# --- deadlines ----------------------------------------------------------------------------------------------------


def test_a_deadline_without_a_sign_is_ticked_off_by_hand(application):
    DeadlineFactory(fair=application.fair, code="balance", due_at=NOW - DAY, audience=Audience.ACCEPTED)
    DeadlineFactory(fair=application.fair, code="decisions", audience=Audience.STAFF)
    found = items(application)
    assert {code: item.state for code, item in found.items()} == {"balance": "open"}
    assert "by hand" in found["balance"].why


def test_an_extension_counts_and_says_so(application):
    deadline = DeadlineFactory(fair=application.fair, code="badges", due_at=NOW - DAY, audience=Audience.ACCEPTED)
    assert items(application)["badges"].state == ItemState.OVERDUE
    DeadlineExtension.objects.create(application=application, deadline=deadline, due_at=NOW + DAY, at=NOW)
    item = items(application)["badges"]
    assert (item.state, item.due_at, item.extended) == ("missing", NOW + DAY, True)


def test_the_application_itself():
    application = application_in(ApplicationStatus.DRAFT)
    DeadlineFactory(fair=application.fair, code="application", audience=Audience.ALL, due_at=NOW + DAY)
    for status, state in (("draft", "missing"), ("changes_requested", "missing"), ("submitted", "done")):
        Application.objects.filter(pk=application.pk).update(status=status, told_status=status, submitted_at=NOW)
        assert items(application)["application"].state == state


def test_an_offer_is_due_by_its_own_moment():
    application = application_in(ApplicationStatus.STAND_OFFERED)
    DeadlineFactory(fair=application.fair, code="offer_answer", audience=Audience.ALL, due_at=NOW - DAY)
    application.placements.update(answer_by=NOW + 3 * DAY)
    item = items(application)["offer_answer"]
    assert (item.state, item.due_at) == ("missing", NOW + 3 * DAY)
    told(application, ApplicationStatus.ACCEPTED)
    application.placements.update(status=PlacementStatus.ACCEPTED)
    assert items(application)["offer_answer"].state == ItemState.DONE


@pytest.mark.parametrize("audience", [Audience.ALL, Audience.OFFERED])
def test_an_answer_to_an_offer_is_needed_once_there_is_one(audience):
    application = application_in(ApplicationStatus.DRAFT)
    DeadlineFactory(fair=application.fair, code="offer_answer", audience=audience, due_at=NOW + DAY)
    item = items(application)["offer_answer"]
    assert (item.state, item.why) == (ItemState.NOT_NEEDED_YET, "It is needed once a stand has been offered to you.")


def test_the_catalogue_entry_says_what_it_lacks(application):
    DeadlineFactory(fair=application.fair, code="catalogue_entry", audience=Audience.ACCEPTED, due_at=NOW + DAY)
    item = items(application)["catalogue_entry"]
    assert item.state == ItemState.MISSING
    assert "description (Chinese)" in item.why
    assert "name" not in item.why.replace("name (", "")
    company = application.company
    company.description_ru = company.description_zh_hans = company.description_en = "Fish"
    company.save()
    assert items(application)["catalogue_entry"].state == ItemState.DONE


def test_people_on_the_stand(application):
    DeadlineFactory(fair=application.fair, code="badges_first", audience=Audience.ACCEPTED, due_at=NOW + DAY)
    assert items(application)["badges_first"].state == ItemState.MISSING
    StandStaffFactory(application=application)
    assert "1 person is named" in items(application)["badges_first"].why


def test_a_held_decision_does_not_show():
    application = application_in(ApplicationStatus.SUBMITTED)
    fair = application.fair
    DocumentRequirementFactory(fair=fair, code="labels")
    for code, audience in (("offer_answer", Audience.ALL), ("balance", Audience.ACCEPTED), ("application", Audience.ALL)):
        DeadlineFactory(fair=fair, code=code, audience=audience)
    before = items(application)
    Application.objects.filter(pk=application.pk).update(status=ApplicationStatus.ADMITTED, decided_at=NOW)
    PlacementFactory(application=application, stand=stand_at(site_of(fair)), status=PlacementStatus.PLANNED)
    assert items(application) == before


def test_what_is_ticked_off_by_hand_is_done(application):
    deadline = DeadlineFactory(fair=application.fair, code="labels", due_at=NOW - DAY)
    DocumentRequirementFactory(fair=application.fair, code="proofs", deadline=deadline)
    assert items(application)["proofs"].state == ItemState.OVERDUE
    DeadlineTick.objects.create(application=application, deadline=deadline, at=NOW)
    item = items(application)["proofs"]
    assert item.state == ItemState.DONE
    assert "ticked this off on" in item.why


def test_what_waits_for_review_stays_so_when_it_is_ticked_off(application):
    deadline = DeadlineFactory(fair=application.fair, code="labels", due_at=NOW + DAY)
    asked = DocumentRequirementFactory(fair=application.fair, code="proofs", deadline=deadline)
    DocumentFactory(application=application, requirement=asked)
    DeadlineTick.objects.create(application=application, deadline=deadline, at=NOW)
    assert items(application)["proofs"].state == ItemState.WAITING


def test_a_deadline_of_one_site_is_not_of_the_other(application):
    elsewhere = SiteFactory(fair=application.fair)
    DeadlineFactory(fair=application.fair, code="here").sites.add(site_of(application.fair))
    DeadlineFactory(fair=application.fair, code="there").sites.add(elsewhere)
    DeadlineFactory(fair=application.fair, code="fish", category_codes=["03"])
    DeadlineFactory(fair=application.fair, code="honey", category_codes=["04"])
    assert set(items(application)) == {"here", "fish"}
    SiteWishFactory(application=application, site=elsewhere)
    assert "there" not in items(application)  # asked for, and not accepted there


# --- the exhibit list and the fascia, by what is really there


@pytest.fixture
def listed(application):
    return DeadlineFactory(fair=application.fair, code="exhibit_list", audience=Audience.ACCEPTED, due_at=NOW + DAY)


def product(application, **fields):
    honey = {"code": "0409000000", "quantity": 5, "unit": "kg", "gacc_number": "CRUS0409", "shelf_life_days": 90, "name_en": "Honey"}
    values = honey | fields
    return ProductFactory(application=application, category=ProductCategoryFactory(code=values["code"][:2]), **values)


def seen(application, code) -> tuple[str, str]:
    item = items(application)[code]
    return item.state, item.why


def test_an_exhibit_list_is_missing_then_incomplete_then_done(application, listed):
    assert seen(application, "exhibit_list")[0] == ItemState.MISSING
    assert items(application)["exhibit_list"].path == "products/"
    product(application)
    tea = product(application, name_en="Tea", gacc_number="", shelf_life_days=None, quantity=None, unit="")
    expected = "1 of 2 products lack something: Tea – quantity, GACC number, shelf life."
    assert seen(application, "exhibit_list") == (ItemState.MISSING, expected)
    tea.delete()
    assert seen(application, "exhibit_list") == (ItemState.DONE, "1 product is listed, with all that customs ask.")


def test_what_is_no_food_needs_no_food_papers(application, listed):
    product(application, code="330499", gacc_number="", shelf_life_days=None)
    assert seen(application, "exhibit_list")[0] == ItemState.DONE


def test_a_registration_that_ends_before_the_fair_is_told(application, listed):
    product(application, gacc_valid_until=application.fair.ends_on - DAY)
    assert "valid until the fair ends" in seen(application, "exhibit_list")[1]


def test_the_fascia_by_its_text_and_by_the_scheme(application):
    DeadlineFactory(fair=application.fair, code="fascia_text", audience=Audience.ACCEPTED, due_at=NOW + DAY)
    assert seen(application, "fascia_text")[0] == ItemState.MISSING
    Application.objects.filter(pk=application.pk).update(fascia_text="SHORE")
    assert seen(application, "fascia_text") == (ItemState.DONE, "The fascia will read: SHORE")
    Application.objects.filter(pk=application.pk).update(fascia_text="")
    application.site_wishes.update(scheme=Scheme.RAW)
    assert seen(application, "fascia_text") == (ItemState.NOT_NEEDED_YET, "A stand on raw space has no fascia.")


@pytest.mark.parametrize("code", ["exhibit_list", "fascia_text"])
def test_the_reminders_go_to_those_whose_checklist_lacks_it(code):
    fair = application_in(ApplicationStatus.ACCEPTED).fair
    gaps = [{}, {"gacc_number": ""}, {"shelf_life_days": None}, {"quantity": None, "unit": ""}, {"gacc_valid_until": fair.ends_on - DAY}]
    gaps += [{"gacc_valid_until": fair.ends_on}, {"code": "330499", "gacc_number": ""}, {"code": "250100", "gacc_number": ""}]
    for number, fields in enumerate(gaps):
        application = application_in(ApplicationStatus.ACCEPTED, fair=fair)
        product(application, **fields)
        application.site_wishes.update(scheme=Scheme.RAW if number % 2 else Scheme.SHELL)
        Application.objects.filter(pk=application.pk).update(fascia_text="SHORE" if number == 2 else "")
    deadline = DeadlineFactory(fair=fair, code=code, audience=Audience.ACCEPTED, due_at=NOW + DAY)
    everybody = list(Application.objects.select_related("company"))
    found = checklists(everybody, fair=fair, now=NOW)
    lacking = {pk for pk, rows in found.items() if rows[0].state == ItemState.MISSING}
    assert {(pk, deadline.pk) for pk in lacking} == set(read_open(everybody, fair=fair, now=NOW))
    assert 0 < len(lacking) < len(found)


def test_many_take_as_many_queries_as_one(application):
    fair = application.fair
    for code in ("labels", "gacc"):
        DocumentRequirementFactory(fair=fair, code=code, due=True).categories.add(ProductCategoryFactory())
    for _each in range(3):
        more = application_in(ApplicationStatus.ACCEPTED, fair=fair)
        StandStaffFactory(application=more)
    everybody = list(Application.objects.select_related("company"))
    counts = []
    for some in (everybody[:1], everybody):
        with CaptureQueriesContext(connection) as queries:
            found = checklists(some, fair=fair, now=NOW)
        counts.append(len(queries))
        assert all(len(rows) == 2 for rows in found.values())
    assert counts[0] == counts[1] <= 12
