from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from fairs.enums import RungAct, RungReader
from fairs.models import Deadline, Rung
from notifications.models import Letter
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyFactory, CompanyMemberFactory
from tests.factories.fairs import DeadlineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _exhibitor() -> None:
    due_at = datetime(2030, 4, 10, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    deadline = DeadlineFactory(code="visa_data", due_at=due_at)
    fair = deadline.fair
    Rung.objects.create(deadline=deadline, offset=-1, reader=RungReader.RESPONSIBLE)
    anna = UserFactory(email="anna@example.com", language="ru", time_zone="Asia/Novosibirsk")
    application = ApplicationFactory(fair=fair, accepted=True, company=CompanyFactory(name_en="Fish"), responsible=anna)
    CompanyMemberFactory(company=application.company, user=UserFactory(email="owner@example.com", time_zone="Asia/Shanghai"))


def remind(*options: str) -> str:
    out = StringIO()
    call_command("remind", *options, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_exhibitor")
def test_a_dry_run_lists_who_gets_what_and_why_and_writes_nothing():
    said = remind("--at", "2030-04-09T10:00+08:00", "--dry-run")
    assert "owner@example.com (exhibitor, en, Asia/Shanghai)" in said
    assert "anna@example.com (staff, ru, Asia/Novosibirsk)" in said
    due = "10 April 2030, 23:59 (Beijing) / 22:59 (Novosibirsk)"
    assert f"visa_data, due {due}: the reminder 1 day before, to the responsible; for Fish" in said
    assert "Nobody is named yet" in said
    assert "2 letters would be written" in said
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("_exhibitor")
def test_without_it_the_letters_are_written_once():
    assert remind("--at", "2030-04-09T10:00+08:00") == "2 letters written.\n"
    assert remind("--at", "2030-04-09T10:00+08:00") == "0 letters written.\n"
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(("moment", "complaint"), [("tomorrow", "is no moment"), ("2030-04-09T09:00", "has no offset")])
def test_a_moment_that_cannot_be_meant_is_refused(moment, complaint):
    with pytest.raises(CommandError, match=complaint):
        remind("--at", moment)


@pytest.mark.usefixtures("_exhibitor")
def test_a_step_that_comes_late_says_so():
    assert "the reminder 1 day before, to" in remind("--at", "2030-04-09T10:00+08:00", "--dry-run")
    assert "the reminder 1 day before (late: 0 days are left), to" in remind("--at", "2030-04-10T10:00+08:00", "--dry-run")


@pytest.mark.usefixtures("_exhibitor")
def test_a_dry_run_says_who_was_told_that_day():
    remind("--at", "2030-04-09T10:00+08:00")
    said = remind("--at", "2030-04-09T09:00+08:00", "--dry-run")
    assert "0 letters would be written" in said
    assert "2 readers were told already that day." in said
    assert "owner@example.com (told already, 2030-04-09T10:00+08:00)\n  visa_data: the reminder 1 day before; for Fish" in said
    assert "0 readers were told already that day." in remind("--at", "2030-04-11T10:00+08:00", "--dry-run")


@pytest.mark.usefixtures("_exhibitor")
def test_who_reads_of_missed_deadlines_in_the_daily_digest_is_reminded_of_those_ahead():
    Rung.objects.create(deadline=Deadline.objects.get(), offset=1, reader=RungReader.RESPONSIBLE, act=RungAct.TASK)
    User.objects.filter(email="anna@example.com").update(notices_at_once=[])
    assert "anna@example.com (staff" in remind("--at", "2030-04-09T12:00+08:00", "--dry-run")
    assert "anna@example.com (staff" not in remind("--at", "2030-04-11T12:00+08:00", "--dry-run")
