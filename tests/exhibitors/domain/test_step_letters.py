"""What the desk says before a step about the letters that go, against the letters that went."""

import pytest

from accounts.enums import Notice
from exhibitors.domain.step_letters import letter_readers, letters_of, letters_of_each
from exhibitors.domain.take_step import take_step
from exhibitors.enums import PEOPLE_STEPS, STEPS, ApplicationStatus, CoExhibitorStatus, CompanyRole, Step
from exhibitors.models import Application
from fairs.enums import StaffRole
from notifications.models import Letter
from tests.cases import case
from tests.exhibitors.world import ALL_PAIRS, NOW, application_in, arguments, with_open_offer
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CoExhibitorFactory, CompanyMemberFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

S = ApplicationStatus
POSSIBLE = [(step, status) for step, status in ALL_PAIRS if step in PEOPLE_STEPS and step != Step.TAKE_BACK and status in STEPS[step]]


def prepared(status: str) -> Application:
    """With everybody who could be told: two members, staff of each kind, a co-exhibitor, and somebody who waits for the stand."""
    application = application_in(status)
    for role in (CompanyRole.OWNER, CompanyRole.ON_SITE):
        CompanyMemberFactory(company=application.company, role=role)
    region = application.company.region.code
    for role in StaffRole:
        StaffMembershipFactory(fair=application.fair, role=role, region_code=region if role == StaffRole.REGIONAL_COORDINATOR else "")
    CoExhibitorFactory(application=application, status=CoExhibitorStatus.DECLARED, contact_email="co@example.org")
    waiting = application_in(S.WAITLISTED, fair=application.fair)
    Application.objects.filter(pk=waiting.pk).update(waitlist_rank=1, told_waitlist_rank=1)
    CompanyMemberFactory(company=waiting.company, role=CompanyRole.OWNER)
    application.refresh_from_db()
    return application


def prepared_for(step: Step, pk: int) -> Application:
    """Read anew, with what the step ends: an offer beside the stand, a wish to move."""
    if step == Step.CLOSE_MOVE:
        Application.objects.filter(pk=pk).update(move_requested_at=NOW)
    application = Application.objects.get(pk=pk)
    if step in (Step.ACCEPT_OFFER, Step.DECLINE_OFFER, Step.WITHDRAW_OFFER) and application.status == S.ACCEPTED:
        with_open_offer(application)
    return application


@pytest.mark.parametrize("status", list(dict.fromkeys(status for _step, status in POSSIBLE)))
def test_the_letters_that_go_are_those_that_were_named(status):
    pk, person = prepared(status).pk, UserFactory()
    for step in [step for step, origin in POSSIBLE if origin == status]:
        with case(step):
            application = prepared_for(step, pk)
            if (step, status) == (Step.WITHDRAW_OFFER, S.ADMITTED):
                assert letters_of(application, step) == []
                continue
            values = arguments(step, application)
            named = {(letter.occasion, reader.address) for letter in letters_of(application, step) for reader in letter.readers}
            take_step(step, application_id=pk, by=person, now=NOW, for_exhibitor=True, **values)
            assert named == set(Letter.objects.values_list("occasion", "address"))


def test_each_letter_is_called_as_in_the_list_of_texts():
    application = prepared(S.ACCEPTED)
    assert [str(letter.title) for letter in letters_of(application, Step.CANCEL)] == [
        "Participation cancelled",
        "To staff: participation cancelled",
        "Main exhibitor's participation has ended",
        "A stand has fallen free",
    ]


def test_a_company_that_nobody_reads_for_is_named_without_a_reader():
    application = application_in(S.SUBMITTED)
    assert [(letter.occasion, letter.readers) for letter in letters_of(application, Step.ADMIT)] == [("exhibitors.admitted", [])]
    assert letter_readers(application, Step.ADMIT) == []


def test_staff_who_leave_it_to_their_digest_get_no_letter():
    application = application_in(S.SUBMITTED)
    staff = StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user
    assert Notice.WITHDRAWALS in staff.notices_at_once
    assert [letter.occasion for letter in letters_of(application, Step.WITHDRAW)] == ["exhibitors.withdrawn"]
    staff.notices_at_once = []
    staff.save()
    assert letters_of(application, Step.WITHDRAW) == []


def test_several_steps_cost_no_more_than_the_widest(django_assert_num_queries):
    application = prepared(S.ACCEPTED)
    with django_assert_num_queries(7):
        assert set(letters_of_each(application, [Step.CANCEL, Step.WITHDRAW, Step.EXTEND_DEADLINE])) == {
            Step.CANCEL, Step.WITHDRAW, Step.EXTEND_DEADLINE,
        }  # fmt: skip
