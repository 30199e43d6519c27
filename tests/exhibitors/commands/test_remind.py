from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Letter
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyFactory, CompanyMemberFactory
from tests.factories.fairs import DeadlineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _exhibitor() -> None:
    due_at = datetime(2030, 4, 10, 23, 59, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    fair = DeadlineFactory(code="visa_data", due_at=due_at).fair
    anna = UserFactory(email="anna@example.com", language="ru", time_zone="Europe/Moscow")
    application = ApplicationFactory(fair=fair, accepted=True, company=CompanyFactory(name_en="Fish"), responsible=anna)
    CompanyMemberFactory(company=application.company, user=UserFactory(email="owner@example.com"))


def remind(*options: str) -> str:
    out = StringIO()
    call_command("remind", *options, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("_exhibitor")
def test_a_dry_run_lists_who_gets_what_and_why_and_writes_nothing():
    said = remind("--at", "2030-04-09T09:00+08:00", "--dry-run")
    assert "owner@example.com (exhibitor, en, UTC)" in said
    assert "anna@example.com (responsible staff, ru, Europe/Moscow)" in said
    assert "visa_data, due 10 April 2030, 23:59 (Beijing) / 18:59 (Moscow): the reminder 1 d before; for Fish" in said
    assert "2 letters would be written" in said
    assert not Letter.objects.exists()


@pytest.mark.usefixtures("_exhibitor")
def test_without_it_the_letters_are_written_once():
    assert remind("--at", "2030-04-09T09:00+08:00") == "2 letters written.\n"
    assert remind("--at", "2030-04-09T09:00+08:00") == "0 letters written.\n"
    assert Letter.objects.count() == 2


@pytest.mark.parametrize(("moment", "complaint"), [("tomorrow", "is no moment"), ("2030-04-09T09:00", "has no offset")])
def test_a_moment_that_cannot_be_meant_is_refused(moment, complaint):
    with pytest.raises(CommandError, match=complaint):
        remind("--at", moment)
