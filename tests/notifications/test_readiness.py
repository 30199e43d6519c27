from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from notifications import readiness
from notifications.models import Letter


def test_late_letters_are_named(write):
    assert readiness.letters() == ""
    write()
    assert readiness.letters() == ""
    Letter.objects.update(due_at=timezone.now() - timedelta(minutes=7, seconds=5))
    assert readiness.letters() == "the oldest unsent letter has been due for 7 minutes"


def test_held_letters_are_not_late(write):
    write(held=True)
    Letter.objects.update(due_at=timezone.now() - timedelta(minutes=7))
    assert readiness.letters() == ""


def test_the_check_is_installed():
    assert "notifications.readiness.letters" in settings.READINESS_CHECKS
